"""What the operator is shown before a run on a real site begins, and asked before the lab is restored."""

import os
import platform
import pty
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from rich.cells import cell_len

from drills.interruption import Held, Stops
from kunren.commands.run_options import CourseAsked
from kunren.exits import Exit, Stop
from kunren.running.beginning import login
from kunren.running.drills import choose
from kunren.running.plan import plan_sheet, way_back
from kunren.running.stopping import Notice
from kunren.terminal import READER
from lab.model.stopping import StopCriteria
from lab.site.file import load_site
from tests.kunren.conftest import REPOSITORY

ENVIRONMENT = {f"KUNREN_{name}_PASSWORD": f"secret-of-{name}" for name in ("MASTER", "REPLICA", "GUEST", "GAROON")}
ACTS = ("remove the entries from Garoon",)


def example():
    return load_site(REPOSITORY / "docs" / "example-site.toml", ENVIRONMENT)


def sheet(name, language, *, site=None, **how):
    site = site or example()
    return list(
        plan_sheet(choose((name,), language, None), site, language, **{"stay": False, "restore": "auto", **how})
    )


def test_a_measured_drill_says_what_it_does_to_garoon_and_how_long_it_waits():
    told = sheet("4-1-clean-switchover", "en")
    assert "    changes: the availability of Garoon is measured at every layer from now on" in told
    assert (
        "    measurement: a login to Garoon and a private entry in it every 5 s; the entries are removed afterwards"
        in told
    )
    assert "    duration: waits of at most 85 min in total" in told
    assert any("a second switchover with another outage for users" in line for line in told)


def test_a_drill_that_only_asks_changes_nothing_and_has_no_length_of_nought():
    changes, by, *rest = sheet("2-readiness", "en")[2:]
    assert changes == "    changes: none (read-only)"
    here = f"{login()} @ {platform.node()} (controller)"
    assert by.startswith(f"    by: {here}, EXAMPLE\\svc-drill @ MASTER, EXAMPLE\\svc-drill @ REPLICA, drill @ http://")
    assert rest == ["    duration: 1 to 2 min (no waits)", "    restoration: not needed"]


def test_lines_stand_below_each_other_in_japanese():
    first, second = (line for line in sheet("4-1-clean-switchover", "ja")[2:4])
    head = "    変更: "
    assert first.startswith(head)
    assert second.startswith(" " * cell_len(head))
    assert second[cell_len(head)] != " "


def test_what_stays_is_in_the_plan():
    [back] = [line for line in sheet("4-1-clean-switchover", "en", stay=True) if "restoration" in line]
    assert "the virtual machine stays on the host it was moved to (--stay)" in back


@contextmanager
def typed(monkeypatch, text):
    """A terminal on which that has been typed."""
    operator, terminal = pty.openpty()
    with os.fdopen(operator, "wb", buffering=0) as keyboard, os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        keyboard.write(text)
        yield


@pytest.mark.parametrize(
    ("text", "agreed"), [(b"y\n", True), (b"YES\n", True), (b"n\n", False), (b"\n", False), (b"\x04", False)]
)
def test_only_a_yes_restores_the_lab(text, agreed, monkeypatch, capsys):
    monkeypatch.setattr(READER, "chosen", "ja")
    with typed(monkeypatch, text):
        assert way_back("ask", Held(), stay=False).agreed(ACTS) is agreed
    assert "次の復元を実行しますか（ガルーンに登録した予定を削除する）[y/N]" in capsys.readouterr().out


def test_a_second_request_to_stop_is_a_no(monkeypatch):
    stops = Held(already=True)
    stops.asked_again = True
    with typed(monkeypatch, b""):
        assert way_back("ask", stops, stay=False).agreed(ACTS) is False


def test_a_request_to_stop_in_place_of_an_answer_is_a_no_and_told_as_one(monkeypatch):
    said = []
    monkeypatch.setattr("kunren.running.stopping.say_at_once", said.append)
    stops = Stops(can_stop=False)
    stops.listeners.append(Notice(stops, "en"))
    with typed(monkeypatch, b""), stops.held_until_restored():
        waited = SimpleNamespace(select=lambda *_: stops() or ([], [], []))  # the module's other users still wait
        monkeypatch.setattr("kunren.running.plan.select", waited)
        assert way_back("ask", stops, stay=False).agreed(ACTS) is False
    assert said == ["this counts as no: the lab is not restored."]


def test_a_run_that_was_stopped_before_the_question_waits_for_its_answer(monkeypatch):
    with typed(monkeypatch, b"y\n"):
        assert way_back("ask", Held(already=True), stay=False).agreed(ACTS) is True


def test_without_a_terminal_the_question_is_refused(monkeypatch, tmp_path):
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open() as file:
        for stdin in (None, file):
            monkeypatch.setattr("sys.stdin", stdin)
            with pytest.raises(Stop) as refused:
                way_back("ask", Held(), stay=False)
            assert refused.value.code is Exit.USAGE


def test_what_stops_a_drill_before_its_end_is_in_the_plan():
    stop = StopCriteria(garoon_unavailable=timedelta(minutes=20), spool_blocks=1000)
    limits = replace(example().limits, drill=timedelta(hours=2))
    told = sheet("4-1-clean-switchover", "en", site=replace(example(), stop=stop, limits=limits))
    at = told.index("    stopped early: after 120 min")
    assert [line.strip() for line in told[at + 1 : at + 3]] == [
        "when Garoon is unavailable to users for more than 20 min",
        "when more than 1000 blocks wait in the spool",
    ]
    assert not any("stopped early" in line for line in sheet("4-1-clean-switchover", "en"))


def test_the_time_that_the_command_line_gives_a_drill_is_in_the_plan_in_place_of_the_sites():
    course = CourseAsked(restore="auto", stay=False, at_once=None, pause="", at_most=45)
    limited = course.limited(replace(example(), limits=replace(example().limits, drill=timedelta(hours=2))))
    told = sheet("4-1-clean-switchover", "en", site=limited)
    assert "    stopped early: after 45 min" in told
