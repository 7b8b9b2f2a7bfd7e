"""`pytest` performs drills in another project, whose packages have the names of Kunren's."""

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from kunren.exits import Exit
from kunren.pytest_plugin import RUNS, ChapterItem, DrillFile, DrillRun, NotPassed, _until_its_end
from tests.kunren.commands import REPOSITORY
from tests.under_way import entries_so_far

PYTEST = [sys.executable, "-m", "pytest", *(f"-pno:{plugin}" for plugin in ("cacheprovider", "hypothesispytest"))]
FEATURES = REPOSITORY / "features"
READINESS = (FEATURES / "en" / "2-readiness.feature").read_text(encoding="utf-8")
CHAPTERS = 5
OTHERS = "Feature: Cucumbers\n  Scenario: Eating\n    Given I have 3 cucumbers\n"
SIMULATED = (REPOSITORY / "lab" / "site" / "simulated.toml").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    for package in ("steps", "lab", "reports", "drills", "words", "journal", "guide", "powershell"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("OWN = True\n")
    (tmp_path / "test_own.py").write_text("import steps, lab, reports\n\ndef test_own():\n    assert steps.OWN\n")
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "ready.feature").write_text(READINESS, encoding="utf-8")
    (tmp_path / "features" / "cucumbers.feature").write_text(OTHERS)
    return tmp_path


def pytest_in(project, *arguments):
    command = [*PYTEST, *map(str, arguments)]
    return subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8", timeout=120, check=False)


def mutated(project, *mutations):
    site = project / "site.toml"
    site.write_text(SIMULATED + f"mutations = {list(mutations)!r}\n", encoding="utf-8")
    return f"--kunren-site={site}"


def cases(project):
    tree = ET.parse(project / "x.xml")
    return [
        (case.get("name").partition("@")[0], [each.tag for each in case if each.tag != "properties"])
        for case in tree.iter("testcase")
    ]


def test_chapters_are_tests_beside_others_whatever_the_projects_packages_are_called(project):
    done = pytest_in(project, ".", "--junitxml=x.xml")
    assert done.returncode == 0, done.stdout
    assert f"{CHAPTERS + 1} passed" in done.stdout
    assert "verdict: passed, lab restored (SIMULATED)" in done.stdout
    assert "The lab is as it was before." in done.stdout
    [record] = (project / "records").iterdir()
    assert (record / "journal.jsonl").is_file()
    assert f"report: {record / 'report.html'}" in done.stdout
    assert [tags for _, tags in cases(project)] == [[]] * (CHAPTERS + 1)


def test_a_mutation_is_red_in_the_chapter_that_shows_its_point_among_those_chosen_by_name_on_one_worker(project):
    chosen = ("-v", "-n", "2", "--dist", "loadgroup", "-k", "engine or Control", "--junitxml=x.xml")
    done = pytest_in(project, "features", *chosen, mutated(project, "master-engine-stopped"))
    assert done.returncode == 1
    ended = dict(cases(project))
    assert ended.pop("Both hosts run the engine") == ["failure"]
    assert ended == {"The replica host has the Control Service": []}
    assert "features/ready.feature::Both hosts run the engine" in done.stdout
    assert "cucumber" not in done.stdout
    assert "  expected: the engine running on both hosts\n  seen: MASTER: stopped; REPLICA: running\n" in done.stdout
    assert "kunren/pytest_plugin.py" not in done.stdout
    assert len(list((project / "records").iterdir())) == 1


def test_a_feature_that_is_wrong_is_told_with_its_lines_and_one_that_is_named_is_not_left_to_others(project):
    wrong = READINESS.replace("Given the virtual machine runs", "Given the virtual machine flies", 1)
    (project / "features" / "ready.feature").write_text(wrong, encoding="utf-8")
    done = pytest_in(project, "features", "features/cucumbers.feature")
    assert done.returncode == 2
    assert "virtual machine flies" in done.stdout
    assert "I have 3 cucumbers" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.controls
def test_with_the_name_of_a_real_site_drills_that_are_not_named_do_not_begin(project):
    unnamed = pytest_in(project, "features", "--kunren-confirm=tokyo")
    assert unnamed.returncode == 1
    assert f"{CHAPTERS} errors" in unnamed.stdout
    assert "Drills on a real site are named one by one" in unnamed.stdout
    assert "pytest_plugin.py" not in unnamed.stdout
    assert not (project / "records").exists()


