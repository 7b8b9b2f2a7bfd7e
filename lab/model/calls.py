"""What a journal is told of a script call: enough to judge it later, nothing secret, nothing endless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from lab.model.scripts import JsonValue, ScriptCall

MASK = "●●●"
_SECRET_WORDS = ("password", "secret", "credential", "token", "passphrase", "header", "body")
"""What a web page is sent and answers with carries logins and sessions as well."""
_LONGEST_TEXT = 400
_MOST_ITEMS = 40


class CallOutcome(Enum):
    """How a call ended, by what is known of its effect."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_STARTED = "not started"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One script call. `took` is lab time, `wall` the wall's; `error` is empty unless the outcome is one."""

    host: str
    call: ScriptCall
    script_sha256: str
    outcome: CallOutcome
    error: str
    took: timedelta
    wall: timedelta
    round_trips: int
    answer: JsonValue
    stray: tuple[str, ...]


def redacted(arguments: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The arguments with every value masked whose name speaks of a secret."""
    return {name: _masked(name, value) for name, value in arguments.items()}


def redacted_answer(answer: JsonValue) -> JsonValue:
    """The same for what a script answered."""
    return _masked("", answer)


def _masked(name: str, value: JsonValue) -> JsonValue:
    if any(word in name.lower() for word in _SECRET_WORDS):
        return MASK
    if isinstance(value, Mapping):
        return redacted(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [redacted(item) if isinstance(item, Mapping) else item for item in value]
    return value


def trimmed(value: JsonValue) -> JsonValue:
    """The same shape with long texts and long lists cut; what was cut is said in its place."""
    if isinstance(value, str):
        rest = len(value) - _LONGEST_TEXT
        return value if rest <= 0 else f"{value[:_LONGEST_TEXT]}… ({rest} more characters)"
    if isinstance(value, Mapping):
        return {name: trimmed(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        items = [trimmed(inner) for inner in value[:_MOST_ITEMS]]
        rest = len(value) - _MOST_ITEMS
        return items if rest <= 0 else [*items, f"… ({rest} more)"]
    return value
