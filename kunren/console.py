"""The console that progress and tables are drawn on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from kunren.terminal import output
from lab.model.text import visible


class Terminal(Console):
    """A console that names, in any text it is given, what would control the terminal; its own styling stays."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


def terminal() -> Terminal:
    return Terminal(file=cast("TextIO", output(sys.stdout).for_styled), emoji=False)
