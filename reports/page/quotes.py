"""What hosts answered and were sent, in one place of the report: the same text stands there once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal.seen import Call, GuestAsked, ScenarioAsked
from lab.model.json_values import indented
from lab.model.scripts import JsonValue
from reports.charts.timeline import call_name
from words import Words

ONE_LINE = 400
"""Characters."""
RUNNING_ON = frozenset({"UptimeSeconds", "Clock"})
"""What of an answer of Kunren's own scripts changes as time goes on: answers that differ in nothing else are alike."""


class Quotes:
    """Texts by their number, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[bool, str], int] = {}
        self.texts: list[str] = []
        self.scripts: dict[tuple[str, str], int] = {}
        """How often each script of each digest was sent."""

    def number(self, value: JsonValue) -> int:
        """0 for nothing."""
        if not value:
            return 0
        text = value if isinstance(value, str) else None
        alike = text is None, text or json.dumps(_standing(value), ensure_ascii=False)
        if alike not in self._numbers:
            self.texts.append(text or _spelt(value))
            self._numbers[alike] = len(self.texts)
        return self._numbers[alike]


def _standing(value: JsonValue) -> JsonValue:
    """Without what changes as time goes on."""
    match value:
        case dict():
            return {name: None if name in RUNNING_ON else _standing(each) for name, each in value.items()}
        case list():
            return [_standing(each) for each in value]
        case _:
            return value


def _spelt(value: JsonValue) -> str:
    """On one line where that is short; several rows are one a line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= ONE_LINE:
        return flat
    rows = [json.dumps(each, ensure_ascii=False) for each in value] if isinstance(value, list) else []
    if not len(rows) > 1 or max(map(len, rows)) > ONE_LINE:
        return indented(value)
    return "[\n " + ",\n ".join(rows) + "\n]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGroup:
    """Calls of one step that asked one host the same, or did the same there; all but `call` are of all of them.

    `sent`, `answered` and `stray` are quotes.
    """

    call: Call
    count: int
    last: datetime
    took: timedelta
    sent: tuple[int, ...]
    answered: tuple[int, ...]
    stray: tuple[int, ...]


def grouped(calls: Iterable[Call], quotes: Quotes) -> Sequence[CallGroup]:
    """In the order of the first of each group."""
    groups: dict[tuple[object, ...], list[Call]] = {}
    for call in calls:
        script = (call.script, call.script_sha256)
        quotes.scripts[script] = quotes.scripts.get(script, 0) + 1
        what = quotes.number(call.arguments) if call.changes else call_name(call)
        groups.setdefault((call.host, *script, what, call.changes, call.effect, call.error), []).append(call)
    return [
        CallGroup(
            call=same[0],
            count=len(same),
            last=same[-1].at.lab,
            took=sum((each.lab_took for each in same), timedelta()),
            sent=_numbers((each.arguments for each in same), quotes),
            answered=_numbers((each.answer for each in same), quotes),
            stray=_numbers(("\n".join(each.stray) for each in same), quotes),
        )
        for same in groups.values()
    ]


def _numbers(values: Iterable[JsonValue], quotes: Quotes) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for value in values if (number := quotes.number(value))))


def told_alike(
    looks: Iterable[GuestAsked | ScenarioAsked], words: Words
) -> Sequence[tuple[str, Sequence[GuestAsked | ScenarioAsked]]]:
    """What hosts were understood to answer, each different statement once."""
    told: dict[str, list[GuestAsked | ScenarioAsked]] = {}
    for look in looks:
        told.setdefault(_understood(look, words), []).append(look)
    return tuple(told.items())


def _understood(look: GuestAsked | ScenarioAsked, words: Words) -> str:
    if isinstance(look, GuestAsked):
        state = words.known("state", look.state) if look.registered else words("state.absent")
        heartbeat = f"{words('aspect.heartbeat')} {words.known('heartbeat', look.heartbeat)}"
        fields = [f"{look.host} {look.guest}: {state}", *([heartbeat, *look.networks] if look.registered else [])]
    else:
        state = words.known("state", look.state) if look.found else words("state.not_there")
        direction = [words.known("direction", look.direction)] if look.found else []
        fields = [f"{look.host} {look.name}: {state}", *direction]
    return words("report.between_fields").join(fields)
