"""TLS: which authorities vouch for a server, and why a connection did not come about, with the key that mends it."""

from __future__ import annotations

import ssl
from enum import Enum
from pathlib import Path

# X509_V_ERR_… of OpenSSL (x509_vfy.h)
_UNKNOWN_AUTHORITY = frozenset({2, 19, 20, 21, 27})
_SELF_SIGNED = 18
_NOT_YET_VALID = 9
_EXPIRED = 10
_OTHER_NAME = frozenset({62, 64})
_PLAIN_HTTP = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
_OTHER_PROTOCOL = frozenset(
    {
        *("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "WRONG_SSL_VERSION"),
        *("SSLV3_ALERT_HANDSHAKE_FAILURE", "HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "DH_KEY_TOO_SMALL"),
    }
)


class TlsTrouble(Enum):
    """Why TLS did not come about."""

    SELF_SIGNED = "its certificate is self-signed, and nothing here vouches for it"
    UNKNOWN_AUTHORITY = "its certificate is signed by an authority that is not known here"
    OTHER_NAME = "its certificate is for another name"
    EXPIRED = "its certificate has expired"
    NOT_YET_VALID = "its certificate is not valid yet by this machine's clock"
    OTHER_CERTIFICATE = "its certificate is not accepted"
    PLAIN_HTTP = "it speaks plain http at an https address"
    OTHER_PROTOCOL = "it offers only TLS that is too old; TLS 1.2 or later is needed"
    BROKEN_OFF = "it broke off while TLS was negotiated"


def context_of(authority: str) -> ssl.SSLContext:
    """`authority` is a PEM file, empty: this machine's authorities. Raises OSError where the file is not usable."""
    return ssl.create_default_context(cafile=authority or None)


def unusable_authority(file: Path) -> str:
    """Why no certificate can be read from a PEM file; empty where one can."""
    try:
        context_of(str(file))
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def tls_trouble(error: ssl.SSLError) -> TlsTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_certificate(error.verify_code)
    if error.reason in _PLAIN_HTTP:
        return TlsTrouble.PLAIN_HTTP
    return TlsTrouble.OTHER_PROTOCOL if error.reason in _OTHER_PROTOCOL else TlsTrouble.BROKEN_OFF


def remedy(trouble: TlsTrouble, *, table: str, address: str, authority: str) -> str:
    """What to do, by keys of the site file, of which `table`.`address` holds the URL; `authority` is a file's name."""
    match trouble:
        case TlsTrouble.SELF_SIGNED | TlsTrouble.UNKNOWN_AUTHORITY if authority:
            return f"{authority} of {table}.certificate_authority is not its authority: name the PEM file that is"
        case TlsTrouble.SELF_SIGNED:
            return f"save its certificate as a PEM file and name that in {table}.certificate_authority"
        case TlsTrouble.UNKNOWN_AUTHORITY:
            return f"name a PEM file of that authority in {table}.certificate_authority"
        case TlsTrouble.OTHER_NAME:
            return f"write the name in the certificate in {table}.{address}, or have the certificate made anew"
        case TlsTrouble.EXPIRED:
            return "have the certificate renewed, and check this machine's clock"
        case TlsTrouble.NOT_YET_VALID:
            return "set this machine's clock"
        case TlsTrouble.PLAIN_HTTP:
            return f"write the address of its https listener in {table}.{address}, or http:// for https://"
        case TlsTrouble.OTHER_PROTOCOL:
            return "enable TLS 1.2 there (Windows Server 2008 R2: KB3140245 and its registry keys)"
        case TlsTrouble.OTHER_CERTIFICATE | TlsTrouble.BROKEN_OFF:
            return f"check {table}.{address} and the certificate of its listener"


def _of_certificate(code: int) -> TlsTrouble:
    if code == _SELF_SIGNED:
        return TlsTrouble.SELF_SIGNED
    if code in _UNKNOWN_AUTHORITY:
        return TlsTrouble.UNKNOWN_AUTHORITY
    if code in _OTHER_NAME:
        return TlsTrouble.OTHER_NAME
    named = {_EXPIRED: TlsTrouble.EXPIRED, _NOT_YET_VALID: TlsTrouble.NOT_YET_VALID}
    return named.get(code, TlsTrouble.OTHER_CERTIFICATE)
