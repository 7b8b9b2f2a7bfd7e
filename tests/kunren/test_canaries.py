"""Passwords of each kind, and keys of the board, turn up nowhere: in no process, record, page, log or file."""

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import keyring
import pytest

from kunren.exits import Exit
from tests.board.room import Browser
from tests.kunren.canaries import CanaryLab, Watch, browsers_of, forms, until
from tests.kunren.commands import Command
from tests.kunren.killed import KillWhen
from tests.kunren.sweep.stage import LONGEST_S, Stage
from tests.kunren.visitor import without_browser
from tests.lab.site.kept import FILE, Kept
from tests.lab.tls_premises import Certificate
from tests.representatives import standing_for_all

CLEAN = "4-1-clean-switchover"
SLOW = 240.0
"""Lab seconds per second, which leaves a browser the time that it takes."""
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class KeyringOfTest:
    """In a command: the system's keyring."""

    def __call__(self):
        keyring.set_keyring(Kept())


class Place:
    """A site whose passwords come from everywhere they may come from, and a machine on which all is looked at."""

    def __init__(self, folder):
        self.folder = folder
        self.stage = Stage(folder / "lab", SLOW, of=CanaryLab)
        line = self.stage.line
        self.canaries = {
            "master": line["hosts"]["master"]["password"],
            "replica": line["hosts"]["replica"]["password"],
            "garoon": line["garoon"]["password"],
            "guest": line["guest"]["password"],
            "wrong": "wrong-0a1b2c3d4e5f60718293",
        }
        assert len(set(self.canaries.values())) == len(self.canaries)
        vault = folder / "vault"
        vault.mkdir()
        (vault / "replica").write_text(f"{self.canaries['replica']}\n", encoding="utf-8")
        (vault / "keyring.json").write_text(json.dumps({"garoon/drill": self.canaries["garoon"]}), encoding="utf-8")
        helper = f'{sys.executable} -c "import sys, time; time.sleep(0.3); print(open(sys.argv[1]).read())"'
        self.references = {
            "HOST_PASSWORD": "HOST_PASSWORD",
            "REPLICA_PASSWORD": f"command:{helper} {shlex.quote(str(vault / 'replica'))}",
            "GAROON_PASSWORD": "keyring:garoon/drill",
        }
        self.home = folder / "home"
        self.work = folder / "work"
        for each in (self.home, self.work, self.home / "tmp"):
            each.mkdir()
        self.environment = {"HOME": str(self.home), "TMPDIR": str(self.home / "tmp"), FILE: str(vault / "keyring.json")}
        self.sites = {mode: self._site(file) for mode, file in self.stage.sites.items()}
        certificate = Certificate(vault, "board", "127.0.0.1", authority=True)
        self.certificate, self.key = certificate.file, certificate.key_file
        private = re.search(r"-----\n(.+?)\n", Path(self.key).read_text(encoding="ascii"))
        self.canaries["board key"] = private[1]
        self.watch = Watch(self.canaries, [self.home, self.work])
        self.printed = []

    def _site(self, file):
        text = file.read_text(encoding="utf-8")
        for name, reference in self.references.items():
            text = text.replace(f'"{name}"', json.dumps(reference))
        of_work = self.work / file.name
        of_work.write_text(text, encoding="utf-8")
        (self.work / "discovery.json").write_bytes((self.stage.folder / "discovery.json").read_bytes())
        return of_work

    def begin(self, *arguments, before=(), browser=False, without=(), **environment):
        hooks = [KeyringOfTest(), *([] if browser else [without_browser]), *self.stage.hooks, *before]
        kept_elsewhere = {"REPLICA_PASSWORD", "GAROON_PASSWORD", *without}
        given = {name: text for name, text in os.environ.items() if name not in kept_elsewhere}
        with mock.patch.dict(os.environ, {**given, **self.environment, **environment}, clear=True):
            command = Command(*arguments, cwd=self.work, before=hooks)
        self.watch.roots.append(command.pid)
        return command

    def end(self, command):
        out, err = command.communicate(LONGEST_S)
        self.watch.roots.remove(command.pid)
        self.watch.look_at(f"output of {command.args}", (out + err).encode())
        self.printed.append(out + err)
        return command.returncode, out + err

    def run(self, *arguments, **options):
        return self.end(self.begin(*arguments, **options))

    def drill(self, mode, record, *arguments, drill=CLEAN):
        return ("drill", drill, "--site", self.sites[mode], "--confirm", "tokyo", "--out", record, *arguments)

    def proven(self):
        """Nothing was found, though much was looked at, and each password would have been."""
        self.watch.look_at_files()
        assert sorted(self.watch.found) == []


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with mock.patch.dict(os.environ):
        place = Place(tmp_path_factory.mktemp("canaries"))
        with place.watch:
            yield place
        place.stage.close()


@pytest.fixture(autouse=True)
def _nothing_is_told(place):
    yield
    place.proven()


def test_what_is_looked_for_would_be_found(tmp_path):
    watch = Watch({"master": "lab-0123456789abcdef0123"}, [tmp_path])
    for shift, form in enumerate(sorted(forms("lab-0123456789abcdef0123"))):
        (tmp_path / str(shift)).write_bytes(b"before" + form + b"after")
    watch.look_at_files()
    assert len(watch.found) == len(list(tmp_path.iterdir())) == len(forms("lab-0123456789abcdef0123"))
    code = "import time; time.sleep(20)"
    with subprocess.Popen([sys.executable, "-c", code], env={"MASTER": "lab-0123456789abcdef0123"}) as child:
        watch.found.clear()
        watch.roots.append(os.getpid())
        with watch:
            until(lambda: any("environment" in where for _, where in watch.found))
        child.kill()
    assert [where for _, where in watch.found if where.startswith("environment of ")]


