"""The profile of Arcserve RHA: what it knows, what it admits to guess, and which site confirms it."""

import json
import tomllib
from pathlib import Path

import pytest

import lab.site.profile
from lab.errors import SiteError
from lab.model.replication import ScenarioState, Severity
from lab.site.discovery import read_discovery, usable_operations
from lab.site.profile import SUPPORTED_OPERATIONS, EventText, load_profile, read_profile

PROFILE = load_profile("arcserve_rha")
TEXT = (Path(lab.site.profile.__file__).parent / "arcserve_rha.toml").read_text(encoding="utf-8")


def test_only_what_a_vendors_page_shows_is_called_verified():
    verified = {name for name, operation in PROFILE.operations.items() if operation.verified}
    assert verified == {"suspend_scenario", "prepare_reboot"}
    assert dict(PROFILE.operations["suspend_scenario"].parameters) == {"name": "Name", "host": "Host"}
    assert dict(PROFILE.operations["prepare_reboot"].parameters) == {"host": "Name"}
    assert PROFILE.operations["resume_scenario"].command == "Resume-Scenario"
    assert PROFILE.engine_service.verified
    assert not PROFILE.control_service.verified


def test_every_guess_says_that_it_is_one():
    for operation in PROFILE.operations.values():
        assert operation.verified or "guess" in operation.source


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("実行中", ScenarioState.RUNNING),
        ("running", ScenarioState.RUNNING),
        ("停止", ScenarioState.STOPPED),
        ("Stopped on autostop", ScenarioState.STOPPED),
        ("スイッチオーバー中", ScenarioState.SWITCHING_OVER),
        ("", ScenarioState.UNKNOWN),
        ("実行中止", ScenarioState.UNKNOWN),
    ],
)
def test_states_are_understood_in_both_languages(word, state):
    assert PROFILE.state(word) is state


def test_severities_are_understood_in_both_languages():
    assert (PROFILE.severity("重要"), PROFILE.severity("Error")) == (Severity.SIGNIFICANT, Severity.ERROR)
    assert PROFILE.severity("Wichtig") is Severity.UNKNOWN


@pytest.mark.parametrize(
    ("name", "message", "matches"),
    [
        ("switchover_completed", "スイッチオーバーが完了しました。", True),
        ("switchover_completed", "スイッチオーバーが完了しました", True),
        ("switchover_completed", "Switchover  completed.", True),
        ("switchover_completed", "スイッチオーバーを開始しました。", False),
        ("assured_recovery_ready", "レプリカ<REPLICA>は、手動 HyperV 整合性テストの準備が整っています", True),
        ("assured_recovery_ready", "レプリカ REPLICA は、手動HyperV整合性テストの準備が整っています。", True),
        ("assured_recovery_ready", "レプリカは、手動 HyperV 整合性テストの準備が整っています", False),
        ("replication_resumed", "レプリカ <REPLICA>へのレプリケーションが再開されました", True),
        ("ready_for_reboot", "再起動の準備ができていません", False),
        ("master_not_responding", "", False),
    ],
)
def test_events_are_found_by_their_text_loosely(name, message, matches):
    assert PROFILE.events[name].matches(message) is matches


def test_a_text_with_any_number_of_hosts_is_looked_for_in_no_time():
    wordy = EventText(ja=["{host}".join("a" * 60)], severity="error", source="x", verified=False)
    assert wordy.matches("abb" * 60)
    assert not wordy.matches("abb" * 59)


def test_codes_stand_only_where_a_source_shows_them_with_that_text():
    assert {event.code for event in PROFILE.events.values()} == {"", "EM00166"}


def test_there_is_no_other_profile():
    with pytest.raises(SiteError, match=r'There is no RHA profile "\.\./x"; name one of: arcserve_rha'):
        load_profile("../x")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('command = "Get-Scenario"', 'command = "Get-Scenario; exit"', "operations.list_scenarios.command is"),
        ("[operations.stop_scenario]", "[operations.halt_scenario]", "operations.stop_scenario is missing"),
        (
            'RHAEngine"\nverified = true',
            'RHAEngine"\nverified = "yes"',
            "services.engine.verified is a text, not true or false",
        ),
        ("[states.running]", "[states.runing]", "states.running is missing"),
        ('ja = ["重要"]\nen = ["Significant"]', "", "severities.significant.ja and en are both missing"),
        ('severity = "error"', 'severity = "bad"', "severity is 'bad'"),
        ('title = "Arc', 'titel = "x"\ntitle = "Arc', "titel is not known; write title if that was meant"),
        ('source = "guess"', "", "source is missing"),
    ],
)
def test_a_wrong_profile_is_one_sentence(old, new, expected):
    assert old in TEXT
    with pytest.raises(SiteError) as caught:
        read_profile("mine.toml", tomllib.loads(TEXT.replace(old, new, 1)))
    assert str(caught.value).startswith("mine.toml: ")
    assert expected in str(caught.value)


