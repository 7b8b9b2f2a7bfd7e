"""Randomised failovers of the simulated lab: does what is measured contain what really happened?

Half of them end with a restoration at any instant, which ends the fault: what it ended is open.

`python -m tests.bench.failovers 1000` runs seeds 0 to 999 and prints what came of it. Only the simulator knows the
truth: when users got how far (tests.bench.service_history), and which canaries are in the database file on the disk
of the guest that runs.
"""

from __future__ import annotations

import math
import random
import sqlite3
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from lab.drivers.garoon.http import GaroonHttp
from lab.model.canaries import Fate, fates, loss
from lab.model.faults import Fault
from lab.model.objectives import Attainment, Objectives, rto
from lab.model.outages import availability, watched
from lab.model.probing import Acknowledgement, Layer, ProbeSchedule
from lab.model.replication import NetworkMapping, ScenarioPlan, SynchronizationMethod
from lab.probes.canaries import GaroonCanaries
from lab.probes.garoon import GaroonProbes
from lab.probes.prober import Prober
from lab.simulator.garoon.database import FILE_NAME
from lab.simulator.hosts import inventory
from lab.simulator.serving import SimulatedLab
from lab.site.simulation import SimulationSettings
from tests.bench.service_history import Service, ServiceHistory

NEEDED = {
    Layer.TCP: Service.SILENT,
    Layer.HTTP: Service.READING,
    Layer.LOGIN_PAGE: Service.READING,
    Layer.LOGIN: Service.READING,
    Layer.READ: Service.READING,
    Layer.WRITE: Service.WRITING,
}
FAULTS = (Fault.GUEST_HANG, Fault.GUEST_DAMAGE, Fault.POWER_CUT)
CONFIRMATIONS = 3


@dataclass(frozen=True)
class Failover:
    """What chance has chosen for one seed."""

    seed: int
    fault: Fault
    schedule: ProbeSchedule
    settings: SimulationSettings
    warm_up: float
    before: float
    restored: float | None
    """Seconds from the fault to the beginning of the restoration; None where the failover is left to itself."""

    @classmethod
    def of(cls, seed: int) -> Failover:
        chance, later = random.Random(seed), random.Random(seed + 1_000_000)
        return cls(
            seed=seed,
            fault=chance.choice(FAULTS),
            schedule=ProbeSchedule(
                interval=chance.uniform(0.5, 3), timeout=chance.uniform(0.4, 6), confirmations=CONFIRMATIONS
            ),
            settings=SimulationSettings(
                seed=seed + 1,
                lag=timedelta(seconds=chance.uniform(0.1, 8)),
                disk_gib=1,
                synchronization_mib_per_second=120 * 1024,
                timeout=timedelta(seconds=chance.uniform(10, 60)),
                heartbeat_interval=timedelta(seconds=chance.uniform(3, 15)),
                is_alive_delay=timedelta(seconds=chance.uniform(1, 10)),
                boot_time=timedelta(seconds=chance.uniform(3, 30)),
                heartbeat_delay=timedelta(seconds=chance.uniform(3, 30)),
            ),
            warm_up=chance.uniform(20, 30),
            before=chance.uniform(10, 25),
            restored=later.choice([None, later.uniform(0, 150)]),
        )


@dataclass(frozen=True)
class Finding:
    """What was measured of one failover; `wrong` says in which way it does not hold."""

    seed: int
    wrong: tuple[str, ...]
    excess: tuple[float, ...]
    """Of each outage's width over two intervals and the time-out, in seconds."""

    widths: tuple[float, ...]
    lost: int
    written: int
    probes: int


