import pytest

from lab.errors import SiteError
from lab.model.replication import Initiation, ScenarioState, SynchronizationMethod
from lab.simulator.mutations.catalogue import CATALOGUE, LEFTOVERS, MUTATIONS, chosen, mutated
from lab.simulator.mutations.declaration import _DECLARED, declared
from lab.simulator.parts import Parts
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.switchover import Failover, Switchover
from lab.simulator.rha.watching import Watch
from lab.site.simulation import CURRENT_ENGINE
from tests.lab.simulator.premises import COMPLETED, PRODUCTION, SCENARIO, premises
from tests.lab.simulator.rha import test_assured_recovery as assured_recovery
from tests.lab.simulator.rha.test_maintenance import DEVIATIONS as OF_MAINTENANCE
from tests.lab.simulator.test_reverse_mutations import LOOKS


def behaviour(folder, *mutations) -> dict[str, object]:
    """What can be told of a lab after a write on the master and a switchover five seconds later."""
    lab = premises(folder, mutations=mutations)
    lab.replicate()
    before = lab.at_the_url() is lab.application("MASTER")
    lab.application("MASTER").write("long ago")
    lab.wait(60)
    lab.application("MASTER").write("at last")
    lab.wait(5)
    lab.switch_over()
    disk = lab.world.hosts["REPLICA"].disk_folder("Garoon") / "notes.txt"
    replica = lab.application("REPLICA")
    return {
        "url leads to the master before": before,
        "master": lab.state("MASTER"),
        "replica": lab.state("REPLICA"),
        "completed": COMPLETED in lab.messages(),
        "scenario": lab.scenario_state(),
        "data on the replica": disk.read_text(encoding="utf-8").splitlines(),
        "replica is writable": replica is None or not replica.disk.read_only,
        "url": next((host for host in lab.world.hosts if lab.at_the_url() is lab.application(host) is not None), None),
    }


HEALTHY = {
    "url leads to the master before": True,
    "master": "Off",
    "replica": "Running",
    "completed": True,
    "scenario": ScenarioState.STOPPED,
    "data on the replica": ["long ago", "at last"],
    "replica is writable": True,
    "url": "REPLICA",
}
DEVIATIONS = {
    "switchover-ignored": {
        "master": "Running",
        "replica": None,
        "completed": False,
        "scenario": ScenarioState.RUNNING,
        "url": "MASTER",
    },
    # The guest's registration has left the master, as it does when replication runs in reverse.
    "reverse-unasked": {"master": None, "scenario": ScenarioState.SYNCHRONIZING},
    # The guest that keeps running keeps its address too: of two, the one that has run longer answers.
    "master-guest-keeps-running": {"master": "Running", "url": "MASTER"},
    "completion-without-start": {"replica": "Off", "url": None},
    "last-second-lost": {"data on the replica": ["long ago"]},
    "database-read-only": {"replica is writable": False},
    "url-still-points-to-master": {"url": None},
}
IN_THE_GUEST = {"guest-channel-closed"}
"""Tried where PowerShell Direct is."""


def creation(folder, *mutations) -> dict[str, object]:
    """What the Control Service tells of a scenario, from before its creation to an hour after its first run."""
    lab = premises(folder, mutations=mutations)
    seen: dict[str, object] = {"there before": lab.rha.scenario(SCENARIO) is not None}
    seen["engines"] = {lab.rha.engine(host).version for host in lab.world.hosts} == {CURRENT_ENGINE}
    seen["engine of a guest"] = lab.rha.engine("Garoon").version
    seen["discovered"] = {guest.name: guest.computer_name for guest in lab.rha.discover("MASTER")}
    seen["network"] = PRODUCTION in lab.world.hosts["REPLICA"].switches
    if seen["there before"]:
        lab.rha.remove(SCENARIO)
    if not (seen["engines"] and seen["network"]):
        return seen
    lab.create()
    listed = lab.rha.scenario(SCENARIO)
    seen["assured recovery"] = listed.assured_recovery
    seen["hosts"] = (listed.master, listed.replica)
    seen["reverse"] = listed.reverse_replication
    seen["created"] = listed.state
    seen["changed"] = [each.name for each in lab.rha.properties(SCENARIO) if each.value != each.default]
    findings = [any(finding.blocks for finding in lab.rha.verify(SCENARIO)) for _ in range(2)]
    seen["verified, and again"] = findings
    if findings[1] and not findings[0]:
        return seen
    if listed.state is ScenarioState.EDITING:
        lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.wait(3600)
    statistics = lab.rha.statistics(SCENARIO)
    seen["run"] = lab.scenario_state()
    seen["copied"] = statistics is not None and statistics.synchronization.blocks_copied > 0
    seen["is alive"] = lab.rha.scenario(SCENARIO).is_alive
    return seen


HEALTHY_CREATION = {
    "there before": False,
    "engines": True,
    "engine of a guest": "",
    "discovered": {"Garoon": "cybozu.ca.com", "DC1": ""},
    "network": True,
    "assured recovery": True,
    "hosts": ("MASTER", "REPLICA"),
    "reverse": Initiation.MANUAL,
    "created": ScenarioState.EDITING,
    "changed": [],
    "verified, and again": [False, False],
    "run": ScenarioState.RUNNING,
    "copied": True,
    "is alive": True,
}
DEVIATIONS_OF_CREATION = {
    "scenario-left-over": {"there before": True},
    "assured-recovery-dropped": {"assured recovery": False},
    "hosts-exchanged": {"hosts": ("REPLICA", "MASTER")},
    "replica-engine-outdated": {"engines": False},
    "missing-engine-unnoticed": {"engine of a guest": CURRENT_ENGINE},
    "running-guests-not-discovered": {"discovered": {"DC1": ""}},
    "property-not-default": {"changed": ["スプールの最大サイズ"]},
    "computer-name-wrong": {"discovered": {"Garoon": "Garoon", "DC1": "DC1"}},
    "replica-network-missing": {"network": False},
    "reverse-automatic": {"reverse": Initiation.AUTOMATIC},
    "verification-warns": {"verified, and again": [True, True]},
    "runs-when-created": {"created": ScenarioState.SYNCHRONIZING},
    "run-ignored": {"run": ScenarioState.EDITING, "copied": False, "is alive": False},
    "engine-stops-after-verification": {"verified, and again": [False, True]},
    "synchronization-copies-nothing": {"copied": False},
    "no-is-alive": {"is alive": False},
}


