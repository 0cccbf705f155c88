"""What audit hooks are told of: attributes that lead to code, classes that change, code that is made, and what is asked of the system."""
import array
import ast
import encodings.idna
import fcntl
import io
import marshal
import os
import pickle
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
import types

heard = None


class C:
    pass


class D:
    pass


def hook(event, arguments):
    if heard is not None and not event.startswith("import"):
        heard.append((event, arguments))


sys.addaudithook(hook)


def shown(value):
    if isinstance(value, (types.FunctionType, types.CodeType, types.GeneratorType, types.CoroutineType, types.TracebackType, types.FrameType)):
        return type(value).__name__
    if isinstance(value, (socket.socket, ast.AST, C, D, types.BuiltinFunctionType)):
        return type(value).__name__
    if isinstance(value, types.AsyncGeneratorType) or callable(value):
        return getattr(value, "__name__", "?")
    if isinstance(value, int) and (value > 1 << 31 or value == os.getpid()):
        return "number"
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return "numbers"
    return repr(value).replace(__file__, "FILE")


def told(name, do):
    global heard
    heard = []
    try:
        do()
        outcome = ""
    except Exception as error:
        outcome = f" !! {type(error).__name__}: {error}"
    events, heard = heard, None
    print(name, *(f"\n    {event}({', '.join(map(shown, arguments))})" for event, arguments in events), outcome, sep="")


def expressions(lines, names):
    for line in lines.strip().splitlines():
        code = compile(line, "line", "eval" if " = " not in line and not line.startswith("del ") else "exec")
        told(line, lambda: eval(code, names))


def function(a=1, *, b=2):
    yield


async def coroutine():
    pass


async def generator():
    yield


try:
    1 / 0
except ZeroDivisionError as error:
    trace = error.__traceback__
one, two, three = function(), coroutine(), generator()
frame = sys._getframe()
instance = C()

print("-- attributes")
expressions(
    """
function.__code__
function.__defaults__
function.__kwdefaults__
function.__closure__
function.__globals__
function.__name__
one.gi_frame
one.gi_code
one.gi_running
two.cr_frame
two.cr_code
three.ag_frame
three.ag_code
trace.tb_frame
trace.tb_next
frame.f_code
frame.f_globals
getattr(trace, 'tb_frame')
function.__code__ = function.__code__
function.__code__ = 1
function.__defaults__ = (1,)
function.__defaults__ = None
function.__defaults__ = 1
del function.__kwdefaults__
function.__name__ = 'x'
C.__name__ = 'C'
C.__name__ = 1
C.__qualname__ = 'C'
C.__module__ = 'm'
C.__doc__ = 'text'
C.__bases__ = ()
C.__type_params__ = ()
C.__annotations__ = {}
C.__annotate__ = None
del C.__doc__
C.other = 1
int.__name__ = 'x'
instance.__class__ = D
instance.__class__ = int
instance.__class__ = 1
""",
    globals(),
)
two.close()


def loop():
    """Specialized instructions tell as well."""
    for _ in range(40):
        trace.tb_frame
        function.__code__


heard = []
loop()
events, heard = heard, None
print(len(events))

print("-- code")
expressions(
    """
compile('1', 'a', 'exec')
compile(b'1', 'a', 'exec')
compile(ast.Module([], []), 'a', 'exec')
compile('1', 'a', 'eval', ast.PyCF_ONLY_AST)
exec('1')
eval(' 1')
types.FunctionType(function.__code__, {})
function.__code__.replace(co_name='other')
types.CodeType(0, 0, 0, 0, 0, 0, b'', (), (), (), 'a', 'b', 'c', 1, b'', b'')
types.CodeType(-1, 0, 0, 0, 0, 0, b'', (), (), (), 'a', 'b', 'c', 1, b'', b'')
marshal.dumps(1)
marshal.dumps(1, 2)
marshal.loads(b'N')
marshal.loads(bytearray(b'N'))
marshal.load(io.BytesIO(b'N'))
marshal.dump(1, io.BytesIO())
pickle.loads(b'cbuiltins\\nlen\\n.')
id(1 << 80)
sys._current_frames()
sys._current_exceptions()
sys.set_asyncgen_hooks(None, None)
array.array('b', b'a')
""",
    globals(),
)

print("-- system")
folder = tempfile.mkdtemp()
home = os.getcwd()
os.chdir(folder)
expressions(
    """
open('a', 'w').close()
open('a').close()
open('a', 'rb').close()
open('a', 'r+b', buffering=0).close()
open('missing')
io.FileIO('a', 'rb').close()
io.open_code(os.path.join('.', 'a')).close()
os.close(os.open('a', 0))
os.chdir('.')
os.chmod('a', 0o644)
os.chown('a', -1, -1)
os.lchown('a', -1, -1)
os.link('a', 'b')
os.symlink('a', 'c')
os.rename('b', 'd')
os.replace('d', 'b')
os.remove('b')
os.unlink('c')
os.mkdir('e')
os.rmdir('e')
os.listdir('.') and None
os.listdir()
os.scandir(b'.').close()
os.getxattr('missing', 'user.x')
os.setxattr('missing', 'user.x', bytearray(b'1'))
os.removexattr('missing', 'user.x')
os.listxattr('missing')
os.putenv('a', 'b')
os.putenv('a=', 'b')
os.unsetenv('a')
os.truncate('a', 1)
os.utime('a', (1, 2))
os.utime('a', ns=(1, 2), follow_symlinks=False)
os.system('true')
os.execv('missing', ['a'])
os.execve('missing', ['a'], {'b': 'c'})
os.posix_spawn('./missing', ['a'], {'b': 'c'})
os.kill(os.getpid(), 0)
os.killpg(0, 0)
os.waitpid(os.fork() or os._exit(0), 0) and None
signal.pthread_kill(threading.get_ident(), 0)
time.sleep(0)
time.sleep(-1)
time.sleep('a')
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
resource.prlimit(0, resource.RLIMIT_CORE)
fcntl.fcntl(1, fcntl.F_GETFD)
fcntl.ioctl(1 << 20, 21505, b'12')
fcntl.flock(1 << 20, 8)
fcntl.lockf(1 << 20, 8, 1)
socket.socket().close()
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'])
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', 'no address')
socket.getservbyname('\\0', 'tcp')
encodings and socket.getaddrinfo('127.0.0.1', 1, type=socket.SOCK_STREAM) and None
""",
    globals(),
)
os.chdir(home)


class Refused(Exception):
    pass


def refuse(event, arguments):
    if event == "os.mkdir" or event == "time.sleep":
        raise Refused(event)


print("-- refused")
sys.addaudithook(refuse)
told("mkdir", lambda: os.mkdir("never"))
print(os.path.exists("never"))
told("sleep", lambda: time.sleep(1000))
