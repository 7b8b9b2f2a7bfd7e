"""`kunren coverage`: the points of the guide, the chapters that cover them, and their last outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drills.reading import PlannedDrill
from guide import guide
from journal.course import Environment, Outcome
from journal.record import Contradiction, DrillRecord
from kunren.exits import Exit, Stop
from kunren.records.verify import unknown_key
from kunren.running.drills import choose
from reports import RecordUnreadable, judge
from reports.coverage import LastOutcome, PointCoverage, Showing, about_commands, apart, chapters_of, matrix
from reports.load import JOURNAL, load_record
from reports.owning import environment_of
from words import LANGUAGES, Language, Quoted, Words, words_of

ENDED = (Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN)
Place = tuple[str, int, bool]
"""A drill, the number of a chapter, and whether its points about commands of RHA are meant."""
APART = (Environment.REAL, Environment.SIMULATED)


@dataclass(frozen=True, slots=True)
class Found:
    """A record and the folder it was read from."""

    folder: Path
    record: DrillRecord


def coverage_of(language: Language, records: Sequence[Found] = ()) -> tuple[PointCoverage, ...]:
    """Chapters in that language; only those count whose twins show the same points."""
    drills = {each: choose((), each, None) for each in LANGUAGES}
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
    last: Mapping[Place, tuple[LastOutcome, ...]],
) -> Iterator[Showing]:
    for drill in drills:
        for number, chapter in enumerate(drill.chapters, 1):
            twin = twins.get((drill.name, number), ())
            for points in apart(chapter.guide):
                yield Showing(
                    drill=drill.name,
                    number=number,
                    chapter=Quoted(chapter.name),
                    guide=tuple(point for point in points if point in twin),
                    outcome=None,
                    ended=last.get((drill.name, number, about_commands(points)), ()),
                )


def last_outcomes(records: Iterable[Found], texts: set[str]) -> dict[Place, tuple[LastOutcome, ...]]:
    """How each chapter ended when it was last run: in each environment, and at each site of it, by itself.

    Drills of another text than `texts` say nothing of these. The order is that of the runs, by the wall's clock.
    """
    last: dict[Place, dict[tuple[Environment, str], LastOutcome]] = {}
    for found in sorted(records, key=lambda found: found.record.began.wall):
        record = found.record
        environment = environment_of(record)
        present = {drill.id for drill in record.drills if drill.sha256 in texts}
        for showing in chapters_of(record):
            if showing.drill in present and showing.outcome in ENDED:
                place = last.setdefault((showing.drill, showing.number, about_commands(showing.guide)), {})
                place[environment, record.site.name] = LastOutcome(
                    environment=environment,
                    site=record.site.name,
                    began=record.local(record.began.wall),
                    folder=str(found.folder),
                    outcome=showing.outcome,
                )
    return {place: _apart(ended.values()) for place, ended in last.items()}


def _apart(ended: Iterable[LastOutcome]) -> tuple[LastOutcome, ...]:
    """Real ones first, each environment's latest on top."""
    latest = sorted(ended, key=lambda each: each.began, reverse=True)
    return tuple(sorted(latest, key=lambda each: APART.index(each.environment)))


def read_records(named: Sequence[Path]) -> list[Found]:
    """The named records; without any, those below records/."""
    folders = named or [path.parent for path in sorted(Path("records").glob(f"*/{JOURNAL}"))]
    try:
        return [Found(folder, load_record(folder)) for folder in folders]
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error


def coverage_sheet(lines: Sequence[PointCoverage], language: Language, records: Sequence[Found] = ()) -> Iterator[str]:
    """The matrix as lines of text, section by section, a column for each environment; what is doubtful; its sums."""
    words, known = words_of(language), guide()
    section = ""
    yield words("coverage_sheet.heading")
    for line in lines:
        if line.point.section != section:
            section = line.point.section
            yield f"{section}  {known.sections[section].in_(language)}"
        standings = "\t".join(
            f"{words(f'coverage_sheet.{each.value}')}: {words(f'coverage_sheet.{line.standing_in(each)}')}"
            for each in APART
        )
        yield f"  {line.point.id}\t{standings}\t{line.point.text.in_(language)}"
        for showing in line.chapters:
            yield f"      {showing.drill} › {showing.number}. {showing.chapter.in_(language)}"
            yield from (f"          {text}" for text in _ended(showing, language))
    for found in records:
        yield from _doubts(found, words)
    yield words("coverage_sheet.passing", **_passing(lines))
    yield words("coverage_sheet.sum", **_sums(lines))


def _standing(line: PointCoverage, environment: Environment, words: Words) -> str:
    return f"{words(f'coverage_sheet.{environment.value}')}: {words(f'coverage_sheet.{line.standing_in(environment)}')}"


def _ended(showing: Showing, language: Language) -> Iterator[str]:
    words = words_of(language)
    for each in showing.ended:
        yield words(
            "coverage_sheet.ended",
            environment=words(f"coverage_sheet.{each.environment.value}"),
            outcome=words(f"coverage_sheet.{each.outcome.value}"),
            site=each.site,
            began=f"{words.moment(each.began)} {words.offset(each.began)}",
            folder=each.folder,
        )
    if not showing.ended:
        yield words("coverage_sheet.not run")


def _doubts(found: Found, words: Words) -> Iterator[str]:
    verdict, folder = judge.verdict(found.record), str(found.folder)
    if verdict.altered:
        files = ", ".join(each.file for each in verdict.altered)
        yield words("coverage_sheet.altered", folder=folder, files=files)
    if (line := found.record.journal.broken) is not None:
        yield words("coverage_sheet.chain", folder=folder, line=line)
    elif Contradiction.SEAL in verdict.contradictions:
        yield words("coverage_sheet.seal", folder=folder)
    elif found.record.disowned:
        yield words("coverage_sheet.disowned", folder=folder)
    elif verdict.contradictions:
        yield words("coverage_sheet.clocks", folder=folder)
    if key := unknown_key(found.folder):
        yield words("coverage_sheet.unknown_key", folder=folder, id=key)


def _passing(lines: Sequence[PointCoverage]) -> Mapping[str, int]:
    return {
        "all": len(lines),
        **{each.value: sum(line.standing_in(each) == Outcome.PASSED.value for line in lines) for each in APART},
    }


def _sums(lines: Sequence[PointCoverage]) -> Mapping[str, int]:
    standings = Counter(line.standing for line in lines)
    return {
        "all": len(lines),
        "shown": sum(bool(line.chapters) for line in lines),
        "untested": standings["untested"],
        "manual": standings["manual"],
    }
