"""The plan of a run on a real site, shown before it starts: changes, accounts, duration, restoration."""

from __future__ import annotations

import math
import os
import platform
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta

from rich.cells import cell_len

from drills.interruption import Held
from drills.performance import WayBack
from drills.reading import PlannedDrill, PlannedStep
from kunren.exits import Exit, Stop
from kunren.people.keyboard import Hurried, Keyboard, TerminalGone
from kunren.running.beginning import login
from kunren.terminal import say, tell
from lab.model.limits import Limits
from lab.model.undertakings import Change
from lab.site.file import RealAccess, Site
from steps.measuring import measured
from words import Language, Term, Told, Words, sentence, words_of

ANSWER_EVERY_S = 0.2
"""Between two looks for an answer, in which a request to stop that comes now counts as a no."""


def plan_sheet(
    drills: Sequence[PlannedDrill], site: Site, language: Language, *, stay: bool, restore: str
) -> Iterator[str]:
    words = words_of(language)
    yield words("plan.title", site=site.name)
    for drill in drills:
        yield f"  {drill.name}  {drill.title}"
        changing = [step.text for step in drill.performed if step.changes]
        yield from _row(words, "changes", changing or [words("plan.no_changes")])
        if any(step.function is measured for step in drill.performed):
            yield from _row(words, "measured", [words("plan.probes", interval=f"{site.probing.interval:g}")])
        yield from _row(words, "by", _accounts(site, words))
        yield from _row(words, "duration", [_duration(_longest(drill, site.limits), words)])
        if stops := tuple(_stops(site)):
            yield from _row(words, "stopped", [each.in_(language) for each in stops])
        ways = _way_back(drill, site.limits, stay=stay, restore=restore)
        yield from _row(words, "restoration", [each.in_(language) for each in ways])


def _stops(site: Site) -> Iterator[Told]:
    """What stops each drill of the site before its end."""
    of_site = {"drill": site.limits.drill, **{each.name: getattr(site.stop, each.name) for each in fields(site.stop)}}
    for name, most in of_site.items():
        if isinstance(most, timedelta):
            yield sentence(f"plan.stop_{name}", minutes=f"{most / timedelta(minutes=1):g}", guest=site.subject.guest)
        elif most is not None:
            yield sentence(f"plan.stop_{name}", most=most)


def way_back(restore: str, stops: Held, *, stay: bool) -> WayBack:
    """How a run restores a lab, by the options of the command line."""
    match restore:
        case "never":
            return WayBack(mode="never", stay=stay)
        case "ask":
            if sys.stdin is None or not sys.stdin.isatty():
                raise Stop(Exit.USAGE, sentence("usage.no_terminal"))
            return WayBack(mode="ask", agreed=lambda acts: _asked(acts, stops), stay=stay)
        case _:
            return WayBack(stay=stay)


def _asked(acts: Sequence[str], stops: Held) -> bool:
    """An answer that cannot be read is no agreement, nor is a request to stop that comes instead."""
    tell(sentence("plan.restore_now", acts=tuple(Term("restore", act) for act in acts)))
    stops.questioned = True
    try:
        return _line_typed(stops).strip().lower() in {"y", "yes"}
    except (EOFError, OSError, ValueError) as error:
        say(sentence("plan.not_answered", error=error))
        return False
    finally:
        stops.questioned = False


def _line_typed(stops: Held) -> str:
    """Empty where the operator asks to stop."""
    stopping = stops.asked

    def stopped() -> bool:
        return stops.asked_again or stops.asked > stopping

    if os.name != "posix":  # its consoles have no `select`
        with suppress(Hurried, TerminalGone):
            return Keyboard(hurried=stopped).line(str)
        return ""
    while not select.select([sys.stdin], [], [], ANSWER_EVERY_S)[0]:
        if stopped():
            return ""
    return sys.stdin.readline()


def _row(words: Words, name: str, lines: Sequence[str]) -> Iterator[str]:
    head = f"{words(f'plan.{name}')}:"
    for number, line in enumerate(lines):
        yield f"    {' ' * cell_len(head) if number else head} {line}"


def _duration(longest: timedelta, words: Words) -> str:
    return words("plan.waits", n=_minutes(longest)) if longest else words("plan.no_waits")


def _accounts(site: Site, words: Words) -> list[str]:
    if not isinstance(site.access, RealAccess):
        return []
    controller = words("plan.controller", login=login(), controller=platform.node())
    hosts = [
        f"{each.user} @ {each.host}" for each in dict.fromkeys((*site.access.endpoints.values(), site.access.control))
    ]
    return [", ".join([controller, *hosts, f"{site.access.garoon.user} @ {site.access.garoon.url}"])]


def _longest(drill: PlannedDrill, limits: Limits) -> timedelta:
    """The sum of the limits of its steps: every one of them would have to be reached."""
    return sum((_limit(step, limits) for step in drill.performed), timedelta())


def _limit(step: PlannedStep, limits: Limits) -> timedelta:
    named = timedelta(minutes=step.values.get("minutes", 0), seconds=step.values.get("seconds", 0))
    own = {
        Change.RUN_SCENARIO: limits.synchronization,
        Change.SWITCH_OVER: limits.switchover,
        Change.RESTART_HOST: limits.reboot,
    }
    return max([named, *(limit for change, limit in own.items() if change in step.changes)])


def _way_back(drill: PlannedDrill, limits: Limits, *, stay: bool, restore: str) -> Iterator[Told]:
    changes = drill.changes
    if not changes:
        yield sentence("plan.nothing_to_restore")
        return
    if restore == "never":
        yield sentence("plan.never")
        return
    switchovers = sum(Change.SWITCH_OVER in step.changes for step in drill.performed)
    if switchovers % 2 and stay:
        yield sentence("plan.stays")
    elif switchovers % 2:
        longest = 2 * limits.synchronization + limits.switchover
        yield _asked_first(sentence("plan.back_by_switchover", n=_minutes(longest)), restore)
    elif changes - {Change.ENTER_IN_GAROON}:
        longest = limits.synchronization + limits.switchover
        yield _asked_first(sentence("plan.back_to_state", n=_minutes(longest)), restore)
    if Change.ENTER_IN_GAROON in changes:
        yield _asked_first(sentence("plan.entries"), restore)


def _asked_first(act: Told, restore: str) -> Told:
    return sentence("plan.asked", act=act) if restore == "ask" else act


def _minutes(length: timedelta) -> str:
    return f"{math.ceil(length / timedelta(minutes=1))}"
