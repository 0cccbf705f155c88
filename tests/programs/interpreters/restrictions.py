"""What an isolated interpreter may not do."""
import _interpreters as low

TRIES = """
import os, threading, _thread, signal, sys
def attempt(work, *arguments):
    try:
        work(*arguments)
    except Exception as problem:
        print(type(problem).__name__, problem)
    else:
        print('done')
attempt(os.fork)
attempt(os.execv, '/nowhere', ['a'])
attempt(lambda: threading.Thread(target=print, daemon=True).start())
attempt(lambda: _thread.start_joinable_thread(int).join())
attempt(signal.signal, signal.SIGINT, signal.SIG_IGN)
attempt(__import__('_imp')._override_multi_interp_extensions_check, -1)
print(threading.current_thread() is threading.main_thread(), signal.getsignal(signal.SIGTERM))
sys.stdout.flush()
"""
for config in ("isolated", low.new_config(allow_threads=False, allow_daemon_threads=True)):
    number = low.create(config)
    print(low.exec(number, TRIES))
    low.destroy(number)
