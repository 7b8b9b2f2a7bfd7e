"""Values of the record as JSON has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from journal.entry import Instant
from words import Quoted, Text

Otherwise: TypeAlias = Mapping[type, Callable[[Any], Any]]
"""How objects of a class are told that are not told field by field."""

AS_IT_IS: Otherwise = MappingProxyType({})


def plain(value: Any, otherwise: Otherwise = AS_IT_IS) -> Any:
    """Lengths of time become seconds, moments ISO 8601; everything else keeps its shape and its names."""
    for kind, told in otherwise.items():
        if isinstance(value, kind):
            return told(value)
    match value:
        case Text():
            return {"en": value.en, "ja": value.ja}
        case Quoted():
            return value.text
        case Instant():
            return instant(value)
        case Enum():
            return value.value
        case timedelta():
            return value.total_seconds()
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case float():
            return round(value, 6)
        case Mapping():
            return {key: plain(inner, otherwise) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner, otherwise) for inner in value]
        case _ if dataclasses.is_dataclass(value):
            return fields_of(value, otherwise=otherwise)
        case _:
            return value


def fields_of(value: Any, *names: str, otherwise: Otherwise = AS_IT_IS) -> dict[str, Any]:
    """These fields of a dataclass, or all."""
    chosen = names or tuple(field.name for field in dataclasses.fields(value))
    return {name: plain(getattr(value, name), otherwise) for name in chosen}


def instant(moment: Instant | None) -> dict[str, str] | None:
    return None if moment is None else {"lab": plain(moment.lab), "wall": plain(moment.wall)}
