"""How a request is told: with the guide's procedure, on the host and in the window where it is done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from board.picture import Open
from board.requests import shown
from lab.model.faults import Fault
from lab.model.replication import Direction
from lab.model.tasks import OpenRequest
from lab.site.profile import load_profile
from tests.board.room import beginning, question, task
from words import Quoted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SITE = beginning().site
OPERATIONS = sorted(load_profile("arcserve_rha").operations)


def asked(request, language="en"):
    return shown(Open(serial=1, request=OpenRequest(1, request, NOON), until=NOON), SITE, language)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_has_clicks_a_window_and_somebody_to_call(operation, direction, language):
    told = asked(task(operation=operation, values=(), direction=direction), language)
    assert told["clicks"]
    assert told["window"]
    assert told["stop"]
    assert told["call"]
    assert not [each["text"] for each in told["clicks"] if "{" in each["text"]]


@pytest.mark.parametrize("fault", [each.name.lower() for each in Fault])
def test_each_fault_that_people_can_make_has_a_procedure_for_it_and_for_its_end(fault):
    begin, end = (asked(task(operation=name, values=(), strikes=True)) for name in (fault, f"end_{fault}"))
    assert bool(begin["clicks"]) == bool(end["clicks"])
    assert begin["title"]
    assert bool(begin["differs"]) == (fault in {"guest_hang", "guest_damage"})


def test_values_stand_in_the_clicks_and_in_the_list():
    told = asked(task(values=(("run_reverse", "True"), ("guests", ("Garoon", "Mail")))))
    assert [each["value"] for each in told["values"]] == ["on", "Garoon, Mail"]
    assert any("on." in each["text"] for each in told["clicks"])


def test_a_task_at_another_host_names_it():
    assert asked(task(operation="power_cut", values=()))["host"] == "MASTER"
    assert asked(task())["host"] == "REPLICA"


def test_a_question_about_a_host_names_it_in_its_clicks():
    about = asked(question(), "ja")
    assert any("MASTER のエンジン" in each["text"] for each in about["clicks"])


def test_what_to_wait_for_is_told():
    waiting = replace(question(), awaited=Quoted("the scenario running"), wait=timedelta(minutes=1))
    assert asked(waiting)["awaited"] == "the scenario running"


def test_labels_of_which_no_source_shows_the_spelling_are_marked():
    told = asked(task(operation="create_scenario", values=()))
    marked = [label for each in told["clicks"] for label in each["unverified"]]
    assert marked
    assert all(any(f"[{label}]" in each["text"] for each in told["clicks"]) for label in marked)
