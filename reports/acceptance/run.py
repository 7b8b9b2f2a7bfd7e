"""Two records, compared with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from journal.course import Outcome, Site
from journal.record import DrillRecord
from journal.seen import Call
from lab.model.scripts import JsonValue
from reports import judge
from reports.acceptance.drills import compare_drills
from reports.acceptance.result import (
    Acceptance,
    Pair,
    Remark,
    Tolerance,
    Verdict,
    together,
)
from reports.acceptance.spread import same_text
from reports.acceptance.surroundings import NOTHING, compare_surroundings
from reports.owning import environment_of
from reports.page import figures
from words import Explained, sentence


class NotComparable(Explained):
    """Nothing could be learnt by comparing these two."""


def compare(
    record: DrillRecord,
    baseline: DrillRecord,
    tolerance: Tolerance,
    twins: Collection[frozenset[str]],
    passed: Sequence[DrillRecord] = (),
) -> Acceptance:
    """Raises NotComparable. `twins` are digests of two features each, which are one drill in two languages.

    Times are compared with all runs of `passed`, the baseline and others before it; all else with the baseline.
    """
    _require_comparable(record, baseline, twins)
    before = {drill.id: drill for drill in baseline.drills}
    sites = Pair(baseline.site, record.site)
    drills = tuple(
        compare_drills(
            Pair(before[drill.id], drill),
            sites,
            Pair(baseline.language, record.language),
            tolerance,
            [each for each in same_text(before[drill.id], passed) if each is not before[drill.id]],
        )
        for drill in record.drills
        if drill.id in before
    )
    missing = tuple(name for name in before if all(name != drill.drill for drill in drills))
    added = tuple(drill.id for drill in record.drills if drill.id not in before)
    settled = not (missing or added) and _settled(record) and _settled(baseline)
    verdicts = [drill.verdict for drill in drills]
    owned = not (baseline.journal.contradictions or record.journal.contradictions)
    return Acceptance(
        runs=Pair(baseline, record),
        tolerance=tolerance,
        surroundings=compare_surroundings(baseline, record),
        remarks=dict(_remarks(baseline, record)),
        figures=Pair(figures.count(baseline), figures.count(record)),
        drills=drills,
        missing=missing,
        added=added,
        verdict=together([*verdicts, *([] if settled else [Verdict.UNKNOWN])]) if owned else Verdict.UNKNOWN,
        settled=settled and owned,
        owned=owned,
        among=max((1, *(len(same_text(before[drill.drill], passed)) for drill in drills))),
    )


def _settled(record: DrillRecord) -> bool:
    """Whether it is known how the run ended; one that was cut short is the same as nothing."""
    verdict = judge.verdict(record)
    return verdict.outcome in (Outcome.PASSED, Outcome.FAILED) and not verdict.interrupted


def _require_comparable(record: DrillRecord, baseline: DrillRecord, twins: Collection[frozenset[str]]) -> None:
    if record.journal.sha256 == baseline.journal.sha256:
        raise NotComparable(sentence("acceptance.refused.same_run"))
    environments = Pair(environment_of(baseline), environment_of(record))
    if environments.record is not environments.baseline:
        raise NotComparable(
            sentence(
                "acceptance.refused.environments",
                record=sentence(f"acceptance.refused.{environments.record.value}"),
                baseline=sentence(f"acceptance.refused.{environments.baseline.value}"),
            )
        )
    before = {drill.id: drill for drill in baseline.drills}
    common = [drill for drill in record.drills if drill.id in before]
    if not common:
        told = sentence("acceptance.refused.no_drill", record=_names(record), baseline=_names(baseline))
        raise NotComparable(told)
    if record.language == baseline.language:
        return
    for drill in common:
        if frozenset((drill.sha256, before[drill.id].sha256)) not in twins:
            raise NotComparable(
                sentence(
                    "acceptance.refused.no_twins",
                    record=sentence(f"language.{record.language}"),
                    baseline=sentence(f"language.{baseline.language}"),
                    drill=drill.id,
                )
            )


def _names(record: DrillRecord) -> object:
    return tuple(drill.id for drill in record.drills) or sentence("report.none")


def _remarks(baseline: DrillRecord, record: DrillRecord) -> Iterator[tuple[Remark, Pair[str]]]:
    verdicts = Pair(judge.verdict(baseline), judge.verdict(record))
    none = Pair("", "")
    if verdicts.baseline.outcome is not Outcome.PASSED:
        yield Remark.BASELINE_NOT_PASSED, none
    if verdicts.baseline.interrupted:
        yield Remark.BASELINE_CUT, none
    if verdicts.record.interrupted:
        yield Remark.RECORD_CUT, none
    if verdicts.baseline.partial or verdicts.record.partial:
        yield Remark.PARTIAL, none
    if verdicts.baseline.altered or verdicts.record.altered:
        yield Remark.EVIDENCE, Pair(_files(verdicts.baseline), _files(verdicts.record))
    if verdicts.baseline.contradictions or verdicts.record.contradictions:
        yield Remark.DISOWNED, Pair(_doubts(verdicts.baseline), _doubts(verdicts.record))
    if baseline.began.wall > record.began.wall:
        yield Remark.BASELINE_LATER, none
    told: dict[Remark, Pair[str]] = {
        Remark.SITES: Pair(_site(baseline.site), _site(record.site)),
        Remark.LANGUAGES: Pair(baseline.language, record.language),
        Remark.VERSIONS: Pair(baseline.tools.kunren, record.tools.kunren),
        Remark.SEEDS: Pair(*("" if each.tools.seed is None else str(each.tools.seed) for each in (baseline, record))),
    }
    yield from ((remark, pair) for remark, pair in told.items() if pair.baseline != pair.record)
    if _objectives(baseline) != _objectives(record):
        yield Remark.OBJECTIVES, none
    if scripts := _scripts_sent_otherwise(baseline, record):
        yield Remark.SCRIPTS, Pair("", ", ".join(scripts))


def _files(verdict: judge.Verdict) -> str:
    return ", ".join(f"{each.file} ({each.condition.value})" for each in verdict.altered) or NOTHING


def _doubts(verdict: judge.Verdict) -> str:
    return ", ".join(each.value for each in verdict.contradictions) or NOTHING


def _objectives(record: DrillRecord) -> tuple[JsonValue, ...]:
    """Without their digest, which is also that of the plan."""
    return tuple(record.objectives.get(name) for name in ("rto_s", "rpo_s"))


def _site(site: Site) -> str:
    return f"{site.name} ({site.master}, {site.replica}, {site.guest}, {site.scenario}, {site.garoon_url})"


def _scripts_sent_otherwise(baseline: DrillRecord, record: DrillRecord) -> tuple[str, ...]:
    """Scripts of one name that both runs sent, and that are not the same file."""
    one, other = _scripts(baseline), _scripts(record)
    return tuple(sorted(name for name in one.keys() & other.keys() if one[name] != other[name]))


def _scripts(record: DrillRecord) -> dict[str, set[str]]:
    sent: dict[str, set[str]] = {}
    for each in record.everything:
        if isinstance(each, Call):
            sent.setdefault(each.script, set()).add(each.script_sha256)
    return sent
