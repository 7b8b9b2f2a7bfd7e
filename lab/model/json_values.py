"""Conversion of values that strict JSON holds and any reader of JSON reads back (docs/journal.md)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from lab.model.scripts import JsonValue

DEEPEST = 60
"""Levels of lists and objects; readers of JSON give up somewhere above a few hundred."""
DEEPER = f"… (nested more than {DEEPEST} levels deep)"
_BITS_OF_A_DOUBLE = 1023
_BITS_IN_DECIMAL = 2000
"""Up to here Python writes digits of an integer whatever its limit for them is set to."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def writable(value: Any, depth: int = 0) -> JsonValue:
    r"""The same value where JSON has it; what JSON has not becomes a text that shows what it was.

    Half of a surrogate pair becomes `\ud800`, a number that is none `NaN`, a whole number beyond a double its digits,
    a key that is not a text its JSON, a key that another has become ` (2)` behind it, and lists and objects more than
    `DEEPEST` levels down DEEPER. Raises TypeError for what is none of JSON's, which is a defect of Kunren's.
    """
    match value:
        case str():
            return value if type(value) is str and value.isascii() else _SURROGATE.sub(_spelt, value)
        case None | bool():
            return value
        case int():
            return int(value) if value.bit_length() <= _BITS_OF_A_DOUBLE else _digits(value)
        case float():
            return float(value) if math.isfinite(value) else _no_number(value)
        case datetime():
            return instant(value)
        case dict() | list() | tuple() | Mapping() if depth >= DEEPEST:
            return DEEPER
        case list() | tuple():
            return [writable(item, depth + 1) for item in value]
        case dict() | Mapping():
            return dict(_members(value, depth + 1))
        case _:
            raise TypeError(f"an entry of the journal holds a {type(value).__name__}, which is not JSON")


def indented(value: JsonValue, depth: int = 0) -> str:
    """What `json.dumps` makes with an indent of 1, in half the time: where there is one, its encoder is not in C.

    `depth` is that of what it becomes a part of.
    """
    parts: list[str] = []
    _put(value, "\n" + depth * " ", parts.append)
    return "".join(parts)


_ALONE = json.JSONEncoder(ensure_ascii=False).encode


def _put(value: JsonValue, end: str, put: Callable[[str], None]) -> None:
    inner = f"{end} "
    match value:
        case str():
            put(encode_basestring(value))
        case None:
            put("null")
        case dict() if value:
            before = "{"
            for key, each in value.items():
                put(f"{before}{inner}{encode_basestring(key)}: ")
                _put(each, inner, put)
                before = ","
            put(f"{end}}}")
        case list() | tuple() if value:
            before = "["
            for each in value:
                put(f"{before}{inner}")
                _put(each, inner, put)
                before = ","
            put(f"{end}]")
        case _:
            put(_ALONE(value))


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds")


def _members(value: Mapping[Any, Any], depth: int) -> Iterator[tuple[str, JsonValue]]:
    taken: set[str] = set()
    for key, inner in value.items():
        name = unused(key if type(key) is str and key.isascii() else _name(key), taken)
        taken.add(name)
        yield name, writable(inner, depth)


def unused(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it if it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


def _name(key: Any) -> str:
    match writable(key, DEEPEST):
        case str(text):
            return text
        case None:
            return "null"
        case bool(flag):
            return "true" if flag else "false"
        case other:
            return repr(other)


def _spelt(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _no_number(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _digits(value: int) -> str:
    return str(value) if value.bit_length() <= _BITS_IN_DECIMAL else hex(value)
