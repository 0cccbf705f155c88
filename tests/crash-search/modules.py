#!/usr/bin/env python3
"""Searches for calls of native modules by which Python code makes Naja die, hang, or answer otherwise than CPython.

    tests/crash-search/modules.py NAJA                          all modules, deaths only
    tests/crash-search/modules.py NAJA --reference PYTHON       and what comes out otherwise
    tests/crash-search/modules.py NAJA --quick                  a bounded part of it, in about ten seconds
    tests/crash-search/modules.py NAJA --only MODULE:NUMBER     one sequence, shown call by call

The calls are made from the seed and a number alone, so that a death found once is found again. A death is a signal, exit code 101, a panic on
standard error, a SystemError of the interpreter's own, or a call that does not come back.
"""

import argparse
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from random import Random

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
WORKER = os.path.join(HERE, "module_search", "worker.py")
INTERNAL = re.compile(r"!SystemError: internal error|!Died: ")
CHUNK = 400


class Outcome:
    """What a range of sequences came to in one Python."""

    def __init__(self):
        self.steps = {}
        self.results = {}
        self.deaths = []
        self.calls = 0


def start(python, module, kind, first, last, seed, scratch):
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", HOME=scratch, TMPDIR=scratch, LC_ALL="C.UTF-8", RUST_BACKTRACE="0", TZ="UTC")
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"):
        environment.pop(name, None)
    errors = open(os.path.join(scratch, "..", "errors"), "w+b")
    process = subprocess.Popen(
        [python, WORKER, module, kind, str(first), str(last), str(seed), str(writing)],
        cwd=scratch, stdin=subprocess.DEVNULL, stdout=open(os.path.join(scratch, "..", "output"), "wb"), stderr=errors, pass_fds=(writing,), env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(writing)
    return process, reading, errors


def listen(process, reading, outcome, wait):
    """Takes the worker's lines until it ends; gives the last call begun and not ended, and whether it had to be stopped."""
    rest = b""
    open_key = None
    ended = stopped = False
    while True:
        ready, _, _ = select.select([reading], [], [], wait)
        if not ready:
            stopped = True
            process.kill()
            break
        data = os.read(reading, 1 << 16)
        if not data:
            break
        lines = (rest + data).split(b"\n")
        rest = lines.pop()
        for line in lines:
            letter, key, text = (line.decode("ascii", "replace") + "  ").split(" ", 2)
            text = text.rstrip()
            if letter == "S":
                outcome.steps[key] = text
                outcome.calls += 1
                open_key = key
            elif letter == "R":
                outcome.results[key] = text
                open_key = None
            elif letter == "E":
                ended = True
    os.close(reading)
    try:
        process.wait(wait)
    except subprocess.TimeoutExpired:
        stopped = True
        process.kill()
        process.wait()
    return open_key, ended, stopped


def run(python, module, kind, first, last, seed, wait=6.0):
    """Plays the sequences from `first` to `last`, starting again behind whichever kills the worker."""
    outcome = Outcome()
    while first < last:
        folder = tempfile.mkdtemp(prefix="modules-")
        scratch = os.path.join(folder, "scratch")
        os.mkdir(scratch)
        process, reading, errors = start(python, module, kind, first, last, seed, scratch)
        open_key, ended, stopped = listen(process, reading, outcome, wait)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
        errors.close()
        shutil.rmtree(folder, ignore_errors=True)
        panics = [it for it in said.splitlines() if "panicked at" in it]
        last_key = open_key or (list(outcome.steps) or [f"{first}.0"])[-1]
        if stopped:
            outcome.deaths.append((last_key, "does not come back"))
        elif not ended or process.returncode:
            tail = (said.strip().splitlines() or [""])[-1][:200]
            outcome.deaths.append((last_key, f"exit {process.returncode} {panics[-1] if panics else tail}"))
        elif panics:
            outcome.deaths.append((f"{first}.?", f"{len(panics)} panics, the last: {panics[-1]}"))
        if ended:
            break
        first = max(first, int(last_key.split(".")[0])) + 1
    for key, text in outcome.results.items():
        if INTERNAL.search(text):
            outcome.deaths.append((key, text))
    return outcome


def native_modules(python):
    text = subprocess.run([python, "-c", "import sys; print(*sys.builtin_module_names)"], capture_output=True, text=True, check=True).stdout
    from module_search.recipes import SKIPPED

    return [it for it in text.split() if it not in SKIPPED]


def jobs_of(options):
    from module_search import damage

    jobs = []
    names = options.modules or native_modules(options.python)
    if options.inventory:
        return [(module, "inventory", 0, 1) for module in names]
    for module in names:
        for first in range(options.first, options.first + options.count, CHUNK):
            jobs.append((module, "calls", first, min(first + CHUNK, options.first + options.count)))
    if not options.no_damage:
        for name in damage.CAMPAIGNS:
            if options.modules and name not in options.modules or options.quick and name in damage.SLOW:
                continue
            for first in range(options.first, options.first + options.count, CHUNK):
                jobs.append((name, "damage", first, min(first + CHUNK, options.first + options.count)))
    return [it for it in jobs if not (options.modules and it[1] == "calls" and it[0] in damage.CAMPAIGNS)]


def differences(ours, theirs):
    """The first step of each sequence that came out otherwise."""
    done = set()
    for key, text in theirs.steps.items():
        if ":" in key and key not in ours.steps:
            yield key, text, "nothing", theirs.results.get(key)
    for key, text in ours.steps.items():
        number = key.split(".")[0]
        if ":" in key and key not in theirs.steps:
            yield key, text, ours.results.get(key), "nothing"
            continue
        if number in done:
            continue
        if theirs.steps.get(key) != text:
            done.add(number)
            if key in theirs.steps:
                yield key, "step", text, theirs.steps[key]
            continue
        mine, other = ours.results.get(key), theirs.results.get(key)
        if mine is None or other is None:
            done.add(number)
        elif mine != other:
            done.add(number)
            yield key, text, mine, other


class Report:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.calls = self.deaths = self.differences = 0

    def add(self, job, ours, theirs):
        with self.lock:
            self.calls += ours.calls
            for key, why in ours.deaths:
                if theirs and any(it == key and it_why.startswith(why[:8]) for it, it_why in theirs.deaths):
                    continue
                self.deaths += 1
                print(f"DEATH {job[0]}:{key} {ours.steps.get(key, '')}\n      {why}", flush=True)
            if theirs:
                for key, step, mine, other in differences(ours, theirs):
                    self.differences += 1
                    print(f"DIFFERS {job[0]}:{key} {step}\n    naja    {mine}\n    cpython {other}", flush=True)


def work(jobs, report):
    while True:
        with report.lock:
            if not jobs or time.monotonic() > report.options.until:
                return
            job = jobs.pop(0)
        ours = run(report.options.python, *job, report.options.seed, report.options.wait)
        theirs = run(report.options.reference, *job, report.options.seed, report.options.wait) if report.options.reference else None
        report.add(job, ours, theirs)


def show(options):
    """One sequence, call by call."""
    from module_search import damage

    module, _, number = options.only.partition(":")
    number = int(number.split(".")[0])
    kind = "damage" if module in damage.CAMPAIGNS else "calls"
    for python in filter(None, (options.python, options.reference)):
        print(f"== {python}")
        outcome = run(python, module, kind, number, number + 1, options.seed, options.wait)
        for key, text in outcome.steps.items():
            print(f"{key} {text}\n      {outcome.results.get(key)}")
        print(outcome.deaths)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("--reference")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--inventory", action="store_true", help="compare what is in the modules instead, with signatures and documentation")
    parser.add_argument("--only")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--wait", type=float, default=6.0, help="seconds that a call may take")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--no-damage", action="store_true")
    parser.add_argument("modules", nargs="*")
    options = parser.parse_args()
    if options.quick:
        options.count, options.seconds, options.wait = min(options.count, 25), min(options.seconds, 9.0), 60.0
    options.until = time.monotonic() + options.seconds
    if options.only:
        return show(options)
    report = Report(options)
    jobs = jobs_of(options)
    if options.quick:
        # In the time there is not all of them come to their turn: another seed gives another order.
        Random(options.seed).shuffle(jobs)
    threads = [threading.Thread(target=work, args=(jobs, report)) for _ in range(options.jobs)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    print(f"{report.calls} calls, {report.deaths} deaths, {report.differences} differences")
    return 1 if report.deaths else 0


if __name__ == "__main__":
    sys.exit(main())
