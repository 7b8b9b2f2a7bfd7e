"""`kunren drill --dry-run`: what each step would send, and to which host or person, as far as the plan tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drills.reading import PlannedDrill, PlannedStep
from kunren.running.operations import OPERATIONS, needed, undone_by
from lab.drivers.rha.commands import SCRIPT
from lab.model.hosts import SIMULATED, HostRole
from lab.model.undertakings import Change
from lab.opening import performed_by_commands
from lab.scripts import load_script, script_names
from lab.site.discovery import usable_operations
from lab.site.file import RealAccess, Site
from words import Language, Quoted, Term, Told, Words, sentence, words_of

SCRIPTS = {
    Change.START_GUEST: "Start-Machine",
    Change.STOP_GUEST: "Stop-Machine",
    Change.RESTART_HOST: "Restart-Host",
    Change.USE_TEST_GUEST: "Invoke-GuestRequest",
}
"""The scripts that make a change on a host, beside RHA's commands."""
INDENTS = {"chapter": "  ", "step": "    ", "sent": "        "}


def dry_run(drills: Sequence[PlannedDrill], site: Site, language: Language) -> Iterator[str]:
    """The lines that tell it; nothing is connected to."""
    sheet = _Sheet(site, words_of(language))
    for drill in drills:
        yield from sheet.of(drill)


@dataclass(frozen=True, slots=True)
class _Sheet:
    site: Site
    words: Words

    def of(self, drill: PlannedDrill) -> Iterator[str]:
        yield self.words("dry_run.title", drill=drill.name, site=self.site.name)
        yield f"{INDENTS['chapter']}{self.words('dry_run.always')}"
        yield from self._sent(self._asked(drill))
        if drill.changes and not self.site.simulated:
            yield from self._sent([self._script("Set-Lease", self._control, {})])
        for chapter in drill.chapters:
            if not chapter.left_out:
                yield f"{INDENTS['chapter']}{chapter.name}"
                for step in chapter.steps:
                    yield f"{INDENTS['step']}{step.keyword} {step.text}"
                    yield from self._sent(self._of_step(step))
        if drill.changes:
            yield f"{INDENTS['chapter']}{self.words('dry_run.restoration')}"
            if Change.ENTER_IN_GAROON in drill.changes:
                yield from self._sent([sentence("dry_run.removal", url=self.site.subject.garoon_url)])
            ordered = undone_by(drill.changes)
            yield from self._sent(told for change in ordered for told in self._changing(change, {}))

    def _sent(self, lines: Iterator[Told] | Sequence[Told]) -> Iterator[str]:
        yield from (f"{INDENTS['sent']}{told.in_(self.words.language)}" for told in lines)

    def _asked(self, drill: PlannedDrill) -> Iterator[Told]:
        """Which of them are asked when depends on what is seen."""
        asking = tuple(name for name in script_names() if name.startswith(("Get-", "Test-")))
        asked = dict.fromkeys((*(self._host(role) for role in HostRole), self._control))
        yield sentence("dry_run.asks", host=tuple(asked), scripts=asking)
        looking = needed(drill, self.site).asked
        by_command = tuple(f"{SCRIPT} {self._command(name)}" for name in looking if name in self._usable)
        by_people = tuple(sentence(f"operator.operation.{name}") for name in looking if name not in self._usable)
        if by_command:
            connection, access = self.site.profile.connection, self.site.access
            user = access.rha.user if isinstance(access, RealAccess) else SIMULATED
            if connection.command:
                yield sentence("dry_run.connects", host=self._control, command=connection.command, user=user)
            yield sentence("dry_run.asks", host=self._control, scripts=by_command)
        if by_people:
            yield sentence("dry_run.questions", host=self.site.control_host, questions=by_people)

    def _of_step(self, step: PlannedStep) -> Iterator[Told]:
        for change in sorted(step.changes, key=list(Change).index):
            yield from self._changing(change, step.values)
        if not step.changes:
            yield sentence("dry_run.only_asks")

    def _changing(self, change: Change, values: Mapping[str, object]) -> Iterator[Told]:
        about = Term("change", change.value)
        if change in OPERATIONS:
            yield self._operation(OPERATIONS[change], values)
        elif change in SCRIPTS:
            where = sentence("dry_run.either", one=self._host(HostRole.MASTER), other=self._host(HostRole.REPLICA))
            given = {"Name": self.site.subject.guest} if change is not Change.RESTART_HOST else {}
            yield self._script(SCRIPTS[change], where, given)
        elif change is Change.INJECT_FAULT:
            yield sentence("dry_run.task", host=self.site.subject.master, task=about, values="")
        else:
            yield sentence("dry_run.garoon", url=self.site.subject.garoon_url, user=self._garoon_user, change=about)

    def _operation(self, name: str, values: Mapping[str, object]) -> Told:
        """By the command of the profile, or by a person."""
        operation = self.site.profile.operations[name]
        given = {each: self._value(each, values) for each in operation.parameters}
        if name not in self._usable:
            told = tuple(sentence("dry_run.value", name=each, value=value) for each, value in given.items())
            host = self.site.control_host
            return sentence("dry_run.task", host=host, task=sentence(f"operator.operation.{name}"), values=told)
        arguments = {operation.parameters[each]: value for each, value in given.items()}
        return self._script(SCRIPT, self._control, {"Command": operation.command, **arguments})

    def _value(self, name: str, values: Mapping[str, object]) -> object:
        """What the plan and the site file tell of a parameter."""
        subject = self.site.subject
        known = {
            "name": subject.scenario,
            "master": subject.master,
            "replica": subject.replica,
            "guests": subject.guest,
        }
        chosen = known.get(name, values.get(name))
        return sentence("dry_run.depends") if chosen is None else getattr(chosen, "value", chosen)

    def _script(self, name: str, host: Told, arguments: Mapping[str, object]) -> Told:
        told = tuple(sentence("dry_run.value", name=each, value=value) for each, value in arguments.items())
        return sentence("dry_run.script", host=host, script=name, arguments=told, sha256=load_script(name).sha256[:12])

    @property
    def _usable(self) -> frozenset[str]:
        site = self.site
        searched = site.discovery is not None or not site.simulated
        known = usable_operations(site.profile, site.discovery) if searched else site.profile.operations
        return performed_by_commands(site, frozenset(known))

    def _command(self, name: str) -> str:
        return self.site.profile.operations[name].command

    @property
    def _control(self) -> Told:
        access = self.site.access
        user = f"{access.control.user} @ " if isinstance(access, RealAccess) else ""
        return Quoted(f"{user}{self.site.control_host}")

    def _host(self, role: HostRole) -> Told:
        access, host = self.site.access, self.site.subject.host(role)
        user = f"{access.endpoints[role].user} @ " if isinstance(access, RealAccess) else ""
        return Quoted(f"{user}{host}")

    @property
    def _garoon_user(self) -> str:
        return self.site.access.garoon.user if isinstance(self.site.access, RealAccess) else SIMULATED
