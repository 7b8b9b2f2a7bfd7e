"""`kunren key`: keys of seals, made here, and those of others that this machine knows."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from journal.files import read_file
from kunren.exits import Exit, Stop
from lab.model.signing import NoKey, PrivateKey, PublicKey
from lab.site.secrets import KEYRING, NoSecret
from lab.site.signing_key import FILE, find_key
from words import Quoted, Told, reason, sentence

PUBLIC, PRIVATE = ".pem", ".key"
_NAME = re.compile(r"[\w][\w.-]{0,63}")


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key by the name that it was given here; `own` is one whose private key is beside it."""

    name: str
    key: PublicKey
    own: bool


def keys_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where this user's keys are, as the system has it for settings."""
    if os.name == "nt":
        return Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Kunren" / "keys"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Kunren" / "keys"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kunren" / "keys"


def known_keys(folder: Path | None = None) -> tuple[KnownKey, ...]:
    """What is no key there is passed over, as it vouches for nothing."""
    return tuple(_known(folder or keys_folder()))


def _known(folder: Path) -> Iterator[KnownKey]:
    for path in sorted(folder.glob(f"*{PUBLIC}")):
        try:
            key = PublicKey.of_pem(read_file(path))
        except (OSError, NoKey):
            continue
        if not key.of_simulated_runs:
            yield KnownKey(path.stem, key, path.with_suffix(PRIVATE).exists())


def public_key(file: Path) -> PublicKey:
    """Of a PEM file that someone hands over. Raises Stop, also for the key of simulated runs."""
    try:
        key = PublicKey.of_pem(read_file(file))
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("key.unreadable", file=file, reason=reason(error))) from error
    except NoKey as error:
        raise Stop(Exit.USAGE, sentence("key.no_key", file=file)) from error
    if key.of_simulated_runs:
        raise Stop(Exit.USAGE, sentence("key.simulated", file=file))
    return key


def new(name: str, keyring: str) -> Iterator[Told]:
    """Makes a key, with its private half in a file that only this user can read, or in a `keyring`, SERVICE/USER."""
    folder, key = _folder_for(name), PrivateKey.new()
    public, private = folder / f"{name}{PUBLIC}", folder / f"{name}{PRIVATE}"
    for path in (public, private):
        if os.path.lexists(path):
            raise Stop(Exit.USAGE, sentence("key.exists", file=path))
    if keyring:
        _into_keyring(keyring, key.line)
        reference = f"{KEYRING}{keyring}"
    else:
        _write(private, key.pem, 0o600)
        reference = f"{FILE}{private}"
    _write(public, key.public.pem, 0o644)
    yield sentence("key.made", name=name, id=key.public.id, file=public)
    yield sentence("key.for_site")
    yield Quoted("[seal]")
    yield Quoted(f"private = '{reference}'")
    yield Quoted(f'public = "{key.public.id}"')


def _into_keyring(entry: str, line: str) -> None:
    import keyring  # noqa: PLC0415  # loads what this machine has for it
    from keyring.errors import KeyringError  # noqa: PLC0415

    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise Stop(Exit.USAGE, sentence("key.no_entry", entry=entry))
    try:
        if keyring.get_password(service, user):
            raise Stop(Exit.USAGE, sentence("key.entry_exists", entry=entry))
        keyring.set_password(service, user, line)
    except (KeyringError, OSError, RuntimeError) as error:
        raise Stop(Exit.USAGE, sentence("key.no_keyring", entry=entry, error=Quoted(str(error)))) from error


def own_key(name: str) -> PrivateKey:
    """The private key of that name here. Raises Stop."""
    file = keys_folder() / f"{name}{PRIVATE}"
    try:
        return find_key(f"{FILE}{file}", file.parent, str).key
    except NoSecret as error:
        problem, remedy = (sentence(f"site.{key}", **error.data) for key in (error.problem, error.remedy))
        raise Stop(Exit.USAGE, sentence("key.unusable", name=name, problem=problem, remedy=remedy)) from None


def trust(file: Path, name: str) -> Told:
    """From now on what this key has sealed is known by its name, that of the file by default."""
    key, name = public_key(file), name or file.stem
    path = _folder_for(name) / f"{name}{PUBLIC}"
    if os.path.lexists(path):
        same = next((each for each in known_keys(path.parent) if each.name == name and each.key == key), None)
        if same is None:
            raise Stop(Exit.USAGE, sentence("key.exists", file=path))
    else:
        _write(path, key.pem, 0o644)
    return sentence("key.trusted", name=name, id=key.id)


def show() -> Iterator[Told]:
    """Every known key with its id."""
    folder = keys_folder()
    found = known_keys(folder)
    for each in found:
        yield sentence("key.own" if each.own else "key.known", name=each.name, id=each.key.id)
    if not found:
        yield sentence("key.none", folder=folder)


def _folder_for(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise Stop(Exit.USAGE, sentence("key.no_name", name=repr(name)))
    folder = keys_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("key.unwritable", file=folder, reason=reason(error))) from error
    return folder


def _write(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("key.unwritable", file=path, reason=reason(error))) from error
