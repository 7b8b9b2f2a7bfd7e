"""The certificate of a drill board: refused beforehand where no browser would take it."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from board.access import Address, NotOffered
from words import Told, reason, sentence

_OTHER_KEY = "KEY_VALUES_MISMATCH"


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate and its key, PEM."""

    certificate: Path
    key: Path


def require_usable(tls: Tls, address: Address, now: datetime) -> None:
    """Raises NotOffered where certificate and key do not fit each other, the board's address, or the day."""
    if (problem := _problem(tls, address, now)) is not None:
        why = sentence("board.not_offered.certificate", file=tls.certificate, key=tls.key, reason=problem)
        raise NotOffered(why)


def _problem(tls: Tls, address: Address, now: datetime) -> Told | None:
    for file in (tls.certificate, tls.key):
        if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for
            return sentence("reason.device")
    try:
        if b"ENCRYPTED" in tls.key.read_bytes():
            return sentence("board.not_offered.encrypted")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key, password="")
        certificate = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
    except (ssl.SSLError, ValueError) as error:
        other = isinstance(error, ssl.SSLError) and error.reason == _OTHER_KEY
        return sentence(f"board.not_offered.{'other_key' if other else 'no_pem'}")
    except OSError as error:
        return reason(error)
    host, names = address.host.strip("[]").lower(), _names(certificate)
    if not names:
        return sentence("board.not_offered.no_name")
    if not any(_is_for(name, host) for name in names):
        return sentence("board.not_offered.other_name", names=tuple(sorted(names)), host=host)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= now <= end:
        return sentence("board.not_offered.other_days", begin=f"{begin:%Y-%m-%d}", end=f"{end:%Y-%m-%d}")
    return None


def _names(certificate: x509.Certificate) -> frozenset[str]:
    """Browsers do not read the common name."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(str(each.value).lower() for each in found if isinstance(each, x509.DNSName | x509.IPAddress))


def _is_for(name: str, host: str) -> bool:
    """An asterisk stands for the first label alone, and addresses are compared as such."""
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        first, _, rest = host.partition(".")
        return name == host or (bool(first) and name == f"*.{rest}")
