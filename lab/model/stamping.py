"""Time-stamps of RFC 3161: what is asked for, and what an answer proves of a content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509

from words import Explained, Quoted, sentence

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

LARGEST = 1 << 16
"""Bytes of a time-stamp; one with its certificates has some thousands."""
_SHA_256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_CHAIN = "certificate verify error"
"""What OpenSSL says where it is the chain that cannot be followed, and not the signature that is wrong."""
_LONGEST_NAME = 200


class NotStamped(Explained):
    """What is there is no time-stamp of this content."""


class Untrusted(Explained):
    """It is a time-stamp of this content, by an authority that none of the trusted certificates vouches for."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time, and the authority by the name in the stamp."""

    time: datetime
    by: str


def request_for(content: bytes) -> TimeStampRequest:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415  # few records are stamped

    return TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()


def claimed(answer: bytes, content: bytes) -> Stamp:
    """What it says of this content, whoever made it. Raises NotStamped."""
    return _stamp(_decoded(answer, content))


def proven(answer: bytes, content: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None) -> Stamp:
    """Made by an authority that `roots` vouch for, at the time it states. Raises NotStamped and Untrusted."""
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415

    decoded = _decoded(answer, content)
    try:
        VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(decoded, content)
    except VerificationError as error:
        if _CHAIN in str(error):
            raise Untrusted(sentence("stamp.untrusted", by=Quoted(_stamp(decoded).by))) from error
        raise NotStamped(sentence("stamp.no_signature")) from error
    except ValueError as error:
        raise NotStamped(sentence("stamp.no_stamp")) from error
    return _stamp(decoded)


def _decoded(answer: bytes, content: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415

    try:
        decoded = decode_timestamp_response(answer) if len(answer) <= LARGEST else None
        granted = decoded is not None and decoded.status == 0
        imprint = decoded.tst_info.message_imprint if decoded is not None and granted else None
    except ValueError as error:
        raise NotStamped(sentence("stamp.no_stamp")) from error
    if decoded is None or imprint is None:
        raise NotStamped(sentence("stamp.not_granted"))
    if imprint.hash_algorithm != _SHA_256 or imprint.message != hashlib.sha256(content).digest():
        raise NotStamped(sentence("stamp.of_another"))
    return decoded


def _stamp(decoded: TimeStampResponse) -> Stamp:
    try:
        name = getattr(decoded.tst_info.name, "value", None)
        by = name.rfc4514_string() if isinstance(name, x509.Name) else ""
        if not by:
            by = next(iter(decoded.signed_data.signer_infos)).issuer.rfc4514_string()
        return Stamp(decoded.tst_info.gen_time, "".join(each for each in by if each.isprintable())[:_LONGEST_NAME])
    except (ValueError, StopIteration) as error:
        raise NotStamped(sentence("stamp.no_stamp")) from error
