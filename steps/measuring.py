"""What users notice of a drill: probes of every layer and canaries, from one step on until the lab is restored."""

from __future__ import annotations

from drills.course import Course
from drills.measuring import Measuring
from drills.observation import NothingToCompare, Observation, kept
from drills.vocabulary import given_, then_
from drills.wording import several
from lab.model.undertakings import Change
from words import sentence


@given_(
    en="the availability of Garoon is measured at every layer from now on",
    ja="以降、ガルーンの可用性を層ごとに計測する",
    changes=(Change.ENTER_IN_GAROON,),
)
def measured(measuring: Measuring) -> None:
    measuring.begin()


@then_(
    en="no probe has found Garoon unavailable to users",
    ja="計測の開始以降、利用者がガルーンを利用できない時間は検出されていない",
)
def never_without(measuring: Measuring, observation: Observation) -> None:
    writing = measuring.writing
    if not writing.ok and not writing.failed:
        raise NothingToCompare(sentence("errors.drill.unmeasured"))
    observation.expect(
        not writing.outages,
        expected=sentence("steps.probes.accepted"),
        seen=sentence("steps.probes.failed", n=writing.failed, all=writing.ok + writing.failed),
    )


@then_(
    en="no canary entry that Garoon has accepted is missing",
    ja="ガルーンに登録された確認用の予定は 1 件も失われていない",
)
def nothing_lost(measuring: Measuring, course: Course, observation: Observation) -> None:
    unmeasured = sentence("errors.drill.unmeasured")
    lost = kept(measuring.lost(), unmeasured, begun_midway=course.begun_midway)
    observation.expect(
        not lost,
        expected=sentence("steps.probes.none_lost"),
        seen=several(lost, sentence("steps.probes.none_lost")),
    )
