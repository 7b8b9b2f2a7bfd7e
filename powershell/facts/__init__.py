"""Data of this package: the names, members and texts that real PowerShells have."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def fact(name: str) -> Any:
    return json.loads((files(__package__) / f"{name}.json").read_text("utf-8"))
