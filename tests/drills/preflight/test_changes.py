"""What has changed since a former record: every kind of fact, and only where both sides were told it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from drills.preflight.changes import SiteFacts, changes
from journal.checked import HostChecked
from journal.seen import HostSeen, Phase, ProductSeen, StateSeen
from lab.model.hosts import (
    Computer,
    Defender,
    Disk,
    GuestDisk,
    GuestHardware,
    GuestSystem,
    HostCondition,
    HostSettings,
    Program,
    Service,
    Update,
)
from lab.model.replication import Initiation
from tests.drills.preflight.test_state import LAN, SCENARIO, STATE

GIB = 1 << 30
SETTINGS = HostSettings(
    today=date(2026, 11, 30),
    build="14393.1",
    updates=(Update(name="KB1", day=date(2026, 11, 1)),),
    quotas={"MaxShellsPerUser": 30},
    defender=Defender(real_time=True, excluded=("C:\\RHA",)),
    addresses={"192.0.2.10": timedelta(minutes=5)},
    defender_known=True,
    untold={},
)
HARDWARE = GuestHardware(
    processors=2,
    memory=4 * GIB,
    generation=1,
    disks=(GuestDisk(place="IDE 0:0", path="D:\\g.vhdx", size=8, used=8),),
)
CONDITION = HostCondition(
    utc_offset=timedelta(hours=9),
    disks=(Disk(name="C:", size=600 * GIB, free=400 * GIB),),
    restart_pending=False,
    programs=(Program(service="Engine", path="C:\\RHA\\ws_rep.exe", version="16.5.1"),),
    checkpoint="",
    clustered=False,
    hardware=HARDWARE,
)
COMPUTER = Computer(model="R 1", processors=16, memory=64 * GIB)
SYSTEM = GuestSystem(os="Windows", os_version="6.1", integration_services="6.1.0")
HOST = HostSeen(host="MASTER", os="Windows", os_version="10.0", powershell_version="5.1", boot_time="")
GAROON = ProductSeen(name="Garoon", version="5.9", host="garoon.example")


def checked(condition=CONDITION, settings=SETTINGS, system=None, **changed):
    of = {key: value for key, value in changed.items() if hasattr(condition, key)}
    rest = {key: value for key, value in changed.items() if key not in of}
    return HostChecked.of("MASTER", "Garoon", replace(condition, **of), replace(settings, **rest), system)


def facts(*entries):
    taken = SiteFacts()
    for entry in entries:
        taken.take(entry)
    return taken


def told(before, now):
    return [str(each) for each in changes(facts(*before), facts(*now))]


def seen(**changed):
    return StateSeen.of(Phase.BEFORE, replace(STATE, **changed))


def test_nothing_has_changed_where_all_is_the_same():
    everything = (HOST, checked(), GAROON, seen())
    assert told(everything, everything) == []


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (HOST, replace(HOST, os_version="10.1"), "MASTER Windows: Windows 10.0 → Windows 10.1"),
        (HOST, replace(HOST, powershell_version="4.0"), "MASTER PowerShell: 5.1 → 4.0"),
        (GAROON, replace(GAROON, version="6.0"), "Garoon (garoon.example): 5.9 → 6.0"),
        (checked(), checked(build="14393.2"), "MASTER Windows build: 14393.1 → 14393.2"),
        (
            checked(),
            checked(updates=(*SETTINGS.updates, Update(name="KB2", day=None))),
            "MASTER update/KB2: — → ?",
        ),
        (checked(), checked(quotas={"MaxShellsPerUser": 5}), "MASTER WinRM/MaxShellsPerUser: 30 → 5"),
        (checked(), checked(defender=Defender(real_time=True, excluded=())), "MASTER Defender: C:\\RHA → -"),
        (checked(), checked(addresses={"192.0.2.99": timedelta()}), "MASTER DNS: 192.0.2.10 → 192.0.2.99"),
        (
            checked(),
            checked(programs=(replace(CONDITION.programs[0], version="18.0"),)),
            "MASTER program/Engine: 16.5.1 → 18.0",
        ),
        (checked(), checked(disks=(Disk(name="C:", size=300 * GIB, free=1),)), "MASTER disk/C:: 600.0 GiB → 300.0 GiB"),
        (
            checked(),
            checked(hardware=replace(HARDWARE, processors=4)),
            "MASTER/Garoon (Hyper-V): 2 processors, 4.0 GiB, generation 1 → 4 processors, 4.0 GiB, generation 1",
        ),
        (
            checked(computer=COMPUTER),
            checked(computer=replace(COMPUTER, processors=8)),
            "MASTER computer: R 1, 16 processors, 64.0 GiB → R 1, 8 processors, 64.0 GiB",
        ),
        (
            checked(system=SYSTEM),
            checked(system=replace(SYSTEM, os_version="6.3")),
            "guest/Windows: Windows 6.1 → Windows 6.3",
        ),
        (
            checked(system=SYSTEM),
            checked(system=replace(SYSTEM, integration_services="6.3.1")),
            "guest/services: 6.1.0 → 6.3.1",
        ),
        (
            checked(hardware=replace(HARDWARE, components={"heartbeat": True})),
            checked(hardware=replace(HARDWARE, components={"heartbeat": False})),
            "MASTER/Garoon (integration): heartbeat → -",
        ),
        (checked(), checked(hardware=replace(HARDWARE, disks=())), "MASTER/Garoon IDE 0:0: D:\\g.vhdx 8 → —"),
        (checked(), checked(checkpoint="before"), "MASTER/Garoon (checkpoint): — → before"),
        (seen(), seen(switches={"MASTER": (LAN,), "REPLICA": (LAN,)}), "REPLICA switch/Other: External → —"),
        (
            seen(),
            seen(scenarios=(replace(SCENARIO, switchover=Initiation.MANUAL),)),
            "RHA/S: switchover automatic → switchover manual",
        ),
        (
            seen(),
            seen(services=STATE.services | {"MASTER": (Service("Engine", "Engine", running=False),)}),
            "MASTER service/Engine: running → stopped",
        ),
    ],
)
def test_each_kind_of_change_is_told(before, now, change):
    assert told([before], [now]) == [change]
    assert len(told([now], [before])) == 1


@pytest.mark.parametrize("untold", [{"settings": None}, {"condition": None}])
def test_what_one_side_was_not_told_has_not_changed(untold):
    given = {"condition": CONDITION, "settings": SETTINGS} | untold
    partly = HostChecked.of("MASTER", "Garoon", **given)
    assert told([partly], [checked()]) == told([checked()], [partly]) == []
    assert told([], [checked(), HOST, seen()]) == []


def test_a_defender_that_does_not_scan_is_not_told():
    assert told([checked()], [checked(defender=Defender(real_time=False, excluded=()))]) == []


def test_of_a_host_that_does_not_answer_nothing_is_told():
    answering = {name: {"MASTER": getattr(STATE, name)["MASTER"]} for name in ("machines", "switches", "services")}
    alone = seen(**answering)
    assert told([seen()], [alone]) == []


def test_scenarios_that_nobody_lists_now_are_not_gone():
    now = facts(seen(scenarios=()))
    now.scenarios = False
    assert list(changes(facts(seen()), now)) == []
