"""The search for Arcserve RHA on a host: it only reads, and assumes no name."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from lab.drivers.rows import Row, answer_of, ask
from lab.drivers.windows import WindowsHost
from lab.errors import AnswerUnreadable, LabError
from lab.model.findings import (
    FoundCommand,
    FoundParameter,
    FoundPort,
    FoundProvider,
    FoundService,
    Holder,
    Offer,
    ParameterSet,
    Traces,
)
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.ports import HostSession
from lab.site.profile import RhaProfile
from words import sentence

LOOKS_LIKE_RHA = r"arcserve|xosoft|(^|[^a-z])xo|(^|[^a-z])rha|rha($|[^a-z])"
PROVIDERS = ("*arcserve*", "*xosoft*", "*RHA*")
PORTS = (25000, 8088, 443)
"""The engine's, and the Control Service's without and with TLS (Arcserve's installation guide)."""
BITS = (64, 32)
LONGEST_HELP = 1000
"""Characters of what the help of a command says that are kept."""
_NAME = re.compile(r"[\w.\-]{1,200}")
"""What a discovery file takes for a name, and all that Kunren would send."""
LIMIT = timedelta(minutes=5)
"""Windows lists the modules of a host slowly when it does so for the first time."""


class RhaSearch:
    """One host over a session."""

    def __init__(
        self, session: HostSession, profile: RhaProfile, limits: Limits, *, narrow: HostSession | None = None
    ) -> None:
        """`narrow` is a session in the host's PowerShell of 32 bits."""
        self._session = session
        self._narrow = narrow
        self._profile = profile
        self._windows = WindowsHost(session, profile.event_log, limits)
        self._limit = max(LIMIT, limits.question)

    def traces(self) -> Traces:
        """Services, event providers and ports."""
        call = ScriptCall("Find-Rha", {"Pattern": LOOKS_LIKE_RHA, "Provider": list(PROVIDERS), "Port": list(PORTS)})
        rows = ask(self._session, call, self._limit)
        kinds = {kind: [row for row in rows if row.text("Kind") == kind] for kind in ("service", "provider", "port")}
        providers = {row.name("Name"): row.texts("Logs") for row in kinds["provider"]}
        return Traces(
            host=self._session.host,
            facts=self._windows.facts(),
            services=tuple(map(_service, kinds["service"])),
            providers=tuple(FoundProvider(*each) for each in providers.items()),
            ports=tuple(FoundPort(row.whole("Port"), row.text("Address")) for row in kinds["port"]),
        )

    def offers(self) -> tuple[Offer, ...]:
        """What the PowerShell of 64 bits offers, and that of 32 where there is one."""
        offers = tuple(offer for bits in BITS if (offer := self._offer(bits)) is not None)
        if any(offer.commands and offer.bits == BITS[0] for offer in offers):
            return offers
        return tuple(self._tried(offer) if offer.commands else offer for offer in offers)

    def _tried(self, offer: Offer) -> Offer:
        """The commands are there only: whether a resident of Kunren starts there is seen by asking it something."""
        if self._narrow is None:
            return offer
        try:
            self._narrow.run(ScriptCall("Get-HostFacts"), within=self._limit)
        except LabError as error:
            return replace(offer, refusal=error.why)
        return offer

    def _offer(self, bits: int) -> Offer | None:
        wanted = sorted(self._profile.names_to_look_for())
        call = ScriptCall("Find-RhaCommand", {"Bits": bits, "Pattern": LOOKS_LIKE_RHA, "Candidate": wanted})
        answer = self._session.run(call, within=self._limit).value
        texts = answer if isinstance(answer, Sequence) and not isinstance(answer, str) else ()
        if not texts:
            return None
        where = answer_of("Find-RhaCommand", self._session.host)
        row = Row(_parsed("".join(map(str, texts)), self._session.host), where)
        snap_ins, modules = (tuple(map(_holder, row.rows(key))) for key in ("SnapIns", "Modules"))
        found = {
            (each.name.casefold(), each.holder.casefold()): each
            for each in map(_command, row.rows("Commands"))
            if _NAME.fullmatch(each.name)
        }
        own = {each.name.casefold() for each in (*snap_ins, *modules)}
        return Offer(
            bits=bits,
            version=row.text("Version"),
            snap_ins=snap_ins,
            modules=modules,
            commands=tuple(each for each in found.values() if each.holder.casefold() in own),
            others=tuple(each for each in found.values() if each.holder.casefold() not in own),
            failures=row.texts("Failures"),
        )


def _parsed(text: str, host: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(base64.b64decode(text, validate=True).decode("utf-8"))
    except (ValueError, RecursionError):
        raise AnswerUnreadable(sentence("errors.rha.search_unreadable", host=host)) from None
    return found


def _service(row: Row) -> FoundService:
    return FoundService(
        name=row.name("Name"),
        display_name=row.text("DisplayName"),
        running=row.text("State") == "Running",
        account=row.text("Account"),
        path=row.text("Path"),
        version=row.text("Version"),
    )


def _holder(row: Row) -> Holder:
    return Holder(row.name("Name"), row.text("Version"), row.text("Path"))


def _command(row: Row) -> FoundCommand:
    sets = tuple(ParameterSet(_parameters(each)) for each in row.rows("Sets"))
    help_ = (" ".join(row.text(key).split())[:LONGEST_HELP] for key in ("Synopsis", "Syntax"))
    return FoundCommand(row.name("Name"), row.text("Holder"), sets, *help_)


def _parameters(row: Row) -> tuple[FoundParameter, ...]:
    found = (
        FoundParameter(each.name("Name"), each.text("Type"), each.flag("Mandatory"), each.texts("Aliases"))
        for each in row.rows("Parameters")
    )
    return tuple(each for each in found if _NAME.fullmatch(each.name))
