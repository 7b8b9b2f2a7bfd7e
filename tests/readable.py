"""What golden files hold so that a person can read their differences: the text a page shows, and JSON in few lines."""

import json
from html.parser import HTMLParser
from typing import Any

WIDTH = 600
"""An entry of a journal, a series of probes or a step that was compared fits in."""

VOID = frozenset({"br", "img", "input", "link", "meta"})
UNSEEN = frozenset({"defs", "script", "style"})
INLINE = frozenset(
    {"a", "b", "code", "dd", "dt", "pre", "q", "small", "span", "strong", "svg", "text", "time", "title"}
)
ONE_LINE = frozenset({"g", "tr"})
"""With all that stands in them; and so is an item of a folded part."""

BEGINS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "li": "- ", "summary": "▸ ", "q": "“"} | dict.fromkeys(
    ("b", "dd", "pre", "small", "span"), " "
)
ENDS = {"dt": ": ", "q": "”", "time": " "} | dict.fromkeys(("td", "text", "th", "title"), " | ")


def visible_text(html: str, without: tuple[str, ...] = ()) -> str:
    """A line for each block, item, row of a table, and mark of a drawing with what it says when it is pointed at.

    An image is its alternative text. Elements given as `tag.class` in `without` are left out.
    """
    page = _Page(without)
    page.feed(html)
    page.close()
    return "\n".join([*page.lines, ""])


def json_lines(value: Any, indent: int = 0) -> str:
    """JSON in which an object or a list stands on one line wherever it fits."""
    flat = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or indent + len(flat) <= WIDTH:
        return flat
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {json_lines(each, indent + 1)}" for name, each in value.items()]
    else:
        parts = [json_lines(each, indent + 1) for each in value]
    inner = "\n" + " " * (indent + 1)
    return f"{flat[0]}{inner}{f',{inner}'.join(parts)}\n{' ' * indent}{flat[-1]}"


class _Page(HTMLParser):
    def __init__(self, without: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.without = without
        self.lines: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in VOID:
            self.handle_data({"br": " / ", "img": f"[{values.get('alt')}]"}.get(tag, ""))
            return
        if self.is_block(tag) or values.get("class") == "name":
            self.end_line()
        self.open.append((tag, tag in UNSEEN or f"{tag}.{values.get('class')}" in self.without))
        self.handle_data(BEGINS.get(tag, "" if tag in INLINE else " "))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A shape of a drawing says nothing."""

    def handle_endtag(self, tag: str) -> None:
        self.handle_data(ENDS.get(tag, ""))
        assert self.open.pop()[0] == tag
        if self.is_block(tag):
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not any(unseen for _, unseen in self.open):
            self.line += data.replace("\n", " / ") if self.open and self.open[-1][0] == "title" else data

    def is_block(self, tag: str) -> bool:
        around = [name for name, _ in self.open]
        folded = around[around.index("details") :] if "details" in around else []
        return tag not in INLINE and not ONE_LINE & {*around} and "li" not in folded

    def end_line(self) -> None:
        line = " ".join(self.line.split()).strip(" |")
        if line in {"", "-"}:
            return
        if any(tag == "svg" for tag, _ in self.open) and line.startswith(self.lines[-1]):
            self.lines.pop()
        self.lines.append(line)
        self.line = ""


def told(value: Any, language: str) -> Any:
    """A value of a journal with what stands in both languages told in one."""
    match value:
        case {"en": str(), "ja": str()}:
            return value[language]
        case dict():
            return {key: told(inner, language) for key, inner in value.items()}
        case list():
            return [told(inner, language) for inner in value]
        case _:
            return value
