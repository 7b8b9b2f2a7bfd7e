"""Records: planned and registered before a run, then sealed, verified, annotated, reported and compared."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Form = Literal[
    "html", "folder", "pdf", "md", "summary", "junit", "csv", "cucumber", "cucumber-json", "allure", "openmetrics"
]
"""What `kunren report --to` writes."""


@contextmanager
def uncollected() -> Iterator[None]:
    """What is read of a record stays until the end: to look again and again for what could go takes a tenth longer."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
