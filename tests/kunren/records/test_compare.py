"""`kunren compare`: a record compared with a baseline by the command, on samples and on runs of the simulated lab."""

import json
import re
from importlib import resources
from io import StringIO

import jsonschema
import pytest
from rich.console import Console

from kunren.records.compare import show
from reports.acceptance.as_json import to_json
from reports.acceptance.differences import rule
from reports.acceptance.result import Pair
from reports.acceptance.sheet import Held
from tests.kunren.conftest import drill, drill_without_browser, site_with
from tests.kunren.golden import GOLDEN, PAIRS, forms, measured, sample, shown
from tests.kunren.test_cli import kunren, refused
from tests.reports.compared import MONTH, held, later, otherwise, written
from tests.schemas import validator
from words import words_of

SCHEMA = json.loads(resources.files("reports").joinpath("schema", "comparison.schema.json").read_text(encoding="utf-8"))
VALIDATOR = validator(SCHEMA)
COMPLETION = 'Then the event "スイッチオーバーが完了しました。" appears within 15 minutes'


@pytest.mark.parametrize("name", PAIRS)
def test_two_sample_runs_give_the_golden_files(name, tmp_path):
    for file, text in forms(name, tmp_path):
        assert text == (GOLDEN / name / file).read_bytes().decode(), file


