"""The `Guests` port: what a guest itself says through its integration services."""

from __future__ import annotations

from collections.abc import Sequence

from lab.drivers.rows import answer_of, shown
from lab.errors import AnswerUnreadable
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.plain_xml import Element, UnreadableXml, descendant, parse
from lab.ports import HostSession
from words import sentence, told

FULLY_QUALIFIED_NAME = "FullyQualifiedDomainName"


class IntegrationServices:
    """The guests of one host. Items are Msvm_KvpExchangeDataItem instances (Hyper-V WMI provider, v2)."""

    def __init__(self, session: HostSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    def computer_name(self, guest: str) -> str | None:
        """The guest's fully qualified name; None while its integration services are silent."""
        answer = self._session.run(ScriptCall("Get-GuestItem", {"Name": guest}), within=self._limits.question).value
        if isinstance(answer, str) or not isinstance(answer, Sequence):
            raise AnswerUnreadable(
                sentence("answers.no_plain_list", where=answer_of("Get-GuestItem", self._session.host))
            )
        items = dict(self._item(text) for text in answer)
        return items.get(FULLY_QUALIFIED_NAME)

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
