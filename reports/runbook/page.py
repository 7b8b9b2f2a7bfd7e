"""The runbook as one HTML file that needs nothing else, made for A4 pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import version

from markupsafe import Markup, escape

from lab.model.text import one_line
from reports.page.html import css_text, environment_of
from reports.runbook.book import Book
from reports.runbook.markdown import GENERATOR
from words import Words

LABEL = re.compile(r"\[[^\[\]]+\]|［[^［］]+］")


def html(book: Book, words: Words) -> Iterator[str]:
    environment = environment_of(words)
    sheet = resources.files("reports").joinpath("templates", "runbook.css").read_text(encoding="utf-8")
    style = Markup(sheet + "".join(_margins(book, words)))  # noqa: S704 (Kunren's own; texts are spelt for it)
    environment.filters |= {"labels": _labels, "whole_words": _whole_words}
    anchors = {each.id: f"procedure-{number}" for number, each in enumerate(book.procedures, start=1)}
    environment.globals |= {"w": words, "style": style, "anchors": anchors}
    environment.globals |= {"generator": GENERATOR, "renderer": version("kunren")}
    yield from environment.get_template("runbook.html.jinja").generate(book=book)


def _margins(book: Book, words: Words) -> Iterator[str]:
    """What stands above and below each page: which procedure it is of, and which revision."""
    foot = words("runbook.foot", id=book.id or book.title, revision=book.revision or "–")
    simulated = css_text(words("report.simulated")) if book.simulated else '""'
    pages = 'counter(page) " / " counter(pages)'
    yield f"@page {{ @bottom-left {{ content: {css_text(foot)}; }} @bottom-center {{ content: {simulated}; }} "
    yield f"@bottom-right {{ content: {pages}; }} }}\n"
    for number, procedure in enumerate(book.procedures, start=1):
        head = words("runbook.heading", id=procedure.id, title=procedure.title)
        yield f"@page procedure-{number} {{ @top-right {{ content: {css_text(head)}; }} }}\n"
        yield f"#procedure-{number} {{ page: procedure-{number}; }}\n"


def _whole_words(text: str) -> Markup:
    """Names of hosts are not broken at their hyphens."""
    words = (f"<span>{escape(word)}</span>" for word in one_line(text).split(" "))
    return Markup(" ".join(words))  # noqa: S704 (escaped before)


def _labels(text: str) -> Markup:
    """With the products' labels set off."""
    told = str(escape(one_line(text)))
    return Markup(LABEL.sub(lambda found: f"<b>{found.group()}</b>", told))  # noqa: S704 (escaped before)
