"""A question or an action sent to a host: a script file by name and its arguments as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from lab.model.undertakings import Undertaking

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """`script` names a file of lab/scripts without its ending; one with an `undertaking` is never repeated.

    `secrets` are arguments too, which the script gets as SecureString and which no pipeline of the host's sees.
    """

    script: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    undertaking: Undertaking | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def changes(self) -> bool:
        return self.undertaking is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptResult:
    """The answer of a script: its value, and whatever else it printed."""

    value: JsonValue
    stray: tuple[str, ...]
    took: timedelta
    round_trips: int
