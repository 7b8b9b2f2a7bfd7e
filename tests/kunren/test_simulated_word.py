"""What was simulated says so in everything that is printed or written of it."""

import json

import pytest

from tests.kunren.test_cli import kunren
from tests.reports.compared import written
from tests.representatives import standing_for_all


@pytest.mark.browser
def test_a_run_says_so_while_it_goes_on_at_its_end_and_in_its_files(clean_switchover):
    lines = clean_switchover.stdout.splitlines()
    assert "SIMULATED" in lines[0]
    assert "verdict: passed, lab restored (SIMULATED)" in lines
    assert "SIMULATED" in clean_switchover.report
    record = json.loads((clean_switchover.folder / "record.json").read_text(encoding="utf-8"))
    assert record["environment"] == "simulated"
    hosts = [each for drill in record["drills"] for each in drill["activities"] if each["what"] == "host"]
    assert len(hosts) == 2
    assert all("SIMULATED" in host["os"] for host in hosts)


@pytest.mark.parametrize("language", standing_for_all(["en", "ja"], "en"))
def test_so_does_every_command_that_reads_records(tmp_path, language):
    written(tmp_path / "records" / "base", change=list)
    written(tmp_path / "records" / "later")
    for command in (
        ("report", "records/later"),
        ("coverage",),
        ("compare", "records/later", "records/base"),
    ):
        done = kunren(*command, "--lang", language, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "SIMULATED" in done.stdout, command
    assert "SIMULATED" in (
        tmp_path / "records" / "later" / f"report{'' if language == 'en' else '.ja'}.html"
    ).read_text(encoding="utf-8")
    told = json.loads(kunren("compare", "records/later", "records/base", "--json", cwd=tmp_path).stdout)
    assert told["environment"] == "simulated"
    record = json.loads((tmp_path / "records" / "later" / "record.json").read_text(encoding="utf-8"))
    assert record["environment"] == "simulated"


@pytest.mark.browser
@pytest.mark.controls
def test_so_do_negative_controls(tmp_path):
    done = kunren(
        "controls", "--drill", "2-readiness", "--mutation", "master-windows-outdated", "--out", "controls", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 of 1 mutations detected (SIMULATED); result: ")
    assert json.loads((tmp_path / "controls" / "controls.json").read_text())["environment"] == "simulated"
