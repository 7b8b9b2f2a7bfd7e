"""The drivers for Arcserve RHA: names come from the profile, guesses are refused, answers are read with suspicion."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.rha.commands import RhaCommands, Ways
from lab.drivers.rha.control_service import (
    ControlService,
    IntegrityTest,
    MaintenanceWizard,
    Properties,
    StatisticsPane,
    Wizard,
)
from lab.errors import AnswerUnreadable, OperationRefused, OperationUnavailable, ScriptFailed
from lab.model.limits import Limits
from lab.model.replication import (
    Direction,
    DiscoveredGuest,
    EngineVersion,
    Finding,
    Initiation,
    NetworkMapping,
    ReplicationScenario,
    ScenarioPlan,
    ScenarioState,
    Severity,
    SynchronizationMethod,
    Traffic,
)
from lab.site.profile import load_profile
from tests.lab.scripted import ScriptedSession
from words import Quoted

PROFILE = load_profile("arcserve_rha")
SCENARIO = {
    "Name": "CybozuGaroonHyper-V",
    "ServerType": "Hyper-V",
    "Product": "HA AR",
    "Master": "MASTER",
    "Replica": "REPLICA",
    "State": "実行中",
    "Direction": "forward",
    "Guests": ["Garoon"],
    "IsAlive": "True",
    "Switchover": "automatic",
    "ReverseReplication": "manual",
}
EVENT = {
    "Id": "",
    "Sequence": "7",
    "Severity": "重要",
    "Source": "CybozuGaroonHyper-V",
    "Time": "2012/09/25 22:00:00",
    "Message": "スイッチオーバーが完了しました。",
}


def commands(*answers, usable=frozenset(PROFILE.operations)):
    session = ScriptedSession(*answers, host="REPLICA")
    return RhaCommands(session, PROFILE, Ways(usable=usable), Limits()), session


def service(*answers):
    return ControlService(commands(*answers)[0])


def test_a_scenario_is_read_in_the_products_words():
    assert service([SCENARIO]).scenario("CybozuGaroonHyper-V") == ReplicationScenario(
        name="CybozuGaroonHyper-V",
        server_type="Hyper-V",
        product="HA AR",
        assured_recovery=True,
        master="MASTER",
        replica="REPLICA",
        state=ScenarioState.RUNNING,
        direction=Direction.FORWARD,
        guests=("Garoon",),
        is_alive=True,
        switchover=Initiation.AUTOMATIC,
        reverse_replication=Initiation.MANUAL,
    )
    assert service([SCENARIO]).scenario("other") is None
    with pytest.raises(AnswerUnreadable, match="lists 2 replication scenarios named"):
        service([SCENARIO, SCENARIO]).scenario(SCENARIO["Name"])


def test_the_product_column_tells_assured_recovery():
    plain = service([SCENARIO | {"Product": "HA"}]).scenarios()[0]
    assert (plain.product, plain.assured_recovery) == ("HA", False)


def test_a_state_the_profile_does_not_know_is_unknown():
    assert service([SCENARIO | {"State": "Fehler"}]).scenarios()[0].state is ScenarioState.UNKNOWN


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"Name": ""}, "has Name '', which is not a name"),
        ({"IsAlive": "yes"}, "has IsAlive 'yes', which is not True or False"),
        ({"Direction": "sideways"}, "which is not one of forward, backward"),
        ({"Guests": 3}, "which is not a list of texts"),
        ({"State": None}, "has State None, which is not a text"),
    ],
)
def test_a_scenario_that_is_not_as_promised_is_unreadable(change, complaint):
    with pytest.raises(AnswerUnreadable, match="entry 1") as caught:
        service([SCENARIO | change]).scenarios()
    assert complaint in str(caught.value)


def test_events_come_oldest_first_and_only_later_ones():
    seven, nine = EVENT, EVENT | {"Sequence": "9", "Severity": "?"}
    control = service([nine, seven, EVENT | {"Sequence": "5"}])
    first, second = control.events(5)
    assert (first.sequence, first.severity, first.message) == (7, Severity.SIGNIFICANT, EVENT["Message"])
    assert (second.sequence, second.severity) == (9, Severity.UNKNOWN)


@pytest.mark.parametrize("sequence", ["-1", "", "1.5", "٣", "9" * 30, None])
def test_an_event_without_a_proper_sequence_number_is_unreadable(sequence):
    with pytest.raises(AnswerUnreadable, match="Sequence"):
        service([EVENT | {"Sequence": sequence}]).events(0)


def test_actions_send_the_profiles_names_as_data():
    made, session = commands([], [])
    ControlService(made).run("名前 'x", SynchronizationMethod.SKIPPED)
    ControlService(made).switch_over("名前 'x", run_reverse=True)
    (run, limit), (switch_over, _) = session.calls
    assert run.changes
    assert limit == timedelta(seconds=120)
    assert run.script == "Invoke-RhaCommand"
    assert run.arguments["Command"] == "Run-Scenario"
    assert run.arguments["Parameters"] == {"Name": "名前 'x", "Synchronization": "skipped"}
    assert switch_over.arguments["Parameters"] == {"Name": "名前 'x", "RunReverse": True}


def test_an_integrity_test_is_started_and_stopped_by_name():
    line, session = commands([], [], [])
    test = IntegrityTest(line)
    test.start("S", manual=True)
    test.start("S", manual=False)
    test.stop("S")
    sent = [(call.arguments["Command"], call.arguments["Parameters"], call.changes) for call, _ in session.calls]
    assert sent == [
        ("Start-ScenarioIntegrityTest", {"Name": "S", "Manual": True}, True),
        ("Start-ScenarioIntegrityTest", {"Name": "S", "Manual": False}, True),
        ("Stop-ScenarioIntegrityTest", {"Name": "S"}, True),
    ]


def test_properties_are_set_in_the_products_words():
    made, session = commands([])
    Properties(made).set_initiation("S", switchover=Initiation.MANUAL, reverse_replication=Initiation.AUTOMATIC)
    assert session.calls[0][0].arguments["Command"] == "Set-Scenario"
    assert session.calls[0][0].arguments["Parameters"] == {
        "Name": "S",
        "Switchover": "manual",
        "ReverseReplication": "automatic",
    }


def test_the_wizard_tells_the_whole_plan():
    made, session = commands([])
    plan = ScenarioPlan(
        name="S", master="MASTER", replica="REPLICA", guests=("Garoon",), network_mapping=(NetworkMapping("a", "b"),)
    )
    Wizard(made).create(plan)
    assert session.calls[0][0].arguments["Parameters"] == {
        "Name": "S",
        "ServerType": "Hyper-V",
        "Product": "HA",
        "AssuredRecovery": True,
        "Master": "MASTER",
        "Replica": "REPLICA",
        "Guest": ["Garoon"],
        "Switchover": "automatic",
        "ReverseReplication": "manual",
        "NetworkMapping": ["a=b"],
    }


def test_the_wizard_reads_engines_guests_and_findings():
    engine = {"Host": "MASTER", "Version": "", "UpToDate": "False"}
    guest = {"Name": "Garoon", "ComputerName": "cybozu.ca.com", "State": "Running", "Selected": "True"}
    finding = {"Severity": "警告", "Subject": "Garoon", "Text": "off"}
    wizard = Wizard(commands([engine], [engine | {"Host": "REPLICA"}], [guest], [finding])[0])
    assert [found.host for found in wizard.engines(["MASTER", "REPLICA"])] == ["MASTER", "REPLICA"]
    assert wizard.discover("MASTER") == (
        DiscoveredGuest(name="Garoon", computer_name="cybozu.ca.com", state="Running", selected=True),
    )
    assert wizard.verify("S") == (Finding(Severity.WARNING, "Garoon", "off"),)
    assert EngineVersion("MASTER", "", up_to_date=False) == Wizard(commands([engine])[0]).engines(["MASTER"])[0]


def test_statistics_are_figures_or_nothing():
    row = {
        "Method": "block",
        "BlocksCompared": "10",
        "BlocksCopied": "3",
        "Started": "2012/09/25 22:00:00",
        "Ended": None,
        "InSpool": "2",
        "Changed": "40",
    }
    found = StatisticsPane(commands([row])[0]).synchronization("S")
    assert (found.method, found.blocks_compared, found.blocks_copied) == (SynchronizationMethod.BLOCK, 10, 3)
    assert (found.started, found.ended) == (datetime.fromisoformat("2012-09-25T22:00:00"), None)
    assert StatisticsPane(commands([row])[0]).traffic("S") == Traffic(replicated=40, in_spool=2)
    assert StatisticsPane(commands([])[0]).synchronization("S") is None
    assert StatisticsPane(commands([])[0]).traffic("S") is None
    with pytest.raises(AnswerUnreadable, match="'soon', which is not a time"):
        StatisticsPane(commands([row | {"Ended": "soon"}])[0]).synchronization("S")


def test_a_guess_is_refused_before_anything_is_sent():
    made, session = commands(usable=frozenset({"suspend_scenario"}))
    with pytest.raises(OperationUnavailable, match=r"Run-Scenario is not verified \(guess\) and not confirmed"):
        ControlService(made).run("S", SynchronizationMethod.BLOCK)
    with pytest.raises(OperationUnavailable):
        ControlService(made).scenarios()
    assert session.calls == []


def test_with_a_guess_that_is_refused_every_other_that_is_missing_is_named():
    missing = {"list_scenarios", "run_scenario", "list_events"}
    made, _ = commands(usable=PROFILE.operations.keys() - missing)
    with pytest.raises(OperationUnavailable) as refused:
        ControlService(made).scenarios()
    assert str(refused.value).endswith(
        "confirm it in the site's discovery file (docs/site-file.md), and with it Get-ScenarioEvent, Run-Scenario, "
        "or let people do it (--board)."
    )
    made, _ = commands(usable=PROFILE.operations.keys() - {"list_scenarios"})
    with pytest.raises(OperationUnavailable, match=r"\(docs/site-file\.md\), or let people do it \(--board\)\.$"):
        ControlService(made).scenarios()


def test_what_the_product_refuses_is_refused():
    error = ScriptFailed(Quoted("REPLICA: the guest is off (Invoke-RhaCommand)"), error_id="ScenarioRefused")
    with pytest.raises(OperationRefused, match="Run-Scenario was refused: REPLICA: the guest is off") as caught:
        service(error).run("S", SynchronizationMethod.BLOCK)
    assert (caught.value.host, caught.value.operation) == ("REPLICA", "run_scenario")


@pytest.mark.parametrize(
    ("error_id", "said"),
    [
        ("RhaCommandMissing", "REPLICA does not offer Run-Scenario, contrary to the discovery file: search again"),
        ("NamedParameterNotFound,Run-Scenario", "Run-Scenario on REPLICA does not take the parameters of the profile"),
    ],
)
def test_a_command_that_is_not_there_after_all_is_unavailable(error_id, said):
    with pytest.raises(OperationUnavailable, match=said):
        service(ScriptFailed(Quoted("no"), error_id=error_id)).run("S", SynchronizationMethod.BLOCK)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SCENARIO, *EVENT, "Method", "Started"]), inner, max_size=12)
    ),
    max_leaves=20,
)


@given(junk)
def test_no_answer_at_all_makes_the_drivers_fail_otherwise(answer):
    for ask in (
        lambda made: ControlService(made).scenarios(),
        lambda made: ControlService(made).events(0),
        lambda made: Wizard(made).verify("S"),
        lambda made: Wizard(made).discover("MASTER"),
        lambda made: StatisticsPane(made).synchronization("S"),
        lambda made: StatisticsPane(made).traffic("S"),
    ):
        with suppress(AnswerUnreadable):
            ask(commands(answer)[0])


# Host maintenance (guide 6-2) ---------------------------------------------------------------------------------------


def maintenance(*answers):
    asked, session = commands(*answers)
    return MaintenanceWizard(asked, ControlService(asked)), session


def test_a_preparation_is_the_products_own_command_and_keeps_what_it_prints():
    wizard, session = maintenance(["Host MASTER Preparing for reboot"])
    done = wizard.prepare_reboot("MASTER")
    assert (done.command, done.printed) == ("Prepare-Reboot", ("Host MASTER Preparing for reboot",))
    call, _ = session.calls[-1]
    assert (call.arguments["Command"], call.arguments["Parameters"]) == ("Prepare-Reboot", {"Name": "MASTER"})
    assert call.changes


def test_covered_are_the_running_scenarios_that_name_the_host_whatever_its_case():
    stopped = {**SCENARIO, "Name": "stopped", "State": "停止"}
    wizard, _ = maintenance([SCENARIO, stopped], [SCENARIO], [SCENARIO])
    assert [scenario.name for scenario in wizard.covered("replica")] == [SCENARIO["Name"]]
    assert len(wizard.covered("MASTER")) == 1
    assert wizard.covered("192.0.2.1") == ()


def test_a_scenario_that_was_created_with_an_address_is_of_the_host_that_has_it():
    made, _ = commands([{**SCENARIO, "Master": "10.0.0.1"}])
    [scenario] = ControlService(made, {"10.0.0.1": "TOKYO"}).scenarios()
    assert (scenario.master, scenario.involves("tokyo")) == ("TOKYO", True)
