"""The two envelopes of every question, Send and Receive, as pywinrm writes them, and what is read of the answer.

pywinrm puts each together from a tree, which takes longer than a host on this machine takes to answer.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lab.plain_xml import Element, descendants

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<env:Envelope xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:env="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"'
    ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"'
    ' xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"'
    f' xmlns:rsp="{SHELL}"'
    ' xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config">'
    "<env:Header><a:To>http://windows-host:5985/wsman</a:To>"
    '<a:ReplyTo><a:Address mustUnderstand="true">'
    "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"
    '<w:MaxEnvelopeSize mustUnderstand="true">153600</w:MaxEnvelopeSize>'
    "<a:MessageID>uuid:{message}</a:MessageID>"
    '<w:Locale mustUnderstand="false" xml:lang="en-US"></w:Locale>'
    '<p:DataLocale mustUnderstand="false" xml:lang="en-US"></p:DataLocale>'
    "<w:OperationTimeout>PT{seconds}S</w:OperationTimeout>"
    f'<w:ResourceURI mustUnderstand="true">{SHELL}/cmd</w:ResourceURI>'
    f'<a:Action mustUnderstand="true">{SHELL}/{{action}}</a:Action>'
    '<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></env:Header>'
    "<env:Body>{body}</env:Body></env:Envelope>"
)


@dataclass(frozen=True, slots=True)
class Received:
    """What a command has put out since, and its exit code if it has ended."""

    output: bytes
    errors: bytes
    exit_code: int
    ended: bool


def send(shell: str, command: str, piece: bytes, *, seconds: int) -> str:
    """For the standard input of a command, which stays open."""
    body = (
        f'<rsp:Send><rsp:Stream CommandId={quoteattr(command)} Name="stdin" End="false" xmlns:rsp="{SHELL}">'
        f"{base64.b64encode(piece).decode()}</rsp:Stream></rsp:Send>"
    )
    return _envelope("Send", shell, body, seconds)


def receive(shell: str, command: str, *, seconds: int) -> str:
    streams = f"<rsp:DesiredStream CommandId={quoteattr(command)}>stdout stderr</rsp:DesiredStream>"
    return _envelope("Receive", shell, f"<rsp:Receive>{streams}</rsp:Receive>", seconds)


def _envelope(action: str, shell: str, body: str, seconds: int) -> str:
    about = {"action": action, "shell": escape(shell), "body": body, "seconds": seconds}
    return _ENVELOPE.format(message=uuid.uuid4(), **about)


def received(answer: Element) -> Received:
    """Raises LookupError or ValueError for an answer without what belongs in it."""
    streams: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
    for stream in descendants(answer, "Stream"):
        if stream.text:
            streams.setdefault(stream.attrib["Name"], []).append(base64.b64decode(stream.text.encode("ascii")))
    states = [each.get("State", "") for each in descendants(answer, "CommandState")]
    ended = any(state.endswith("CommandState/Done") for state in states)
    code = int(descendants(answer, "ExitCode")[0].text or -1) if ended else -1
    return Received(b"".join(streams["stdout"]), b"".join(streams["stderr"]), code, ended)
