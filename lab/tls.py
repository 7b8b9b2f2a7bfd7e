"""TLS: which authorities vouch for a server, and why a connection did not come about, with the key that mends it."""

from __future__ import annotations

import ssl
from enum import Enum
from pathlib import Path

from words import Told, reason, sentence

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
    """Reasons why TLS did not come about."""

    SELF_SIGNED = "self_signed"
    UNKNOWN_AUTHORITY = "unknown_authority"
    OTHER_NAME = "other_name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    OTHER_CERTIFICATE = "other_certificate"
    PLAIN_HTTP = "plain_http"
    OTHER_PROTOCOL = "other_protocol"
    BROKEN_OFF = "broken_off"


def context_of(authority: str) -> ssl.SSLContext:
    """`authority` is a PEM file, empty: this machine's authorities. Raises OSError where the file is not usable."""
    return ssl.create_default_context(cafile=authority or None)


def unusable_authority(file: Path) -> Told | None:
    """The reason why no certificate can be read from a PEM file; None where one can."""
    try:
        context_of(str(file))
    except ssl.SSLError:
        return sentence("tls.no_pem")
    except OSError as error:
        return sentence("tls.unread_file", reason=reason(error))
    return None


def tls_trouble(error: ssl.SSLError) -> TlsTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_certificate(error.verify_code)
    if error.reason in _PLAIN_HTTP:
        return TlsTrouble.PLAIN_HTTP
    return TlsTrouble.OTHER_PROTOCOL if error.reason in _OTHER_PROTOCOL else TlsTrouble.BROKEN_OFF


_VOUCHED_FOR = {TlsTrouble.SELF_SIGNED, TlsTrouble.UNKNOWN_AUTHORITY}


def unvouched(trouble: TlsTrouble, *, table: str, address: str, authority: str) -> Told:
    """The trouble and its remedy, by keys of the site file, of which `table`.`address` holds the URL.

    `authority` is the name of the file of authorities, empty where there is none.
    """
    cure = "authority" if authority and trouble in _VOUCHED_FOR else trouble.value
    if trouble in {TlsTrouble.OTHER_CERTIFICATE, TlsTrouble.BROKEN_OFF}:
        cure = "other"
    remedy = sentence(f"tls.remedy_{cure}", table=table, address=address, authority=authority)
    return sentence("tls.unvouched", trouble=sentence(f"tls.{trouble.value}"), remedy=remedy)


def _of_certificate(code: int) -> TlsTrouble:
    if code == _SELF_SIGNED:
        return TlsTrouble.SELF_SIGNED
    if code in _UNKNOWN_AUTHORITY:
        return TlsTrouble.UNKNOWN_AUTHORITY
    if code in _OTHER_NAME:
        return TlsTrouble.OTHER_NAME
    named = {_EXPIRED: TlsTrouble.EXPIRED, _NOT_YET_VALID: TlsTrouble.NOT_YET_VALID}
    return named.get(code, TlsTrouble.OTHER_CERTIFICATE)
