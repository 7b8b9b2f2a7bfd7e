"""How every ending of the command becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import click

from drills.interruption import Stops, stopped_by
from kunren.exits import Exit, Stop
from kunren.signals import BEGINNING
from kunren.terminal import MASKING, READER, safe_streams, say
from lab.errors import LabError, SiteError
from words import LANGUAGES, Language, Listed, Quoted, Told, sentence


class Unforeseen(Exception):
    """What click would take for a reader who has gone, or for the operator's end of the input; its cause is told."""


class Misused(click.UsageError):
    """What a command itself finds wrong with the command line."""

    def __init__(self, why: Told) -> None:
        super().__init__(str(why))
        self.why = why


class Kunren(click.Group):
    """Turns what commands raise into one sentence on stderr and a documented exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        stops = Stops()
        READER.chosen, READER.of_site = None, language_of_machine(os.environ)
        with stopped_by(stops), safe_streams():
            BEGINNING.over = True
            code = self._ended(*args, **kwargs, standalone_mode=False, obj=stops)
            stops.hold()
        sys.exit(int(code or 0))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            raise Misused(sentence("usage.no_command", name=args[0]))
        return super().resolve_command(ctx, args)

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
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return Exit.USAGE
        except click.ClickException as error:
            READER.chosen = READER.chosen or _language_in(sys.argv)
            say(Listed((usage_problem(error), sentence("usage.help")), "report.between_sentences"))
            return Exit.USAGE
        except (click.Abort, KeyboardInterrupt):
            return Exit.STOPPED
        except Exception as error:  # noqa: BLE001  # whatever it is, a person is told, and no code says that a drill failed
            return failed(error.__cause__ if isinstance(error, Unforeseen) and error.__cause__ else error)


def language_of_machine(environment: Mapping[str, str]) -> Language:
    """That of the locale: for who has named no site yet, or one whose file cannot be read."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "ja" if locale.lower().startswith("ja") else "en"


def usage_problem(error: click.ClickException) -> Told:
    """What click has found wrong with the command line."""
    match error:
        case Misused():
            return error.why
        case click.NoSuchOption():
            return sentence("usage.no_option", name=error.option_name)
        case click.MissingParameter():
            return sentence("usage.missing", name=_name_of(error))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            return sentence("usage.choice", name=_name_of(error), known=tuple(choices))
        case click.BadParameter(param=click.Parameter(type=click.IntRange() | click.FloatRange() as bounds)):
            key = "usage.at_least" if bounds.max is None else "usage.between"
            return sentence(key, name=_name_of(error), least=bounds.min, most=bounds.max)
        case click.BadParameter():
            return sentence("usage.bad_value", name=_name_of(error), problem=Quoted(error.message))
        case _:
            return Quoted(error.format_message())


def _language_in(command: Sequence[str]) -> Language | None:
    """What is wrong with a command line may have been found before its language was read."""
    told = " ".join(command).replace("--lang=", "--lang ")
    return next((each for each in LANGUAGES if f"--lang {each}" in told), None)


def _name_of(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else str(error.param_hint or "")


def failed(error: BaseException) -> Exit:
    """Says what Kunren itself failed of, and where its traceback is."""
    about = {"kind": type(error).__name__, "error": error, "trace": _trace(error)}
    say(sentence("ending.failed" if about["trace"] else "ending.failed_without_trace", **about))
    return Exit.INTERNAL


def _trace(error: BaseException) -> str:
    """Where the traceback has been put, if it could be put anywhere."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="kunren-", suffix=".txt", delete=False
        ) as file:
            file.write(MASKING.text("".join(traceback.format_exception(error))))
    except OSError:
        return ""
    return file.name
