"""A simulated lab without servers, as the tests of the world build it: time jumps, guests run a trivial application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from lab.model.replication import NetworkMapping, ScenarioPlan, ScenarioState, SynchronizationMethod
from lab.simulator.hosts.disk import GuestDisk
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.hosts.inventory import Inventory
from lab.simulator.mutations.catalogue import mutated
from lab.simulator.rha.control_service import ControlService
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.world import World
from lab.site.profile import load_profile
from lab.site.simulation import SimulationSettings

SCENARIO = "CybozuGaroonHyper-V"
ADDRESS = "192.0.2.10"
PRODUCTION = "本番ネットワーク"
COMPLETED = "スイッチオーバーが完了しました。"


class Notebook:
    """An application that keeps lines of text in one file."""

    def __init__(self, disk: GuestDisk) -> None:
        self.disk = disk
        self.hung = False
        self.closed = False

    def write(self, line: str) -> None:
        if self.disk.read_only:
            raise PermissionError("the disk is write-protected")
        with (self.disk.folder / "notes.txt").open("a", encoding="utf-8") as notes:
            notes.write(f"{line}\n")
        self.disk.written()

    def lines(self) -> list[str]:
        notes = self.disk.folder / "notes.txt"
        return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []

    def hang(self) -> None:
        self.hung = True

    def close(self) -> None:
        self.closed = True


@dataclass
class Premises:
    settings: SimulationSettings
    clock: SimulatedClock
    world: World
    hyperv: HyperV
    rha: ControlService

    def wait(self, seconds: float) -> None:
        self.clock.sleep(timedelta(seconds=seconds))

    def application(self, host: str) -> Notebook | None:
        instance = self.world.running("Garoon", host)
        return None if instance is None else instance.application

    def at_the_url(self) -> Notebook | None:
        instance = self.world.at_address(ADDRESS)
        return None if instance is None else instance.application

    def state(self, host: str, guest: str = "Garoon") -> str | None:
        machine = self.world.machine(guest, host)
        return None if machine is None else machine.state.value

    def scenario_state(self) -> ScenarioState:
        return self.rha.scenario(SCENARIO).state

    def messages(self) -> list[str]:
        return [event.message for event in self.rha.events()]

    def create(self, **changes: Any) -> None:
        plan = {
            "name": SCENARIO,
            "master": "MASTER",
            "replica": "REPLICA",
            "guests": ("Garoon",),
            "network_mapping": (NetworkMapping(PRODUCTION, PRODUCTION),),
        }
        self.rha.create(ScenarioPlan(**{**plan, **changes}), self.rha.profile.server_type)

    def replicate(self, method: SynchronizationMethod = SynchronizationMethod.BLOCK) -> None:
        """Creates the scenario where it is missing, runs it, and waits until it replicates."""
        if self.rha.scenario(SCENARIO) is None:
            self.create()
        self.rha.run(SCENARIO, method)
        self.wait(600)
        assert self.scenario_state() is ScenarioState.RUNNING

    def switch_over(self, *, run_reverse: bool = False) -> None:
        self.rha.switch_over(SCENARIO, run_reverse=run_reverse)
        self.wait(300)


def empty_premises(folder: Path, **settings: Any) -> Premises:
    """Nothing runs yet: applications may be declared before `world.begin()`."""
    chosen = SimulationSettings(**settings)
    timeline = Timeline(chosen.start)
    parts = mutated(chosen.mutations)
    world = parts.of(World)(timeline, chosen, parts.of(Inventory)(chosen, folder), parts)
    rha = parts.of(ControlService)(world, load_profile("arcserve_rha"))
    return Premises(chosen, SimulatedClock(timeline, Jumping(timeline)), world, HyperV(world), rha)


def premises(folder: Path, **settings: Any) -> Premises:
    lab = empty_premises(folder, **settings)
    lab.world.applications["Garoon"] = Notebook
    lab.world.begin()
    return lab
