"""The ports of Arcserve RHA (`Replication`, `ScenarioWizard` and others) over its PowerShell commands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from lab.drivers.rha.commands import Record, RhaOperations
from lab.drivers.rows import moment_of, shown
from lab.errors import AnswerUnreadable
from lab.model.notification import Notification
from lab.model.replication import (
    Direction,
    DiscoveredGuest,
    EngineVersion,
    Finding,
    Initiation,
    RebootPreparation,
    ReplicationScenario,
    RhaEvent,
    ScenarioPlan,
    ScenarioProperty,
    ScenarioState,
    Synchronization,
    SynchronizationMethod,
    Traffic,
)
from lab.ports import Replication
from lab.site.profile import RhaProfile
from words import sentence


class ControlService:
    """The `Replication` port. Actions start something and return; completion is observed.

    A scenario may have been created with the address of a host (guide 3, step 5): `hosts` leads from every name a host
    is reached by to the one the site file gives it.
    """

    def __init__(self, commands: RhaOperations, hosts: Mapping[str, str] = MappingProxyType({})) -> None:
        self._commands = commands
        self._hosts = hosts

    def scenarios(self) -> tuple[ReplicationScenario, ...]:
        profile = self._commands.profile
        found = (_scenario(record, profile) for record in self._commands.ask("list_scenarios", {}))
        return tuple(replace(each, master=self._host(each.master), replica=self._host(each.replica)) for each in found)

    def _host(self, name: str) -> str:
        return self._hosts.get(name.casefold(), name)

    def scenario(self, name: str) -> ReplicationScenario | None:
        """Asked for among all, because the product refuses a name it does not have."""
        found = [scenario for scenario in self.scenarios() if scenario.name == name]
        if len(found) > 1:
            raise AnswerUnreadable(sentence("errors.rha.twice", n=len(found), name=name))
        return found[0] if found else None

    def run(self, name: str, method: SynchronizationMethod) -> None:
        words = self._commands.profile.choices["synchronization"]
        self._commands.act("run_scenario", {"name": name, "synchronization": words[method.value]})

    def stop(self, name: str) -> None:
        self._commands.act("stop_scenario", {"name": name})

    def switch_over(self, name: str, *, run_reverse: bool) -> None:
        self._commands.act("switch_over", {"name": name, "run_reverse": run_reverse})

    def events(self, after: int) -> tuple[RhaEvent, ...]:
        profile = self._commands.profile
        found = [_event(record, profile) for record in self._commands.ask("list_events", {"after": after})]
        return tuple(sorted((event for event in found if event.sequence > after), key=lambda event: event.sequence))


class Wizard:
    """The `ScenarioWizard` port, in the order of guide section 3."""

    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def engines(self, hosts: Sequence[str]) -> tuple[EngineVersion, ...]:
        return tuple(
            EngineVersion(record.name("host"), record.text("version"), record.flag("up_to_date"))
            for host in hosts
            for record in self._commands.ask("engine_version", {"host": host})
        )

    def discover(self, master: str) -> tuple[DiscoveredGuest, ...]:
        return tuple(
            DiscoveredGuest(
                name=record.name("name"),
                computer_name=record.text("computer_name"),
                state=record.text("state"),
                selected=record.flag("selected"),
            )
            for record in self._commands.ask("discover_guests", {"master": master})
        )

    def create(self, plan: ScenarioPlan) -> None:
        profile = self._commands.profile
        initiation = profile.choices["initiation"]
        self._commands.act(
            "create_scenario",
            {
                "name": plan.name,
                "server_type": profile.server_type,
                "product": profile.choices["product"][plan.product.value],
                "assured_recovery": plan.assured_recovery,
                "master": plan.master,
                "replica": plan.replica,
                "guests": list(plan.guests),
                "switchover": initiation[plan.switchover.value],
                "reverse_replication": initiation[plan.reverse_replication.value],
                "network_mapping": [
                    f"{mapping.master_network}={mapping.replica_network}" for mapping in plan.network_mapping
                ],
            },
        )

    def verify(self, name: str) -> tuple[Finding, ...]:
        profile = self._commands.profile
        return tuple(
            Finding(profile.severity(record.text("severity")), record.text("subject"), record.text("text"))
            for record in self._commands.ask("verify_scenario", {"name": name})
        )

    def remove(self, name: str) -> None:
        self._commands.act("remove_scenario", {"name": name})


class Properties:
    """The `ScenarioProperties` port."""

    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def set_initiation(self, name: str, *, switchover: Initiation, reverse_replication: Initiation) -> None:
        words = self._commands.profile.choices["initiation"]
        self._commands.act(
            "set_initiation",
            {
                "name": name,
                "switchover": words[switchover.value],
                "reverse_replication": words[reverse_replication.value],
            },
        )

    def listed(self, name: str) -> tuple[ScenarioProperty, ...]:
        return tuple(
            ScenarioProperty(
                group=record.text("group"),
                name=record.name("name"),
                value=record.text("value"),
                default=record.text("default"),
            )
            for record in self._commands.ask("scenario_properties", {"name": name})
        )


class StatisticsPane:
    """The `Statistics` port."""

    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def synchronization(self, name: str) -> Synchronization | None:
        """The figures of the last synchronisation."""
        record = self._ask(name)
        if record is None:
            return None
        methods = self._commands.profile.choices["synchronization"]
        return Synchronization(
            method=SynchronizationMethod(record.chosen("method", methods)),
            blocks_compared=record.whole("blocks_compared"),
            blocks_copied=record.whole("blocks_copied"),
            started=_instant(record, "started"),
            ended=_instant(record, "ended"),
        )

    def traffic(self, name: str) -> Traffic | None:
        record = self._ask(name)
        return None if record is None else Traffic(record.whole("replicated"), record.whole("in_spool"))

    def _ask(self, name: str) -> Record | None:
        found = self._commands.ask("statistics", {"name": name})
        return found[0] if found else None


class MaintenanceWizard:
    """The `HostMaintenance` port."""

    def __init__(self, commands: RhaOperations, replication: Replication) -> None:
        self._commands = commands
        self._replication = replication

    def covered(self, host: str) -> tuple[ReplicationScenario, ...]:
        return tuple(
            each
            for each in self._replication.scenarios()
            if each.involves(host) and each.state is ScenarioState.RUNNING
        )

    def prepare_reboot(self, host: str) -> RebootPreparation:
        printed = self._commands.act("prepare_reboot", {"host": host})
        return RebootPreparation(host=host, command=self._commands.command("prepare_reboot"), printed=printed)


class IntegrityTest:
    """The `AssuredRecovery` port."""

    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def start(self, name: str, *, manual: bool) -> None:
        self._commands.act("start_integrity_test", {"name": name, "manual": manual})

    def stop(self, name: str) -> None:
        self._commands.act("stop_integrity_test", {"name": name})


class NotificationSettings:
    """The `Notifications` port."""

    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def set(self, scenario: str, notification: Notification) -> None:
        self._commands.act(
            "set_notification",
            {
                "name": scenario,
                "mail_server": notification.mail_server,
                "recipient": notification.recipient,
                "event_log": notification.event_log,
            },
        )


def _scenario(record: Record, profile: RhaProfile) -> ReplicationScenario:
    product = record.name("product")
    initiation = profile.choices["initiation"]
    return ReplicationScenario(
        name=record.name("name"),
        server_type=record.text("server_type"),
        product=product,
        assured_recovery=profile.choices["product"]["assured_recovery"] in re.split(r"[\s/+]+", product),
        master=record.name("master"),
        replica=record.name("replica"),
        state=profile.state(record.text("state")),
        direction=Direction(record.chosen("direction", profile.choices["direction"])),
        guests=record.texts("guests"),
        is_alive=record.flag("is_alive"),
        switchover=Initiation(record.chosen("switchover", initiation)),
        reverse_replication=Initiation(record.chosen("reverse_replication", initiation)),
    )


def _event(record: Record, profile: RhaProfile) -> RhaEvent:
    return RhaEvent(
        sequence=record.whole("sequence"),
        code=record.text("code"),
        severity=profile.severity(record.text("severity")),
        source=record.text("source"),
        time=record.text("time"),
        message=record.text("message"),
        kind=profile.event_kind(record.text("message")),
        by=record.by,
    )


def _instant(record: Record, name: str) -> datetime | None:
    """Empty while it has not come; the manager's yyyy/MM/dd or ISO 8601 otherwise."""
    texts = record.texts(name)
    if not texts or not texts[0]:
        return None
    moment = moment_of(texts[0].replace("/", "-"))
    if moment is None:
        raise AnswerUnreadable(sentence("errors.rha.no_time", name=name, value=shown(texts[0])))
    return moment
