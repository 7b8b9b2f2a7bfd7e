"""Garoon's SOAP dialect: how a call is read, and how an answer or a fault is written (recorded from package 4.2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import FileSystemLoader

from lab.plain_xml import Element, UnreadableXml, descendant, local_name, parse
from lab.simulator.garoon.database import Event
from lab.simulator.garoon.settings import TIMEZONE_NAME, GaroonSettings
from words.templates import environment

SCHEMA = "http://schemas.cybozu.co.jp/schedule/2008"
NAMESPACES = {
    "base": "http://wsdl.cybozu.co.jp/base/2008",
    "schedule": "http://wsdl.cybozu.co.jp/schedule/2008",
    "util_api": "http://wsdl.cybozu.co.jp/util_api/2008",
}
PATHS = {"base": "cbpapi/base/api", "schedule": "cbpapi/schedule/api", "util_api": "util_api/util/api"}
CONTENT_TYPE = 'application/soap+xml; charset="utf-8"'
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PLACE = "\0"
IN_ATTRIBUTES = {'"': "&quot;", " ": "&#x20;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came: the API's name, its parameters, and the plain-text login of the header, if there is one."""

    api: str
    parameters: Element
    login: tuple[str, str] | None


class Fault(Exception):
    """Garoon's four-part error; it travels with status 200."""

    def __init__(self, code: str, diagnosis: str, cause: str = "", counter_measure: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.diagnosis = diagnosis
        self.cause = cause
        self.counter_measure = counter_measure


def read_call(content: bytes) -> Call:
    try:
        envelope = parse(content)
    except UnreadableXml as error:
        raise Fault("SIMULATED", "SOAP メッセージを読み取れません。", str(error)) from error
    body = descendant(envelope, "Body")
    if local_name(envelope) != "Envelope" or body is None or len(body) == 0:
        raise Fault("SIMULATED", "SOAP メッセージに呼び出しがありません。")
    parameters = descendant(body[0], "parameters")
    return Call(local_name(body[0]), parameters if parameters is not None else body[0], _login(envelope))


def _login(envelope: Element) -> tuple[str, str] | None:
    token = descendant(envelope, "UsernameToken")
    if token is None:
        return None
    name, password = descendant(token, "Username"), descendant(token, "Password")
    return ((name.text or "") if name is not None else "", (password.text or "") if password is not None else "")


def answer(settings: GaroonSettings, module: str, name: str, returns: str | None) -> bytes:
    """`returns` None is Garoon's empty body."""
    empty, around = _frames(settings, module, name)
    return (empty if returns is None else around.replace(_PLACE, returns)).encode()


@lru_cache(maxsize=64)
def _frames(settings: GaroonSettings, module: str, name: str) -> tuple[str, str]:
    """An empty answer, and one with a place for what is returned."""
    empty, around = (
        written("answer.xml", settings=settings, module=module, name=name, returns=returns)
        for returns in (None, _PLACE)
    )
    return empty, around


def fault(settings: GaroonSettings, error: Fault) -> bytes:
    return written("fault.xml", settings=settings, module="", error=error).encode()


def wsdl(settings: GaroonSettings, host: str) -> bytes:
    """Enough of a WSDL to find the endpoints; the messages are described in Cybozu's documentation."""
    return written("wsdl.xml", settings=settings, host=host).encode()


def events(found: Iterable[Event]) -> str:
    return written("events.xml", events=found)


def text_of(value: str) -> str:
    return escape(NOT_IN_XML.sub("\ufffd", value))


def _attribute(value: str) -> str:
    """Blanks and line ends as character references, as Garoon writes them."""
    return escape(NOT_IN_XML.sub("\ufffd", value), IN_ATTRIBUTES)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_TEMPLATES = environment(
    FileSystemLoader(Path(__file__).parent / "templates" / "soap"),
    autoescape=False,  # each value has the filter of its place
    trim_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.globals.update(
    namespaces=NAMESPACES, paths=PATHS, schema=SCHEMA, timezone=TIMEZONE_NAME, a_day=timedelta(days=1)
)
_TEMPLATES.filters.update(text=text_of, attribute=_attribute, utc=_utc, day="{:%Y-%m-%d}".format)


def written(template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(values)
