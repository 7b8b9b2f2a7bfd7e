"""`kunren plan`: the exercise plan, which says what no machine knows of a drill, is written and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journal.exercise import ExercisePlan
from journal.files import read_file
from kunren.exits import Exit, Stop
from kunren.running.drills import choose
from kunren.sites.site_writer import quoted, write_new
from kunren.terminal import tell
from lab.errors import SiteError
from lab.site.exercise_terms import Approval, ExerciseTerms, Objective, Participant, read_exercise
from lab.site.file import Site
from lab.site.schemas import schemas
from lab.site.toml_table import Table
from words import Language, Told, Words, reason, sentence, words_of

SCHEMA = "exercise-plan.schema.json"
TABLES: Mapping[str, type[Table]] = {"objectives": Objective, "participants": Participant, "approvals": Approval}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "run": ("site", "drills"),
    "title": ("title", "type", "form"),
    "reason": ("reason", "change", "retests"),
    "place": ("place", "window_begin", "window_end"),
    "scope": ("scope", "excluded"),
    "scenario": ("scenario", "assumptions", "risk"),
    "targets": ("rto_origin", "rpo_origin"),
    "procedure": ("procedure", "procedure_revision", "procedure_changes"),
    "backups": ("backups_confirmed_by",),
    "stop": ("stop_criteria", "escalation"),
    "handling": ("classification", "distribution", "retention_years", "storage"),
}
"""The keys of the file in its order, each group under one comment."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise plan and the file that it was read from."""

    file: Path
    content: bytes
    plan: ExercisePlan


def read_plan(file: Path) -> Exercise:
    """Raises Stop with one sentence for each mistake. Tables that are left empty count for nothing."""
    try:
        terms = read_exercise(file)
        content = read_file(file.resolve())
    except SiteError as error:
        raise Stop(Exit.USAGE, *error.sentences) from error
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("exercise.unreadable", file=file, reason=reason(error))) from error
    values = terms.model_dump(mode="json")
    for name in TABLES:
        values[name] = [each for each in values[name] if any(each.values())]
    return Exercise(file, content, ExercisePlan.from_json(values))


def checked(exercise: Exercise) -> Iterator[Told]:
    """A sentence for each key that was left empty, and how many are filled in."""
    missing = exercise.plan.missing
    for key in missing:
        yield sentence("exercise.missing", file=exercise.file, key=key, what=what_of(key))
    told = "exercise.sum_missing" if missing else "exercise.sum_whole"
    yield sentence(told, file=exercise.file, n=len(missing))


def what_of(key: str) -> Told:
    """What is to be written for a key such as `participants[2].role`."""
    table, _, inner = key.partition(".")
    name = table.partition("[")[0]
    return sentence(f"exercise.key.{name}_{inner}" if inner else f"exercise.key.{name}")


def require_fits(exercise: Exercise, site: Site, names: Sequence[str]) -> None:
    """Raises Stop where the plan is for another site, or for other drills."""
    plan, about = exercise.plan, {"file": exercise.file}
    mistakes = []
    if plan.site and plan.site != site.name:
        mistakes.append(sentence("exercise.other_site", planned=plan.site, site=site.name, **about))
    planned = {Path(each).stem for each in plan.drills}
    if planned and planned != set(names):
        told = {"planned": tuple(sorted(planned)), "names": tuple(sorted(names))}
        mistakes.append(sentence("exercise.other_drills", **told, **about))
    if mistakes:
        raise Stop(Exit.USAGE, *mistakes)


def write_plan(file: Path, site: Site, names: Sequence[str], language: Language, *, schema: bool) -> None:
    """Writes it, and the schema beside it for editors, each only where there is none."""
    drills = [each.name for each in choose(names, language, None)] if names else []
    named = [given if given.endswith(".feature") else drill for given, drill in zip(names, drills, strict=True)]
    write_new(file, plan_text(site, named, language, schema=schema).encode())
    tell(sentence("exercise.written", file=file))
    beside = file.parent / SCHEMA
    if schema and not beside.exists():
        write_new(beside, schemas()[SCHEMA].encode())
        tell(sentence("init.written_schema", file=beside))
    tell(sentence("exercise.next", file=file))


# -- the file ----------------------------------------------------------------------------------------------------------


def plan_text(site: Site, drills: Sequence[str], language: Language, *, schema: bool) -> str:
    """An exercise plan in which all is left empty but site and drills."""
    return "\n".join(_lines(site, drills, words_of(language), schema=schema)) + "\n"


def _lines(site: Site, drills: Sequence[str], words: Words, *, schema: bool) -> Iterator[str]:
    if schema:
        yield f"#:schema {SCHEMA}"
    yield from _comment(words("exercise.file.head"))
    known: Mapping[str, Any] = {"site": site.name, "drills": drills}
    rto, rpo = (_goal(each, words) for each in (site.objectives.rto_s, site.objectives.rpo_s))
    for group, keys in GROUPS.items():
        yield ""
        yield from _comment(words(f"exercise.file.{group}", **({"rto": rto, "rpo": rpo} if group == "targets" else {})))
        for key in keys:
            yield f"{key} = {_value(known.get(key, ExerciseTerms.model_fields[key].default))}"
    for name, table in TABLES.items():
        yield ""
        yield from _comment(words(f"exercise.file.{name}"))
        yield f"[[{name}]]"
        yield from (f"{key} = {_value(field.default)}" for key, field in table.model_fields.items())


def _comment(text: str) -> Iterator[str]:
    yield from (f"# {line}" for line in text.splitlines())


def _goal(seconds: float | None, words: Words) -> str:
    return words("report.none") if seconds is None else words.given(seconds)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value) if isinstance(value, int) else f"[{', '.join(map(quoted, value))}]"
