"""What people have added to a record after its run: findings, actions, sign-offs."""

from __future__ import annotations

from collections.abc import Sequence

from journal.annotations import (
    Action,
    ActionChanged,
    Annotation,
    Annotations,
    Feedback,
    Finding,
    PlanUpdated,
    SignedOff,
    SignsAs,
)
from words import Told, Words, sentence

NONE = Annotations((), "")
"""Of a run that has just ended, whose report its seal covers."""


def approved_by(annotations: Annotations, words: Words) -> str:
    """The approvers, each with the date; empty where nobody has."""
    signed = [each for each in annotations.sign_offs if each.signs_as is SignsAs.APPROVER]
    return words("report.between_terms").join(f"{each.by} ({each.date})" for each in signed)


def open_actions(annotations: Annotations, words: Words) -> str:
    """Empty where nothing was ever added."""
    if not annotations.entries:
        return ""
    told = [f"{each.id} {each.text} ({each.owner}, {each.due})" for each in annotations.open_actions]
    return words("report.between_terms").join(told) or words("report.none")


def lines(annotations: Annotations) -> Sequence[Told]:
    return tuple(map(told, annotations.entries))


def told(entry: Annotation) -> Told:
    """As a line for people."""
    who = sentence("annotation.who", by=entry.by, role=entry.role) if entry.role else entry.by
    about: dict[str, object] = {"n": entry.n, "who": who}
    match entry:
        case Finding():
            severity = sentence(f"annotation.severity.{entry.severity.value}")
            return sentence("annotation.finding", **about, id=entry.id, severity=severity, text=entry.text)
        case Action():
            due = {"owner": entry.owner, "due": entry.due}
            return sentence("annotation.action", **about, id=entry.id, text=entry.text, **due)
        case ActionChanged():
            status = sentence(f"annotation.status.{entry.status.value}")
            return sentence("annotation.changed", **about, id=entry.action, status=status, comment=entry.comment)
        case Feedback():
            return sentence("annotation.feedback", **about, text=entry.text)
        case PlanUpdated():
            return sentence("annotation.plan", **about, text=entry.text, document=entry.document)
        case SignedOff():
            signs = sentence(f"annotation.signs.{entry.signs_as.value}")
            return sentence("annotation.signed", **about, signs=signs, date=entry.date, comment=entry.comment)
    raise AssertionError(entry.what)
