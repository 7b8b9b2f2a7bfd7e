"""Garoon's SOAP dialect: how a call is read, and how an answer or a fault is written (recorded from package 4.2.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lab.model.plain_xml import Element, UnreadableXml, descendant, local_name, parse
from lab.simulator.garoon.settings import GaroonSettings

ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
NAMESPACES = {
    "base": "http://wsdl.cybozu.co.jp/base/2008",
    "schedule": "http://wsdl.cybozu.co.jp/schedule/2008",
    "util_api": "http://wsdl.cybozu.co.jp/util_api/2008",
}
CONTENT_TYPE = 'application/soap+xml; charset="utf-8"'
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    body = " "
    if returns is not None:
        body = f"<{module}:{name}>\n<returns>\n{returns}</returns>\n</{module}:{name}>\n "
    return _envelope(settings, body, f'\n xmlns:{module}="{NAMESPACES[module]}"')


def fault(settings: GaroonSettings, error: Fault) -> bytes:
    details = {
        "code": error.code,
        "diagnosis": error.diagnosis,
        "cause": error.cause,
        "counter_measure": error.counter_measure,
    }
    detail = "".join(f"<{name}>{text_of(value)}</{name}>" for name, value in details.items())
    body = (
        "<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="ja">{text_of(error.diagnosis)}</soap:Text></soap:Reason>'
        f"<soap:Detail>{detail}</soap:Detail></soap:Fault>"
    )
    return _envelope(settings, body, "")


def _envelope(settings: GaroonSettings, body: str, namespace: str) -> bytes:
    header = (
        "<vendor>Cybozu</vendor><product>Garoon</product><product_type>1</product_type>"
        f"<version>{settings.version}</version><apiversion>{settings.api_version}</apiversion>"
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- SIMULATED -->\n<soap:Envelope'
        f'\n xmlns:soap="{ENVELOPE}"'
        '\n xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        '\n xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
        f"{namespace}>"
        f"\n <soap:Header>{header}</soap:Header>\n <soap:Body>{body}</soap:Body>\n</soap:Envelope>\n"
    ).encode()


def text_of(value: str) -> str:
    return escape(NOT_IN_XML.sub("\ufffd", value))


def attributes(values: Mapping[str, str]) -> str:
    """Blanks and line ends as character references, as Garoon writes them."""
    return " ".join(f'{name}="{_attribute(value)}"' for name, value in values.items())


def _attribute(value: str) -> str:
    return escape(
        NOT_IN_XML.sub("\ufffd", value),
        {'"': "&quot;", " ": "&#x20;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"},
    )


def wsdl(settings: GaroonSettings, host: str) -> bytes:
    """Enough of a WSDL to find the endpoints; the messages are described in Cybozu's documentation."""
    addresses = {"base": "cbpapi/base/api", "schedule": "cbpapi/schedule/api", "util_api": "util_api/util/api"}
    services = "".join(
        f'\n <wsdl:service name="{module}Service"><wsdl:port name="{module}Port" binding="{module}:Binding">'
        f'<soap12:address location="http://{escape(host)}{settings.base_path}/{path}"/></wsdl:port></wsdl:service>'
        for module, path in addresses.items()
    )
    namespaces = "".join(f'\n xmlns:{module}="{uri}"' for module, uri in NAMESPACES.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- SIMULATED -->\n<wsdl:definitions name="GaroonServices"'
        '\n xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"\n xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"'
        f'{namespaces}\n targetNamespace="http://wsdl.cybozu.co.jp/api/2008">{services}\n</wsdl:definitions>\n'
    ).encode()
