"""What a person finds at the simulated site: the manager's buttons and dialogs, Hyper-V Manager, and Garoon."""

from datetime import timedelta

from lab.drivers.garoon.http import GaroonHttp
from lab.model.endpoints import GaroonEndpoint
from lab.simulator.garoon.front import WebFront
from lab.simulator.hosts.inventory import PRODUCTION_NETWORK, SCENARIO_NAME
from lab.simulator.serving import SimulatedLab
from lab.simulator.timetable import Patience
from lab.site.simulation import SimulationSettings

SWITCHOVER, TEST = "Perform Switchover", "Replica Integrity Testing"
OPTIONS = {
    SWITCHOVER: {"Run Reverse Replication Scenario after Switchover": "run_reverse"},
    TEST: {"Manual Testing": "manual"},
}
CONFIRMED_BY = {"switch_over": "Yes", "start_integrity_test": "OK", "stop_integrity_test": "Yes"}


class Puzzled(AssertionError):
    """The runbook asks for something that is not there, or is not so."""


class Site:
    """A scenario with Assured Recovery runs; time passes when somebody waits."""

    def __init__(self, *mutations):
        self.lab = SimulatedLab(SimulationSettings(seed=1, disk_gib=1, mutations=mutations))
        self.hosts = {role.value: endpoint.host for role, endpoint in self.lab.endpoints.items()}
        self.names = {
            **self.hosts,
            "guest": self.lab.guest_name,
            "scenario": SCENARIO_NAME,
            "garoon_url": self.lab.garoon.url,
        }
        self.manager = Manager(self)
        self.console_of = None
        self._copy = None
        self._replicate()

    def close(self):
        self._leave_copy()
        self.lab.close()

    def wait(self, **length):
        self.lab.clock.sleep(timedelta(**length))

    def machine(self, host):
        """Its state as Hyper-V Manager shows it; None where it is not registered."""
        machine = self.lab.world.machine(self.names["guest"], host)
        return None if machine is None else machine.state.value

    def networks(self, host):
        machine = self.lab.world.machine(self.names["guest"], host)
        switches = {name: each.switch.type.value for name, each in self.lab.world.hosts[host].switches.items()}
        return [switches[each.switch] for each in machine.adapters]

    def garoon(self, url):
        """Of users, or inside the copy whose console is open."""
        if url == self.names["garoon_url"]:
            return GaroonHttp(self.lab.garoon, self.lab.clock)
        if url != self.names["garoon_url"].replace("cybozu.ca.com", "localhost") or self.console_of is None:
            raise Puzzled(f"no Garoon at {url}")
        running = self.lab.world.running(self.names["guest"], self.console_of)
        self._leave_copy()
        self._copy = WebFront(Patience(self.lab.clock, self.lab.timetable), host_names=frozenset({"localhost"}))
        self._copy.point_at(running.application)
        own = self.lab.garoon
        inside = GaroonEndpoint(url=url, connect=f"127.0.0.1:{self._copy.port}", user=own.user, password=own.password)
        return GaroonHttp(inside, self.lab.clock)

    def _leave_copy(self):
        if self._copy is not None:
            self._copy.close()

    def _replicate(self):
        choices = self.manager.profile.choices
        initiation = choices["initiation"]
        self.lab.console.does(
            "create_scenario",
            {
                "name": SCENARIO_NAME,
                "server_type": self.manager.profile.server_type,
                "product": choices["product"]["HA"],
                "assured_recovery": "True",
                "guests": (self.names["guest"],),
                "network_mapping": (f"{PRODUCTION_NETWORK}={PRODUCTION_NETWORK}",),
                "switchover": initiation["automatic"],
                "reverse_replication": initiation["manual"],
                **self.hosts,
            },
        )
        block = choices["synchronization"]["block"]
        self.lab.console.does("run_scenario", {"name": SCENARIO_NAME, "synchronization": block})
        self.wait(minutes=30)
        self.manager.begin()


class Manager:
    """RHA's manager: what is selected, which dialog is open, and what is set in it."""

    def __init__(self, site):
        self._site = site
        self.profile = site.lab.console._profile
        self.selected = self._dialog = self._button = None
        self._values = {}
        self._began, self._synchronised = 0, None

    def scenario(self):
        return self._site.lab.console.shows("list_scenarios", SCENARIO_NAME)[0]

    def state(self):
        return self.scenario()["state"]

    def called(self, state):
        return self.profile.states[state].ja[0]

    def statistics(self):
        return self._site.lab.console.shows("statistics", SCENARIO_NAME)[0]

    @property
    def synchronised_once(self):
        return self.statistics()["started"] == self._synchronised

    def messages(self):
        """Since the last action."""
        return [row["message"] for row in self._site.lab.console.shows("list_events", "")][self._began :]

    def begin(self):
        """What is shown from now on is news."""
        self._synchronised = self._synchronised or self.statistics()["started"]
        self._began = len(self._site.lab.console.shows("list_events", ""))

    def select(self, name):
        if name != SCENARIO_NAME:
            raise Puzzled(f"no scenario {name}")
        self.selected = name

    def press(self, label):
        if label in OPTIONS:
            self._open(label)
        elif self._dialog is not None and CONFIRMED_BY[self._dialog] == label:
            operation, self._dialog = self._dialog, None
            self.begin()
            self._site.lab.console.does(operation, {"name": self.selected, **self._values})
        else:
            raise Puzzled(f"there is no [{label}] to click")

    def set(self, label, value):
        """Only in a dialog that is open."""
        if self._dialog is None or label not in OPTIONS[self._button]:
            raise Puzzled(f"there is no [{label}] to set")
        self._values[OPTIONS[self._button][label]] = str({"on": True, "off": False}[value])

    def _open(self, label):
        if self.selected is None or self._dialog is not None:
            raise Puzzled(f"[{label}] is grey")
        tested = self._site.machine(self._site.hosts["replica"]) is not None and label == TEST
        self._dialog = "switch_over" if label == SWITCHOVER else f"{'stop' if tested else 'start'}_integrity_test"
        self._button = label
        self._values = dict.fromkeys(OPTIONS[label].values(), "False") if not tested else {}
