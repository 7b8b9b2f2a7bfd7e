"""What a page of Garoon's holds, read from its HTML without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

LOGIN_FIELDS = frozenset({"_account", "_password"})
NO_SUCH_EVENT = "GRN_SCHD_13001"
SHOWN = 160


@dataclass(slots=True)
class Page:
    """Names of its fields and forms, where its links and forms lead, its title and its text."""

    fields: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    title: str = ""
    text: str = ""

    @property
    def asks_for_login(self) -> bool:
        return self.fields >= LOGIN_FIELDS

    def leads_to(self, page: str) -> bool:
        return any(page in target for target in self.targets)

    @property
    def sight(self) -> str:
        """One line that tells a reader what this page is."""
        kind = "the login page" if self.asks_for_login else f"a page «{self.title}»"
        shown = " ".join(self.text.split())[:SHOWN]
        return f"{kind}: {shown}" if shown else kind


def read_page(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._inside = tag
        match tag:
            case "input" | "select" | "textarea":
                self.page.fields.add(values.get("name", ""))
            case "form":
                self.page.forms.add(values.get("name", ""))
                self.page.targets.add(values.get("action", ""))
            case "a":
                self.page.targets.add(values.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.page.title += data.strip()
        elif self._inside not in {"script", "style"}:
            self.page.text += data
