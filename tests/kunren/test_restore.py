"""What a killed run left behind is told and undone: SIGKILL at any instant, also in the restoration itself."""

import json
import random
import signal

import pytest

from lab.model.replication import Direction, ScenarioState
from tests.kunren.commands import run
from tests.kunren.killed import Attended, Instant, KillAt, KillWhen, hasty
from tests.kunren.real_lab import real_lab
from tests.kunren.visitor import without_browser

CLEAN = "4-1-clean-switchover"
MOST = 280
"""About as many entries as the journal of the whole drill has."""
OPERATED = '[rha]\nby = "operator"\n'
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with real_lab(tmp_path_factory.mktemp("lab"), "--speed", "240") as lab:
        lab.replicate()
        yield lab


class Site:
    """The lab's site file in one of the two modes, and the commands as its operator gives them."""

    def __init__(self, lab, folder, mode):
        self.lab = lab
        self.record = folder / "record"
        operated = mode == "operator"
        self.file = lab.site(f"{mode}.toml", edit=lambda text: text + OPERATED if operated else text)
        attended = [Attended(str(lab.folder / "console.toml"))] if operated else []
        self._before = [without_browser, hasty, *attended]

    def drill(self, *kills):
        arguments = ("--site", self.file, "--confirm", "tokyo", "--out", self.record)
        return run("drill", CLEAN, *arguments, before=[*self._before, *kills], timeout=240)

    def restore(self, *kills, record=None):
        return run("restore", record or self.record, "--yes", before=[*self._before, *kills], timeout=240)

    def resume(self, *kills):
        return run("resume", self.record, "--confirm", "tokyo", before=[*self._before, *kills], timeout=240)

    def status(self):
        return run("status", "--site", self.file)

    def as_before(self):
        scenario = self.lab.scenario()
        runs = (scenario.state, scenario.direction) == (ScenarioState.RUNNING, Direction.FORWARD)
        return runs and self.lab.guests() == {"master": "Running"} and self.no_entries()

    def no_entries(self):
        return "Garoon holds no entries" in run("clean", "--site", self.file, "--list").stdout


@pytest.fixture
def site(request, lab, tmp_path):
    return Site(lab, tmp_path, request.param)


def kill_of(seed, most):
    """At a random instant of a random entry."""
    chance = random.Random(seed)
    return KillAt(chance.randint(2, most), chance.choice(list(Instant)))


def undone(site, kill, *kills):
    """After the kill of a drill, and of as many restorations as there are more kills."""
    killed = site.drill(kill)
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    journal = (site.record / "journal.jsonl").read_bytes()
    told = site.status()
    assert told.returncode in {0, 5}, told.stdout + told.stderr
    assert (f"kunren restore {site.record}" in told.stdout) is (told.returncode == 5)
    for again in kills:
        tried = site.restore(again)
        assert tried.returncode in {0, -signal.SIGKILL}, tried.stdout + tried.stderr
    done = site.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("The lab is as it was before")
    assert site.as_before()
    for restored in site.record.parent.glob("record-restore*/record.json"):
        of = json.loads(restored.read_text(encoding="utf-8"))["environment"]
        assert of == "simulated", "by the word of its hosts"
    free = site.status()
    assert (free.returncode, "No run holds tokyo." in free.stdout) == (0, True), free.stdout + free.stderr
    assert (site.record / "journal.jsonl").read_bytes() == journal, "the record of the killed run stays as it is"


def journal_of(site):
    text = (site.record.parent / "record-restore" / "journal.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


MANY = [
    ("powershell", 1),
    ("operator", 3),
    *(("powershell", seed) for seed in range(100, 130)),
    *(("operator", seed) for seed in range(200, 215)),
]
IN_RESTORATION = 90
"""Entries of the journal of a restoration that has something to undo, about."""


@pytest.mark.controls
@pytest.mark.parametrize("site", ["powershell"], indirect=True)
def test_a_drill_that_is_killed_before_it_has_seen_the_lab_leaves_nothing(site):
    undone(site, KillAt(11, Instant.AFTER))
    [ended] = [entry for entry in journal_of(site) if entry["what"] == "restore.ended"]
    assert (ended["restored"], ended["differences"]) == (True, [])


@pytest.mark.parametrize("site", ["powershell"], indirect=True)
def test_what_a_killed_drill_had_begun_is_undone_though_the_restoration_is_killed_as_well(site):
    undone(site, KillAt(75, Instant.TORN), KillAt(60, Instant.AFTER))


IN_CHAPTER_5 = KillWhen((("what", "step.began"), ("chapter", 4), ("step", 1)))
COMMANDED = KillWhen((("what", "undertaking"), ("change", "switch over")))


@pytest.mark.parametrize("site", ["powershell"], indirect=True)
def test_a_drill_goes_on_from_the_chapter_in_which_it_was_killed(site):
    killed = site.drill(IN_CHAPTER_5)
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    done = site.resume()
    assert done.returncode == 4, done.stdout + done.stderr
    assert "Continue working in Garoon" in done.stdout
    assert "partial run, lab restored" in done.stdout
    assert done.stdout.splitlines()[-1] == "The lab is as it was before."
    assert site.as_before()
    assert site.status().returncode == 0
    again = site.resume()
    assert again.returncode == 2, again.stdout + again.stderr
    assert "was restored to the end, so that nothing is left to go on with" in again.stderr


@pytest.mark.controls
@pytest.mark.parametrize("site", ["powershell"], indirect=True)
def test_where_the_lab_is_not_as_the_chapter_begins_nothing_goes_on(site):
    killed = site.drill(COMMANDED)
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    site.lab.switch_over()  # as if the command had been sent
    refused = site.resume()
    assert refused.returncode == 3, refused.stdout + refused.stderr
    assert f"undo what was begun with `kunren restore {site.record}`" in refused.stderr
    assert site.status().returncode == 5
    exchanged(site)
    assert not [*site.record.parent.glob("record-*")], "what found the site not ready leaves no record"
    done = site.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.as_before()


def exchanged(site):
    """A site file whose two addresses have been exchanged since: nothing is told of the hosts, and nothing undone."""
    own, (one, other) = site.file.read_text(), (each["winrm"] for each in site.lab.line["hosts"].values())
    site.file.write_text(own.replace(one, "…").replace(other, one).replace("…", other))
    for refused in (site.status(), site.restore()):
        assert refused.returncode == 3, refused.stdout + refused.stderr
        assert "hosts.master and hosts.replica are exchanged" in refused.stderr
    site.file.write_text(own)


@pytest.mark.controls
@pytest.mark.parametrize(("site", "seed"), MANY, indirect=["site"])
def test_at_any_instant(site, seed):
    undone(site, kill_of(seed, MOST), kill_of(-seed, IN_RESTORATION))