def perform(seed: int) -> Finding:
    failover = Failover.of(seed)
    settings = failover.settings
    with closing(SimulatedLab(settings)) as lab:
        history = ServiceHistory(lab.world, inventory.GAROON.address)
        protect(lab)
        lab.clock.sleep(timedelta(seconds=failover.warm_up))
        garoon = GaroonHttp(lab.garoon, lab.clock)
        canaries = GaroonCanaries(garoon, lab.clock.now())
        canaries.prepare()
        probes = []
        prober = Prober(
            GaroonProbes(lab.garoon, canaries, lab.clock).all(),
            failover.schedule,
            clock=lab.clock,
            timetable=lab.timetable,
            note=probes.append,
        )
        origin = lab.clock.now()
        prober.begin()
        lab.clock.sleep(timedelta(seconds=failover.before))
        fault = (lab.clock.now() - origin).total_seconds()
        lab.faults.begin(failover.fault)
        if failover.restored is not None:
            return restored(lab, history, failover, prober=prober, probes=probes, origin=origin)
        lab.clock.sleep(after(failover))
        prober.stop()
        present = canaries.read()
        garoon.close()
        wrong, excess, widths = judged_outages(history, probes, origin, failover.schedule)
        writing = [probe for probe in probes if probe.track.layer is Layer.WRITE]
        truth = Truth(titles_on_disk(lab), fault)
    canaries_seen = fates(writing, present)
    wrong += judged_fates(canaries_seen, truth) + judged_loss(canaries_seen, writing, truth)
    return Finding(
        seed=seed,
        wrong=tuple(wrong),
        excess=tuple(excess),
        widths=tuple(widths),
        lost=len(truth.lost(canaries_seen)),
        written=len(canaries_seen),
        probes=len(probes),
    )


def restored(lab, history, failover, *, prober, probes, origin) -> Finding:
    """The fault is ended wherever the failover stands, once the last probes of it have been answered."""
    schedule = failover.schedule
    lab.clock.sleep(timedelta(seconds=failover.restored + schedule.interval + schedule.timeout))
    began = lab.clock.now()
    lab.faults.end(failover.fault)
    lab.clock.sleep(after(failover))
    prober.stop()
    return Finding(
        seed=failover.seed,
        wrong=tuple(judged_restoration(history, probes, origin, schedule, began)),
        excess=(),
        widths=(),
        lost=0,
        written=0,
        probes=len(probes),
    )


def judged_restoration(history, probes, origin, schedule, began):
    """Every outage that began before it is reported and contained, and an objective is met by none that was open."""
    cut = (began - origin).total_seconds()
    for layer, needed in NEEDED.items():
        mine = [probe for probe in probes if probe.track.layer is layer]
        seen = availability(mine, CONFIRMATIONS, cut)
        looked = watched(mine, cut, schedule.interval + schedule.timeout)
        met = rto(Objectives(rto_s=1e9, rpo_s=None), seen, cut, watched=looked).attainment is Attainment.MET
        for down, up in true_outages(history, origin, needed, began):
            if not 0 < down < cut or (up <= cut and up - down <= (seen.unseen or 0.0)):
                continue
            told = [each for each in seen.outages if each.began.earliest <= down <= each.began.latest]
            short = down >= cut - schedule.interval - schedule.timeout
            if not all(_holds(each, down, up, cut) for each in told) or not (told or short):
                yield f"{layer.value}: {down:.6f} to {up:.6f}, restored at {cut:.6f}, is told as {seen.outages}"
            if up > cut and met and not short:
                yield f"{layer.value}: open from {down:.6f} on, and met at the restoration at {cut:.6f}"


def _holds(outage, down, up, cut):
    """An outage that was open in truth is told as open."""
    if outage.open:
        return outage.length.lower <= min(up, cut) - down + 1e-6
    return outage.ended.earliest <= up <= outage.ended.latest and outage.length.lower <= up - down


def protect(lab: SimulatedLab) -> None:
    """The replication scenario is created and run, and the replica host watches."""
    network = inventory.PRODUCTION_NETWORK
    plan = ScenarioPlan(
        name=inventory.SCENARIO_NAME,
        master="MASTER",
        replica="REPLICA",
        guests=(inventory.GAROON.name,),
        network_mapping=(NetworkMapping(network, network),),
    )
    rha = lab._control_service
    rha.create(plan, rha.profile.server_type)
    rha.run(plan.name, SynchronizationMethod.BLOCK)


def after(failover: Failover) -> timedelta:
    """Long enough for the countdown, the start on the replica and the confirmations of the recovery."""
    settings, schedule = failover.settings, failover.schedule
    confirmed = timedelta(seconds=(CONFIRMATIONS + 2) * schedule.interval + schedule.timeout)
    up = max(settings.boot_time, settings.heartbeat_delay) + settings.power_on_time + settings.lag
    return settings.timeout + 2 * settings.heartbeat_interval + up + confirmed + timedelta(seconds=5)