def test_init_discover_check_and_a_dry_run(place):
    line = place.stage.line
    options = {
        "name": "tokyo",
        "master-winrm": line["hosts"]["master"]["winrm"],
        "master-user": line["hosts"]["master"]["user"],
        "master-password-from": "HOST_PASSWORD",
        "replica-winrm": line["hosts"]["replica"]["winrm"],
        "replica-user": line["hosts"]["replica"]["user"],
        "replica-password-from": place.references["REPLICA_PASSWORD"],
        "guest": "Garoon",
        "guest-user": line["guest"]["user"],
        "guest-password-from": "GUEST_PASSWORD",
        "scenario": "CybozuGaroonHyper-V",
        "garoon-url": line["garoon"]["url"],
        "garoon-connect": line["garoon"]["connect"],
        "garoon-user": line["garoon"]["user"],
        "garoon-password-from": place.references["GAROON_PASSWORD"],
    }
    given = [part for name, text in options.items() for part in (f"--{name}", text)]
    code, said = place.run("init", "--yes", "--lang", "en", *given)
    assert code == 0, said
    code, said = place.run("discover", "--site", "site.toml", "--lang", "en")
    assert code in {0, 4}, said
    assert {"discovery.json", "site.toml"} <= {each.name for each in place.work.iterdir()}
    for mode in place.sites:
        code, said = place.run("check", "--site", place.sites[mode], "--lang", "en")
        assert code in {0, 3}, said
    code, said = place.run("drill", CLEAN, "--site", place.sites["powershell"], "--dry-run")
    assert code == 0, said


REFERENCES = ["HOST_PASSWORD", "REPLICA_PASSWORD", "GAROON_PASSWORD"]


@pytest.mark.parametrize("name", standing_for_all(REFERENCES, "REPLICA_PASSWORD"))
def test_logins_that_are_refused(place, name):
    assert [*place.references] == REFERENCES
    site = place.work / f"wrong-{name.lower()}.toml"
    text = place.sites["powershell"].read_text(encoding="utf-8")
    site.write_text(text.replace(json.dumps(place.references[name]), '"WRONG"'), encoding="utf-8")
    given = {"without": (name,), "WRONG": place.canaries["wrong"]}
    code, said = place.run("check", "--site", site, **given)
    assert code == Exit.NOT_READY, said
    drill = ("drill", CLEAN, "--site", site, "--confirm", "tokyo", "--out", place.work / f"refused-{name}")
    code, said = place.run(*drill, **given)
    assert code == Exit.NOT_READY, said


@pytest.mark.parametrize("drill", standing_for_all([CLEAN, "2-readiness"], "2-readiness"))
def test_a_drill_by_commands_with_a_browser_and_its_report(place, drill):
    record = place.work / f"{drill}-by-commands"
    code, said = place.run(*place.drill("powershell", record, drill=drill), browser=True)
    assert code in {Exit.PASSED, Exit.UNKNOWN, Exit.FAILED}, said
    assert (record / "report.html").exists()
    assert any(name.startswith(("chrom", "headless")) for name in place.watch.seen), place.watch.seen
    until(lambda: not browsers_of(place.home))
    code, said = place.run("report", record, "--lang", "ja")
    assert code == 0, said
    code, said = place.run("status", "--site", place.sites["powershell"])
    assert code == 0, said


def test_a_drill_by_people_with_a_board(place):
    record = place.work / "by-people"
    drill = place.drill("operator", record, "--board", "127.0.0.1:0", "--board-certificate", place.certificate)
    command = place.begin(*drill, "--board-key", place.key, "--person", "Sato=lead", "--lang", "en")
    printed = command._streams[0]
    link = until(lambda: re.search(r"https://\S+/enter/\S+", printed.read_text(encoding="utf-8")))[0]
    origin, _, token = link.partition("/enter/")
    browser = Browser(origin, str(place.certificate))
    assert browser.enter(link, "Sato", "lead").ok
    keys = {"link": token, "page": browser.token, "cookie": next(iter(browser.cookies)).value}
    watch = Watch(keys, [place.home, place.work])
    watch.roots.append(command.pid)
    with watch, browser.pictures() as pictures:
        for _ in zip(pictures, range(5), strict=False):
            browser.page()
        until(lambda: browser.post("attest", {"text": "I have seen it."}).ok, within=LONGEST_S)
        assert browser.post("finish", {}).ok
        code, said = place.end(command)
        watch.look_at_files()
    assert code in {Exit.PASSED, Exit.UNKNOWN, Exit.FAILED}, said
    assert sorted(watch.found) == []
    place.watch.look_at("pages of the board", "".join(browser.seen).encode())
    assert said.count(token) == 1, "the link is told where the run was started, and nowhere else"
    browser.close()


@pytest.mark.controls
def test_a_killed_drill_its_status_and_its_restoration(place):
    record = place.work / "killed"
    kill = KillWhen((("what", "undertaking"), ("change", "switch over")))
    code, _ = place.run(*place.drill("powershell", record), before=[kill], browser=True)
    assert code < 0
    until(lambda: not browsers_of(place.home))  # no browser outlives its drill
    code, said = place.run("status", "--site", place.sites["powershell"])
    assert code == Exit.NOT_RESTORED, said
    code, said = place.run("restore", record, "--yes")
    assert code == 0, said
