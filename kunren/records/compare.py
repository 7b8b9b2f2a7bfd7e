"""`kunren compare`: a record compared with a baseline, as tables in a terminal and plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from journal.record import DrillRecord
from kunren.exits import Exit, Stop
from kunren.records.acceptance import from_the_future
from kunren.running.shipped import feature_digests
from reports import RecordUnreadable
from reports.acceptance import Acceptance, NotComparable, Tolerance, Verdict, compare
from reports.acceptance.differences import Ruling
from reports.acceptance.lines import (
    Row,
    accepted,
    beside_verdict,
    changes,
    environment,
    figures,
    first,
    head,
    rows,
    spread,
    told,
    visible,
)
from reports.acceptance.result import Pair, Remark
from reports.acceptance.sheet import Held
from reports.load import load_record
from words import Words

MARKS: Mapping[Verdict | None, tuple[str, str]] = {
    Verdict.SAME: ("green", "="),
    Verdict.ACCEPTED: ("green", "≈"),
    Verdict.FASTER: ("green", "▼"),
    Verdict.SLOWER: ("red", "▲"),
    Verdict.DIFFERENT: ("red", "≠"),
    Verdict.UNKNOWN: ("yellow", "?"),
    None: ("dim", "·"),
}
NONE = "—"
EXITS: Mapping[Verdict, Exit] = {
    Verdict.SAME: Exit.PASSED,
    Verdict.FASTER: Exit.PASSED,
    Verdict.ACCEPTED: Exit.PASSED,
    Verdict.SLOWER: Exit.FAILED,
    Verdict.DIFFERENT: Exit.FAILED,
    Verdict.UNKNOWN: Exit.UNKNOWN,
}


def compare_folders(
    record: Path, baseline: Path, tolerance: Tolerance, passed: Sequence[DrillRecord] = ()
) -> Acceptance:
    """`passed` are the runs of the baseline where there are several, of which it is the first. Raises Stop."""
    try:
        before = passed[0] if passed else load_record(baseline)
        found = compare(load_record(record), before, tolerance, frozenset(feature_digests().values()), passed)
    except (RecordUnreadable, NotComparable) as error:
        raise Stop(Exit.USAGE, error.why) from error
    began = (run.began.wall.isoformat(timespec="minutes") if from_the_future(run) else NONE for run in _runs(found))
    told = Pair(*began)
    return replace(found, remarks={**found.remarks, Remark.FUTURE: told}) if told != Pair(NONE, NONE) else found


def _runs(found: Acceptance) -> tuple[DrillRecord, DrillRecord]:
    return found.runs.baseline, found.runs.record


def show(held: Held, words: Words, console: Console, *, only_changes: bool = False) -> None:
    """A table for each drill in a terminal, a line for each row elsewhere; the verdict comes last."""
    acceptance, ruling = held.acceptance, held.ruling
    simulated = acceptance.runs.record.simulated
    if simulated:
        sentence = words("acceptance.simulated")
        console.print(Text.assemble((f" {words('report.simulated')} ", "bold reverse"), f" {sentence}"), soft_wrap=True)
    _lines(console, *environment(acceptance, words), *head(acceptance, held.folders, words))
    for part in _changed(ruling, words) if only_changes else _whole(acceptance, words):
        if console.is_terminal:
            console.print(_table(part, words))
        else:
            _lines(console, *(_line(row, words) for row in part))
    _lines(console, *accepted(ruling, words), *_spread(held, words))
    if len(acceptance.drills) > 1:
        _lines(console, *(f"{drill.drill}: {_marked(ruling.verdict_of(drill), words)}" for drill in acceptance.drills))
    _verdict(held, words, console)


def _spread(held: Held, words: Words) -> Iterator[str]:
    for number, (part, n, middle, among, here, standing) in enumerate(spread(held.spreads, words)):
        if not number:
            yield f"· {words('acceptance.part.spread')}"
        told_of = words("acceptance.spread.line", n=n, median=middle, range=among, record=here or NONE)
        yield visible(f"  {part}: {told_of} [{standing}]")


def _verdict(held: Held, words: Words, console: Console) -> None:
    verdict = held.ruling.verdict
    colour, _ = MARKS[verdict]
    mode = words("acceptance.mode") if held.acceptance.runs.record.simulated else ""
    between = words("report.between_terms")
    where, beside = first(held.acceptance, held.ruling, words), beside_verdict(held.acceptance, words)
    if where and beside:
        _lines(console, words("acceptance.environment.reached", beside=beside))
    console.print(
        Text.assemble(
            f"{words('acceptance.verdict')}: ",
            (_marked(verdict, words), f"bold {colour}"),
            f"{mode}{f': {where}' if where else between + beside if beside else ''}",
        ),
        soft_wrap=True,
    )


def _marked(verdict: Verdict, words: Words) -> str:
    return f"{MARKS[verdict][1]} {told(verdict, words)}"


def _lines(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _changed(ruling: Ruling, words: Words) -> Iterator[list[Row]]:
    found = list(changes(ruling, words))
    none = [] if found else [Row(1, words("acceptance.no_difference"), "", "", None)]
    yield [Row(0, words("acceptance.part.differences"), "", "", None), *found, *none]


def _whole(acceptance: Acceptance, words: Words) -> Iterator[list[Row]]:
    yield from _by_drill(acceptance, words)
    yield [Row(0, words("acceptance.figures"), "", "", None), *figures(acceptance, words)]


def _by_drill(acceptance: Acceptance, words: Words) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows(acceptance, words):
        if row.depth == 0 and part:
            yield part
            part = []
        part.append(row)
    if part:
        yield part


def _table(part: list[Row], words: Words) -> Table:
    title, *rest = part
    colour, mark = MARKS[title.verdict]
    heading = title.text if title.verdict is None else f"{mark} {title.text}: {told(title.verdict, words)}"
    table = Table(title=Text(heading, f"bold {colour}"), title_justify="left", expand=True)
    for name, share in (("acceptance.step", 5), ("acceptance.baseline", 2), ("acceptance.record", 2)):
        table.add_column(Text(words(name)), ratio=share, overflow="fold")
    table.add_column(Text(words("acceptance.verdict")), overflow="fold")
    for row in rest:
        table.add_row(*_cells(row, words))
    return table


def _cells(row: Row, words: Words) -> tuple[Text, Text, Text, Text]:
    colour, mark = MARKS[row.verdict]
    style = {1: "bold", 3: "dim" if row.verdict is None else colour}.get(row.depth, "")
    indent = "  " * (row.depth - 1)
    said = "" if row.verdict is None else f"{mark} {told(row.verdict, words)}"
    return (
        Text(f"{indent}{row.text}", style),
        Text(row.baseline or (row.record and NONE), style),
        Text(row.record or (row.baseline and NONE), style),
        Text(said, "" if row.verdict is Verdict.SAME else colour),
    )


def _line(row: Row, words: Words) -> str:
    _, mark = MARKS[row.verdict]
    values = f"  {row.baseline or NONE} → {row.record or NONE}" if row.baseline or row.record else ""
    said = "" if row.verdict is None else f"  [{told(row.verdict, words)}]"
    return f"{'  ' * row.depth}{mark} {row.text}{values}{said}"
