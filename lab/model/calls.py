"""Records of script calls for a journal: enough to judge them later, without values named as secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import lru_cache

from lab.model.json_values import unused
from lab.model.scripts import JsonValue, ScriptCall
from words import Told

MASK = "●●●"
DEEPEST_ANSWER = 30
"""Levels of an answer that are kept; what Kunren's scripts answer has five."""
DEEPER_ANSWER = f"… (nested more than {DEEPEST_ANSWER} levels deep)"
_SECRET_WORDS = ("password", "secret", "credential", "token", "passphrase", "header", "body")
"""What a web page is sent and answers with carries logins and sessions as well."""
_LONGEST_TEXT = 400
_MOST_ITEMS = 40
_MOST_MEMBERS = 200


class CallOutcome(Enum):
    """The end of a call, by what is known of its effect."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_STARTED = "not started"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One script call. `took` is lab time, `wall` the wall's; `error` is None unless the outcome is one.

    The answer is whole: a journal cuts it when secrets have been masked in it, so that no part of one is left.
    """

    host: str
    call: ScriptCall
    script_sha256: str
    outcome: CallOutcome
    error: Told | None
    took: timedelta
    wall: timedelta
    round_trips: int
    answer: JsonValue
    stray: tuple[str, ...]


def redacted(arguments: Mapping[str, JsonValue], depth: int = 0) -> Mapping[str, JsonValue]:
    """The arguments with every value masked whose name speaks of a secret."""
    return {name: _redacted(name, value, depth + 1) for name, value in arguments.items()}


def redacted_answer(answer: JsonValue) -> JsonValue:
    """The same for what a script answered; levels that no script of Kunren's answers are cut, and say so."""
    return _redacted("", answer, 0)


@lru_cache(4096)
def _speaks_of_a_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET_WORDS)


def _redacted(name: str, value: JsonValue, depth: int) -> JsonValue:
    if name and _speaks_of_a_secret(name):
        return MASK
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        return value
    if depth >= DEEPEST_ANSWER:
        return DEEPER_ANSWER
    if isinstance(value, Mapping):
        return redacted(value, depth)
    return [_redacted("", item, depth + 1) for item in value]


def trimmed(value: JsonValue) -> JsonValue:
    """The same shape with long texts, names, lists and objects cut; what was cut is said in its place."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, Mapping):
        kept: dict[str, JsonValue] = {}
        for name in list(value)[:_MOST_MEMBERS]:
            kept[unused(_cut(name), set(kept))] = trimmed(value[name])
        rest = len(value) - _MOST_MEMBERS
        return kept if rest <= 0 else {**kept, "…": f"({rest} more)"}
    if isinstance(value, Sequence):
        items = [trimmed(inner) for inner in value[:_MOST_ITEMS]]
        rest = len(value) - _MOST_ITEMS
        return items if rest <= 0 else [*items, f"… ({rest} more)"]
    return value


def _cut(text: str) -> str:
    rest = len(text) - _LONGEST_TEXT
    return text if rest <= 0 else f"{text[:_LONGEST_TEXT]}… ({rest} more characters)"
