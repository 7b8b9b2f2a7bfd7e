"""pytest is given the plan itself: a test is one planned chapter, known by identity and not by name or order."""

from dataclasses import replace

import pytest

from drills.collecting import ChapterItem, PlannedDrills
from drills.reading import read_drill
from steps.modules import vocabulary

TEXT = """Feature: f
  Scenario: a-b
    Then the Garoon version is "3.5.2" or later

  Scenario: a b
    Then all RHA services run under the same account

  Scenario Outline: a.b <v>
    When <v> seconds pass
    Then the event "disk < 10 % free" appears within <v> minutes

    Examples:
      | v |
      | 1 |
      | 2 |
"""


class Performer:
    """A pytest plugin that notes the chapters it is to perform."""

    def __init__(self, *drills):
        self.drills = drills
        self.performed = []

    def pytest_collect_directory(self, path, parent):
        drills = PlannedDrills.from_parent(parent, path=path)
        drills.plan(self.drills, self.perform)
        return drills

    def perform(self, request):
        self.performed.append(request.node)

    @pytest.fixture
    def clock(self):
        return "a clock"


def run(folder, performer):
    arguments = [str(folder), f"--rootdir={folder}", f"--confcutdir={folder}", "--noconftest", "-pno:terminal"]
    arguments += ["-pno:cacheprovider", "--config-file=/dev/null", "--disable-plugin-autoload", "--capture=no"]
    return pytest.main(arguments, plugins=[performer])


@pytest.fixture
def drill(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(TEXT, encoding="utf-8")
    return read_drill(path, vocabulary())


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_every_planned_chapter_is_performed_once_and_is_the_planned_object(drill, empty):
    performer = Performer(drill)
    assert run(empty, performer) == pytest.ExitCode.OK
    assert all(isinstance(item, ChapterItem) for item in performer.performed)
    assert [item.name for item in performer.performed] == ["a-b", "a b", "a.b 1", "a.b 2"]
    assert all(item.planned is drill.chapters[item.number] for item in performer.performed)
    assert [item.number for item in performer.performed] == [0, 1, 2, 3]


def test_the_plan_is_performed_whatever_has_become_of_the_file(drill, empty):
    drill.file.write_text("Feature: another\n  Scenario: one\n", encoding="utf-8")
    performer = Performer(drill)
    assert run(empty, performer) == pytest.ExitCode.OK
    drill.file.unlink()
    again = Performer(drill)
    assert run(empty, again) == pytest.ExitCode.OK
    assert [each.planned for each in again.performed] == [each.planned for each in performer.performed]
    assert [each.planned for each in performer.performed] == list(drill.chapters)


def test_chapters_that_are_left_out_keep_the_places_of_the_others(drill, empty):
    chapters = tuple(replace(each, left_out=number in (0, 2)) for number, each in enumerate(drill.chapters))
    performer = Performer(replace(drill, chapters=chapters))
    assert run(empty, performer) == pytest.ExitCode.OK
    assert [(item.number, item.name) for item in performer.performed] == [(1, "a b"), (3, "a.b 2")]


def test_steps_carry_the_function_and_the_values_found_when_they_were_planned(drill):
    steps = [step for chapter in drill.chapters for step in chapter.steps]
    assert [(step.function.__name__, step.values) for step in steps] == [
        ("garoon_version", {"version": "3.5.2"}),
        ("same_account", {}),
        ("time_passes", {"seconds": 1}),
        ("event_appears", {"message": "disk < 10 % free", "minutes": 1}),
        ("time_passes", {"seconds": 2}),
        ("event_appears", {"message": "disk < 10 % free", "minutes": 2}),
    ]


def test_nothing_of_the_folder_that_pytest_is_given_is_loaded(drill, empty):
    (empty / "conftest.py").write_text("raise SystemExit", encoding="utf-8")
    (empty / "test_other.py").write_text("raise SystemExit", encoding="utf-8")
    performer = Performer(drill)
    assert run(empty, performer) == pytest.ExitCode.OK
    assert len(performer.performed) == 4
