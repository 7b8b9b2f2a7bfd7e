"""What is made of a file of Kunren's, kept where Python keeps the code of modules, and on the same terms."""

from __future__ import annotations

import marshal
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any


def kept(file: str, content: str, make: Callable[[], Any]) -> Any:
    """What `make` makes of the content, or made of the same one before: plain values, or code.

    Where nothing can be written, or `file` is none, each process makes it.
    """
    place = Path(cache_from_source(f"{file}.py")) if file else None
    made_of = source_hash(content.encode())
    if place is not None:
        with suppress(OSError, EOFError, TypeError, ValueError):
            known, value = marshal.loads(place.read_bytes())  # noqa: S302 (as Python itself reads it)
            if known == made_of:
                return value
    value = make()
    if place is not None and not sys.dont_write_bytecode:
        _keep(place, marshal.dumps((made_of, value)))
    return value


def _keep(place: Path, data: bytes) -> None:
    part = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        try:
            part.write_bytes(data)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
