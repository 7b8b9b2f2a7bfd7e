"""How every ending of the command becomes one sentence and an exit code."""

from __future__ import annotations

import sys
import tempfile
import traceback
from typing import Any

import click

from drills.interruption import Stops, stopped_by
from kunren.exits import Exit, Stop
from kunren.signals import BEGINNING
from kunren.terminal import MASKING, safe_streams, say
from lab.errors import LabError, SiteError


class Unforeseen(Exception):
    """What click would take for a reader who has gone, or for the operator's end of the input; its cause is told."""


class Kunren(click.Group):
    """Turns what commands raise into one sentence on stderr and a documented exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        stops = Stops()
        with stopped_by(stops), safe_streams():
            BEGINNING.over = True
            code = self._ended(*args, **kwargs, standalone_mode=False, obj=stops)
            stops.hold()
        sys.exit(int(code or 0))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OSError, EOFError) as error:
            raise Unforeseen from error

    def _ended(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except Stop as stop:
            for each in stop.sentences:
                say(each)
            return stop.code
        except SiteError as error:
            for told in error.sentences:
                say(told)
            return Exit.USAGE
        except LabError as error:
            say(error)
            return Exit.NOT_READY
        except click.ClickException as error:
            say(f"{error.format_message()} Run `kunren --help` for usage.")
            return Exit.USAGE
        except (click.Abort, KeyboardInterrupt):
            return Exit.STOPPED
        except Exception as error:  # noqa: BLE001  # whatever it is, a person is told, and no code says that a drill failed
            return failed(error.__cause__ if isinstance(error, Unforeseen) and error.__cause__ else error)


def failed(error: BaseException) -> Exit:
    """Says what Kunren itself failed of, and where its traceback is."""
    say(f"Kunren itself failed ({type(error).__name__}: {error}); please report {_trace(error)}.")
    return Exit.INTERNAL


def _trace(error: BaseException) -> str:
    """Where the traceback has been put, if it could be put anywhere."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="kunren-", suffix=".txt", delete=False
        ) as file:
            file.write(MASKING.text("".join(traceback.format_exception(error))))
    except OSError:
        return "it"
    return file.name
