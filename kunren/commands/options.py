"""Options that several commands share, and what is made of them."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.interruption import Stops
from kunren.ending import Misused
from kunren.exits import Mistakes
from kunren.signals import loading
from kunren.terminal import MASKING, READER
from lab.site.built_in import SIMULATED, written_language
from words import LANGUAGES, Language, sentence

if TYPE_CHECKING:
    from drills.reading import PlannedDrill
    from kunren.asking import TerminalAttendant
    from kunren.boarding import RunBoard
    from kunren.exercise import Exercise
    from kunren.registration import Registration
    from lab.site.file import Site

SITE = click.option("--site", type=click.Path(path_type=Path), help="Site file (default: built-in simulated lab).")


def _choose_language(_context: click.Context, _option: click.Parameter, value: Language | None) -> Language | None:
    READER.chosen = value
    return value


def language_option(**settings: Any) -> Callable[[Any], Any]:
    """The option by which a reader chooses a language."""
    return click.option("--lang", "language", type=click.Choice(LANGUAGES), callback=_choose_language, **settings)


LANGUAGE = language_option(help="Language (default: the site's).")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardAsked:
    """The options of a drill board; no address: none is asked for."""

    address: str | None
    certificate: Path | None
    key: Path | None
    people: tuple[str, ...]

    def opened(self, pause: str = "") -> RunBoard | None:
        """The board, which has its address from now on.

        Without one options that need it are refused, and those who cannot answer at a terminal.
        """
        if self.address is None:
            self._require_no_others(pause)
            return None
        with loading():
            from kunren.boarding import BoardOptions, RunBoard

        options = BoardOptions(
            address=self.address, certificate=self.certificate, key=self.key, people=self.people, pause=pause
        )
        return RunBoard(options)

    def at_terminal(
        self, language: Language, stops: Stops, *, asked: bool, pause: str = ""
    ) -> TerminalAttendant | None:
        """Who answers at this terminal if people are `asked` and no board is open; named or asked for now."""
        if self.address is not None or not (asked or self.people):
            return None
        with loading():
            from kunren.asking import TerminalAttendant, pause_points, person_at_terminal
            from kunren.console import terminal

        person = person_at_terminal(self.people)
        return TerminalAttendant(
            person=person,
            language=language,
            console=terminal(),
            stop=stops,
            hurried=lambda: stops.asked_again,
            points=pause_points(pause),
        )

    def _require_no_others(self, pause: str) -> None:
        mistakes = Mistakes()
        given = {
            "--board-certificate": self.certificate,
            "--board-key": self.key,
        }
        for option, value in given.items():
            if value:
                mistakes.add(sentence("board.not_offered.no_board", option=option))
        if self.people or pause:
            with loading():
                from kunren.asking import require_person

            mistakes.of(lambda: require_person(self.people, pause))
        mistakes.require_none()


_BOARD = (
    click.option(
        "--board",
        metavar="[ADDRESS]",
        is_flag=False,
        flag_value="",
        help="Open the drill board: on this machine, or at HOST:PORT for browsers on the network.",
    ),
    click.option(
        "--board-certificate", type=click.Path(path_type=Path), help="PEM certificate of the board's address."
    ),
    click.option("--board-key", type=click.Path(path_type=Path), help="Its key, PEM."),
    click.option(
        "--person",
        "people",
        metavar="NAME=ROLE",
        multiple=True,
        help="Invite to the board (repeatable); without --board, who answers at this terminal.",
    ),
)


def board_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options that open a drill board and invite people to it; the command gets them as one `board`."""

    @wraps(command)
    def with_board(
        *,
        board: str | None,
        board_certificate: Path | None,
        board_key: Path | None,
        people: tuple[str, ...],
        **rest: Any,
    ) -> int:
        asked = BoardAsked(address=board, certificate=board_certificate, key=board_key, people=people)
        return command(board=asked, **rest)

    for option in reversed(_BOARD):
        with_board = option(with_board)
    return with_board


