"""Jinja's templates: each is compiled once for all processes."""

from __future__ import annotations

from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, StrictUndefined, nodes

from words.kept import kept


def environment(loader: BaseLoader, **options: Any) -> Environment:
    """Of files that do not change while the process runs; what is not defined in them is an error."""
    return _Environment(loader, {"autoescape": True, "undefined": StrictUndefined, **options})


class _Environment(Environment):
    """Code of other templates, or made with other options, is made anew."""

    def __init__(self, loader: BaseLoader, options: dict[str, Any]) -> None:
        said = {name: value if isinstance(value, bool | str) else bool(value) for name, value in options.items()}
        self._made_with = f"{jinja2.__version__} {sorted(said.items())}"
        super().__init__(loader=loader, auto_reload=False, **options)

    def compile(self, source: str | nodes.Template, *of: Any, **more: Any) -> Any:
        name, filename = (*of, None, None)[:2]
        if not isinstance(source, str) or not filename:
            return super().compile(source, *of, **more)
        return kept(
            filename, self._made_with + source, lambda: super(_Environment, self).compile(source, name, filename)
        )
