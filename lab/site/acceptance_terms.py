"""Keys of a file of acceptances: which differences from a baseline are expected, who accepts them, why, until when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lab.site.exercise_terms import Day
from lab.site.toml_table import WHOLE, Table, Text, Texts, read_table, read_toml

What = Literal[
    "time",
    "whole",
    "outcome",
    "failure",
    "missing",
    "new",
    "events",
    "actions",
    "garoon",
    "restoration",
    "outage",
    "stretch",
    "machine",
    "lost",
    "loss",
    "duplicated",
    "rto",
    "rpo",
    "response",
    "drill changed",
]


class Accept(Table):
    """One difference that is expected."""

    difference: What = Field(description="what differs, by the name that `kunren compare --json` has for it")
    who: Text = Field(description="who accepts the difference")
    why: Text = Field(description="why the difference is acceptable")
    until: Annotated[Day, Field(min_length=1)] = Field(description="the last day on which it is accepted")
    drill: str = Field(default="", description="the name of a drill")
    step: Annotated[int, Field(ge=0, lt=100_000), WHOLE] = Field(default=0, description="the number of a step")
    texts: Texts = Field(default=(), description="texts, one of which each differing text contains")


class AcceptanceTerms(Table):
    """The file."""

    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = Field(
        default=(), description="tables of difference, who, why and until"
    )


def read_acceptances(path: Path) -> tuple[Accept, ...]:
    """Raises SiteError with one sentence for each mistake."""
    return read_table(AcceptanceTerms, path.name, read_toml(path)).accept
