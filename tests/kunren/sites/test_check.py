"""`kunren check`: what is wrong with a site is told at once, with what to do, and nothing is changed."""

import json
import re
from typing import get_args

import pytest

from lab.site.simulation import Unfitness
from tests.kunren.commands import run
from tests.kunren.conftest import SIMULATED, site_with
from tests.kunren.visitor import without_browser

pytestmark = pytest.mark.browser


def check(*arguments, **options):
    return run("check", *arguments, before=[without_browser], **options)


def checked(*arguments):
    done = check(*arguments, "--json")
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert done.returncode == (0 if found["ready"] else 3)
    return {each["id"]: each for each in found["findings"]}, found


def test_the_simulated_site_is_ready(tmp_path):
    done = check(cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    title, not_checked, *rest = done.stdout.splitlines()
    assert title == "Preflight check of simulated (SIMULATED): reads only, nothing is changed."
    assert not_checked == "  not checked:"
    assert re.fullmatch(r"errors: 0, warnings: 0, not checked: \d+", rest[-1])
    assert {line[:4] for line in rest[:-1:2]} == {"  ? "}
    assert "  ? note: The notification settings were not checked" in done.stdout
    assert "[guide 4-2.B5]" in done.stdout


def test_a_japanese_reader_is_told_in_japanese(tmp_path):
    done = check("--lang", "ja", "--site", site_with(tmp_path, "unprivileged = true\n"))
    assert done.returncode == 3
    assert "エラー: MASTER のログインに Hyper-V の管理権限がなく" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("エラー 3 件")


UNFIT = {
    "full-disk": ("disk", "warning", "REPLICA"),
    "pending-restart": ("restart_pending", "warning", "REPLICA"),
    "checkpoint": ("checkpoint", "warning", "MASTER"),
    "clustered": ("clustered", "error", "MASTER"),
    "blocked-ports": ("port", "warning", "REPLICA"),
    "low-quotas": ("quotas", "warning", "REPLICA"),
    "no-exclusions": ("antivirus", "warning", "REPLICA"),
    "old-updates": ("updates_old", "note", "REPLICA"),
    "long-ttl": ("dns_ttl", "note", None),
}
ALWAYS_LEFT = {"licence", "mapping", "notification", "spool_moved", "updates_waiting"}
"""What no question answers."""


def test_each_unfitness_of_hosts_is_found(tmp_path):
    assert set(get_args(Unfitness)) == UNFIT.keys() | {"untold-settings"}
    findings, found = checked("--site", site_with(tmp_path, f"unfit = {json.dumps(list(UNFIT))}\n"))
    assert {each: (findings[each]["severity"], findings[each]["host"]) for each, _, _ in UNFIT.values()} == {
        name: (severity, host) for name, severity, host in UNFIT.values()
    }
    assert len(found["findings"]) == len(UNFIT) + 3  # there are three ports, and the full disk has the spool
    assert findings["spool"]["seen"].startswith("On C: of REPLICA, where RHA's spool is by default, 1.0 GiB are free")
    assert found["errors"] == 1
    assert {each["id"] for each in found["not_checked"]} == ALWAYS_LEFT


def test_what_windows_does_not_tell_is_not_checked_with_its_reason(tmp_path):
    findings, found = checked("--site", site_with(tmp_path, 'unfit = ["untold-settings"]\n'))
    assert findings == {}
    untold = {each["id"]: each for each in found["not_checked"]}
    asked = {"quotas": "warning", "antivirus_untold": "warning", "updates": "note"}
    assert untold.keys() == ALWAYS_LEFT | asked.keys()
    for name, severity in asked.items():
        assert (untold[name]["host"], untold[name]["severity"]) == ("REPLICA", severity)
        assert "Access is denied." in untold[name]["why"]
        assert untold[name]["look"]


def test_engines_clocks_and_time_zones_that_differ_are_found(tmp_path):
    site = site_with(tmp_path, 'replica_engine = "16.0.1"\nclock_skew_seconds = { MASTER = 90 }\n')
    site.write_text('time_zone = "+05:45"\n' + site.read_text())
    findings, found = checked("--site", site)
    assert found["simulated"]
    assert findings.keys() == {"engine_versions", "time_zone", "clock_ahead"}
    assert findings["clock_ahead"]["severity"] == "warning"
    assert "MASTER 16.0.2, REPLICA 16.0.1" in findings["engine_versions"]["seen"]


def test_everything_is_told_at_once(tmp_path):
    text = SIMULATED.read_text().replace('name = "Garoon"', 'name = "DC1"').replace('"MASTER"', '"TOKYO"')
    site = tmp_path / "site.toml"
    site.write_text(text + 'replica_engine = ""\n')
    findings, found = checked("--site", site)
    assert {"misnamed", "guest_elsewhere", "engine_missing"} <= findings.keys()
    assert findings["misnamed"]["guide"] == "3.N5"
    assert findings["engine_missing"]["severity"] == "error"
    assert found["errors"] == sum(each["severity"] == "error" for each in found["findings"])


def test_business_hours_are_a_warning(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(re.sub('end = "[0-9:]+"', 'end = "23:00"', SIMULATED.read_text()))
    findings, found = checked("--site", site)
    assert found["ready"]
    assert findings["business_hours"]["guide"] == "3.N16a"


def test_a_site_file_that_is_wrong_is_no_finding(tmp_path):
    done = check("--site", tmp_path / "nothing.toml")
    assert done.returncode == 2
    assert done.stdout == ""
