"""Ed25519 keys of seals: the sites' own, and the one of simulated runs, which everybody has."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

_PUBLISHED = b"Kunren seals simulated runs with the key made of this sentence. It is published, and proves nothing."
_BYTES = 32


class NoKey(ValueError):
    """What was read is not an Ed25519 key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """By its 32 bytes."""

    raw: bytes

    @property
    def id(self) -> str:
        """As `ssh-keygen -l` writes one."""
        return f"SHA256:{base64.b64encode(hashlib.sha256(self.raw).digest()).decode().rstrip('=')}"

    @property
    def pem(self) -> bytes:
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def of_simulated_runs(self) -> bool:
        return self == simulated_key().public

    def signed(self, signature: bytes, content: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def of_pem(cls, text: bytes) -> PublicKey:
        """Raises NoKey."""
        try:
            key = load_pem_public_key(text)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise NoKey from error
        if not isinstance(key, Ed25519PublicKey):
            raise NoKey
        return cls(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """It signs; its bytes are never shown."""

    _key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def line(self) -> str:
        """In one line, for a keyring or a variable."""
        return base64.b64encode(self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())).decode()

    def sign(self, content: bytes) -> bytes:
        return self._key.sign(content)

    @classmethod
    def new(cls) -> PrivateKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, text: str) -> PrivateKey:
        """Of a PEM without a passphrase, or of the one line that stands for it. Raises NoKey."""
        stripped = text.strip()
        if not stripped.startswith("-----BEGIN"):
            try:
                raw = base64.b64decode(stripped, validate=True)
            except (binascii.Error, ValueError) as error:
                raise NoKey from error
            if len(raw) != _BYTES:
                raise NoKey
            return cls(Ed25519PrivateKey.from_private_bytes(raw))
        try:
            key = load_pem_private_key(stripped.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a passphrase
            raise NoKey from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NoKey
        return cls(key)


@cache
def simulated_key() -> PrivateKey:
    """It seals every simulated run, and nothing else."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_PUBLISHED).digest()))
