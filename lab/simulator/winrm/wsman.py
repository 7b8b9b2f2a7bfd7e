"""Reads the envelopes of WS-Management requests. No input or output; lenient, as the clients differ; no XML tricks."""

from __future__ import annotations

import base64
import binascii
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

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
_MAX_DEPTH: Final = 64
_MAX_ELEMENTS: Final = 10_000
_DEFAULT_TIMEOUT: Final = timedelta(seconds=60)
"""MaxTimeoutms of the service, for requests that name none."""
_DURATION: Final = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?", re.ASCII
)


class _Refused(Exception):
    """The document uses what no WS-Management client needs."""


class _PlainBuilder(ET.TreeBuilder):
    """Builds no tree for documents with a type declaration (entities), nor for very deep or very large ones."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def doctype(self, *_: str | None) -> None:
        raise _Refused

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise _Refused
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)


def read(envelope: bytes) -> ET.Element:
    """The envelope as a tree; raises WsManFault when it is none, or one no client needs."""
    if len(envelope) > MAX_ENVELOPE_SIZE:
        raise WsManFault(ENCODING_LIMIT)
    parser = ET.XMLParser(target=_PlainBuilder())  # noqa: S314 - the builder refuses declarations, so no entities
    try:
        parser.feed(envelope)
        root = parser.close()
    except (ET.ParseError, _Refused, LookupError, ValueError) as error:
        raise WsManFault(INVALID_XML) from error
    if not isinstance(root, ET.Element) or _local(root.tag) != "Envelope":
        raise WsManFault(INVALID_XML)
    return root


def message_id(root: ET.Element) -> str:
    """Exactly as sent: clients compare it as a string."""
    header = _child(root, "Header")
    found = None if header is None else _child(header, "MessageID")
    return "" if found is None else found.text or ""


def parse(root: ET.Element) -> Request:
    """What the envelope asks; raises WsManFault for anything this service could not answer."""
    header, body = _child(root, "Header"), _child(root, "Body")
    if body is None:
        raise WsManFault(INVALID_SOAP_BODY)
    if _child(body, "Identify") is not None:
        operation: Operation = Identify()
        header = ET.Element("Header") if header is None else header
    elif header is None:
        raise WsManFault(INVALID_XML)
    else:
        operation = _operation(_text(header, "Action"), body)
    return Request(
        operation=operation,
        action=_text(header, "Action"),
        resource_uri=_text(header, "ResourceURI"),
        shell_id=_selector(header, "ShellId"),
        within=_duration(_text(header, "OperationTimeout")) or _DEFAULT_TIMEOUT,
        max_envelope_size=_size(_text(header, "MaxEnvelopeSize")),
        options=_named(header, "Option"),
    )


def _operation(action: str, body: ET.Element) -> Operation:
    match action.rpartition("/")[2]:
        case "Get":
            return Get()
        case "Create":
            return _create(_required(body, "Shell"))
        case "Delete":
            return Delete()
        case "Command":
            line = _required(body, "CommandLine")
            arguments = tuple(element.text or "" for element in _children(line, "Arguments"))
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


def _create(shell: ET.Element) -> Create:
    environment = _child(shell, "Environment")
    creation = _text(shell, "creationXml")
    idle = _text(shell, "IdleTimeOut") or shell.get("IdleTimeOut", "")
    return Create(
        shell_id=shell.get("ShellId"),
        environment=_named(environment, "Variable") if environment is not None else MappingProxyType({}),
        idle_timeout=_duration(idle),
        creation=_bytes(creation) if creation else None,
    )


def _send(send: ET.Element) -> Send:
    streams = list(_children(send, "Stream"))
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


def _selector(header: ET.Element, name: str) -> str | None:
    selectors = {key.lower(): value for key, value in _named(header, "Selector").items()}
    return selectors.get(name.lower())


def _named(parent: ET.Element, tag: str) -> Mapping[str, str]:
    """Elements <tag Name="…">text</tag> anywhere below."""
    return MappingProxyType(
        {
            element.get("Name", ""): element.text or ""
            for element in parent.iter()
            if _local(element.tag) == tag and element.get("Name")
        }
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _children(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in parent if _local(element.tag) == name)


def _child(parent: ET.Element, name: str) -> ET.Element | None:
    return next(_children(parent, name), None)


def _required(parent: ET.Element, name: str) -> ET.Element:
    found = _child(parent, name)
    if found is None:
        raise WsManFault(INVALID_SOAP_BODY)
    return found


def _text(parent: ET.Element, name: str) -> str:
    found = _child(parent, name)
    return "" if found is None else (found.text or "").strip()
