"""A site file while its answers come in: each is judged as the finished file will be."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kunren.terminal import MASKING
from lab.errors import SiteError
from lab.site.kinds import Surroundings
from lab.site.secrets import COMMAND, KEYRING, NoSecret, Secret
from lab.site.terms import RealSiteTerms
from lab.site.toml_table import read_table, refuse_hidden
from words import Told

_STAND_IN = "-"
_STAND_INS: Mapping[str, str] = {
    "name": "-",
    **{
        f"hosts.{role}.{key}": text
        for role, name in (("master", "-1"), ("replica", "-2"))
        for key, text in (("name", name), ("winrm", f"https://{name}"), ("user", "-"), ("password_from", _STAND_IN))
    },
    "guest.name": "-",
    "replication.scenario": "-",
    "garoon.url": "http://-",
    "garoon.user": "-",
    "garoon.password_from": _STAND_IN,
}
"""What makes a whole of answers that are not all there."""
_CONTROL = {
    "hosts.control.name": "-3",
    "hosts.control.winrm": "https://-",
    "hosts.control.user": "-",
    "hosts.control.password_from": _STAND_IN,
}
_GUEST_LOGIN = ("guest.user", "guest.password_from")
_REFERENCE = re.compile(rf"[A-Z][A-Z0-9_]*|{KEYRING}.+/.+|{COMMAND}.+")
"""What may be written before it leads to a password; anything else may be the password itself."""


@dataclass(slots=True)
class Draft:
    """Answers by keys of the site file, such as `hosts.master.winrm`."""

    file: Path
    answers: dict[str, str] = field(default_factory=dict)
    _unresolved: set[str] = field(default_factory=set)
    _surroundings: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        found = {_STAND_IN: Secret(_STAND_IN, _STAND_IN)}
        self._surroundings = Surroundings(self.file.parent, os.environ, found)

    def __getitem__(self, key: str) -> str:
        return self.answers.get(key, "")

    def withhold(self, references: Iterable[str]) -> None:
        """From programs that print a password; those of later answers are withheld as they come."""
        self._surroundings.named.update(references)

    def take(self, key: str, value: str) -> None:
        """An answer, or a reference that leads to no password yet."""
        self.answers[key] = value
        self._unresolved.discard(key)
        if key.endswith(".password_from"):
            try:
                MASKING.hide([self._surroundings.secret(value).value])
            except NoSecret:
                self._unresolved.add(key)

    def problems(self, key: str, value: str) -> tuple[Told, ...]:
        """The complaints that the site file would get with this answer."""
        sound = {each: text for each, text in self.answers.items() if text and each not in self._unresolved}
        given = {**_STAND_INS, **sound, key: value}
        if any(each in given for each in _GUEST_LOGIN):
            given = {**dict.fromkeys(_GUEST_LOGIN, _STAND_IN), **given}
        if given.get("replication.control_service") == "control":
            given = {**_CONTROL, **given}
        values = _nested(given)
        try:
            refuse_hidden(self.file, values)
            read_table(RealSiteTerms, self.file.name, values, context=self._surroundings)
        except SiteError as error:
            return error.sentences
        return ()

    def may_wait(self, key: str, reference: str) -> bool:
        """Whether this is a reference, if to no password yet."""
        if not key.endswith(".password_from") or not _REFERENCE.fullmatch(reference):
            return False
        try:
            self._surroundings.secret(reference)
        except NoSecret as error:
            return error.problem not in {"no_program", "command_quotes", "no_entry", "no_reference"}
        return False

    def password(self, table: str) -> str:
        """Empty where the reference leads to none yet."""
        key = f"{table}.password_from"
        return "" if key in self._unresolved else self._surroundings.secret(self[key]).value

    def authority(self, table: str) -> str:
        """The path of the PEM file; empty where none is named."""
        named = self[f"{table}.certificate_authority"]
        return str(self.file.parent / named) if named else ""


def _nested(answers: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, text in answers.items():
        *tables, name = key.split(".")
        table = values
        for each in tables:
            table = table.setdefault(each, {})
        table[name] = text
    return values
