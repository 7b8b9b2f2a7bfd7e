"""The `Guests` port: what a guest itself says through its integration services."""

from __future__ import annotations

from collections.abc import Sequence

from lab.drivers.rows import answer_of, shown
from lab.errors import AnswerUnreadable
from lab.model.hosts import GuestSystem
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.plain_xml import Element, UnreadableXml, descendant, parse
from lab.ports import HostSession
from words import sentence, told

FULLY_QUALIFIED_NAME = "FullyQualifiedDomainName"
SYSTEM = ("OSName", "CSDVersion", "OSVersion", "IntegrationServicesVersion")
"""Microsoft's list of what Windows itself puts into the exchange; the service pack is empty since 2012."""


class IntegrationServices:
    """The guests of one host. Items are Msvm_KvpExchangeDataItem instances (Hyper-V WMI provider, v2)."""

    def __init__(self, session: HostSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    def computer_name(self, guest: str) -> str | None:
        """The guest's fully qualified name; None while its integration services are silent."""
        return self._items(guest).get(FULLY_QUALIFIED_NAME)

    def system(self, guest: str) -> GuestSystem | None:
        """Its operating system and integration services; None while they are silent."""
        items = self._items(guest)
        name, service_pack, version, services = (items.get(each, "") for each in SYSTEM)
        if not (name or version or services):
            return None
        return GuestSystem(os=f"{name} {service_pack}".strip(), os_version=version, integration_services=services)

    def _items(self, guest: str) -> dict[str, str]:
        answer = self._session.run(ScriptCall("Get-GuestItem", {"Name": guest}), within=self._limits.question).value
        if isinstance(answer, str) or not isinstance(answer, Sequence):
            raise AnswerUnreadable(
                sentence("answers.no_plain_list", where=answer_of("Get-GuestItem", self._session.host))
            )
        return dict(self._item(text) for text in answer)

    def _item(self, text: JsonValue) -> tuple[str, str]:
        where = sentence("answers.item", script="Get-GuestItem", host=self._session.host)
        if not isinstance(text, str):
            raise AnswerUnreadable(sentence("answers.no_text", where=where, value=shown(text)))
        try:
            instance = parse(text.encode())
        except (UnreadableXml, UnicodeEncodeError) as error:
            raise AnswerUnreadable(sentence("answers.no_xml", where=where, error=told(error))) from error
        return _property(instance, "Name"), _property(instance, "Data")


def _property(instance: Element, name: str) -> str:
    for each in instance.iter("PROPERTY"):
        if each.get("NAME") == name:
            value = descendant(each, "VALUE")
            return "" if value is None else value.text or ""
    return ""