def configured(**options):
    return SimpleNamespace(getoption=lambda name, default=None: options.get(name, default), stash={RUNS: []})


def test_a_drill_on_a_real_site_begins_only_if_it_is_named():
    file = SimpleNamespace(run=None, named=False, path="x.feature", config=configured(kunren_confirm="tokyo"))
    with pytest.raises(NotPassed, match="Drills on a real site are named one by one"):
        DrillFile.performed(file)
    assert file.run is None


def test_a_worker_performs_no_chapter_whose_others_may_be_anothers():
    config = configured(loadgroup=False)
    config.workerinput = {}
    item = SimpleNamespace(config=config, file=SimpleNamespace(performed=pytest.fail))
    with pytest.raises(NotPassed, match="run pytest with --dist loadgroup, or without -n"):
        ChapterItem.setup(item)


@pytest.mark.parametrize(
    ("code", "outcomes", "partial", "red"),
    [
        (Exit.PASSED, ["passed", "passed"], False, False),
        (Exit.FAILED, ["passed", "failed"], False, False),
        (Exit.FAILED, ["passed", "passed"], False, True),
        (Exit.UNKNOWN, ["passed", "unknown"], False, False),
        (Exit.UNKNOWN, ["passed", "passed"], False, True),
        (Exit.UNKNOWN, ["passed", "not run"], False, True),
        (Exit.UNKNOWN, ["not run", "not run"], False, True),
        (Exit.UNKNOWN, ["passed", "skipped"], True, False),
        (Exit.NOT_RESTORED, ["passed", "failed"], False, True),
        (Exit.NOT_RESTORED, ["passed", "passed"], True, True),
    ],
)
def test_what_no_chapter_shows_is_an_error_of_the_last_one(code, outcomes, partial, red):
    """Chapters that failed or are unknown are red themselves; those not run are skipped, and would leave all green."""
    run = SimpleNamespace(
        code=code,
        told=("told",),
        performed=True,
        _numbers=range(len(outcomes)),
        outcome=lambda number: outcomes[number],
    )
    run._record = {"verdict": {"partial": partial}}
    if red:
        with pytest.raises(NotPassed, match="told"):
            DrillRun.require_verdict(run)
    else:
        DrillRun.require_verdict(run)


def test_a_lab_that_is_not_ready_is_an_error_with_kunrens_sentence(project):
    site = project / "site.toml"
    site.write_text(SIMULATED.replace('"CybozuGaroonHyper-V"', "7"), encoding="utf-8")
    done = pytest_in(project, "features", f"--kunren-site={site}")
    assert done.returncode == 1
    assert f"{CHAPTERS} errors" in done.stdout
    assert "site.toml" in done.stdout


@pytest.mark.controls
def test_chapters_of_a_drill_are_not_divided_among_workers(project):
    apart = pytest_in(project, "features", "-n", "1")
    assert apart.returncode == 1
    assert "run pytest with --dist loadgroup, or without -n" in apart.stdout
    assert not (project / "records").exists()


def test_what_a_drill_said_before_ctrl_c_is_kept():
    """More than a pipe holds, so that part of it has been read by then."""
    drill = """
import os, signal, time
signal.signal(signal.SIGINT, lambda *_: exit(3))
print("said" * 50_000, flush=True)
os.kill(os.getppid(), signal.SIGINT)
time.sleep(60)
"""
    code, said, stopped = _until_its_end([sys.executable, "-c", drill])
    assert (code, len(said.strip()), stopped) == (3, 200_000, True)


@pytest.mark.controls
def test_ctrl_c_is_handed_on_and_the_lab_is_restored_first(project):
    (project / "features" / "ready.feature").write_bytes(
        (FEATURES / "en" / "4-1-clean-switchover.feature").read_bytes()
    )
    with subprocess.Popen([*PYTEST, "features"], cwd=project, stdout=subprocess.PIPE, encoding="utf-8") as process:
        journal = until(lambda: next(project.glob("records/*/journal.jsonl"), None))
        until(lambda: any(entry["what"] == "undertaking" for entry in entries_so_far(journal)))
        os.kill(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 2
    assert '"restore.ended"' in journal.read_text(encoding="utf-8")
    assert "The lab is as it was before." in said


def until(look):
    for _ in range(1200):
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("not within a minute")
