"""A task or a question as it is written to a terminal: what, where, by which clicks, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from words import Words

Page = Mapping[str, Any]
"""What `board.requests.shown` tells of a request."""
INDENT = 2


def headline(page: Page, number: int, who: str, limit: str, words: Words) -> RenderableType:
    kind = words(f"board.{page['kind']}")
    facts = {"who": who, "host": page["host"], "window": page["window"], "subject": page["subject"]}
    told = [(words(f"board.{name}"), value) for name, value in facts.items() if value]
    told.append((words("asking.time"), limit))
    return Group(
        Rule(style="dim"),
        Text.assemble((f"{kind} {number}", "bold reverse"), "  ", (page["title"], "bold")),
        _in(_columns(told)),
    )


def guidance(page: Page, words: Words) -> Iterator[RenderableType]:
    """How it is done, with the notes of the guide."""
    if page.get("awaited"):
        yield _in(Text(words("board.awaited", what=page["awaited"]), style="bold yellow"))
    if page["clicks"]:
        yield from _part(words("board.do"), _columns(_numbered(page["clicks"])))
        if any(click["unverified"] for click in page["clicks"]):
            yield _in(Text(f"* {words('board.unverified')}", style="dim"), 2)
    if page.get("values"):
        entered = [(each["label"], each["value"]) for each in page["values"]]
        yield from _part(words("board.enter_values"), _columns(entered))
    if page["differs"]:
        yield from _part(words("board.differs"), Text(page["differs"]))
    yield from _listed(words("board.expect"), page["expects"])
    yield from _listed(words("board.avoid"), page["avoid"], style="red")
    if page["stop"]:
        yield from _listed(words("board.stop_when"), page["stop"])
        yield _in(Text(page["call"], style="bold"), 2)


def remedies(page: Page) -> Iterator[RenderableType]:
    for each in page["remedies"]:
        yield _in(Text(each["seen"], style="bold"))
        yield _in(Text(f"{each['do']} {each['source']}"), 2)


def options(told: Sequence[str]) -> RenderableType:
    """What can be chosen, by its number."""
    return _in(_columns([(str(number), each) for number, each in enumerate(told, 1)], head="bold"))


def rows_told(page: Page, rows: Iterable[Mapping[str, Any]], words: Words) -> Iterator[RenderableType]:
    """Lines of an answer, or of a window, in the words of the question."""
    for number, row in enumerate(rows, 1):
        told = [(each["label"], _value(each, row.get(each["name"], ""), words)) for each in page["fields"]]
        head = [Text(words("board.row", n=number), style="dim")] if page["several"] else []
        yield _in(Group(*head, _columns(told)))


def _value(field: Page, value: Any, words: Words) -> str:
    if field["kind"] == "flag":
        return {"true": words("board.yes"), "false": words("board.no")}.get(value, "")
    if not isinstance(value, str):
        return ", ".join(map(str, value))
    return next((each["label"] for each in field["choices"] if each["word"] == value), value) or "–"


def _numbered(clicks: Sequence[Page]) -> Iterator[tuple[str, str]]:
    for number, click in enumerate(clicks, 1):
        text = click["text"]
        for label in dict.fromkeys(click["unverified"]):
            for begin, end in (("[", "]"), ("［", "］")):
                text = text.replace(f"{begin}{label}{end}", f"{begin}{label}{end}*")
        yield str(number), text


def _listed(title: str, texts: Sequence[str], style: str = "") -> Iterator[RenderableType]:
    if texts:
        yield from _part(title, _columns([("-", each) for each in texts], body=style))


def _part(title: str, content: RenderableType) -> Iterator[RenderableType]:
    yield _in(Text(title, style="bold cyan"))
    yield _in(content, 2)


def _columns(told: Iterable[tuple[str, str]], *, head: str = "dim", body: str = "") -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in told:
        table.add_row(Text(name, style=head), Text(value, style=body))
    return table


def _in(content: RenderableType, steps: int = 1) -> RenderableType:
    return Padding(content, (0, 0, 0, INDENT * steps), expand=False)
