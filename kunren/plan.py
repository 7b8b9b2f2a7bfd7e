"""The plan of a run on a real site, shown before it starts: changes, accounts, duration, restoration."""

from __future__ import annotations

import math
import os
import platform
import select
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.cells import cell_len

from drills.interruption import Held
from drills.performance import WayBack
from drills.reading import PlannedDrill, PlannedStep
from drills.wording import Text
from kunren.beginning import login
from kunren.exits import Exit, Stop
from kunren.terminal import say, tell
from lab.model.limits import Limits
from lab.model.undertakings import Change
from lab.site.file import RealAccess, Site
from steps.measuring import measured
from words import Language, words_of

PLAN = Text("Plan for {}:", "{} での実施計画:")
CHANGES = Text("changes", "変更")
NO_CHANGES = Text("none (read-only)", "なし（確認のみ）")
BY = Text("by", "実行者")
CONTROLLER = Text("controller", "実行マシン")
DURATION = Text("duration", "所要時間")
WAITS = Text("waits of at most {} min in total", "待機時間の合計は最長 {} 分")
NO_WAITS = Text("1 to 2 min (no waits)", "1～2 分程度（待機なし）")
MEASURED = Text("measurement", "計測")
PROBES = Text(
    "a login to Garoon and a private entry in it every {:g} s; the entries are removed afterwards",
    "{:g} 秒ごとにガルーンへのログインと非公開の予定の登録（予定は訓練後に削除）",
)
WAY_BACK = Text("restoration", "復元")
NOTHING_TO_RESTORE = Text("not needed", "不要")
NEVER = Text("none (--restore never); differences are reported", "行わない（--restore never）。相違点のみ報告")
STAYS = Text(
    "the virtual machine stays on the host it was moved to (--stay)", "仮想マシンは移動先のホストに維持（--stay）"
)
ASKED = Text("after a question", "確認後に実行")
BACK_BY_SWITCHOVER = Text(
    "reverse synchronisation and a second switchover with another outage for users (at most {} min)",
    "リバース同期と再度のスイッチオーバー。その間、利用者は再びガルーンを使用できない（最長 {} 分）",
)
BACK_TO_STATE = Text(
    "virtual machine and scenario return to their previous state, with a synchronisation if needed (at most {} min)",
    "仮想マシンとシナリオを訓練前の状態に戻す。必要に応じて同期を行う（最長 {} 分）",
)
ENTRIES = Text("the drill's entries are removed from Garoon", "訓練で登録した予定をガルーンから削除する")
RESTORE_NOW = Text("Restore now ({})? [y/N] ", "次の復元を実行しますか（{}）[y/N] ")
ANSWER_EVERY_S = 0.2
"""Between two looks for an answer, in which a second request to stop counts as a no."""


def plan_sheet(
    drills: Sequence[PlannedDrill], site: Site, language: Language, *, stay: bool, restore: str
) -> Iterator[str]:
    yield PLAN.in_(language).format(site.name)
    for drill in drills:
        yield f"  {drill.name}  {drill.title}"
        yield from _row(
            CHANGES, [_step(step) for step in drill.performed if step.changes] or [NO_CHANGES.in_(language)], language
        )
        if any(step.function is measured for step in drill.performed):
            yield from _row(MEASURED, [PROBES.in_(language).format(site.probing.interval)], language)
        yield from _row(BY, _accounts(site, language), language)
        yield from _row(DURATION, [_duration(_longest(drill, site.limits), language)], language)
        yield from _row(WAY_BACK, list(_way_back(drill, site.limits, language, stay=stay, restore=restore)), language)


def way_back(restore: str, language: Language, stops: Held, *, stay: bool) -> WayBack:
    """How a run restores a lab, by the options of the command line."""
    match restore:
        case "never":
            return WayBack(mode="never", stay=stay)
        case "ask":
            if sys.stdin is None or not sys.stdin.isatty():
                raise Stop(Exit.USAGE, "--restore ask needs a terminal to ask on; choose auto or never.")
            return WayBack(mode="ask", agreed=lambda acts: _asked(acts, language, stops), stay=stay)
        case _:
            return WayBack(stay=stay)


def _asked(acts: Sequence[str], language: Language, stops: Held) -> bool:
    """An answer that cannot be read is no agreement, nor is a request to stop at once."""
    terms = words_of(language)
    tell(RESTORE_NOW.in_(language).format("; ".join(terms.known("restore", act) for act in acts)))
    try:
        return _line_typed(stops).strip().lower() in {"y", "yes"}
    except (EOFError, OSError, ValueError) as error:
        say(f"The question about the restoration was not answered ({error}); nothing is restored.")
        return False


def _line_typed(stops: Held) -> str:
    """Empty where the operator asks to stop at once; Windows' consoles have no `select`, and are simply read."""
    while os.name == "posix" and not select.select([sys.stdin], [], [], ANSWER_EVERY_S)[0]:
        if stops.asked_again:
            return ""
    return sys.stdin.readline()


def _row(name: Text, lines: Sequence[str], language: Language) -> Iterator[str]:
    head = f"{name.in_(language)}:"
    for number, line in enumerate(lines):
        yield f"    {' ' * cell_len(head) if number else head} {line}"


def _step(step: PlannedStep) -> str:
    return step.text


def _duration(longest: timedelta, language: Language) -> str:
    return WAITS.in_(language).format(_minutes(longest)) if longest else NO_WAITS.in_(language)


def _accounts(site: Site, language: Language) -> list[str]:
    if not isinstance(site.access, RealAccess):
        return []
    controller = f"{login()} @ {platform.node()} ({CONTROLLER.in_(language)})"
    hosts = [f"{each.user} @ {each.host}" for each in site.access.endpoints.values()]
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


def _way_back(drill: PlannedDrill, limits: Limits, language: Language, *, stay: bool, restore: str) -> Iterator[str]:
    changes = drill.changes
    if not changes:
        yield NOTHING_TO_RESTORE.in_(language)
        return
    if restore == "never":
        yield NEVER.in_(language)
        return
    asked = f" ({ASKED.in_(language)})" if restore == "ask" else ""
    switchovers = sum(Change.SWITCH_OVER in step.changes for step in drill.performed)
    if switchovers % 2 and stay:
        yield STAYS.in_(language)
    elif switchovers % 2:
        longest = 2 * limits.synchronization + limits.switchover
        yield BACK_BY_SWITCHOVER.in_(language).format(_minutes(longest)) + asked
    elif changes - {Change.ENTER_IN_GAROON}:
        longest = limits.synchronization + limits.switchover
        yield BACK_TO_STATE.in_(language).format(_minutes(longest)) + asked
    if Change.ENTER_IN_GAROON in changes:
        yield ENTRIES.in_(language) + asked


def _minutes(length: timedelta) -> str:
    return f"{math.ceil(length / timedelta(minutes=1))}"
