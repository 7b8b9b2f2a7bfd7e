"""The command in processes divided from one in which all of it is loaded, which takes a second of a core each time."""

import multiprocessing
import os
import runpy
import shutil
import subprocess
import sys
import weakref
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import mkdtemp

REPOSITORY = Path(__file__).parents[2]
WITHOUT_BROWSER = [
    sys.executable,
    "-c",
    "import runpy, tests.kunren.visitor as v; v.without_browser(); runpy.run_module('kunren', run_name='__main__')",
]
"""The command in a Python of its own, for drills of which it is not the pages that are looked at."""
DIVISION = multiprocessing.get_context("forkserver")
DIVISION.set_forkserver_preload(["tests.kunren.loaded"])


class Command:
    """`kunren` with arguments, used as a `subprocess.Popen` is; each of `before` is called in its process first."""

    def __init__(self, *arguments, cwd=REPOSITORY, before=()):
        self.args = ["kunren", *map(str, arguments)]
        folder = Path(mkdtemp(prefix="kunren-streams-"))
        weakref.finalize(self, shutil.rmtree, folder)
        self._streams = [folder / name for name in ("stdout", "stderr")]
        for stream in self._streams:
            stream.touch()
        begins = (self.args, str(cwd), dict(os.environ), self._streams, before)
        self._process = DIVISION.Process(target=_begin, args=begins, daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.join()

    @property
    def returncode(self):
        return self._process.exitcode

    poll = returncode.fget

    def send_signal(self, number):
        """Nothing where it has ended, as of a `subprocess.Popen`."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self):
        self._process.kill()

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.returncode is None:
            self.kill()
            raise subprocess.TimeoutExpired(self.args, timeout, *self._printed())
        return self.returncode

    def communicate(self, timeout=None):
        self.wait(timeout)
        return self._printed()

    def _printed(self):
        return tuple(stream.read_text(encoding="utf-8") for stream in self._streams)

    def await_line(self, part):
        assert any(part in line for line in self.lines()), f"the run ended before «{part}»"

    def lines(self):
        """What it prints, line by line, while it runs."""
        with self._streams[0].open(encoding="utf-8") as printed:
            line, runs = "", True
            while runs:
                runs = not wait([self._process.sentinel], timeout=0.01)
                while part := printed.readline():
                    line += part
                    if line.endswith("\n"):
                        yield line
                        line = ""


def run(*arguments, timeout=120, **options):
    """As `subprocess.run` does it."""
    command = Command(*arguments, **options)
    out, err = command.communicate(timeout)
    return subprocess.CompletedProcess(command.args, command.returncode, out, err)


def _begin(arguments, cwd, environment, streams, before):
    multiprocessing.current_process().daemon = False  # it may have processes of its own
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for number, stream in enumerate(streams, 1):
        os.dup2(os.open(stream, os.O_WRONLY), number)
    sys.argv = arguments
    for each in before:
        each()
    runpy.run_module("kunren", run_name="__main__")
