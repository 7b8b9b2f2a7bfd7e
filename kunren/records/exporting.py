"""`kunren report --to junit`, `cucumber`, `allure` and others: a record for other programs, and for spreadsheets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from journal.annotations import Annotations
from journal.files import read_file, write_bytes, write_file
from journal.record import DrillRecord
from kunren.exits import Exit, Stop
from reports import Written, judge
from reports.exports import allure, cucumber_json, junit, messages, metrics, steps, tables
from reports.owning import RECORD
from reports.page.summary import summary
from words import LANGUAGES, Language, Words, sentence, words_of

SUMMARY = "GITHUB_STEP_SUMMARY"
MOST_BYTES = 1_024_000
"""Of the summary of a step, as GitHub takes it."""


def write_junit(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, _added: Annotations
) -> Written:
    """Raises Stop where another's file has the name, or the whole is too large however much is cut."""
    text = junit.junit(record, folder, words_of(language or record.language))
    if len(text.encode()) > junit.MOST_BYTES:
        raise Stop(Exit.USAGE, sentence("exports.too_large", most=junit.MOST_BYTES // 1_000_000))
    return Written(folder / RECORD, _write(into / "junit.xml", text, [junit.HEAD]), judge.verdict(record))


def write_tables(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, _added: Annotations
) -> Written:
    """Steps, probes and events, or none of them: raises Stop where another's file has one of the names."""
    words = words_of(language or record.language)
    written: Mapping[str, tuple[Iterable[str], Callable[[Words], str]]] = {
        "steps": (steps.stream(record, words), steps.header),
        "probes": (tables.probes(record, words), partial(tables.header, tables.PROBES)),
        "events": (tables.events(record, words), partial(tables.header, tables.EVENTS)),
    }
    for name, (_, header) in written.items():
        _require_own(into / f"{name}.csv", [header(words_of(each)) for each in LANGUAGES])
    for name, (lines, _) in written.items():
        write_file(into / f"{name}.csv", lines)
    return Written(folder / RECORD, into / "steps.csv", judge.verdict(record))


def write_metrics(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, added: Annotations
) -> Written:
    """Of this record's drills, beside what the file tells of others. Raises Stop where another's file has the name."""
    path = into / "kunren.prom"
    _require_own(path, [metrics.head(words_of(each)) for each in LANGUAGES])
    kept = read_file(path).decode(errors="replace") if path.exists() else ""
    try:
        text = metrics.text(record, added, words_of(language or record.language), kept)
    except metrics.NotMetrics as error:
        raise Stop(Exit.USAGE, sentence("exports.not_metrics", file=path)) from error
    write_file(path, text)
    return Written(folder / RECORD, path, judge.verdict(record))


def write_messages(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, _added: Annotations
) -> Written:
    """Raises Stop where another's file has the name."""
    text = "".join(messages.stream(record, folder, words_of(language or record.language)))
    return Written(folder / RECORD, _write(into / "cucumber.ndjson", text, [messages.HEAD]), judge.verdict(record))


def write_cucumber_json(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, _added: Annotations
) -> Written:
    """Raises Stop where another's file has the name."""
    text = cucumber_json.cucumber_json(record, folder, words_of(language or record.language))
    return Written(folder / RECORD, _write(into / "cucumber.json", text, [cucumber_json.HEAD]), judge.verdict(record))


def write_allure(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, _added: Annotations
) -> Written:
    """Beside the results of other runs. Raises Stop where another's file tells of the environment."""
    results = into / allure.FOLDER
    _require_own(results / allure.ENVIRONMENT, [allure.HEAD])
    results.mkdir(exist_ok=True)
    for name, content in allure.files(record, folder, words_of(language or record.language)):
        write_bytes(results / name, content)
    return Written(folder / RECORD, results, judge.verdict(record))


def append_summary(
    record: DrillRecord, folder: Path, _into: Path, language: Language | None, annotations: Annotations
) -> Written:
    """To what the step has told before, as GitHub has it. Raises Stop where there is no room for all of it."""
    name = os.environ.get(SUMMARY)
    if not name:
        raise Stop(Exit.USAGE, sentence("exports.no_summary"))
    path = Path(name)
    content = b"\n" + summary(record, words_of(language or record.language), annotations).encode()
    if (path.stat().st_size if path.exists() else 0) + len(content) > MOST_BYTES:
        raise Stop(Exit.USAGE, sentence("exports.summary_full", file=path))
    with path.open("ab") as file:
        file.write(content)
    return Written(folder / RECORD, path, judge.verdict(record))


def _write(path: Path, text: str, heads: Iterable[str]) -> Path:
    """In one piece, so that a reader meets the old file or the new one."""
    _require_own(path, heads)
    write_bytes(path, text.encode())
    return path


def _require_own(path: Path, heads: Iterable[str]) -> None:
    if os.path.lexists(path) and not read_file(path).startswith(tuple(head.encode() for head in heads)):
        raise Stop(Exit.USAGE, sentence("exports.not_own", file=path))
