"""Reads the envelopes of WS-Management requests. No input or output; lenient, as the clients differ; no XML tricks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from lab import plain_xml
from lab.plain_xml import Element, UnreadableXml, children, descendants, local_name
from lab.simulator.winrm.faults import (
    ACTION_MISMATCH,
    ENCODING_LIMIT,
    INVALID_PARAMETER,
    INVALID_SOAP_BODY,
    INVALID_XML,
    WsManFault,
)
from lab.simulator.winrm.operations import (
    Command,
    Create,
    Delete,
    Get,
    Identify,
    Operation,
    Receive,
    Request,
    Send,
    Signal,
)

MAX_ENVELOPE_SIZE: Final = 500 * 1024
"""Bytes; MaxEnvelopeSizekb of WinRM 3.0 (Windows Server 2012)."""
_MAX_ELEMENTS: Final = 10_000
_DEFAULT_TIMEOUT: Final = timedelta(seconds=60)
"""MaxTimeoutms of the service, for requests that name none."""
_DURATION: Final = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?", re.ASCII
)


def read(envelope: bytes) -> Element:
    """The envelope as a tree; raises WsManFault when it is none, or one no client needs."""
    if len(envelope) > MAX_ENVELOPE_SIZE:
        raise WsManFault(ENCODING_LIMIT)
    try:
        root = plain_xml.parse(envelope)
    except UnreadableXml as error:
        raise WsManFault(INVALID_XML) from error
    if local_name(root) != "Envelope" or sum(1 for _ in root.iter()) > _MAX_ELEMENTS:
        raise WsManFault(INVALID_XML)
    return root


def message_id(root: Element) -> str:
    """Exactly as sent: clients compare it as a string."""
    header = _child(root, "Header")
    found = None if header is None else _child(header, "MessageID")
    return "" if found is None else found.text or ""


def parse(root: Element) -> Request:
    """Reads the request in an envelope; raises WsManFault for one that this service cannot answer."""
    header, body = _child(root, "Header"), _child(root, "Body")
    if body is None:
        raise WsManFault(INVALID_SOAP_BODY)
    identify = _child(body, "Identify") is not None
    if header is None and not identify:
        raise WsManFault(INVALID_XML)
    # Of several of one name the first counts.
    said = {local_name(each): (each.text or "").strip() for each in reversed(header or ())}
    action = said.get("Action", "")
    return Request(
        operation=Identify() if identify else _operation(action, body),
        action=action,
        resource_uri=said.get("ResourceURI", ""),
        shell_id=_selector(header, "ShellId"),
        within=_duration(said.get("OperationTimeout", "")) or _DEFAULT_TIMEOUT,
        max_envelope_size=_size(said.get("MaxEnvelopeSize", "")),
        options=_named(header, "Option"),
    )


def _operation(action: str, body: Element) -> Operation:
    match action.rpartition("/")[2]:
        case "Get":
            return Get()
        case "Create":
            return _create(_required(body, "Shell"))
        case "Delete":
            return Delete()
        case "Command":
            line = _required(body, "CommandLine")
            arguments = tuple(element.text or "" for element in children(line, "Arguments"))
            return Command(line.get("CommandId"), _text(line, "Command"), arguments)
        case "Receive":
            return Receive(_required(_required(body, "Receive"), "DesiredStream").get("CommandId"))
        case "Send":
            return _send(_required(body, "Send"))
        case "Signal":
            signal = _required(body, "Signal")
            return Signal(signal.get("CommandId"), _text(signal, "Code").rpartition("/")[2].lower())
        case _:
            raise WsManFault(ACTION_MISMATCH)


def _create(shell: Element) -> Create:
    environment = _child(shell, "Environment")
    creation = _text(shell, "creationXml")
    idle = _text(shell, "IdleTimeOut") or shell.get("IdleTimeOut", "")
    return Create(
        shell_id=shell.get("ShellId"),
        environment=_named(environment, "Variable") if environment is not None else MappingProxyType({}),
        idle_timeout=_duration(idle),
        creation=_bytes(creation) if creation else None,
    )


def _send(send: Element) -> Send:
    streams = children(send, "Stream")
    if not streams:
        raise WsManFault(INVALID_SOAP_BODY)
    return Send(
        streams[0].get("CommandId"),
        b"".join(_bytes(stream.text or "") for stream in streams),
        any(stream.get("End", "").strip().lower() in {"true", "1"} for stream in streams),
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WsManFault(INVALID_PARAMETER) from error


def _duration(text: str) -> timedelta | None:
    """An xs:duration of days and less; None when there is none."""
    if not text:
        return None
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise WsManFault(INVALID_PARAMETER)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _size(text: str) -> int:
    """Bytes the client takes; what is not a sensible number is the service's own limit."""
    return min(int(text), MAX_ENVELOPE_SIZE) if re.fullmatch("[1-9][0-9]{3,8}", text) else MAX_ENVELOPE_SIZE


def _selector(header: Element | None, name: str) -> str | None:
    selectors = {key.lower(): value for key, value in _named(header, "Selector").items()}
    return selectors.get(name.lower())


def _named(parent: Element | None, tag: str) -> Mapping[str, str]:
    """Elements <tag Name="…">text</tag> anywhere below."""
    return MappingProxyType(
        {element.get("Name", ""): element.text or "" for element in descendants(parent, tag) if element.get("Name")}
    )


def _child(parent: Element, name: str) -> Element | None:
    return next((each for each in parent if local_name(each) == name), None)


def _required(parent: Element, name: str) -> Element:
    found = _child(parent, name)
    if found is None:
        raise WsManFault(INVALID_SOAP_BODY)
    return found


def _text(parent: Element, name: str) -> str:
    found = _child(parent, name)
    return "" if found is None else (found.text or "").strip()
