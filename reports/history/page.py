"""The history as one HTML file that needs nothing else, in the report's style."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.metadata import version

from markupsafe import Markup

from reports.history.picture import Picture, lay_out
from reports.history.sheet import Sheet, SiteSheet
from reports.page.html import css_text, environment_of, style
from words import Words

GENERATOR = "Kunren history"
"""What a page says that it was made by: one without it is not overwritten."""


def stream(sheet: Sheet, words: Words) -> Iterator[str]:
    environment = environment_of(words)
    environment.globals |= {"w": words, "style": Markup(_style(sheet)), "generator": GENERATOR}  # noqa: S704 (Kunren's own)
    shown = {
        "sheet": sheet,
        "sites": [(number, site, _pictures(site, sheet, words)) for number, site in enumerate(sheet.sites, 1)],
        "renderer": version("kunren"),
    }
    yield from environment.get_template("history.html.jinja").generate(**shown)


def _style(sheet: Sheet) -> str:
    own = resources.files("reports").joinpath("templates", "history.css").read_text(encoding="utf-8")
    return f"{style()}{own}@page {{ @top-left {{ content: {css_text(sheet.heading)}; }} }}\n"


def _pictures(site: SiteSheet, sheet: Sheet, words: Words) -> list[tuple[str, list[Picture]]]:
    """By drill."""
    found: dict[str, list[Picture]] = {}
    for each in site.series:
        title = f"{each.title.in_(words.language)} ({each.drill})"
        found.setdefault(title, []).append(lay_out(each, sheet, words))
    return list(found.items())
