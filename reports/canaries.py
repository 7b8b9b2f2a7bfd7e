"""The canaries as a strip on the axis of lab time: what became of the entry written at each moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lab.model.canaries import Fate, WrittenCanary
from reports import flags
from reports.drawing import Axis, Bar, Row
from reports.findings import USERS, Findings
from words import Words

PAD = 8.0
TALL = 16.0
TELLING = (Fate.LOST, Fate.GHOST, Fate.DUPLICATED, Fate.UNREAD)
"""Fates that are called out, however little room they take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A row, and labels below it."""

    row: Row
    flags: tuple[flags.Flag, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """Canaries one after another that had the same fate, up to the next of another."""

    fate: Fate
    canaries: Sequence[WrittenCanary]
    end: float


def lay_out(findings: Findings, axis: Axis, y: float, words: Words) -> Strip | None:
    """None where none were written."""
    if not findings.canaries:
        return None
    runs = tuple(_runs(findings.canaries, findings.probing.every[USERS]))
    row = Row(
        name=words("canaries.row"),
        y=y,
        height=TALL + 2 * PAD,
        bars=tuple(_bar(run, findings, axis, y + PAD, words) for run in runs),
    )
    called = flags.below(_callouts(runs, findings, words), axis, y + TALL + PAD + 2)
    return Strip(row=row, flags=called.flags, bottom=max(called.bottom, row.y + row.height))


def _runs(canaries: Sequence[WrittenCanary], interval: float) -> Iterator[Run]:
    groups = [(fate, list(group)) for fate, group in groupby(canaries, lambda canary: canary.fate)]
    begins = [group[0].sent for _, group in groups]
    ends = [*begins[1:], canaries[-1].sent + interval]
    for (fate, group), end in zip(groups, ends, strict=True):
        yield Run(fate, group, end)


def _bar(run: Run, findings: Findings, axis: Axis, y: float, words: Words) -> Bar:
    probing = findings.probing
    return axis.bar(
        probing.at(run.canaries[0].sent),
        probing.at(run.end),
        y=y,
        height=TALL,
        style=f"canary {run.fate.value}",
        label=str(len(run.canaries)) if run.fate not in TELLING else "",
        title=_title(run, findings, words),
    )


def _callouts(runs: Sequence[Run], findings: Findings, words: Words) -> Iterator[flags.Event]:
    for run in runs:
        if run.fate in TELLING:
            yield flags.Event(
                at=findings.probing.at((run.canaries[0].sent + run.end) / 2),
                style=run.fate.value,
                label=f"{len(run.canaries)} {words(f'fate.{run.fate.value}')}",
                title=_title(run, findings, words),
            )


def _title(run: Run, findings: Findings, words: Words) -> str:
    first, last = run.canaries[0], run.canaries[-1]
    return words(
        "canaries.title",
        n=len(run.canaries),
        fate=words(f"fate.{run.fate.value}"),
        first=first.title,
        last=last.title,
        begin=words.exact(findings.probing.at(first.sent)),
        end=words.exact(findings.probing.at(last.ended)),
    )
