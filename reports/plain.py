"""Values of the record as JSON has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from lab.model.activities import Instant


def plain(value: Any) -> Any:
    """Lengths of time become seconds, moments ISO 8601; everything else keeps its shape and its names."""
    match value:
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
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _ if dataclasses.is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return value


def instant(moment: Instant | None) -> dict[str, str] | None:
    return None if moment is None else {"lab": plain(moment.lab), "wall": plain(moment.wall)}
