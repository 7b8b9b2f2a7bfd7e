"""Values of the record as JSON has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any

from journal.entries import Instant

AS_IT_IS: Mapping[type, Callable[[Any], Any]] = MappingProxyType({})


def plain(value: Any, otherwise: Mapping[type, Callable[[Any], Any]] = AS_IT_IS) -> Any:
    """Lengths of time become seconds, moments ISO 8601; everything else keeps its shape and its names.

    `otherwise` says how objects of a type are told that are not told field by field.
    """
    match value:
        case _ if type(value) in otherwise:
            return otherwise[type(value)](value)
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
            return {field.name: plain(getattr(value, field.name), otherwise) for field in dataclasses.fields(value)}
        case _:
            return value


def instant(moment: Instant | None) -> dict[str, str] | None:
    return None if moment is None else {"lab": plain(moment.lab), "wall": plain(moment.wall)}
