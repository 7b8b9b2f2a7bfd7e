"""How drills would be performed at a site, before anything there is touched."""

import pytest

from kunren.drills import choose
from kunren.permission import way_of
from lab.site.file import load_site

SITE = """
name = "site"
[hosts.master]
name = "HV1"
winrm = "https://hv1.example:5986/wsman"
user = "drill"
password_from = "PASSWORD"
[hosts.replica]
name = "HV2"
winrm = "https://hv2.example:5986/wsman"
user = "drill"
password_from = "PASSWORD"
[guest]
name = "Garoon"
[replication]
scenario = "S"
[garoon]
url = "http://garoon.example/"
user = "drill"
password_from = "PASSWORD"
[permissions]
changes = true
drills = true
"""


def ways(folder, further=""):
    (folder / "site.toml").write_text(SITE + further, encoding="utf-8")
    site = load_site(folder / "site.toml", {"PASSWORD": "aPasswordOfTheTest"})
    return {drill.name: str(way_of(site, drill)) for drill in choose((), "en", None)}


def test_without_a_discovery_file_people_do_what_no_source_verifies(tmp_path):
    told = ways(tmp_path)
    assert told["2-readiness"] == "by people"
    assert told["4-1-clean-switchover"].startswith("by people: perform the switchover")
    assert "prepare the host" not in told["6-2-host-maintenance"], "a vendor's page has this command"


@pytest.mark.parametrize(
    ("further", "told"),
    [
        ("", "not here: 4-2-host-failure injects faults"),
        ("faults = true\n", "by people"),
        ('faults = true\n[rha]\nby = "powershell"\n', "not here: 4-2-host-failure injects faults"),
    ],
)
def test_faults_are_for_people_whom_the_site_file_permits_them(tmp_path, further, told):
    assert ways(tmp_path, further)["4-2-host-failure"].startswith(told)


def test_what_cannot_be_undone_by_hand_is_for_the_simulated_lab(tmp_path):
    assert ways(tmp_path, "faults = true\n")["4-2-guest-failure"].startswith("not here: ")
