"""The private key of a site's seals, by reference: as passwords are, or in a file that nobody else can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lab.site.secrets import NoSecret
from words import reason, sentence

if TYPE_CHECKING:
    from lab.model.signing import PrivateKey

FILE = "file:"
OTHERS = 0o077
"""Permissions of anyone but the owner, where a system has such."""


class SigningKey:
    """The key, and the reference it was found by."""

    def __init__(self, reference: str, key: PrivateKey) -> None:
        self.reference = reference
        self.key = key

    @property
    def secrets(self) -> tuple[str, ...]:
        """The forms in which it is kept, for a journal to mask them."""
        return (self.key.line, self.key.pem.decode().splitlines()[1])


def find_key(reference: str, folder: Path, find: Callable[[str], str]) -> SigningKey:
    """`find` is for what is no file, which is looked for in `folder`. Raises NoSecret."""
    from lab.model.signing import NoKey, PrivateKey  # noqa: PLC0415  # few sites have a key

    file = folder / reference.removeprefix(FILE) if reference.startswith(FILE) else None
    text = find(reference) if file is None else _read(file)
    about = {"name": reference if file is not None else sentence("site.its_reference")}
    try:
        key = PrivateKey.of(text)
    except NoKey:
        raise NoSecret("no_signing_key", "make_key", about) from None
    if key.public.of_simulated_runs:
        raise NoSecret("simulated_key", "make_key", about)
    return SigningKey(reference, key)


def _read(file: Path) -> str:
    try:
        if os.name != "nt" and file.stat().st_mode & OTHERS:
            raise NoSecret("open_key", "close_key", {"file": file})
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise NoSecret("no_signing_key", "make_key", {"name": file}) from None
    except OSError as error:
        raise NoSecret("key_file", "make_key", {"file": file, "reason": reason(error)}) from None
