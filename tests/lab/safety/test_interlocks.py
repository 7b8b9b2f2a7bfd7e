"""Each interlock against a small lab of stand-ins: what it forbids, what it lets pass, and that nothing was sent."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, timezone

import pytest

from lab.errors import HostUnreachable, InterlockRefused
from lab.model.hosts import HostRole
from lab.model.hours import BusinessHours
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, VirtualMachine
from lab.model.replication import (
    Direction,
    Initiation,
    ReplicationScenario,
    RhaEvent,
    ScenarioPlan,
    ScenarioState,
    Severity,
    SynchronizationMethod,
)
from lab.model.subject import Subject
from lab.safety.interlocks import (
    InterlockedAssuredRecovery,
    InterlockedMaintenance,
    InterlockedProperties,
    InterlockedReplication,
    InterlockedWizard,
    RuleContext,
)
from lab.site.profile import load_profile
from words import Quoted

JAPAN = timezone(timedelta(hours=9))
NIGHT, DAY = datetime(2012, 9, 25, 22, tzinfo=JAPAN), datetime(2012, 9, 26, 10, tzinfo=JAPAN)
BLOCK, SKIPPED = SynchronizationMethod.BLOCK, SynchronizationMethod.SKIPPED
SCENARIO = ReplicationScenario(
    name="S",
    server_type="Hyper-V",
    product="HA AR",
    assured_recovery=True,
    master="MASTER",
    replica="REPLICA",
    state=ScenarioState.STOPPED,
    direction=Direction.FORWARD,
    guests=("Garoon",),
    is_alive=False,
    switchover=Initiation.AUTOMATIC,
    reverse_replication=Initiation.MANUAL,
)
GUEST = VirtualMachine(
    name="Garoon",
    host="MASTER",
    state=PowerState.RUNNING,
    heartbeat=Heartbeat.OK,
    adapters=(NetworkAdapter("a", "LAN", "00155D0A0A10", ("192.0.2.10",)),),
)


@dataclass
class Told:
    """All ports in one: answers from its fields, and remembers what it was told to do."""

    scenario_: ReplicationScenario = SCENARIO
    machines_: dict = field(default_factory=lambda: {"MASTER": (GUEST,), "REPLICA": ()})
    events_: list = field(default_factory=list)
    moment: datetime = NIGHT
    acts: list = field(default_factory=list)
    others: tuple = ()

    stop = engines = discover = verify = remove = listed = covered = None  # which the rules let pass

    def scenario(self, name):
        return self.scenario_ if name == self.scenario_.name else None

    def scenarios(self):
        return (self.scenario_, *self.others)

    def events(self, after):
        return tuple(event for event in self.events_ if event.sequence > after)

    def now(self):
        return self.moment

    def run(self, name, method):
        self.acts.append(("run", name, method))

    def switch_over(self, name, *, run_reverse):
        self.acts.append(("switch over", name, run_reverse))

    def create(self, plan):
        self.acts.append(("create", plan.master))

    def set_initiation(self, name, *, switchover, reverse_replication):
        self.acts.append(("set", name, switchover, reverse_replication))

    def start(self, name, *, manual):
        self.acts.append(("start test", name, manual))

    def prepare_reboot(self, host):
        self.acts.append(("prepare", host))

    def says(self, message):
        event = RhaEvent(
            sequence=len(self.events_) + 1, code="", severity=Severity.SIGNIFICANT, source="S", time="", message=message
        )
        self.events_.append(event)


class HostOf:
    def __init__(self, told, host):
        self.told, self.host = told, host

    def machines(self):
        found = self.told.machines_[self.host]
        if isinstance(found, Exception):
            raise found
        return found

    def computer_name(self, guest):
        return "cybozu.ca.com" if guest == "Garoon" else None


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def context(told):
    hosts = {HostRole.MASTER: HostOf(told, "MASTER"), HostRole.REPLICA: HostOf(told, "REPLICA")}
    return RuleContext(
        subject=Subject(master="MASTER", replica="REPLICA", guest="Garoon", scenario="S", garoon_url="http://x/"),
        profile=load_profile("arcserve_rha"),
        replication=told,
        hyperv=hosts,
        guests=hosts,
        clock=told,
        business_hours=BusinessHours(days=(0, 1, 2, 3, 4), begin=time(8, 30), end=time(18), zone=JAPAN),
    )


@pytest.fixture
def replication(told, context):
    return InterlockedReplication(told, context)


def refused(act, told):
    before = list(told.acts)
    with pytest.raises(InterlockRefused) as caught:
        act()
    assert told.acts == before
    return caught.value.point


def test_what_nothing_forbids_is_done(told, replication):
    replication.run("S", BLOCK)
    replication.switch_over("S", run_reverse=True)
    assert told.acts == [("run", "S", BLOCK), ("switch over", "S", True)]


@pytest.mark.parametrize(("direction", "point"), [(Direction.FORWARD, "4-1.N3"), (Direction.BACKWARD, "5-2.N7")])
def test_nothing_is_run_before_a_switchover_is_over_by_state_and_by_event(told, replication, direction, point):
    told.says("スイッチオーバーが完了しました。")  # an earlier one
    told.scenario_ = replace(SCENARIO, direction=direction, state=ScenarioState.RUNNING)
    replication.switch_over("S", run_reverse=False)
    other = Direction.BACKWARD if direction is Direction.FORWARD else Direction.FORWARD
    told.machines_ = {"MASTER": (GUEST,), "REPLICA": (GUEST,)}
    told.scenario_ = replace(SCENARIO, direction=other, state=ScenarioState.SWITCHING_OVER)
    assert refused(lambda: replication.run("S", BLOCK), told) == point
    told.scenario_ = replace(SCENARIO, direction=other, state=ScenarioState.STOPPED)
    assert refused(lambda: replication.run("S", BLOCK), told) == point
    told.says("スイッチオーバーが完了しました。")
    replication.run("S", BLOCK)


def test_a_switchover_of_another_operator_is_known_by_the_state(told, replication):
    told.scenario_ = replace(SCENARIO, state=ScenarioState.SWITCHING_OVER)
    assert refused(lambda: replication.run("S", BLOCK), told) == "4-1.N3"


@pytest.mark.parametrize("machines", [(), (replace(GUEST, state=PowerState.OFF),)])
def test_nothing_is_run_while_the_guest_is_off(told, replication, machines):
    told.machines_["MASTER"] = machines
    assert refused(lambda: replication.run("S", BLOCK), told) == "3.N12"


def test_in_reverse_it_is_the_product_that_asks_for_the_guest(told, replication):
    told.scenario_ = replace(SCENARIO, direction=Direction.BACKWARD)
    replication.run("S", BLOCK)
    assert told.acts


@pytest.mark.parametrize(("direction", "point"), [(Direction.FORWARD, "3.N16a"), (Direction.BACKWARD, "5-1.N3a")])
def test_by_day_nothing_is_synchronised_but_a_skipped_synchronisation_is_none(told, replication, direction, point):
    told.moment = DAY
    told.scenario_ = replace(SCENARIO, direction=direction)
    assert refused(lambda: replication.run("S", BLOCK), told) == point
    replication.run("S", SKIPPED)


def test_by_day_no_switchover_is_planned_but_a_lost_guest_is_switched_over(told, replication):
    told.moment = DAY
    assert refused(lambda: replication.switch_over("S", run_reverse=False), told) == "4-1.N0"
    for lost in ((), HostUnreachable(Quoted("MASTER does not answer"))):
        told.machines_["MASTER"] = lost
        replication.switch_over("S", run_reverse=False)
    assert len(told.acts) == 2


def test_the_operator_and_a_site_without_hours_may_work_by_day(told, context):
    told.moment = DAY
    InterlockedReplication(told, replace(context, business_hours=None)).run("S", BLOCK)
    assert told.acts


def test_putting_the_lab_back_is_right_at_any_hour_but_not_during_a_switchover(told, context):
    told.moment = DAY
    restoring = InterlockedReplication(told, context, to_restore=True)
    restoring.switch_over("S", run_reverse=False)
    restoring.run("S", BLOCK)
    told.scenario_ = replace(SCENARIO, state=ScenarioState.SWITCHING_OVER)
    assert refused(lambda: restoring.run("S", BLOCK), told) == "4-1.N3"


@pytest.mark.parametrize(
    ("direction", "state", "forbidden"),
    [
        (Direction.FORWARD, ScenarioState.STOPPED, False),
        (Direction.FORWARD, ScenarioState.SWITCHING_OVER, True),
        (Direction.BACKWARD, ScenarioState.STOPPED, True),
        (Direction.BACKWARD, ScenarioState.RUNNING, True),
    ],
)
def test_properties_stay_from_switchover_until_switchback(told, context, direction, state, forbidden):
    told.scenario_ = replace(SCENARIO, direction=direction, state=state)
    properties = InterlockedProperties(told, context)

    def change():
        properties.set_initiation("S", switchover=Initiation.MANUAL, reverse_replication=Initiation.MANUAL)

    if forbidden:
        assert refused(change, told) == "4-1.N1"
    else:
        change()
        assert told.acts == [("set", "S", Initiation.MANUAL, Initiation.MANUAL)]


@pytest.mark.parametrize("host", ["Garoon", "GAROON", "cybozu.ca.com", "CYBOZU", "192.0.2.10"])
def test_a_guest_is_refused_as_a_host_by_any_of_its_names(told, context, host):
    wizard = InterlockedWizard(told, context)
    plan = ScenarioPlan(name="S", master=host, replica="REPLICA", guests=("Garoon",))
    assert refused(lambda: wizard.create(plan), told) == "3.N5"
    assert refused(lambda: wizard.create(replace(plan, master="MASTER", replica=host)), told) == "3.N5"


@pytest.mark.parametrize("host", ["MASTER", "master", "192.0.2.1"])
def test_a_host_by_name_or_address_is_one(told, context, host):
    plan = ScenarioPlan(name="S", master=host, replica="REPLICA", guests=("Garoon",))
    InterlockedWizard(told, context).create(plan)
    assert told.acts == [("create", host)]


def test_a_scenario_without_assured_recovery_is_not_tested(told, context):
    assured_recovery = InterlockedAssuredRecovery(told, context)
    assured_recovery.start("S", manual=True)
    assert told.acts == [("start test", "S", True)]
    told.scenario_ = replace(SCENARIO, assured_recovery=False)
    assert refused(lambda: assured_recovery.start("S", manual=True), told) == "6-1.N0"


OTHER = replace(SCENARIO, name="other", state=ScenarioState.SYNCHRONIZING)


@pytest.mark.parametrize(
    ("scenario", "others"),
    [
        (replace(SCENARIO, state=ScenarioState.SYNCHRONIZING), ()),
        (replace(SCENARIO, state=ScenarioState.RUNNING), (OTHER,)),
        (SCENARIO, ()),
        (replace(SCENARIO, state=ScenarioState.RUNNING, master="ELSEWHERE"), ()),
    ],
)
def test_host_maintenance_is_not_begun_unless_everything_on_the_host_replicates(told, context, scenario, others):
    told.scenario_, told.others = scenario, others
    assert refused(lambda: InterlockedMaintenance(told, context).prepare_reboot("MASTER"), told) == "6-2.S1-S4"


def test_scenarios_of_other_hosts_do_not_matter(told, context):
    told.scenario_ = replace(SCENARIO, state=ScenarioState.RUNNING)
    told.others = (replace(OTHER, master="A", replica="B"), replace(SCENARIO, name="stopped"))
    InterlockedMaintenance(told, context).prepare_reboot("master")
    assert told.acts == [("prepare", "master")]
