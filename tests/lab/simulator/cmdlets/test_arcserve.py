import pytest

from lab.model.replication import Direction, ScenarioState
from tests.lab.simulator.premises import COMPLETED, PRODUCTION, SCENARIO

CREATE = (
    f"New-Scenario -Name '{SCENARIO}' -ServerType 'Hyper-V' -Product HA -AssuredRecovery -Master MASTER "
    f"-Replica REPLICA -Guest Garoon -Switchover automatic -ReverseReplication manual "
    f"-NetworkMapping '{PRODUCTION}={PRODUCTION}'"
)


@pytest.fixture
def replicating(hosts):
    assert hosts.text(CREATE, "REPLICA") == []
    hosts.text(f"Run-Scenario '{SCENARIO}' -Synchronization block", "REPLICA")
    hosts.lab.wait(600)
    return hosts


def test_a_scenario_created_by_command_is_listed_in_the_managers_words(hosts):
    hosts.text(CREATE, "REPLICA")
    script = 'Get-Scenario | ForEach-Object { "$($_.Name)|$($_.Product)|$($_.State)|$($_.Direction)|$($_.Guests)" }'
    assert hosts.text(script, "REPLICA") == [f"{SCENARIO}|HA AR|編集中|forward|Garoon"]


def test_engines_guests_and_findings_are_told_as_rows(hosts):
    hosts.text(CREATE)
    assert hosts.text('Get-ScenarioEngine cybozu.ca.com | ForEach-Object { "$($_.Version)|$($_.UpToDate)" }') == [
        "|False"
    ]
    assert hosts.text('Get-ScenarioGuest -Master MASTER | ForEach-Object { "$($_.Name) $($_.State)" }') == [
        "Garoon Running",
        "DC1 Off",
    ]
    assert hosts.text(f"(Test-Scenario '{SCENARIO}').Severity") == ["情報"]


def test_before_the_first_run_there_are_no_statistics_afterwards_there_are(replicating):
    script = '$s = Get-ScenarioStatistics \'{}\'; "$($s.Method) $($s.BlocksCopied) $($s.Started.ToString("s"))"'
    assert replicating.text(script.format(SCENARIO)) == ["block 16 2012-09-25T13:00:00"]
    replicating.text(CREATE.replace(SCENARIO, "another"))
    assert replicating.text("Get-ScenarioStatistics another") == []


def test_events_are_told_after_a_sequence_number(replicating):
    script = (
        'Get-ScenarioEvent -After 2 | ForEach-Object { "$($_.Sequence)|$($_.Severity)|$($_.Source)|$($_.Message)" }'
    )
    assert replicating.text(script, "REPLICA") == ["3|情報|REPLICA|MASTER の Is Alive チェックを開始しました。"]


def test_a_switchover_by_command_with_reverse_replication(replicating):
    assert replicating.text(f"Switchover-Scenario -Name '{SCENARIO}' -RunReverse") == []
    replicating.lab.wait(120)
    assert COMPLETED in replicating.lab.messages()
    scenario = replicating.lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.direction) == (ScenarioState.RUNNING, Direction.BACKWARD)


def test_a_stopped_scenarios_properties_are_set_by_command_and_what_is_not_given_stays(replicating):
    replicating.text(f"Stop-Scenario '{SCENARIO}'; Set-Scenario '{SCENARIO}' -Switchover manual")
    script = 'Get-Scenario | ForEach-Object { "$($_.Switchover)|$($_.ReverseReplication)" }'
    assert replicating.text(script) == ["manual|manual"]


def test_statistics_tell_what_has_been_replicated_since_and_what_waits(replicating):
    replicating.lab.application("MASTER").write("now")
    script = f"$s = Get-ScenarioStatistics '{SCENARIO}'; \"$($s.Changed) $($s.InSpool)\""
    assert replicating.text(script) == ["0 1"]
    replicating.lab.wait(5)
    assert replicating.text(script) == ["1 0"]


def test_the_sentence_of_suspend_scenario_is_the_vendors(replicating):
    assert replicating.text(f"suspend-scenario '{SCENARIO}' REPLICA") == [f"Scenario {SCENARIO} Suspended on REPLICA"]
    replicating.text(f"Resume-Scenario '{SCENARIO}' REPLICA")
    replicating.text(f"Stop-Scenario '{SCENARIO}'; Remove-Scenario '{SCENARIO}'")
    assert replicating.lab.rha.scenarios() == ()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (f"Run-Scenario '{SCENARIO}'", "シナリオは既に実行中です。"),
        ("Set-Scenario unknown -Switchover manual", "シナリオ「unknown」が見つかりません。"),
        ("Stop-Scenario unknown", "シナリオ「unknown」が見つかりません。"),
        (f"Run-Scenario '{SCENARIO}' -Synchronization volume", "Synchronization に「volume」は指定できません。"),
        (CREATE.replace(f"{PRODUCTION}={PRODUCTION}", PRODUCTION), "「マスタ側=レプリカ側」の形"),
    ],
)
def test_a_refusal_ends_the_command_with_the_reason(replicating, script, reason):
    ((error_id, message),) = replicating.run(script).errors
    assert error_id.startswith("OperationRefused,")
    assert reason in message


def test_the_sentence_of_prepare_reboot_is_the_vendors_and_comes_before_the_host_is_ready(replicating):
    assert replicating.text("prepare-reboot MASTER") == ["Host MASTER Preparing for reboot"]
    assert replicating.lab.messages()[-1] == "再起動の準備をしています"
    ((error_id, message),) = replicating.run("Prepare-Reboot -Name REPLICA").errors
    assert error_id.startswith("OperationRefused,")
    assert "MASTER のホスト メンテナンスが完了していません。" in message