def test_without_mutations_a_scenario_is_created_and_run(tmp_path):
    assert creation(tmp_path) == HEALTHY_CREATION


@pytest.mark.parametrize("name", DEVIATIONS_OF_CREATION)
def test_a_mutation_of_the_creation_changes_exactly_what_it_names(tmp_path, name):
    seen = creation(tmp_path, name)
    expected = {**HEALTHY_CREATION, **DEVIATIONS_OF_CREATION[name]}
    assert seen == {part: expected[part] for part in seen}
    assert DEVIATIONS_OF_CREATION[name].keys() <= seen.keys()


def test_without_mutations_the_lab_behaves(tmp_path):
    assert behaviour(tmp_path) == HEALTHY


def test_the_mutations_tried_here_are_of_the_catalogue():
    tried = {*DEVIATIONS, *DEVIATIONS_OF_CREATION, *LOOKS, *OF_MAINTENANCE, *assured_recovery.DEVIATIONS, *IN_THE_GUEST}
    assert tried <= set(CATALOGUE)


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_mutation_changes_exactly_what_it_names(tmp_path, name):
    assert behaviour(tmp_path, name) == {**HEALTHY, **DEVIATIONS[name]}


def test_the_last_second_is_lost_only_once_nothing_newer_follows(tmp_path):
    lab = premises(tmp_path, mutations=("last-second-lost",))
    lab.replicate()
    for line in ("one", "two"):
        lab.application("MASTER").write(line)
        lab.wait(1)
    lab.wait(60)
    copied = lab.world.hosts["REPLICA"].disk_folder("Garoon") / "notes.txt"
    assert copied.read_text(encoding="utf-8").splitlines() == ["one"]
    assert lab.rha.statistics(SCENARIO).in_spool == 1


def test_a_write_protected_disk_is_writable_again_at_home(tmp_path):
    lab = premises(tmp_path, mutations=("database-read-only",))
    lab.replicate()
    lab.switch_over(run_reverse=True)
    with pytest.raises(PermissionError):
        lab.application("REPLICA").write("refused")
    lab.switch_over()
    lab.application("MASTER").write("accepted")
    assert lab.at_the_url().lines() == ["accepted"]


def test_an_unknown_mutation_is_refused_with_the_name_that_was_meant():
    with pytest.raises(SiteError, match='no mutation "last-second-lots"; write "last-second-lost"'):
        mutated(("last-second-lots",))


def test_the_chosen_mutations_are_those_of_the_catalogue():
    assert chosen(("last-second-lost",), CATALOGUE) == {CATALOGUE["last-second-lost"]}


def test_every_declared_mutation_has_a_name_of_its_own_and_is_listed():
    assert sorted(each.name for each in _DECLARED.values()) == sorted([*CATALOGUE, *LEFTOVERS])


@pytest.mark.parametrize("overriding", MUTATIONS, ids=lambda each: declared(each).name)
def test_a_mutation_overrides_what_its_honest_part_has(overriding):
    """A decision that is renamed in the part would leave its mutation without effect."""
    [part] = overriding.__bases__
    decisions = {name for each in part.__mro__[:-1] for name in vars(each)}
    assert any(name in decisions for name in vars(overriding) if not name.startswith("__") or name == "__init__")


def test_a_lab_without_mutations_is_made_of_the_honest_parts():
    assert mutated(()).of(Watch) is Watch
    assert Parts().of(ControlService) is ControlService


def test_mutations_of_one_part_work_together_whatever_their_order():
    names = ("countdown-cut-short", "guest-os-not-watched", "last-second-lost")
    watch, again = mutated(names).of(Watch), mutated(names[::-1]).of(Watch)
    assert watch.__mro__[1:] == again.__mro__[1:]
    assert [each.__name__ for each in watch.__mro__] == [
        "Watch",
        "GuestOsNotWatched",
        "CountdownCutShort",
        "Watch",
        "object",
    ]


def test_a_mutation_of_a_part_is_one_of_its_kinds_too():
    parts = mutated(("completion-without-start",))
    assert parts.of(Failover)._start_guests is parts.of(Switchover)._start_guests
    assert parts.of(Failover).begin is Failover.begin


def test_all_mutations_go_together():
    everything = mutated({*CATALOGUE, *LEFTOVERS})
    for overriding in MUTATIONS:
        [part] = overriding.__bases__
        assert issubclass(everything.of(part), overriding)


@pytest.mark.parametrize(
    "names",
    [
        ("last-second-lost", "database-read-only"),
        ("url-still-points-to-master", "last-second-lost"),
        ("completion-without-start", "last-second-lost"),
    ],
    ids=" and ".join,
)
def test_two_mutations_change_what_each_names(tmp_path, names):
    assert behaviour(tmp_path, *names) == HEALTHY | DEVIATIONS[names[0]] | DEVIATIONS[names[1]]
