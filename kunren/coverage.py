"""`kunren coverage`: every point of the guide, the chapters that show it, and how they last ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from kunren.drills import choose
from kunren.exits import Exit, Stop
from lab.guide import guide
from lab.model.record import DrillRecord, Outcome
from reports import RecordUnreadable
from reports.coverage import Line, Showing, chapters_of, matrix
from reports.load import JOURNAL, load_record
from steps.reading import PlannedDrill
from steps.vocabulary import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "passed": "passed",
        "failed": "FAILED",
        "unknown": "UNKNOWN",
        "skipped": "left out",
        "not run": "no record",
        "manual": "manual",
        "untested": "UNTESTED",
        "sum": "{all} points: {shown} shown by chapters, {untested} untested, {manual} for a person",
    },
    "ja": {
        "passed": "合格",
        "failed": "不合格",
        "unknown": "判定不能",
        "skipped": "省略",
        "not run": "記録なし",
        "manual": "担当者",
        "untested": "未対応",
        "sum": "全 {all} 項目: 章で確認 {shown}、未対応 {untested}、担当者が確認 {manual}",
    },
}


ENDED = (Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN)


def coverage_of(language: Language, records: Sequence[DrillRecord] = ()) -> tuple[Line, ...]:
    """Chapters in that language; only those count whose twins show the same points."""
    drills = {each: choose((), each, None) for each in get_args(Language)}
    twins = {
        (drill.name, number): set(chapter.guide)
        for each, found in drills.items()
        if each != language
        for drill in found
        for number, chapter in enumerate(drill.chapters, 1)
    }
    last = last_outcomes(records, {drill.sha256 for found in drills.values() for drill in found})
    return matrix(_showings(drills[language], twins, last))


def _showings(
    drills: Iterable[PlannedDrill],
    twins: Mapping[tuple[str, int], set[str]],
    last: Mapping[tuple[str, int], Outcome],
) -> Iterator[Showing]:
    for drill in drills:
        for number, chapter in enumerate(drill.chapters, 1):
            place = (drill.name, number)
            yield Showing(
                drill=drill.name,
                number=number,
                chapter=chapter.name,
                guide=tuple(point for point in chapter.guide if point in twins.get(place, ())),
                outcome=last.get(place),
            )


def last_outcomes(records: Iterable[DrillRecord], texts: set[str]) -> dict[tuple[str, int], Outcome]:
    """How each chapter ended when it was last run; drills of another text than `texts` say nothing of these."""
    last: dict[tuple[str, int], Outcome] = {}
    for record in sorted(records, key=lambda record: record.began.wall):
        present = {drill.id for drill in record.drills if drill.sha256 in texts}
        for showing in chapters_of(record):
            if showing.drill in present and showing.outcome in ENDED:
                last[showing.drill, showing.number] = showing.outcome
    return last


def read_records(named: Sequence[Path]) -> list[DrillRecord]:
    """The named records; without any, those below records/."""
    folders = named or [path.parent for path in sorted(Path("records").glob(f"*/{JOURNAL}"))]
    try:
        return [load_record(folder) for folder in folders]
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, str(error)) from error


def coverage_sheet(lines: Sequence[Line], language: Language) -> Iterator[str]:
    """The matrix as lines of text, section by section, and its sum."""
    words, known = WORDS[language], guide()
    section = ""
    for line in lines:
        if line.point.section != section:
            section = line.point.section
            yield f"{section}  {known.sections[section].in_(language)}"
        yield f"  {line.point.id}\t{words[line.standing]}\t{line.point.text.in_(language)}"
        for showing in line.chapters:
            outcome = words[(showing.outcome or Outcome.NOT_RUN).value]
            yield f"      {showing.drill} › {showing.number}. {showing.chapter}  ({outcome})"
    yield words["sum"].format_map(_sums(lines))


def _sums(lines: Sequence[Line]) -> Mapping[str, int]:
    standings = Counter(line.standing for line in lines)
    return {
        "all": len(lines),
        "shown": sum(bool(line.chapters) for line in lines),
        "untested": standings["untested"],
        "manual": standings["manual"],
    }
