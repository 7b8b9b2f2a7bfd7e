"""The world under several threads and a timeline that runs by itself, as in a lab that stands alone."""

import threading
from datetime import timedelta

from lab.model.replication import SynchronizationMethod
from lab.simulator.hosts.disk import GuestDisk
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.hosts.inventory import Inventory
from lab.simulator.rha.control_service import ControlService
from lab.simulator.timeline import Scaled, SimulatedClock, Timeline
from lab.simulator.world import World
from lab.site.profile import load_profile
from lab.site.simulation import SimulationSettings
from tests.lab.simulator.premises import COMPLETED, SCENARIO, Notebook, Premises

WRITERS = 3


class BusyNotebook(Notebook):
    """Takes one write at a time and, like Garoon, does not acknowledge one that ends after the guest went down."""

    def __init__(self, disk: GuestDisk) -> None:
        super().__init__(disk)
        self._one_at_a_time = threading.Lock()

    def acknowledges(self, line: str) -> bool:
        with self._one_at_a_time:
            if self.closed:
                return False
            self.write(line)
            return not self.closed


def test_a_clean_switchover_loses_no_acknowledged_write_and_ends(tmp_path):
    settings = SimulationSettings(synchronization_mib_per_second=36 * 1024)
    timeline = Timeline(settings.start)
    pace = Scaled(timeline, speed=200)
    world = World(timeline, settings, Inventory(settings, tmp_path))
    world.applications["Garoon"] = BusyNotebook
    rha = ControlService(world, load_profile("arcserve_rha"))
    lab = Premises(settings, SimulatedClock(timeline, pace), world, HyperV(world), rha)
    world.begin()
    master = lab.application("MASTER")
    acknowledged: list[list[str]] = [[] for _ in range(WRITERS)]

    def keep_writing(writer: int) -> None:
        number = 0
        while master.acknowledges(line := f"{writer}/{number}"):
            acknowledged[writer].append(line)
            number += 1

    pace.start()
    writers = [threading.Thread(target=keep_writing, args=(writer,), daemon=True) for writer in range(WRITERS)]
    try:
        lab.create()
        rha.run(SCENARIO, SynchronizationMethod.BLOCK)
        for writer in writers:
            writer.start()
        lab.clock.sleep(timedelta(seconds=40))
        lab.switch_over()
        for writer in writers:
            writer.join(timeout=10)
        assert not any(writer.is_alive() for writer in writers)
        assert COMPLETED in lab.messages()
    finally:
        pace.stop()
    lines = [line for each in acknowledged for line in each]
    assert lines
    assert set(lines) <= set(lab.application("REPLICA").lines())
