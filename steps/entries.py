"""Steps about what users enter in Garoon while their virtual machine is being replicated, and where it arrives."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.observation import Observation, handed_on, kept
from drills.vocabulary import given_, then_, when_
from drills.wording import Text, entry_text, scenario_text
from lab.model.replication import ScenarioState, Traffic
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.ports import Clock, Garoon, Pictures, Replication, Statistics
from steps.garoon import make_entry
from steps.premises import Premises


@when_(
    en='the entry "{name}" is made in Garoon',
    ja="ガルーンに予定「{name}」を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def make_named_entry(name: str, course: Course, garoon: Garoon, clock: Clock) -> None:
    course.entries[name] = make_entry(course, garoon, clock)


@when_(
    en='the entry "{name}" is made in Garoon while the synchronisation is in progress',
    ja="同期の実行中に、ガルーンに予定「{name}」を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def make_entry_during_synchronization(
    name: str,
    course: Course,
    garoon: Garoon,
    clock: Clock,
    replication: Replication,
    subject: Subject,
    observation: Observation,
) -> None:
    """The state is asked for afterwards: an entry made too late would show nothing."""
    make_named_entry(name, course, garoon, clock)
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.state is ScenarioState.SYNCHRONIZING,
        expected=Text("the synchronisation still going on", "同期がまだ実行中であること"),
        seen=scenario_text(scenario),
    )


@then_(en='the entry "{name}" is present', ja="予定「{name}」が反映されている")
def named_entry_is_there(
    name: str, course: Course, garoon: Garoon, pictures: Pictures, observation: Observation
) -> None:
    lacking = f"the entry «{name}» was not made in this drill"
    marker = kept(course.entries.get(name), lacking, begun_midway=course.begun_midway)
    title = garoon.find_marker(marker)
    pictures.keep(garoon.capture(), marker.title)
    observation.expect(
        title == marker.title,
        expected=Text(f"the entry «{marker.title}»", f"予定「{marker.title}」"),
        seen=entry_text(title, marker),
    )


@then_(
    en='the entry "{name}" reaches the replica host within {seconds:Seconds} seconds',
    ja="{seconds:Seconds} 秒以内に予定「{name}」の変更がレプリカ ホストに届く",
)
def entry_reaches_replica(
    name: str, seconds: int, course: Course, statistics: Statistics, subject: Subject, observation: Observation
) -> None:
    """The changes since the entry was about to be made have been replicated, and none waits in the spool."""
    handed_on(course.entries.get(name), f"the entry «{name}» was not made in this drill")
    before = course.replicated_before
    observation.until(
        lambda: statistics.traffic(subject.scenario),
        lambda traffic: traffic is not None and traffic.replicated > before and traffic.in_spool == 0,
        expected=Text(
            f"more than {before} blocks replicated, an empty spool", f"{before} を超えるブロックの反映、空のスプール"
        ),
        seen=_traffic_text,
        within=timedelta(seconds=seconds),
        every=timedelta(seconds=1),
    )


@given_(
    en="no change of the virtual machine is pending in the spool",
    ja="スプールに未送信の変更がない",
)
def nothing_waits(
    course: Course, premises: Premises, statistics: Statistics, subject: Subject, observation: Observation
) -> None:
    premises.replicate()
    traffic = observation.until(
        lambda: statistics.traffic(subject.scenario),
        lambda traffic: traffic is not None and traffic.in_spool == 0,
        expected=Text("an empty spool", "空のスプール"),
        seen=_traffic_text,
        within=timedelta(minutes=10),
    )
    course.replicated_before = traffic.replicated if traffic is not None else 0


def _traffic_text(traffic: Traffic | None) -> Text:
    if traffic is None:
        return Text("no statistics", "統計情報なし")
    return Text(
        f"{traffic.replicated} blocks replicated, {traffic.in_spool} in the spool",
        f"反映済み {traffic.replicated} ブロック、スプール {traffic.in_spool} ブロック",
    )
