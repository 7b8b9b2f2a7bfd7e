"""What an auditor asks of a drill, 33 fields: what the record has for each, or that it is missing.

The list is made of what NIST SP 800-84, ISO 22301, SOC 2 (A1.3), J-SOX and FFIEC ask for, and of what makes a record
checkable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from journal.annotations import Annotations, Feedback, PlanUpdated, SignsAs
from journal.course import Outcome
from journal.entries import Activity
from journal.exercise import Approval, ExercisePlan, Objective, Participant
from journal.record import DrillRecord
from journal.seen import Evidence, GaroonAct, HostSeen, ProductSeen, StateSeen
from reports import judge
from reports.findings import Findings, findings_of
from reports.page import people
from reports.page.annotated import NONE, told
from reports.page.answers import attained_sentences
from reports.page.figures import count
from reports.page.moments import ran_by, span
from words import Told, Words

FIELDS = (
    *("identity", "title", "time", "reason", "scope", "scenario", "objectives", "targets", "procedure"),
    *("participants", "authorisation", "environment", "before", "steps", "unrun", "rto", "rpo", "outage", "function"),
    *("data", "return", "deviations", "findings", "result", "actions", "updates", "feedback", "evidence", "tools"),
    *("review", "distribution", "retention", "integrity"),
)
"""In the order in which they are numbered."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a field asks for; nothing is `told` where it is missing. `anchor` leads to more of it."""

    name: str
    told: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field is whole if none of its parts is missing."""

    number: int
    key: str
    parts: tuple[Part, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.parts if not each.told)

    @property
    def standing(self) -> str:
        """Whether all of it is there, a part, or nothing."""
        if not self.missing:
            return "whole"
        return "none" if len(self.missing) == len(self.parts) else "part"


def fields_of(record: DrillRecord, words: Words, annotations: Annotations = NONE) -> Sequence[Field]:
    found = _Found(record, words, annotations)
    return tuple(Field(n, key, tuple(getattr(found, f"of_{key}")())) for n, key in enumerate(FIELDS, 1))


def standings(record: DrillRecord, words: Words) -> Sequence[Mapping[str, Any]]:
    """As record.json has them; what each has stands elsewhere in it."""
    return tuple(
        {"number": each.number, "field": each.key, "standing": each.standing} for each in fields_of(record, words)
    )


def took_part(plan: ExercisePlan | None, words: Words) -> str:
    """Those whom the plan names, as they were to take part."""
    return _joined(words, (_participant(each, words) for each in plan.participants)) if plan else ""


def approved_before(plan: ExercisePlan | None, words: Words) -> str:
    """Who has approved the run before it, by its plan."""
    return _joined(words, (_approval(each, words) for each in plan.approvals if each.name)) if plan else ""


def _joined(words: Words, told: Iterator[str]) -> str:
    return words("report.between_statements").join(filter(None, told))


def _participant(person: Participant, words: Words) -> str:
    attendance = words.known("exercise.attendance", person.attendance)
    return _with(words, person.name, person.role, person.affiliation, attendance)


def _approval(approval: Approval, words: Words) -> str:
    return _with(words, approval.name, approval.role, approval.date, approval.evidence)


def _objective(objective: Objective, words: Words) -> str:
    return _with(words, objective.text, objective.criterion, objective.origin)


def _with(words: Words, first: str, *more: str) -> str:
    about = words("report.between_terms").join(filter(None, more))
    return words("field.with", first=first or "–", about=about) if about else first


class _Found:
    """What the record has, field by field: parts of the plan by their keys, others by names of their own."""

    def __init__(self, record: DrillRecord, words: Words, annotations: Annotations) -> None:
        self.record, self.words, self.annotations = record, words, annotations
        self.plan = record.plan or ExercisePlan()

    @cached_property
    def measured(self) -> Sequence[Findings]:
        return tuple(found for drill in self.record.drills if (found := findings_of(drill)))

    @cached_property
    def everything(self) -> Sequence[Activity]:
        return self.record.everything

    def planned(self, *keys: str) -> Iterator[Part]:
        for key in keys:
            value = getattr(self.plan, key)
            text = value if isinstance(value, str) else _joined(self.words, iter(map(str, value)))
            yield Part(self.words(f"exercise.key.{key}"), text)

    def part(self, name: str, text: str, anchor: str = "") -> Part:
        return Part(self.words(f"field.part.{name}"), text, anchor)

    def counted(self, name: str, n: int, anchor: str = "") -> Part:
        return self.part(name, self.words("field.counted", n=n) if n else "", anchor)

    def noted(self, name: str, entries: Sequence[Told]) -> Part:
        return self.part(name, _joined(self.words, (each.in_(self.words.language) for each in entries)), "annotations")

    def of_identity(self) -> Iterator[Part]:
        yield self.part("record", self.record.id)
        yield from self.planned("classification")

    def of_title(self) -> Iterator[Part]:
        yield from self.planned("title")
        for key, value in (("type", self.plan.type), ("form", self.plan.form)):
            yield Part(self.words(f"exercise.key.{key}"), self.words.known(f"exercise.{key}", value))

    def of_time(self) -> Iterator[Part]:
        yield self.part("span", span(self.record, self.words))
        yield from self.planned("place")

    def of_reason(self) -> Iterator[Part]:
        text = _with(self.words, self.plan.reason, self.plan.change, self.plan.retests)
        yield Part(self.words("exercise.key.reason"), text)

    def of_scope(self) -> Iterator[Part]:
        site, seen = self.record.site, self.everything
        about = {"site": site.name, "guest": site.guest, "master": site.master, "replica": site.replica}
        yield self.part("systems", self.words("particular.where_told", **about))
        yield self.counted("versions", sum(isinstance(each, HostSeen | ProductSeen) for each in seen), "environment")
        yield from self.planned("scope", "excluded")

    def of_scenario(self) -> Iterator[Part]:
        yield from self.planned("scenario", "assumptions", "risk")

    def of_objectives(self) -> Iterator[Part]:
        told = _joined(self.words, (_objective(each, self.words) for each in self.plan.objectives))
        yield Part(self.words("exercise.key.objectives"), told)
        digests = self.record.digests
        yield self.part("fixed", f"SHA-256 {digests.preregistration}" if digests and digests.preregistration else "")

    def of_targets(self) -> Iterator[Part]:
        goals = {"RTO": self.record.objectives.get("rto_s"), "RPO": self.record.objectives.get("rpo_s")}
        told = (f"{name} {self.words.given(value)}" for name, value in goals.items() if isinstance(value, int | float))
        yield self.part("targets", _joined(self.words, told))
        yield from self.planned("rto_origin", "rpo_origin")

    def of_procedure(self) -> Iterator[Part]:
        told = (f"{each.file}, SHA-256 {each.sha256}" for each in self.record.drills)
        yield self.part("features", _joined(self.words, told), "environment")
        yield from self.planned("procedure", "procedure_revision", "procedure_changes")

    def of_participants(self) -> Iterator[Part]:
        came = people.people_of(self.record).participants
        joined = (f"{each.name}" for each in came if each.name)
        text = took_part(self.record.plan, self.words) or _joined(self.words, joined)
        yield Part(self.words("exercise.key.participants"), text)

    def of_authorisation(self) -> Iterator[Part]:
        yield self.part("ran_by", ran_by(self.record, self.words))
        yield Part(self.words("exercise.key.approvals"), approved_before(self.record.plan, self.words))
        for key, value in (("window_begin", self.plan.window_begin), ("window_end", self.plan.window_end)):
            yield Part(self.words(f"exercise.key.{key}"), value.replace("T", " "))
        yield from self.planned("stop_criteria")

    def of_environment(self) -> Iterator[Part]:
        kind = "report.simulated" if self.record.simulated else "report.real"
        yield self.part("environment", self.words(kind))

    def of_before(self) -> Iterator[Part]:
        yield self.counted("states", sum(isinstance(each, StateSeen) for each in self.everything))
        yield from self.planned("backups_confirmed_by")

    def of_steps(self) -> Iterator[Part]:
        yield self.counted("steps", sum(len(each.steps) for each in self.record.drills), "drill-1")

    def of_unrun(self) -> Iterator[Part]:
        yield self.part("unrun", self.words("field.counted", n=len(judge.unrun(self.record))), "unrun")

    def attained(self, name: str) -> Iterator[Part]:
        texts = (attained_sentences(each, self.words)[name].text for each in self.measured)
        yield self.part("measured", _joined(self.words, texts), "drill-1")

    def of_rto(self) -> Iterator[Part]:
        yield from self.attained("rto")

    def of_rpo(self) -> Iterator[Part]:
        yield from self.attained("rpo")

    def of_outage(self) -> Iterator[Part]:
        outages = sum(len(each.during) for each in self.measured)
        yield self.part("outages", self.words("field.counted", n=outages) if self.measured else "", "drill-1")

    def of_function(self) -> Iterator[Part]:
        used = sum(isinstance(each, GaroonAct) for each in self.everything)
        yield self.counted("used", used)

    def of_data(self) -> Iterator[Part]:
        read = [each for each in self.measured if each.read is not None and not each.read.problem]
        yield self.counted("canaries", sum(len(each.canaries) for each in read), "drill-1")

    def of_return(self) -> Iterator[Part]:
        verdict = judge.verdict(self.record)
        known = all(each.restoration and each.restoration.restored is not None for each in self.record.drills)
        yield self.part("restored", self.words(f"restoration.{verdict.restoration.value}") if known else "")

    def of_deviations(self) -> Iterator[Part]:
        counted = count(self.record).steps
        other = sum(n for outcome, n in counted.items() if outcome is not Outcome.PASSED)
        yield self.part("deviations", self.words("field.counted", n=other), "unrun")

    def of_findings(self) -> Iterator[Part]:
        yield self.noted("findings", tuple(map(told, self.annotations.findings)))
        yield from self.planned("escalation")

    def of_result(self) -> Iterator[Part]:
        yield self.part("verdict", self.words(f"outcome.{judge.verdict(self.record).outcome.value}"))

    def of_actions(self) -> Iterator[Part]:
        yield self.noted("actions", tuple(map(told, self.annotations.actions)))

    def of_updates(self) -> Iterator[Part]:
        yield self.noted("updates", self.entries(PlanUpdated))

    def of_feedback(self) -> Iterator[Part]:
        yield self.noted("feedback", self.entries(Feedback))

    def entries(self, kind: type) -> Sequence[Told]:
        return tuple(told(each) for each in self.annotations.entries if isinstance(each, kind))

    def of_evidence(self) -> Iterator[Part]:
        yield self.counted("evidence", sum(isinstance(each, Evidence) for each in self.everything), "evidence")

    def of_tools(self) -> Iterator[Part]:
        tools = self.record.tools
        yield self.part("tools", f"Kunren {tools.kunren}, Python {tools.python}, {tools.platform}", "environment")

    def of_review(self) -> Iterator[Part]:
        for role in SignsAs:
            signed = [told(each) for each in self.annotations.sign_offs if each.signs_as is role]
            yield self.noted(role.value, signed)

    def of_distribution(self) -> Iterator[Part]:
        yield from self.planned("distribution")

    def of_retention(self) -> Iterator[Part]:
        years = self.words("field.years", n=self.plan.retention_years) if self.plan.retention_years else ""
        yield Part(self.words("exercise.key.retention_years"), years)
        yield from self.planned("storage")

    def of_integrity(self) -> Iterator[Part]:
        facts = self.record.journal
        whole = facts.chained and facts.broken is None
        yield self.part("chain", self.words("field.chain", head=facts.head) if whole else "", "journal")
