"""The prompt at a terminal: the basic one to the character, the one that edits by what comes out."""
import os
import pty
import re
import select
import sys
import tempfile

TIMEOUT = 60


class Session:
    def __init__(self, home, **environment):
        variables = {"PATH": os.environ.get("PATH", ""), "TERM": "xterm", "NO_COLOR": "1", "HOME": home}
        variables.update(environment)
        self.seen = b""
        self.read = 0
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execve(sys.executable, [sys.executable, "-q", "-E", "-S"], variables)

    def read_until(self, *ends):
        """Reads on until one of the texts has come after the one that was waited for before."""
        while not (found := [self.seen.index(end, self.read) + len(end) for end in ends if end in self.seen[self.read :]]):
            if not select.select([self.terminal], [], [], TIMEOUT)[0]:
                raise TimeoutError(self.seen)
            try:
                more = os.read(self.terminal, 4096)
            except OSError:
                more = b""
            if not more:
                return
            self.seen += more
        self.read = min(found)

    def send(self, text, *ends):
        os.write(self.terminal, text.encode())
        self.read_until(*(ends or (b">>> ", b"... ")))

    def end(self):
        """The exit code."""
        self.read_until(b"never comes")
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def shown(text):
    print(text.decode().replace("\r\n", "\n"))


def basic(home):
    # The variable would not be seen with -E: what is not a capable terminal gets the basic prompt, too.
    session = Session(home, TERM="dumb")
    session.read_until(b">>> ")
    for line in ("x = 20 + 1", "x * 2", "def f():", "    return 7", "", "f()", "1/0", "(1,", "2)", "x x"):
        session.send(line + "\n")
    os.write(session.terminal, b"raise SystemExit(3)\n")
    code = session.end()
    transcript = session.seen
    # Where the notice about the terminal differs is no matter.
    shown(transcript[transcript.index(b">>> ") :])
    print("exit code", code)


def editing(home):
    session = Session(home)
    session.read_until(b">>> ")
    session.send("x = 20 + 1\r")
    session.send("x * 2\r", b"42")
    session.read_until(b">>> ")
    # Left, then a digit in the middle of what was typed.
    session.send("x * 1\x1bOD2\r", b"441")
    session.read_until(b">>> ")
    # The last line again.
    session.send("\x1bOA\r", b"441")
    session.read_until(b">>> ")
    session.send("def f():\r", b"... ")
    session.send("return 7\r", b"... ")
    session.send("\r", b">>> ")
    session.send("f() * 11\r", b"77")
    session.read_until(b">>> ")
    session.send("1/0\r", b"ZeroDivisionError: division by zero")
    session.read_until(b">>> ")
    os.write(session.terminal, b"\x04")
    code = session.end()
    text = re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]|\x1b[=>]", b"", session.seen).decode()
    for expected in ("42", "441", "77", "ZeroDivisionError: division by zero"):
        print(expected, "is shown:", expected in text)
    print("exit code", code)


with tempfile.TemporaryDirectory() as home:
    basic(home)
    editing(home)
