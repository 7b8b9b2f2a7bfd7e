"""Garoon's SOAP calls as text: envelopes written, answers read; no sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from lab.drivers.garoon.errors import GaroonError
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import OwnAppointment
from lab.plain_xml import Element, UnreadableXml, descendant, descendants, local_name, parse
from words import Explained, Told, sentence

ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2003/03/addressing"
SECURITY = "http://schemas.xmlsoap.org/ws/2002/12/secext"
UTILITY = "http://schemas.xmlsoap.org/ws/2002/07/utility"
SCHEDULE_SCHEMA = "http://schemas.cybozu.co.jp/schedule/2008"
_LONGEST_NUMBER = 19
EXPIRES = "2037-12-31T23:59:59Z"  # far off, so that a guest whose clock is wrong still listens


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """`body` is None where Garoon answers with an empty body; `product` is what the header says of itself."""

    body: Element | None
    product: Mapping[str, str] = field(default_factory=dict)

    def first(self, name: str) -> Element | None:
        return descendant(self.body, name) if self.body is not None else None

    def all(self, name: str) -> list[Element]:
        return descendants(self.body, name)


class NoSoapAnswer(Explained, ValueError):
    """The answer is not a SOAP envelope."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a call: elements, and attributes of the element around them."""

    elements: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        return f"<parameters{attributes}>{self.elements}</parameters>"


def request(api: str, parameters: Parameters, login: GaroonEndpoint, now: datetime) -> bytes:
    """The header carries the login in plain text: that is the product's way, and a reason to use HTTPS."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Header>'
        f'<Action soap:mustUnderstand="1" xmlns="{ADDRESSING}">{api}</Action>'
        f'<Security soap:mustUnderstand="1" xmlns="{SECURITY}"><UsernameToken>'
        f"<Username>{escape(login.user)}</Username><Password>{escape(login.password)}</Password></UsernameToken></Security>"
        f'<Timestamp soap:mustUnderstand="1" xmlns="{UTILITY}">'
        f"<Created>{_utc(now)}</Created><Expires>{EXPIRES}</Expires></Timestamp><Locale>jp</Locale></soap:Header>"
        f"<soap:Body><{api}>{parameters}</{api}></soap:Body></soap:Envelope>"
    ).encode()


def new_event(
    title: str, memo: str, user_id: int, starts: datetime, ends: datetime, *, private: bool = False
) -> Parameters:
    about = {
        "id": "dummy",
        "version": "dummy",
        "event_type": "normal",
        "public_type": "private" if private else "public",
        "plan": "",
        "detail": title,
        "description": memo,
        "timezone": "Asia/Tokyo",
        "allday": "false",
        "start_only": "false",
    }
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in about.items())
    return Parameters(
        f'<schedule_event xmlns="" {attributes}>'
        f'<members xmlns="{SCHEDULE_SCHEMA}"><member><user id="{user_id}"/></member></members>'
        f'<when xmlns="{SCHEDULE_SCHEMA}"><datetime start="{_utc(starts)}" end="{_utc(ends)}"/></when></schedule_event>'
    )


def between(starts: datetime, ends: datetime) -> Parameters:
    """The appointments that touch a span of time."""
    return Parameters(attributes={"start": _utc(starts), "end": _utc(ends)})


def event_ids(numbers: Sequence[int]) -> Parameters:
    return Parameters("".join(f"<event_id>{number}</event_id>" for number in numbers))


def read_answer(content: bytes) -> SoapAnswer:
    """GaroonError for a fault (they come with status 200); NoSoapAnswer for anything that is not SOAP."""
    try:
        envelope = parse(content)
    except UnreadableXml as error:
        raise NoSoapAnswer(error) from error
    body = descendant(envelope, "Body")
    if local_name(envelope) != "Envelope" or body is None:
        raise NoSoapAnswer(sentence("reason.other_document", name=local_name(envelope)))
    fault = descendant(body, "Fault")
    if fault is not None:
        raise _refusal(fault)
    header = descendant(envelope, "Header")
    product = {local_name(each): each.text or "" for each in header} if header is not None else {}
    return SoapAnswer(body[0] if len(body) else None, product)


def title_of(event: Element) -> str:
    """The title as the page shows it: the event menu, then the title."""
    return ":".join(part for part in (event.get("plan", ""), event.get("detail", "")) if part) or "--"


def own_appointment(event: Element) -> OwnAppointment | None:
    """Reads an appointment; None for one without a number, which cannot be a drill's."""
    when = next(iter((*descendants(event, "datetime"), *descendants(event, "date"))), None)
    number = event.get("id", "")
    if not is_number(number):
        return None
    return OwnAppointment(
        event_id=int(number),
        title=title_of(event),
        private=event.get("public_type") == "private",
        members=_users(event),
        starts=when.get("start", "") if when is not None else "",
    )


def _users(event: Element) -> tuple[int, ...]:
    """The members of an appointment; none if a facility or an organisation is among them."""
    members = descendant(event, "members")
    users = [each.get("id", "") for each in descendants(members, "user")]
    alone = len(descendants(members, "member")) == len(users)
    return tuple(map(int, users)) if alone and all(map(is_number, users)) else ()


def is_number(text: str) -> bool:
    """A number of Garoon's, as its answers write it."""
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER


def _refusal(fault: Element) -> GaroonError:
    parts = {name: _text(fault, name) for name in ("code", "diagnosis", "cause")}
    said = " ".join(part for part in (parts["diagnosis"], parts["cause"]) if part) or _text(fault, "Text")
    code: Told | str = parts["code"] or sentence("errors.garoon.no_code")
    return GaroonError(sentence("errors.garoon.refused", said=said[:300], code=code), code=parts["code"])


def _text(element: Element, name: str) -> str:
    found = descendant(element, name)
    return (found.text or "").strip() if found is not None else ""


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
