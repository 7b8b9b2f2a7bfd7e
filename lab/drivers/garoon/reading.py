"""Pages of Garoon, read from their HTML without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from lab.model.endpoints import GaroonEndpoint
from words import Told, sentence

LOGIN_FIELDS = frozenset({"_account", "_password"})
NO_SUCH_EVENT = "GRN_SCHD_13001"
WRONG_LOGIN = "FW00007"
TROUBLE = frozenset({"error_diagnosis", "error_code", "error_cause"})
SHOWN = 160
LONGEST_KEPT = 50_000
"""Characters of a page that is kept as it was read."""


@dataclass(slots=True)
class Page:
    """Names of its fields and forms, where its links and forms lead, its title, its error if it shows one, its text."""

    fields: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    title: str = ""
    trouble: str = ""
    text: str = ""

    @property
    def asks_for_login(self) -> bool:
        return self.fields >= LOGIN_FIELDS

    @property
    def refuses_login(self) -> bool:
        return self.asks_for_login and WRONG_LOGIN in self.text + self.trouble

    def leads_to(self, page: str) -> bool:
        return any(page in target for target in self.targets)

    @property
    def kind(self) -> Told:
        if self.asks_for_login:
            return sentence("page.login")
        return sentence("page.titled", title=_shortened(self.title)) if self.title else sentence("page.untitled")

    @property
    def sight(self) -> Told:
        """One line that tells a reader what this page is, and what it says."""
        if self.trouble:
            return sentence("page.trouble", trouble=_shortened(self.trouble), kind=self.kind)
        return sentence("page.text", kind=self.kind, text=_shortened(self.text)) if self.text.strip() else self.kind


def login_fields(endpoint: GaroonEndpoint) -> Mapping[str, str]:
    """The fields of the login page's form."""
    return {"_system": "1", "_account": endpoint.user, "_password": endpoint.password, "page": "index"}


def read_page(html: str) -> Page:
    """A page is often looked at again as it was: short ones are kept."""
    return _kept(html) if len(html) <= LONGEST_KEPT else _read(html)


@lru_cache(maxsize=16)
def _kept(html: str) -> Page:
    return _read(html)


def _read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside = ""
        self._classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._inside, self._classes = tag, set(values.get("class", "").split())
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
            self._inside, self._classes = "", set()

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.page.title += data.strip()
        elif self._inside not in {"script", "style"}:
            self.page.text += data
            if self._classes & TROUBLE:
                self.page.trouble += f"{data} "
