"""The `Windows` port: the management OS of a host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lab.drivers.host_settings import computer, guest_hardware, host_settings
from lab.drivers.rows import Row, answer_of, ask, only
from lab.errors import AnswerUnreadable
from lab.model.hosts import Disk, HostCondition, HostFacts, HostSettings, Program, Rights, Service
from lab.model.limits import Limits
from lab.model.notification import LogEntry
from lab.model.scripts import JsonValue, ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import HostSession
from lab.site.profile import EventLogSource
from words import sentence

# Well-known identifiers (MS-DTYP 2.4.2.4), the same in every language of Windows.
ADMINISTRATORS = "S-1-5-32-544"
HYPERV_ADMINISTRATORS = "S-1-5-32-578"
HIGH_INTEGRITY = frozenset({"S-1-16-12288", "S-1-16-16384"})
OR = "|"
"""Between ports of which one is enough."""
LEVELS = {"1": "critical", "2": "error", "3": "warning", "4": "information", "0": "information"}
"""Windows' level numbers; their display names depend on the host's language."""


class WindowsHost:
    """One host over a session; `log` is the event log of Arcserve RHA there."""

    def __init__(self, session: HostSession, log: EventLogSource, limits: Limits) -> None:
        self._session = session
        self._log = log
        self._limits = limits

    def restart(self) -> None:
        restart = Undertaking(Change.RESTART_HOST, self._session.host)
        self._session.run(ScriptCall("Restart-Host", undertaking=restart), within=self._limits.question)

    def facts(self) -> HostFacts:
        found = ask(self._session, ScriptCall("Get-HostFacts"), self._limits.question)
        row = only(found, answer_of("Get-HostFacts", self._session.host))
        return HostFacts(
            name=row.name("Name"),
            os=row.text("Os"),
            os_version=row.text("OsVersion"),
            powershell_version=row.text("PowerShellVersion"),
            boot_time=_as_it_came(row, "BootTime"),
            clock=_as_it_came(row, "Clock"),
            boot=row.text("Boot"),
        )

    def allow_login_again(self) -> None:
        self._session.allow_login_again()

    def rights(self) -> Rights:
        found = ask(self._session, ScriptCall("Get-Rights"), self._limits.question)
        row = only(found, answer_of("Get-Rights", self._session.host))
        groups = row.texts("Groups")
        if not row.flag("Told"):
            raise AnswerUnreadable(sentence("errors.hyperv.no_groups", host=self._session.host))
        return Rights(
            # A filtered token has the group of administrators for denials only, and no high integrity.
            administrator=ADMINISTRATORS in groups and not HIGH_INTEGRITY.isdisjoint(groups),
            hyperv_administrator=HYPERV_ADMINISTRATORS in groups,
        )

    def services(self, names: Sequence[str]) -> tuple[Service, ...]:
        """The named services that are installed, in the order of their names here."""
        call = ScriptCall("Get-WindowsService", {"Name": list(names)})
        return tuple(
            Service(
                name=row.name("Name"),
                display_name=row.text("DisplayName"),
                running=row.text("State") == "Running",
                account=row.text("StartName"),
            )
            for row in ask(self._session, call, self._limits.question)
        )

    def condition(self, guest: str, services: Sequence[str]) -> HostCondition:
        call = ScriptCall("Get-HostCondition", {"Guest": guest, "Service": list(services)})
        found = ask(self._session, call, self._limits.question)
        row = only(found, answer_of(call.script, self._session.host))
        guests = row.rows("Guests")
        return HostCondition(
            utc_offset=timedelta(minutes=row.number("UtcOffsetMinutes")),
            disks=tuple(
                Disk(name=disk.name("Name"), size=disk.whole("Size"), free=disk.whole("Free"))
                for disk in row.rows("Disks")
            ),
            restart_pending=row.flag("RestartPending"),
            programs=tuple(
                Program(service=each.name("Name"), path=each.text("Path"), version=each.text("Version"))
                for each in row.rows("Services")
            ),
            checkpoint=next(filter(None, (each.text("Checkpoint") for each in guests)), ""),
            clustered=any(each.flag("Clustered") for each in guests),
            hardware=next(map(guest_hardware, guests), None),
            computer=next(map(computer, row.rows("Computers")), None),
        )

    def settings(self, name: str) -> HostSettings:
        call = ScriptCall("Get-HostSetting", {"Name": name})
        found = ask(self._session, call, self._limits.question)
        return host_settings(only(found, answer_of(call.script, self._session.host)))

    def unreached(self, address: str, ports: Sequence[str]) -> tuple[str, ...]:
        """Every port may be waited for in vain."""
        call = ScriptCall("Test-Port", {"Address": address, "Port": list(ports)})
        found = ask(self._session, call, self._limits.question * sum(1 + each.count(OR) for each in ports))
        answers = {each.name("Port"): each.flag("Answers") for each in found}
        if answers.keys() != set(ports):
            raise AnswerUnreadable(
                sentence("answers.not_one", where=answer_of(call.script, self._session.host), n=len(found))
            )
        return tuple(each for each in ports if not answers[each])

    def log_entries(self, hours: int) -> tuple[LogEntry, ...]:
        """The entries of the last hours, oldest first."""
        arguments: dict[str, JsonValue] = {
            "LogName": self._log.log,
            "ProviderName": self._log.provider,
            "Hours": hours,
        }
        found = [
            LogEntry(
                number=row.whole("Number"),
                level=LEVELS.get(row.text("Level"), "unknown"),
                time=row.text("Time"),
                message=row.text("Message"),
            )
            for row in ask(self._session, ScriptCall("Get-LogEntry", arguments), self._limits.question)
        ]
        return tuple(sorted(found, key=lambda entry: entry.number))


def _as_it_came(row: Row, key: str) -> str:
    """An instant in the host's own words, once it is known to be one."""
    row.instant(key)
    return row.text(key)
