"""Options of a run, in groups; a command gets each group as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.interruption import Stops
from kunren.commands.options import Number, reason
from kunren.exits import Mistakes
from kunren.signals import loading
from words import Language, sentence

if TYPE_CHECKING:
    from drills.performance import WayBack
    from drills.reading import PlannedDrill
    from kunren.people.asking import TerminalAttendant
    from kunren.people.boarding import RunBoard
    from kunren.records.elsewhere import Place
    from kunren.records.exercise import Exercise
    from kunren.records.registration import Registration
    from lab.site.file import Site

LONGEST_RUN = 60 * 24 * 30
"""Minutes of --at-most."""
Command = Callable[..., int]


def grouped(group: type[Any], into: str, *options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Gives a command `options`, one for each field of `group`, as one argument called `into`."""
    names = [each.name for each in fields(group)]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_group(**given: Any) -> int:
            asked = group(**{name: given.pop(name) for name in names})
            return command(**{into: asked}, **given)

        decorated: Command = with_group
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAsked:
    """The part of the drills that is run: those of a section of the guide, some chapters of one."""

    guide: str | None
    begin: str | None
    only: tuple[str, ...]

    def chosen(self, names: Sequence[str], language: Language) -> tuple[PlannedDrill, ...]:
        """Raises Stop for what there is not."""
        with loading():
            from kunren.running.drills import choose, part_of

        return tuple(part_of(choose(names, language, self.guide), begin=self.begin, only=self.only))


part_options = grouped(
    PartAsked,
    "part",
    click.option("--guide", help="Only drills that cover this section of the guide, e.g. 4-1."),
    click.option("--from", "begin", metavar="CHAPTER", help="Start at this chapter (number or name)."),
    click.option("--chapter", "only", metavar="CHAPTER", multiple=True, help="Run only this chapter (repeatable)."),
)

CONFIRM = click.option("--confirm", metavar="SITE", help="Confirm a run on a real site by repeating its name.")
IN_BUSINESS_HOURS = click.option(
    "--in-business-hours", metavar="REASON", callback=reason, help="Permit the run during business hours; recorded."
)
STAY = click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked:
    """What the operator confirms and permits for this run, and why."""

    confirm: str | None
    in_business_hours: str
    takeover: str


consent_options = grouped(
    ConsentAsked,
    "consent",
    CONFIRM,
    IN_BUSINESS_HOURS,
    click.option("--takeover", metavar="REASON", callback=reason, help="Replace the lease of another run; recorded."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAsked:
    """How a run goes on and ends."""

    restore: str
    stay: bool
    at_once: int | None
    pause: str
    at_most: float | None

    def limited(self, site: Site) -> Site:
        """With the time that the command line gives a drill in place of the site's."""
        if self.at_most is None:
            return site
        return replace(site, limits=replace(site.limits, drill=timedelta(minutes=self.at_most)))

    def way_back(self, stops: Stops) -> WayBack:
        with loading():
            from kunren.running.plan import way_back

        return way_back(self.restore, stops, stay=self.stay)


course_options = grouped(
    CourseAsked,
    "course",
    click.option(
        "--restore",
        "restore",
        type=click.Choice(["auto", "ask", "never"]),
        default="auto",
        show_default=True,
        help="Restore the lab after a drill: automatically, after a question, or never (differences are reported).",
    ),
    STAY,
    click.option(
        "--at-once", type=click.IntRange(min=1), help="Simulated drills to run in parallel (default: one per CPU)."
    ),
    click.option(
        "--pause",
        metavar="POINTS",
        default="",
        help="Hold at the board, or at the terminal: after-fault,before-restoration.",
    ),
    click.option(
        "--at-most",
        type=Number(min=1, max=LONGEST_RUN),
        metavar="MINUTES",
        help="Stop a drill after so long, and restore the lab.",
    ),
)


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
            from kunren.people.boarding import BoardOptions, RunBoard

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
            from kunren.console import terminal
            from kunren.people.asking import TerminalAttendant, pause_points, person_at_terminal

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
                from kunren.people.asking import require_person

            mistakes.of(lambda: require_person(self.people, pause))
        mistakes.require_none()


board_options = grouped(
    BoardAsked,
    "board",
    click.option(
        "--board",
        "address",
        metavar="[ADDRESS]",
        is_flag=False,
        flag_value="",
        help="Open the drill board: on this machine, or at HOST:PORT for browsers on the network.",
    ),
    click.option(
        "--board-certificate",
        "certificate",
        type=click.Path(path_type=Path),
        help="PEM certificate of the board's address.",
    ),
    click.option("--board-key", "key", type=click.Path(path_type=Path), help="Its key, PEM."),
    click.option(
        "--person",
        "people",
        metavar="NAME=ROLE",
        multiple=True,
        help="Invite to the board (repeatable); without --board, who answers at this terminal.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """The options of an exercise plan and of the pre-registration of a run."""

    plan: Path | None
    register_to: tuple[str, ...]
    as_told: Path | None

    def exercise(self) -> Exercise | None:
        """Raises Stop for what is wrong in it."""
        if self.plan is None:
            return None
        with loading():
            from kunren.records.exercise import read_plan

        return read_plan(self.plan)

    def names(self, exercise: Exercise | None, guide: str | None) -> tuple[str, ...]:
        """The drills that the plan names, where the command line names none."""
        return () if exercise is None or guide is not None else exercise.plan.drills

    def places(self, site: Site, language: Language) -> tuple[Place, ...]:
        """Where the pre-registration goes as well. Raises Stop."""
        with loading():
            from kunren.records.elsewhere import places

        return places(self.register_to, site, language)

    def registration(
        self, drills: Sequence[PlannedDrill], site: Site, exercise: Exercise | None, out: Path | None
    ) -> Registration:
        """Of a run whose record is `out`, or below records/. Raises Stop where it is not as it was planned."""
        with loading():
            from kunren.controls import last_controls
            from kunren.records.exercise import require_fits
            from kunren.records.registration import registered, require_not_run
            from kunren.running.beginning import withhold
            from kunren.running.drill import RECORDS

        if exercise is not None:
            require_fits(exercise, site, [each.name for each in drills])
        withhold(drills, site)
        records = RECORDS if out is None else out.parent
        found = registered(drills, site, exercise, last_controls(records), self.as_told)
        if self.as_told is not None:
            require_not_run(found, self.as_told, records)
        return found


plan_options = grouped(
    PlanAsked,
    "planned",
    click.option("--plan", type=click.Path(path_type=Path), help="Exercise plan, as kunren plan writes it."),
    click.option(
        "--preregister-to",
        "register_to",
        metavar="FILE|mailto:ADDRESS",
        multiple=True,
        help="Write the pre-registration there too, or mail it, before anything is touched (repeatable).",
    ),
    click.option(
        "--registered",
        "as_told",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Run only what kunren plan --register has written there.",
    ),
)
