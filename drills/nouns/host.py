"""One of the two hosts: its management OS, and whether it answers at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from drills.nouns.observed import Context
from lab.errors import AnswerUnreadable, ConnectionLost, HostUnreachable, OperationRefused
from lab.model.hosts import HostFacts, HostRole, Service, rebooted
from lab.model.limits import Within
from lab.model.machines import VirtualMachine, VirtualSwitch
from lab.waiting import WhileBooting
from words import Told, sentence

if TYPE_CHECKING:
    from lab.opening import LabHost


class Host:
    """One host; its reboots are told from its own words, whatever its clock does."""

    def __init__(self, role: HostRole, host: LabHost, context: Context) -> None:
        self.context = context
        self.name = context.subject.host(role)
        self._host = host

    def facts(self) -> HostFacts:
        return self._host.windows.facts()

    def services(self, *names: str) -> tuple[Service, ...]:
        """Those of the named Windows services that are installed."""
        return self._host.windows.services(names)

    def switches(self) -> tuple[VirtualSwitch, ...]:
        return self._host.hyperv.switches()

    def silence(self) -> Told | None:
        """Why the host does not answer; None when it does."""
        look: Callable[[], object] = self._host.hyperv.machines
        try:
            look()
        except (HostUnreachable, ConnectionLost) as unanswered:
            return unanswered.why
        return None

    def expect_silent(self) -> None:
        silence = self.silence()
        self.context.observation.expect(
            silence is not None,
            expected=sentence("steps.host.no_answer", name=self.name),
            seen=silence or sentence("steps.host.answers"),
        )

    def await_answer(self, within: Within) -> None:
        self.context.observation.until(
            self._host.hyperv.machines,
            lambda _: True,
            expected=sentence("steps.host.answer", name=self.name),
            seen=_count,
            within=within,
        )

    def refuse_to_strand_guests(self) -> None:
        """The interlock of a drill that takes a host down: every guest on it but the drill's own is off or saved."""
        own = self.context.subject.guest
        others = [each for each in self._host.hyperv.machines() if not each.at_rest and each.name != own]
        if others:
            guests = ", ".join(f"{each.name} ({each.problem or each.state.value})" for each in others)
            said = sentence("errors.drill.strands", guests=guests, host=self.name)
            raise OperationRefused(said, host=self.name, operation="reboot")

    def reboot(self) -> None:
        """ConnectionLost where the host was quicker than its answer."""
        self._host.windows.restart()

    def facts_since(self, before: HostFacts) -> HostFacts:
        """AnswerUnreadable from a host that does not say which boot it is: it may have been rebooted, or not."""
        facts = self.facts()
        if rebooted(before, facts) is None:
            raise AnswerUnreadable(sentence("errors.drill.no_boot", host=facts.name))
        return facts

    def expect_no_reboot(self, before: HostFacts, expected: Told) -> None:
        facts = self.facts_since(before)
        self.context.observation.expect(rebooted(before, facts) is False, expected=expected, seen=started_text(facts))

    def await_reboot(self, before: HostFacts, within: Within) -> None:
        self.context.observation.until(
            WhileBooting(lambda: self.facts_since(before), self._host.windows.allow_login_again, self.context.clock),
            lambda facts: rebooted(before, facts) is True,
            expected=sentence("steps.host.restarted"),
            seen=started_text,
            within=within,
            every=timedelta(seconds=15),
        )


Hosts = Mapping[HostRole, Host]


def started_text(facts: HostFacts) -> Told:
    return sentence("steps.host.boot", started=facts.boot_time, boot=facts.boot or sentence("steps.unknown"))


def _count(machines: Sequence[VirtualMachine]) -> Told:
    return sentence("steps.host.guests", n=len(machines))