@pytest.mark.parametrize("name", PAIRS)
def test_the_json_keeps_to_its_schema(name, tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(json.loads(to_json(PAIRS[name](tmp_path))))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("terminal", [False, True])
def test_text_of_hosts_can_neither_command_a_terminal_nor_pose_as_markup(tmp_path, language, terminal):
    found = held(
        written(tmp_path / "record", f"hostile-{language}", otherwise), written(tmp_path / "base", f"passed-{language}")
    )
    text = shown(found, language, terminal=terminal)
    assert "[U+001B]" in text
    assert "[U+202E]" in text
    assert "\u202e" not in text
    own = re.sub(r"\x1b\[[0-9;]*m", "", text) if terminal else text
    assert "\x1b" not in own
    assert "[31m" in own
    assert "😀" in own
    assert to_json(found).isascii()


def test_markup_and_emoji_codes_of_a_folder_s_name_are_printed_as_they_are(tmp_path):
    out = StringIO()
    odd, found = "[bold]:smile:[/nothing]", sample(tmp_path)
    show(
        Held(acceptance=found, ruling=rule(found), folders=Pair(odd, odd)),
        words_of("en"),
        Console(file=out, width=160, force_terminal=True),
    )
    assert "[bold]:smile:[/nothing]" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("base", "nothing"), 2, "nothing/journal.jsonl cannot be read"),
        (("base", "base"), 2, "the same run"),
        (("base", "base", "--tolerance", "ten"), 2, "write it like 10%"),
        (("base", "base", "--tolerance", "-1%"), 2, "write it like 10%"),
        (("base", "base", "--at-least", "5min"), 2, "write it like 10s"),
        (("base", "base", "--at-least", "nan"), 2, "write it like 10s"),
        (("base",), 2, "BASELINE"),
        (("base", "base", "--out", "x.md"), 2, "needs --to html"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(tmp_path, arguments, code, said):
    written(tmp_path / "base")
    refused(kunren("compare", *arguments, cwd=tmp_path), code, said)


def test_the_exit_code_is_the_verdict(tmp_path):
    written(tmp_path / "base")
    for name, recording, change, code in (
        ("later", "passed-en", list, 0),
        ("slower", "slower-en", list, 1),
        ("otherwise", "passed-en", otherwise, 1),
    ):
        written(tmp_path / name, recording, lambda lines, change=change: later(change(lines), 2 * MONTH))
        assert kunren("compare", name, "base", cwd=tmp_path).returncode == code
    cut = (tmp_path / "later" / "journal.jsonl").read_bytes()
    (tmp_path / "later" / "journal.jsonl").write_bytes(cut[:-1])
    done = kunren("compare", "later", "base", "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (4, "unknown")


WINDOWS = "Microsoft Windows Server {} Standard (SIMULATED) 10.0.{}"


def patched(lines):
    """Windows and Garoon of another version, and another site file; everything else as before."""
    text = json.dumps(later(lines))
    for old, new in (("10.0.14393", "10.0.20348"), ("Server 2016", "Server 2022"), ("3.5.2", "6.15.2")):
        assert old in text
        text = text.replace(old, new)
    return json.loads(text)


def test_what_was_patched_is_told_first_and_beside_the_verdict(tmp_path):
    written(tmp_path / "base", change=list)
    written(tmp_path / "patched", change=patched)
    done = kunren("compare", "patched", "base", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1:3] == [
        "Environment: differs from that of the baseline.",
        f"  ≠ Windows of both hosts: {WINDOWS.format(2016, 14393)} → {WINDOWS.format(2022, 20348)}",
    ]
    assert lines[3] == "  ≠ Garoon (the guest): 3.5.2 → 6.15.2"
    beside = "in another environment (Windows of both hosts, Garoon (the guest))"
    assert lines[-1] == f"Verdict: = same (SIMULATED), {beside}"
    told = json.loads(kunren("compare", "patched", "base", "--json", cwd=tmp_path).stdout)
    VALIDATOR.validate(told)
    garoon = {"what": "product", "of": ["Garoon", "guest"], "baseline": "3.5.2", "record": "6.15.2", "differs": True}
    assert garoon in told["surroundings"]
    japanese = kunren("compare", "patched", "base", "--lang", "ja", cwd=tmp_path).stdout
    assert "環境: 基準と異なります。" in japanese
    assert "≠ Garoon（仮想マシン）: 3.5.2 → 6.15.2" in japanese


def test_the_same_environment_is_said_to_be_the_same(tmp_path):
    found = sample(tmp_path)
    assert not [each for each in found.surroundings if each.differs is not False]
    text = shown(found, "en")
    assert "Environment: no difference recorded." in text
    assert "another environment" not in text


def test_what_a_record_does_not_tell_of_its_environment_is_not_known(tmp_path):
    text = shown(measured(tmp_path), "en")
    assert "? versions of RHA, Garoon and the guest: unknown → unknown" in text
    assert "? scripts sent to hosts: unknown → unknown" in text
    assert "in an environment that is only partly recorded" in text


def found_by(done):
    return json.loads(done.stdout)


def apart(found):
    return {
        step["step"]: step["verdict"]
        for each in found["drills"]
        for chapter in each["chapters"]
        for step in chapter["steps"]
        if step["verdict"] != "same"
    }


@pytest.mark.controls
@pytest.mark.browser
def test_a_guest_that_boots_slower_is_slower_at_that_step_and_at_no_other(tmp_path, clean_switchover):
    site = site_with(tmp_path, "boot_seconds = 90\nheartbeat_seconds = 90\n")
    slow = drill_without_browser(tmp_path / "slow", "4-1-clean-switchover", "--site", site, probed=True)
    assert slow.code == 0, slow.stderr
    done = kunren("compare", slow.folder, clean_switchover.folder, "--json", cwd=tmp_path)
    assert (done.returncode, apart(found_by(done))) == (1, {COMPLETION: "slower"})
    VALIDATOR.validate(found_by(done))
    text = kunren("compare", slow.folder, clean_switchover.folder, cwd=tmp_path).stdout
    assert "SIMULATED" in text
    last = text.splitlines()[-1]
    assert last.startswith("Verdict: ▲ slower (SIMULATED): 4-1-clean-switchover, step ")
    assert last.endswith(COMPLETION)
    lenient = kunren("compare", slow.folder, clean_switchover.folder, "--tolerance", "200%", cwd=tmp_path)
    assert lenient.returncode == 0, lenient.stdout
    turned = kunren("compare", clean_switchover.folder, slow.folder, "--json", cwd=tmp_path)
    assert (turned.returncode, apart(found_by(turned))) == (0, {COMPLETION: "faster"})


@pytest.mark.browser
def test_a_twin_in_the_other_language_is_the_same(tmp_path, clean_switchover, clean_switchover_ja):
    twin = kunren("compare", clean_switchover_ja.folder, clean_switchover.folder, cwd=tmp_path)
    assert twin.returncode == 0, twin.stdout
    assert "判定: = 同等（模擬環境 SIMULATED）" in twin.stdout


@pytest.mark.browser
@pytest.mark.controls
def test_one_seed_twice_is_the_same(tmp_path, clean_switchover):
    again = drill(tmp_path / "again", "4-1-clean-switchover")
    done = kunren("compare", again.folder, clean_switchover.folder, "--json", cwd=tmp_path)
    assert (done.returncode, apart(found_by(done))) == (0, {})


@pytest.mark.browser
@pytest.mark.controls
def test_a_lab_that_misbehaves_behaves_differently_where_it_does(tmp_path, clean_switchover):
    site = site_with(tmp_path, 'mutations = ["completion-without-start"]\n')
    mutated = drill(tmp_path / "mutated", "4-1-clean-switchover", "--site", site)
    done = kunren("compare", mutated.folder, clean_switchover.folder, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert found_by(done)["verdict"] == "behaves differently"
    different = [step for step, verdict in apart(found_by(done)).items() if verdict == "behaves differently"]
    assert different == ['And the virtual machine is registered and "running" on the replica host']
