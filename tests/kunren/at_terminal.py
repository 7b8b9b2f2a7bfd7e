"""`kunren` at a pseudo-terminal, at which a person reads and types."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from dataclasses import dataclass

from tests.kunren.commands import Command
from tests.kunren.visitor import without_browser

STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
WIDTH = 120
MARK = "\x1b[7734z"
"""Written behind all that a command has written; on the screen it is nothing, as a style is."""


def _plain(written):
    return STYLES.sub("", written).replace("\r\n", "\n")


@dataclass(frozen=True)
class Attached:
    """In the process of the command: this is its controlling terminal, with all three streams."""

    name: str

    def __call__(self):
        os.setsid()
        terminal = os.open(self.name, os.O_RDWR)
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(terminal, number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # a descriptor
        signal.signal(signal.SIGINT, signal.default_int_handler)


class AtTerminal(Command):
    """What has come after the last line typed is waited for with `see`."""

    def __init__(self, *arguments, before=(), **options):
        self._master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
        self._screen, self._from = "", 0
        self._grown = threading.Condition()
        self._hung_up = threading.Event()
        attached = Attached(os.ttyname(terminal))
        super().__init__(*arguments, before=[attached, without_browser, *before], **options)
        self._kept = terminal  # so that what was written last can be read after the command has ended
        threading.Thread(target=self._read, daemon=True).start()

    def __exit__(self, kind, *_):
        if kind is not None:
            self.kill()
        super().__exit__()

    def _read(self):
        """The master end is closed here alone: while it is read, its terminal lasts."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while not self._hung_up.is_set():
            if select.select([self._master], [], [], 0.05)[0]:
                read = decoder.decode(os.read(self._master, 65536))
                with self._grown:
                    self._screen += read
                    self._grown.notify_all()
        os.close(self._master)

    @property
    def screen(self):
        return _plain(self._screen)

    @property
    def since(self):
        return _plain(self._screen[self._from :])

    def see(self, text, within=60):
        """The text on the screen since the last line typed; each of several may be it, and the first is returned."""
        texts = (text,) if isinstance(text, str) else text
        end = time.monotonic() + within
        while True:
            ended = self.returncode is not None
            if ended:
                self._read_on()
            with self._grown:
                seen = self.since  # looked at once: it grows
                for each in texts:
                    if each in seen:
                        return each
                assert time.monotonic() < end, f"not seen: {text}\n{seen}"
                assert not ended, f"ended without {text}\n{self.screen}"
                self._grown.wait(0.1)

    def wait(self, timeout=None):
        """The exit code; what the command wrote last is on the screen by then."""
        code = super().wait(timeout)
        self._read_on()
        return code

    def _read_on(self):
        if self._hung_up.is_set():
            return
        marks = self._screen.count(MARK)
        os.write(self._kept, MARK.encode())
        with self._grown:
            read = self._grown.wait_for(lambda: self._screen.count(MARK) > marks, timeout=60)
        assert read, "the terminal is not read any more"

    def type(self, line, end="\n"):
        self._from = len(self._screen)
        os.write(self._master, f"{line}{end}".encode())

    def hang_up(self):
        """The window is closed."""
        os.close(self._kept)
        self._hung_up.set()
