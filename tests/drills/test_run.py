"""What a run of a drill comes to when its lab cannot be opened, or when something breaks in Kunren itself."""

import warnings
from types import SimpleNamespace

import pytest

from drills.interruption import Stops
from drills.performance import WayBack
from drills.reading import read_drill
from drills.run import DrillRun
from journal.course import DrillBegan, DrillEnded
from journal.masking import Masking
from lab.errors import HostUnreachable
from lab.site.file import simulated_site
from steps.modules import vocabulary

TEXT = """Feature: f
  Scenario: a-b
    Then the Garoon version is "3.5.2" or later

  Scenario Outline: a.b <v>
    When <v> seconds pass
    Then the event "disk < 10 % free" appears within <v> minutes

    Examples:
      | v |
      | 1 |
      | 2 |
"""


class Unforgiving:
    """An object whose end is an error that Python can only warn of."""

    def __del__(self):
        raise ValueError("at the end")


@pytest.fixture
def drill(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(TEXT, encoding="utf-8")
    return read_drill(path, vocabulary())


def run_of(drill, open_lab, stops=None):
    written = []
    run = DrillRun(
        drill=drill,
        open_lab=open_lab,
        subject=simulated_site().subject,
        language="en",
        journal=SimpleNamespace(masking=Masking(), write=written.append),
        evidence=None,
        stops=stops or Stops(can_stop=False),
        way_back=WayBack(),
        tenure=None,
    )
    run.perform()
    return run, [type(entry) for entry in written]


def refuse(_):
    raise HostUnreachable("it is off", host="MASTER")


def break_down(_):
    raise KeyError("a defect")


def warn(_):
    warnings.warn("a coroutine was never awaited", RuntimeWarning, stacklevel=1)


def forsake(_):
    Unforgiving()
    raise HostUnreachable("it is off", host="MASTER")


def test_a_lab_that_cannot_be_opened_is_not_ready(drill):
    run, written = run_of(drill, refuse)
    assert [str(each) for each in run.not_ready.findings] == ["it is off"]
    assert (written, run.internal_error, run.not_restored) == ([DrillBegan, DrillEnded], "", False)


@pytest.mark.parametrize(
    ("open_lab", "told"),
    [(break_down, "KeyError: 'a defect'"), (warn, "never awaited"), (forsake, "ValueError: at the end")],
)
def test_what_breaks_in_kunren_is_kept_with_its_traceback(drill, open_lab, told):
    run, _ = run_of(drill, open_lab)
    assert told in run.internal_error
    assert open_lab.__name__ in run.internal_error or open_lab is forsake


def test_a_drill_is_not_begun_once_it_is_to_stop(drill):
    stops = Stops(can_stop=False)
    stops()
    run, written = run_of(drill, break_down, stops)
    assert (run.not_ready, run.internal_error, written) == (None, "", [])


def test_steps_carry_the_function_and_the_values_found_when_they_were_planned(drill):
    steps = [step for chapter in drill.chapters for step in chapter.steps]
    assert [(step.function.__name__, step.values) for step in steps] == [
        ("garoon_version", {"version": "3.5.2"}),
        ("time_passes", {"seconds": 1}),
        ("event_appears", {"message": "disk < 10 % free", "minutes": 1}),
        ("time_passes", {"seconds": 2}),
        ("event_appears", {"message": "disk < 10 % free", "minutes": 2}),
    ]
