"""The picture of the drill: what each entry of the journal changes in it, and how it is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from board.picture import EVENTS, Picture, Stage, following
from board.state import BoardState
from board.telling import told
from journal.course import Outcome
from tests.board.room import PLAN, beginning
from tests.journal.sample_entries import noted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PROBING = {
    "what": "probing.began",
    "origin": "2026-01-01T12:00:00.000+00:00",
    "interval_s": 5.0,
    "timeout_s": 2.0,
    "confirmations": 3,
    "tracks": [{"layer": "TCP", "of": "", "interval_s": 5.0}, {"layer": "write", "of": "", "interval_s": 5.0}],
}


def probe(layer, number, result, seen=""):
    at = 5.0 * number
    fields = {"layer": layer, "of": "", "number": number, "due_s": at, "sent_s": at, "ended_s": at + 1}
    return {"what": "probe", **fields, "result": result, "seen": seen}


def after(*entries):
    picture = following(Picture(), beginning())
    for entry in entries:
        picture = following(picture, noted(**entry))
    return picture


def step(n, **fields):
    return {"what": "step.ended" if fields else "step.began", "drill": "4-1", "chapter": 0, "step": n, **fields}


BEGAN = ({"what": "drill.began", "drill": "4-1"}, {"what": "chapter.began", "drill": "4-1", "chapter": 0})


def test_it_shows_where_the_drill_is_and_how_each_step_ended():
    picture = after(*BEGAN, step(0), step(0, outcome="passed"), step(1))
    assert picture.at == (0, 1)
    assert picture.outcomes == {(0, 0): Outcome.PASSED}
    page = told(picture, 1, "en")
    assert page["drill"]["title"] == "Planned switchover"
    assert [each["outcome"] for each in page["drill"]["chapters"][0]["steps"]] == ["passed", "not_run"]
    assert told(picture, 1, "ja")["drill"]["title"] == PLAN["title"]["ja"]


def test_what_a_step_did_not_pass_for_is_shown():
    picture = after(*BEGAN, step(0), step(0, outcome="failed", expected="Running", seen="Off"))
    assert told(picture, 1, "en")["problem"] == "Off"


@pytest.mark.parametrize(
    ("results", "served"), [("ok failed", "failed"), ("failed ok", "ok"), ("ok unknown", "unknown")]
)
def test_whether_users_are_served_is_what_the_last_write_says(results, served):
    probes = [probe("write", n, result) for n, result in enumerate(results.split(), 1)]
    assert told(after(*BEGAN, PROBING, *probes), 1, "en")["served"] == served


def test_users_are_not_served_once_an_outer_layer_fails_after_the_last_write():
    written, late = probe("write", 1, "ok"), probe("TCP", 2, "failed")
    assert told(after(*BEGAN, PROBING, written, late), 1, "en")["served"] == "failed"
    assert told(after(*BEGAN, PROBING, late, probe("write", 3, "ok")), 1, "en")["served"] == "ok"


def test_before_the_first_probe_it_is_unknown_and_without_probes_nothing_is_said():
    assert told(after(*BEGAN, PROBING), 1, "en")["served"] == "unknown"
    assert told(after(*BEGAN), 1, "en")["served"] == ""


def test_a_layer_is_down_since_the_first_of_its_bad_probes_in_a_row():
    probes = [probe("TCP", 1, "ok"), probe("TCP", 2, "failed", "refused"), probe("TCP", 3, "failed", "refused")]
    (track, _) = told(after(*BEGAN, PROBING, *probes), 1, "en")["tracks"]
    assert (track["result"], track["since"], track["last"], track["seen"]) == (
        "failed",
        "12:00:11",
        "12:00:16",
        "refused",
    )


def test_a_probe_that_ended_late_does_not_hide_a_newer_one():
    late = probe("TCP", 1, "failed") | {"ended_s": 6.5}
    (track, _) = told(after(*BEGAN, PROBING, probe("TCP", 2, "ok"), late), 1, "en")["tracks"]
    assert track["result"] == "ok"


def test_guests_of_both_hosts_and_the_last_events_are_shown():
    guest = {"what": "guest", "guest": "Garoon", "heartbeat": "OK", "networks": ["N"], "took_s": 1.0}
    events = [
        {"what": "rha.event", "id": "", "sequence": n, "severity": "information", "message": f"m{n}", "kind": ""}
        for n in range(EVENTS + 3)
    ]
    page = told(
        after(
            *BEGAN,
            guest | {"host": "MASTER", "registered": True, "state": "Running"},
            guest | {"host": "REPLICA", "registered": False, "state": None},
            *events,
        ),
        1,
        "en",
    )
    assert [(each["host"], each["state"], each["running"]) for each in page["guests"]] == [
        ("MASTER", "Running", True),
        ("REPLICA", "not registered", False),
    ]
    assert page["events"][0]["message"] == f"m{EVENTS + 2}"
    assert len(page["events"]) == EVENTS


def test_the_restoration_is_shown_act_by_act_until_its_end():
    began = {"what": "restore.began", "mode": "auto", "acts": ["remove the entries from Garoon"]}
    done = {"what": "restore.act", "act": "remove the entries from Garoon", "outcome": "done"}
    picture = after(*BEGAN, began, done, {"what": "restore.ended", "restored": False, "differences": ["X: a, now b"]})
    assert picture.stage is Stage.RESTORING
    restored = told(picture, 1, "en")["restored"]
    assert restored["verdict"] == "differs"
    assert restored["differences"] == ["X: a, now b"]
    assert restored["acts"] == [{"name": "remove the entries from Garoon", "outcome": "done"}]


def test_of_a_second_drill_nothing_of_the_first_is_shown_but_what_people_said():
    said = {"what": "person.noted", "by": "Sato", "role": "witness", "said": "smoke"}
    picture = after(*BEGAN, step(0), step(0, outcome="failed", seen="Off"), PROBING, said, BEGAN[0])
    page = told(picture, 1, "en")
    assert (page["problem"], page["tracks"], page["drill"]["chapters"][0]["steps"][0]["outcome"]) == ("", [], "not_run")
    assert [each["text"] for each in page["remarks"]] == ["Sato (witness): smoke"]


def test_what_a_host_says_cannot_hide_or_reverse_text():
    event = {"what": "rha.event", "id": "", "sequence": 1, "severity": "x", "message": "a\u202eb\x1b[2J", "kind": ""}
    (shown,) = told(after(*BEGAN, event), 1, "en")["events"]
    assert shown["message"] == "a[U+202E]b[U+001B][2J"


def test_each_change_has_a_number_of_its_own_and_what_changes_nothing_has_none():
    state = BoardState()
    changes = []
    state.listen(lambda: changes.append(state.now[0]))
    state(beginning())
    state(noted(what="lease", phase="claimed"))
    state(noted(**BEGAN[0]))
    assert changes == [1, 2]


def test_a_defect_of_the_board_is_kept_and_disturbs_nobody():
    state = BoardState()
    state(noted(**BEGAN[0]))  # of a drill that no plan has
    assert "StopIteration" in state.defect
    state(beginning())
    assert state.picture == replace(Picture(), drills=state.picture.drills, site=state.picture.site, simulated=True)
