"""A program on a pseudo-terminal. A test waits for its questions and answers them like a person."""
import codecs
import os
import pty
import select
import signal
import subprocess
import time

from nodes import PATIENCE


class Terminal:
    def __init__(self, command, env=None):
        self.master, slave = pty.openpty()
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.text = ""
        self.seen = 0
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True,
                                        start_new_session=True, env={**os.environ, **(env or {})})
        os.close(slave)

    def read(self, timeout):
        """Reads more output. False at its end."""
        if not select.select([self.master], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.text += self.decode(data).replace("\r\n", "\n")
        return bool(data)

    def expect(self, what):
        """Waits for `what`, behind everything that was expected before."""
        end = time.monotonic() + PATIENCE
        while what not in self.text[self.seen:]:
            if not self.read(0.1) or time.monotonic() > end:
                raise AssertionError(f"no {what!r} in {self.text[self.seen:]!r}")
        self.seen = self.text.index(what, self.seen) + len(what)

    def say(self, line):
        os.write(self.master, line.encode() + b"\n")

    def answer(self, question, line):
        self.expect(question)
        self.say(line)

    def end(self):
        """Waits for the end. Returns the exit status and all output."""
        until = time.monotonic() + PATIENCE
        while self.read(0.1) and self.process.poll() is None:
            if time.monotonic() > until:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise AssertionError(f"does not end: {self.text!r}")
        code = self.process.wait(PATIENCE)
        while self.read(0):
            if not select.select([self.master], [], [], 0)[0]:
                break
        os.close(self.master)
        return code, self.text