class Number(click.FloatRange):
    """A number within bounds; what is no number compares with none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(str(value), param, ctx)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """The options of an exercise plan and of the pre-registration of a run."""

    plan: Path | None
    register_to: Path | None
    as_told: Path | None

    def exercise(self) -> Exercise | None:
        """Raises Stop for what is wrong in it."""
        if self.plan is None:
            return None
        with loading():
            from kunren.exercise import read_plan

        return read_plan(self.plan)

    def names(self, exercise: Exercise | None, guide: str | None) -> tuple[str, ...]:
        """The drills that the plan names, where the command line names none."""
        return () if exercise is None or guide is not None else exercise.plan.drills

    def registration(
        self, drills: Sequence[PlannedDrill], site: Site, exercise: Exercise | None, out: Path | None
    ) -> Registration:
        """Of a run whose record is `out`, or below records/. Raises Stop where it is not as it was planned."""
        with loading():
            from kunren.beginning import withhold
            from kunren.controls import last_controls
            from kunren.drill import RECORDS
            from kunren.exercise import require_fits
            from kunren.registration import registered
            from kunren.site_writer import require_none

        if exercise is not None:
            require_fits(exercise, site, [each.name for each in drills])
        if self.register_to is not None:
            require_none(self.register_to)
        withhold(drills, site)
        controls = last_controls(RECORDS if out is None else out.parent)
        return registered(drills, site, exercise, controls, self.as_told)


_PLAN = (
    click.option("--plan", type=click.Path(path_type=Path), help="Exercise plan, as kunren plan writes it."),
    click.option(
        "--preregister-to",
        "register_to",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the pre-registration there too, before anything is touched.",
    ),
    click.option(
        "--registered",
        "as_told",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Run only what kunren plan --register has written there.",
    ),
)


def plan_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of an exercise plan; the command gets them as one `planned`."""

    @wraps(command)
    def with_plan(*, plan: Path | None, register_to: Path | None, as_told: Path | None, **rest: Any) -> int:
        return command(planned=PlanAsked(plan=plan, register_to=register_to, as_told=as_told), **rest)

    for option in reversed(_PLAN):
        with_plan = option(with_plan)
    return with_plan


def amount(unit: str) -> Callable[[click.Context, click.Parameter, str], float]:
    """A callback that reads a number with an optional unit."""

    def read(_context: click.Context, _option: click.Parameter, value: str) -> float:
        found = re.fullmatch(rf"(\d{{1,7}}(?:\.\d{{1,3}})?) *{unit}?", value.strip(), re.ASCII)
        if found is None:
            raise Misused(sentence("usage.amount", value=value, unit=unit))
        return float(found[1])

    return read


def reason(_context: click.Context, option: click.Parameter, value: str | None) -> str:
    """A callback for why something unusual is wanted; it is recorded, so blanks are none."""
    if value is not None and not value.strip():
        raise Misused(sentence("usage.no_reason", option=option.opts[0]))
    return value or ""


def stops_of_run() -> Stops:
    """The stop requests of this process."""
    return click.get_current_context().ensure_object(Stops)


def spoken_of(chosen: Language | None, site: Path | None = None) -> Language:
    """The chosen language, else that of the site."""
    return chosen or ((written_language(SIMULATED) or "en") if site is None else site_of(site).language)


def speak_as(path: Path | None) -> None:
    """What is told from now on is in the language of a site file, which need not be right otherwise."""
    if path is not None:
        READER.of_site = written_language(path) or READER.of_site


def site_of(path: Path | None, *, to_discover: bool = False) -> Site:
    """Load and validate a site file, including its simulator table."""
    with loading():
        from lab.simulator.mutations.catalogue import mutated
        from lab.site.file import load_site

    speak_as(path or SIMULATED)
    site = load_site(path or SIMULATED, os.environ, to_discover=to_discover)
    MASKING.hide(site.secrets())
    mutated(site.simulation.mutations if site.simulation else ())
    return site
