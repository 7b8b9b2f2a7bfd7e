"""Jinja's templates, compiled once: their code is kept as Python keeps that of modules, and where."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined
from jinja2.bccache import Bucket


def environment(loader: BaseLoader, **options: Any) -> Environment:
    """Of files that do not change while the process runs; what is not defined in them is an error."""
    chosen = {"autoescape": True, "undefined": StrictUndefined, **options}
    said = {name: value if isinstance(value, bool | str) else bool(value) for name, value in sorted(chosen.items())}
    return Environment(loader=loader, auto_reload=False, bytecode_cache=_Compiled(str(said)), **chosen)  # noqa: S701


class _Compiled(BytecodeCache):
    """Code of other templates, of another Python, or made with other `options` is made anew."""

    def __init__(self, options: str) -> None:
        self._options = options

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 (the base class's)
        return cache_from_source(f"{filename}.py") if filename else ""

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self._options + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, UnpicklingError), Path(bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode or not bucket.key:
            return
        path = Path(bucket.key)
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        with suppress(OSError):  # it may be that nothing can be written there; then each process compiles
            path.parent.mkdir(exist_ok=True)
            try:
                part.write_bytes(bucket.bytecode_to_string())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
