"""Clocks of hosts against the controller clock: the true offset of a simulated host is within the measured one."""

from datetime import UTC, datetime, timedelta

import pytest

from drills.clocks import HostClocks, _noteworthy
from drills.observation import Observation
from drills.readiness import Findings
from journal.reader import read_journal
from journal.seen import Phase
from journal.writer import JournalFile
from lab.model.clocks import ClockOffset
from lab.model.faults import Fault
from lab.model.hosts import HostFacts, HostRole
from lab.model.notification import Notification
from lab.model.replication import NetworkMapping, ScenarioPlan, SynchronizationMethod
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.waiting import wait_until
from reports.load import Measuring

SKEWS = "[simulation.clock_skew_seconds]\nMASTER = 0.7\nREPLICA = -3.25\n"
HOUR = timedelta(hours=1)
TRUTH = {"MASTER": 700.0, "REPLICA": -3250.0}


@pytest.mark.parametrize(("simulation", "truth"), [("", {"MASTER": 0.0, "REPLICA": 0.0}), (SKEWS, TRUTH)])
def test_the_truth_is_within_what_is_measured(simulation, truth, simulated_lab, survey, journal):
    site, lab = simulated_lab(simulation)
    surveyor, clocks = survey(site, lab)
    surveyor.check(clocks, Findings())
    for role in HostRole:
        clocks.ask(site.subject.host(role), lab.hosts[role].windows, Phase.AFTER)
    offsets = journal.of("clock.offset")
    assert [(each["host"], each["moment"]) for each in offsets] == [
        *((host, "before") for host in truth),
        *((host, "after") for host in truth),
    ]
    for each in offsets:
        assert abs(truth[each["host"]] - each["offset_ms"]) <= each["within_ms"] < 250


def test_a_clock_that_is_far_off_is_worth_a_note(simulated_lab, survey, journal):
    site, lab = simulated_lab(SKEWS)
    surveyor, clocks = survey(site, lab)
    surveyor.check(clocks, Findings())
    assert [each["text"] for each in journal.of("note")] == [
        "The clock of REPLICA is 3.1 s behind the controller clock (± 0.2 s)."
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-447_482_564, "14 y 69 d behind the controller clock"), (7_384, "2 h 3 min 4 s ahead of the controller clock")],
)
def test_an_offset_is_told_in_fitting_units(seconds, said):
    far = ClockOffset(offset=timedelta(seconds=seconds), within=timedelta(milliseconds=60))
    assert str(_noteworthy("MASTER", far)) == f"The clock of MASTER is {said} (± 0.1 s)."


def test_whatever_a_host_stamps_it_stamps_by_its_own_clock(simulated_lab):
    """Its boot time, the Control Service's events and figures, and its event log; what lasts is not touched."""
    site, lab = simulated_lab("[simulation.clock_skew_seconds]\nREPLICA = 3600\n")
    subject = site.subject
    boots = [datetime.fromisoformat(lab.hosts[role].windows.facts().boot_time) for role in HostRole]
    assert boots[1] - boots[0] == HOUR
    lab.rha.wizard.create(
        ScenarioPlan(
            name=subject.scenario,
            master=subject.master,
            replica=subject.replica,
            guests=(subject.guest,),
            network_mapping=(NetworkMapping("本番ネットワーク", "本番ネットワーク"),),
        )
    )
    lab.rha.notifications.set(subject.scenario, Notification(mail_server="", recipient="", event_log=True))
    began = lab.clock.now()
    lab.rha.replication.run(subject.scenario, SynchronizationMethod.BLOCK)
    wait_until(
        lambda: lab.rha.replication.scenario(subject.scenario),
        lambda found: found.is_alive,
        clock=lab.clock,
        within=HOUR,
        every=timedelta(seconds=30),
    )
    [first, *_] = lab.rha.replication.events(0)
    stamped = datetime.strptime(first.time, "%Y/%m/%d %H:%M:%S").replace(tzinfo=began.tzinfo)
    figures = lab.rha.statistics.synchronization(subject.scenario)
    for stamp in (stamped, figures.started):
        assert timedelta(seconds=-1) < stamp - HOUR - began < timedelta(minutes=1)
    assert figures.ended - figures.started < HOUR
    cut = lab.clock.now()
    lab.simulated.faults.begin(Fault.POWER_CUT)
    logged = wait_until(
        lambda: lab.hosts[HostRole.REPLICA].windows.log_entries(1),
        bool,
        clock=lab.clock,
        within=HOUR,
        every=timedelta(seconds=30),
    )
    [entry, *_] = logged.seen
    assert timedelta() < datetime.fromisoformat(entry.time) - HOUR - cut < timedelta(minutes=10)


class Saying:
    """A host whose clock says this."""

    def __init__(self, said):
        self._said = said

    def facts(self):
        return HostFacts(name="H", os="", os_version="", powershell_version="", boot_time="", clock=self._said)


@pytest.mark.parametrize(
    "said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1601-01-01T00:00:00+00:00"]
)
def test_a_clock_at_the_end_of_the_calendar_is_kept_as_said_and_is_compared_with_nothing(tmp_path, said):
    timeline = Timeline(datetime(2026, 1, 1, tzinfo=UTC))
    clock = SimulatedClock(timeline, Jumping(timeline))
    with JournalFile(tmp_path, clock=clock, wall=clock) as journal:
        HostClocks(clock, journal, Observation(clock, journal, "en")).ask("H", Saying(said), Phase.BEFORE)
    offset, note = read_journal(journal.path).lines
    assert (offset.fields["said"], offset.fields["offset_ms"]) == (said, None)
    assert f"The clock of H shows {said}" in str(note.entry().text)
    measured = Measuring()
    measured.take(offset.entry())
    assert measured.measurement() is None