def discovery(tmp_path, value):
    file = tmp_path / "discovery.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value))
    return read_discovery(file)


def test_without_a_discovery_only_verified_operations_are_usable():
    assert usable_operations(PROFILE, None) == {"suspend_scenario", "prepare_reboot"}


def test_a_discovery_confirms_a_command_with_all_the_parameters_the_profile_uses(tmp_path):
    found = discovery(
        tmp_path,
        {"snap_ins": ["X"], "commands": {"stop-scenario": ["name", "Verbose"], "Run-Scenario": ["Name"]}},
    )
    assert found.snap_ins == ("X",)
    assert usable_operations(PROFILE, found) == {"suspend_scenario", "prepare_reboot", "stop_scenario"}


def test_a_discovery_of_everything_makes_everything_usable(tmp_path):
    commands = {operation.command: list(operation.parameters.values()) for operation in PROFILE.operations.values()}
    assert usable_operations(PROFILE, discovery(tmp_path, {"snap_ins": [], "commands": commands})) == set(
        SUPPORTED_OPERATIONS
    )


MADE = {"snap_ins": ["X"], "commands": {"Stop-Scenario": ["Name"]}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_discovery_file_is_read_as_windows_powershell_writes_it(tmp_path, encoding, line_end):
    file = tmp_path / "discovery.json"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    file.write_bytes((mark + json.dumps(MADE, indent=4).replace("\n", line_end)).encode(encoding))
    assert usable_operations(PROFILE, read_discovery(file)) >= {"stop_scenario"}


@pytest.mark.parametrize("names", ["Name", ["Name"], {"value": ["Name"], "Count": 1}])
@pytest.mark.parametrize("snap_ins", ["X", ["X"], {"value": ["X"], "Count": 1}])
def test_a_list_of_one_may_be_what_powershell_makes_of_it(tmp_path, names, snap_ins):
    found = discovery(tmp_path, {"snap_ins": snap_ins, "commands": {"Stop-Scenario": names}})
    assert (found.snap_ins, found.commands["stop-scenario"]) == (("X",), {"name"})


def test_a_list_of_none_may_be_null(tmp_path):
    found = discovery(tmp_path, {"snap_ins": None, "commands": {"Get-Scenario": None}})
    assert found.snap_ins == ()
    assert "list_scenarios" in usable_operations(PROFILE, found)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"snap_ins": ' + "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 5000,
        "\x00",
        '{"snap_ins": ["*"], "commands": {}}',
    ],
)
def test_a_discovery_file_beyond_reason_is_one_sentence(tmp_path, text):
    with pytest.raises(SiteError, match=r"discovery\.json: .*create it again \(docs/site-file\.md\)\.$") as caught:
        discovery(tmp_path, text)
    assert len(str(caught.value)) < 500


def test_a_file_too_large_for_a_discovery_file_is_not_read_to_its_end(tmp_path):
    with pytest.raises(SiteError, match=r"has more than 1 MiB; check the path\.$"):
        discovery(tmp_path, " " * (1 << 20) + "{}")


def test_the_documentation_names_every_command_a_site_has_to_confirm():
    text = (Path(__file__).parents[3] / "docs" / "site-file.md").read_text(encoding="utf-8")
    for operation in PROFILE.operations.values():
        parameters = ", ".join(operation.parameters.values()) or "none"
        known = "yes" if operation.verified else "no"
        assert f"| `{operation.command}` | {parameters} | {known} |" in text


@pytest.mark.parametrize(
    "value",
    ["{", "[]", {"commands": {}}, {"snap_ins": [1], "commands": {}}, {"snap_ins": [], "commands": {"A-B": 3}}],
)
def test_a_wrong_discovery_file_is_one_sentence(tmp_path, value):
    with pytest.raises(SiteError, match=r"discovery\.json: .*create it again \(docs/site-file\.md\)\.$"):
        discovery(tmp_path, value)
