"""A proof lapses with what it rests on, and only then."""

from dataclasses import replace

import pytest

from journal.course import Environment, Outcome
from reports.history import last_proven, usual_times
from reports.history.circumstances import Topic, terms_digest
from reports.history.course import Course
from reports.history.index import FILE, Index
from reports.history.proofs import State, proofs
from tests.reports.history.folders import NEW, NOW, OLD, add, history_of, patched

SITE = ("tokyo", Environment.REAL)
WHOLE = {
    "windows MASTER build": {"": OLD},
    "rha MASTER product Arcserve RHA engine": {"Arcserve RHA engine": "16.0.2"},
    "garoon cybozu.ca.com product Garoon": {"Garoon": "5.9"},
    "site - site": {"": "1" * 64},
    "profile - profile": {"": "2" * 64},
}


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Records of two runs on real hosts."""
    folder = tmp_path_factory.mktemp("two")
    add(folder, "first", 0, build=OLD, real=True)
    add(folder, "second", 10, template="failed-en", build=OLD, real=True)
    return history_of(folder)


def told(listed, told, **about):
    return replace(listed, reading=replace(listed.reading, told=told, **about))


def proof(first, second, features=None):
    """That of the point that both runs show, where the second run shows nothing of the guide any more."""
    (drill,) = second.reading.drills
    mute = replace(drill, shows="[]")
    course = Course(*SITE, (first, told(second, second.reading.told, drills=(mute,))), {})
    return next(each for each in proofs(course, features or {}) if each.point.id == "4-1.S1")


@pytest.mark.parametrize(
    ("group", "topic"),
    [
        ("windows MASTER build", Topic.WINDOWS),
        ("rha MASTER product Arcserve RHA engine", Topic.RHA),
        ("garoon cybozu.ca.com product Garoon", Topic.GAROON),
        ("site - site", Topic.SITE),
        ("profile - profile", Topic.PROFILE),
    ],
)
def test_a_proof_lapses_with_each_thing_that_it_rests_on(two, group, topic):
    first, second = two.courses[0].listed
    other = WHOLE | {group: dict.fromkeys(WHOLE[group], "another")}
    same, lapsed = (proof(told(first, WHOLE), told(second, now)) for now in (WHOLE, other))
    assert (same.state, same.changes) == (State.PROVEN, ())
    assert lapsed.state is State.LAPSED
    assert [each.topic for each in lapsed.changes] == [topic]
    assert "has changed" in str(lapsed.changes[0].told) or "→ another." in str(lapsed.changes[0].told)
    assert lapsed.days(NOW) == 182


def test_it_lapses_with_the_text_of_its_drill_and_what_was_not_asked_has_not_changed(two):
    first, second = (told(each, WHOLE) for each in two.courses[0].listed)
    (drill,) = first.reading.drills
    assert proof(first, second, {drill.drill: {drill.sha256}}).state is State.PROVEN
    (change,) = proof(first, second, {drill.drill: {"f" * 64}}).changes
    assert (change.topic, str(change.told)) == (Topic.FEATURE, f"The text of the drill {drill.drill} has changed.")
    assert proof(first, told(second, {})).state is State.PROVEN


def test_without_the_build_of_windows_it_is_not_known_whether_it_lapsed(two):
    first, second = two.courses[0].listed
    without = {group: facts for group, facts in WHOLE.items() if "build" not in group}
    found = proof(told(first, without), told(second, without))
    assert (found.state, found.untold) == (State.UNKNOWN, (Topic.WINDOWS,))


def test_a_later_failure_outranks_a_proof(two):
    found = last_proven(two, SITE)
    states = {each.state for each in found.values()}
    failed = [each for each in found.values() if each.failed]
    assert failed
    assert {each.state for each in failed} == {State.FAILED}
    assert State.NEVER in states


def test_simulated_runs_of_the_same_name_are_another_site(tmp_path):
    add(tmp_path, "real", 0, build=OLD, real=True)
    add(tmp_path, "simulated", 1)
    found = history_of(tmp_path)
    assert [(each.environment, len(each.listed)) for each in found.courses] == [
        (Environment.REAL, 1),
        (Environment.SIMULATED, 1),
    ]
    assert {each.environment for series in found.series.values() for each in series if each.n > 1} == set()


def test_a_patch_is_found_between_the_runs_and_lapses_what_the_first_proved(tmp_path):
    found = history_of(patched(tmp_path))
    (course,) = found.courses
    (patch,) = course.patches
    assert f"MASTER: Windows build {OLD} → {NEW}." in [str(each.told) for each in patch.changes]
    assert patch.since < patch.until
    lapsed = [each for each in last_proven(found, SITE).values() if each.state is State.LAPSED]
    assert lapsed
    assert all(each.last.outcome is Outcome.PASSED for each in lapsed)


def test_remarks_in_a_site_file_lapse_nothing():
    one = b'name = "tokyo"\n[history]\nevery_days = 90\n'
    assert terms_digest(one) == terms_digest(b'# Changed.\nname  = "tokyo"\n')
    assert terms_digest(one) != terms_digest(b'name = "osaka"\n')


def test_the_usual_time_of_a_step_is_of_runs_of_this_site_in_which_it_passed(tmp_path):
    add(tmp_path, "one", 0, build=OLD, real=True)
    add(tmp_path, "two", 1, template="slower-en", build=OLD, real=True)
    add(tmp_path, "other", 2)
    found = history_of(tmp_path)
    with Index(tmp_path / FILE) as index:
        usual = usual_times(found, index, SITE)
        assert usual_times(found, index, ("osaka", Environment.REAL)) == {}
    assert {drill for drill, _, _ in usual} == {each.drill for each in found.series[SITE]}
    assert {each.n for each in usual.values()} == {2}
    assert any(each.least < each.median < each.most for each in usual.values())
