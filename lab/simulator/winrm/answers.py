"""Writes the envelopes a WS-Management service sends back: answers and faults."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lab.simulator.hosts.exchange import Chunk
from lab.simulator.winrm.faults import WsManFault

ADDRESSING: Final = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
TRANSFER: Final = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
COMMAND_SHELL: Final = f"{SHELL}/cmd"
POWERSHELL_SHELL: Final = "http://schemas.microsoft.com/powershell/"
CONFIG: Final = "http://schemas.microsoft.com/wbem/wsman/1/config"
_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "s": "http://www.w3.org/2003/05/soap-envelope",
        "a": ADDRESSING,
        "x": TRANSFER,
        "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
        "wsmid": "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd",
        "cfg": CONFIG,
        "rsp": SHELL,
        "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    }
)
_DECLARATIONS: Final = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _PREFIXES.items())


def tag(name: str, *content: str, **attributes: str) -> str:
    """An element around markup; text goes through `escape` first."""
    written = "".join(f" {key.replace('__', ':')}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(content)}</{name}>"


def envelope(action: str, relates_to: str, *body: str) -> bytes:
    """An answer; `action` is a full URI, `relates_to` the request's MessageID as sent."""
    header = [
        tag("a:Action", action),
        tag("a:MessageID", f"uuid:{str(uuid.uuid4()).upper()}"),
        tag("a:To", f"{ADDRESSING}/role/anonymous"),
    ]
    if relates_to:
        header.append(tag("a:RelatesTo", escape(relates_to)))
    parts = tag("s:Header", *header) + tag("s:Body", *body)
    return f'<s:Envelope xml:lang="en-US"{_DECLARATIONS}>{parts}</s:Envelope>'.encode()


def fault(failure: WsManFault, relates_to: str, machine: str) -> bytes:
    kind = failure.fault
    message = escape(failure.message)
    return envelope(
        f"{_PREFIXES['w'].removesuffix('.xsd')}/fault",
        relates_to,
        tag(
            "s:Fault",
            tag("s:Code", tag("s:Value", f"s:{kind.party}"), tag("s:Subcode", tag("s:Value", f"w:{kind.subcode}"))),
            tag("s:Reason", tag("s:Text", message, xml__lang="en-US")),
            tag("s:Detail", tag("f:WSManFault", tag("f:Message", message), Code=str(kind.code), Machine=machine)),
        ),
    )


def identity(product_version: str) -> str:
    return tag(
        "wsmid:IdentifyResponse",
        tag("wsmid:ProtocolVersion", _PREFIXES["w"]),
        tag("wsmid:ProductVendor", "Microsoft Corporation"),
        tag("wsmid:ProductVersion", product_version),
    )


def configuration(max_envelope_kilobytes: int) -> str:
    return tag("cfg:Config", tag("cfg:MaxEnvelopeSizekb", str(max_envelope_kilobytes)))


def created(resource_uri: str, shell_id: str) -> str:
    """The reference to a new shell."""
    identifier, resource = escape(shell_id), escape(resource_uri)
    reference = tag(
        "a:ReferenceParameters",
        tag("w:ResourceURI", resource),
        tag("w:SelectorSet", tag("w:Selector", identifier, Name="ShellId")),
    )
    return tag("x:ResourceCreated", tag("a:Address", f"{ADDRESSING}/role/anonymous"), reference)


def shell(resource_uri: str, shell_id: str, *, owner: str, streams: tuple[str, str]) -> str:
    return tag(
        "rsp:Shell",
        tag("rsp:ShellId", escape(shell_id)),
        tag("rsp:ResourceUri", escape(resource_uri)),
        tag("rsp:Owner", escape(owner)),
        tag("rsp:InputStreams", streams[0]),
        tag("rsp:OutputStreams", streams[1]),
        tag("rsp:State", "Connected"),
    )


def command_response(command_id: str) -> str:
    return tag("rsp:CommandResponse", tag("rsp:CommandId", escape(command_id)))


def receive_response(command_id: str | None, chunks: Sequence[Chunk], exit_code: int | None) -> str:
    """Output, then the command's state; with an exit code its streams end here."""
    owner = {} if command_id is None else {"CommandId": command_id}
    streams = [
        tag("rsp:Stream", base64.b64encode(chunk.data).decode("ascii"), Name=chunk.stream, **owner) for chunk in chunks
    ]
    if command_id is None:
        return tag("rsp:ReceiveResponse", *streams)
    if exit_code is None:
        state = tag("rsp:CommandState", CommandId=command_id, State=f"{SHELL}/CommandState/Running")
    else:
        streams += [tag("rsp:Stream", Name=name, CommandId=command_id, End="true") for name in ("stdout", "stderr")]
        state = tag(
            "rsp:CommandState",
            tag("rsp:ExitCode", str(exit_code)),
            CommandId=command_id,
            State=f"{SHELL}/CommandState/Done",
        )
    return tag("rsp:ReceiveResponse", *streams, state)
