"""Message encryption over HTTP: the multipart body around sealed envelopes ([MS-WSMV] 2.2.9.1)."""

from __future__ import annotations

import re
import struct
from typing import Final, Protocol

PROTOCOL: Final = "application/HTTP-SPNEGO-session-encrypted"
CONTENT_TYPE: Final = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'
_BOUNDARY: Final = b"--Encrypted Boundary"
# Header lines begin with a tab from the Python clients, without one from Ruby's.
_FRAME: Final = re.compile(
    rb"\s*--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*application/HTTP-SPNEGO-session-encrypted\r\n"
    rb"\s*OriginalContent:\s*type=[^;\r\n]*;\s*charset=[^;\r\n]*;\s*Length=(\d{1,9})\r\n"
    rb"--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*application/octet-stream\r\n",
    re.IGNORECASE,
)
_END: Final = re.compile(rb"--\s*Encrypted Boundary--\r?\n?\Z")


class SecurityContext(Protocol):
    """An established NTLM or SPNEGO context, as sealing needs it; order matters on both sides."""

    def unwrap(self, signature: bytes, data: bytes) -> bytes: ...

    def wrap(self, data: bytes) -> tuple[bytes, bytes, int]:
        """Signature, sealed data, and how many bytes of padding the sealed data holds more."""


class NotSealed(Exception):
    """The body is not the multipart this service expects, or its seal is broken."""


def unseal(body: bytes, context: SecurityContext) -> bytes:
    frame, end = _FRAME.match(body), _END.search(body)
    if frame is None or end is None or end.start() < frame.end() + 4:
        raise NotSealed("the multipart body is malformed")
    sealed = body[frame.end() : end.start()]
    (length,) = struct.unpack_from("<i", sealed)
    if not 0 < length <= len(sealed) - 4:
        raise NotSealed("the signature's length is wrong")
    plain = context.unwrap(sealed[4 : 4 + length], sealed[4 + length :])
    if len(plain) != int(frame[1]):
        raise NotSealed("the length of the message is not the one announced")
    return plain


def seal(envelope: bytes, context: SecurityContext) -> bytes:
    signature, sealed, padding = context.wrap(envelope)
    header = (
        f"\r\n\tContent-Type: {PROTOCOL}\r\n"
        f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(envelope) + padding}\r\n"
    ).encode("ascii")
    payload = struct.pack("<i", len(signature)) + signature + sealed
    return b"".join(
        (
            _BOUNDARY,
            header,
            _BOUNDARY,
            b"\r\n\tContent-Type: application/octet-stream\r\n",
            payload,
            _BOUNDARY,
            b"--\r\n",
        )
    )