def judged_outages(history, probes, origin, schedule):
    wrong, excess, widths = [], [], []
    budget = 2 * schedule.interval + schedule.timeout
    for layer, needed in NEEDED.items():
        seen = availability([probe for probe in probes if probe.track.layer is layer], CONFIRMATIONS)
        true = [down for down in true_outages(history, origin, needed) if down[1] - down[0] > (seen.unseen or 0.0)]
        if len(true) != len(seen.outages):
            wrong.append(f"{layer.value}: {len(seen.outages)} outages reported, {len(true)} happened: {true}")
            continue
        for (began, ended), outage in zip(true, seen.outages, strict=True):
            within = (
                outage.began.earliest <= began <= outage.began.latest
                and outage.ended.earliest <= ended <= outage.ended.latest
                and outage.length.lower <= ended - began <= outage.length.upper
            )
            if not within:
                wrong.append(f"{layer.value}: {began:.6f} to {ended:.6f} is not within {outage}")
            widths.append(outage.length.upper - outage.length.lower)
            excess.append(widths[-1] - budget)
    return wrong, excess, widths


def true_outages(history, origin, needed, restoration=None):
    """From-to, in seconds since the origin, of every time in which users did not get as far as `needed`."""

    def seconds(instant):
        return math.inf if instant is None else (instant - origin).total_seconds()

    spans = [(seconds(each.began), seconds(each.ended)) for each in history.without(needed, restoration)]
    return [(began, ended) for began, ended in spans if ended > 0]


def titles_on_disk(lab):
    """Read from the database file of the guest that users reach, past Garoon."""
    instance = lab.world.at_address(inventory.GAROON.address)
    with closing(sqlite3.connect(instance.disk.folder / FILE_NAME)) as database:
        return frozenset(title for (title,) in database.execute("SELECT detail FROM events"))


@dataclass(frozen=True)
class Truth:
    """The titles in the database of the guest that runs now, and when the fault struck, in seconds of probing."""

    titles: frozenset[str]
    fault: float

    def fate(self, canary):
        there = canary.title in self.titles
        if canary.acknowledgement is Acknowledgement.ACKNOWLEDGED:
            return Fate.SURVIVED if there else Fate.LOST
        return Fate.GHOST if there else Fate.ABSENT

    def lost(self, canaries):
        return [canary for canary in canaries if self.fate(canary) is Fate.LOST]


def judged_fates(canaries, truth):
    return [
        f"{canary.title} is {truth.fate(canary).value}, reported {canary.fate.value}"
        for canary in canaries
        if canary.fate is not truth.fate(canary)
    ]


def judged_loss(canaries, writing, truth):
    """How many were lost, and how old the oldest of them was when the fault struck."""
    reported = loss(canaries, availability(writing, CONFIRMATIONS).outages)
    lost = truth.lost(canaries)
    age = max((truth.fault - canary.sent for canary in lost), default=0.0)
    wrong = []
    if reported.lost != len(lost):
        wrong.append(f"{len(lost)} canaries are lost, reported {reported.lost}")
    if lost and not reported.oldest.lower <= age <= reported.oldest.upper:
        wrong.append(f"the oldest lost canary was {age:.6f} s old, reported {reported.oldest}")
    if not reported.seconds.lower <= age <= reported.seconds.upper:
        wrong.append(f"the loss reached back {age:.6f} s, reported {reported.seconds}")
    return wrong


def main(count: int) -> bool:
    """Whether every report contains the truth, at the promised width."""
    began = time.monotonic()
    with ProcessPoolExecutor() as processes:
        findings = list(processes.map(perform, range(count), chunksize=4))
    widths = [width for finding in findings for width in finding.widths]
    excess = [each for finding in findings for each in finding.excess]
    wrong = [finding for finding in findings if finding.wrong]
    probes, written, lost = (sum(getattr(each, name) for each in findings) for name in ("probes", "written", "lost"))
    print(f"{count} failovers (seeds 0 to {count - 1}) in {time.monotonic() - began:.0f} s of wall time")
    print(f"  {probes} probes, {len(widths)} outages in {len(NEEDED)} layers; {written} canaries, {lost} lost")
    print(f"  median width {median(widths):.2f} s; over 2 intervals + time-out: median {median(excess):+.2f} s")
    print(f"  {len(wrong)} failovers in which a report does not contain the truth")
    for finding in wrong:
        for line in finding.wrong:
            print(f"    seed {finding.seed}: {line}")
    return not wrong and median(excess) <= 0


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1])))
