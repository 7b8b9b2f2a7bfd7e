"""What a page sends: read with every field checked, since any program may send it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lab.model.replication import event_time
from lab.model.tasks import (
    LONGEST_TEXT,
    Answer,
    Field,
    FieldKind,
    Person,
    Question,
    QuestionAnswer,
    Request,
    Rows,
    Task,
    TaskAnswer,
    TaskOutcome,
    Value,
)
from words import Explained, sentence

MOST_ROWS = 200
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class NotUsable(Explained):
    """What was sent cannot be used; the sentence says what is lacking."""


def text_of(sent: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    text = sent.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise NotUsable(sentence("board.refused.text", most=LONGEST_TEXT))
    text = text.strip()
    if needed and not text:
        raise NotUsable(sentence("board.refused.empty"))
    return text


def answer_of(sent: Mapping[str, Any], request: Request, by: Person, now: datetime) -> Answer:
    at = moment_of(text_of(sent, "at"), now)
    if isinstance(request, Task):
        return _of_task(sent, request, by, at)
    if sent.get("known") is False:
        return QuestionAnswer(rows=(), by=by, at=at, text=text_of(sent, "text"), known=False)
    return QuestionAnswer(rows=_rows(sent.get("rows"), request), by=by, at=at, text=text_of(sent, "text"))


def moment_of(clock: str, now: datetime) -> datetime:
    """A time of day of the last 24 hours; now where it is empty."""
    if not clock:
        return now
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise NotUsable(sentence("board.refused.time"))
    hour, minute, second = (int(each or 0) for each in found.groups())
    at = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return at if at <= now else at - timedelta(days=1)


def picture_of(sent: Mapping[str, Any]) -> tuple[bytes, str]:
    """The picture of a note and its media type; empty without one."""
    coded = sent.get("picture") or ""
    try:
        content = base64.b64decode(coded, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise NotUsable(sentence("board.refused.picture")) from error
    if not content:
        return b"", ""
    media_type = next((kind for begin, kind in _PICTURES.items() if content.startswith(begin)), None)
    if media_type is None:
        raise NotUsable(sentence("board.refused.picture"))
    return content, media_type


def _of_task(sent: Mapping[str, Any], task: Task, by: Person, at: datetime) -> TaskAnswer:
    try:
        outcome = TaskOutcome(sent.get("outcome"))
    except ValueError as error:
        raise NotUsable(sentence("board.refused.answer")) from error
    if outcome is TaskOutcome.DONE and task.strikes and sent.get("confirmed") is not True:
        raise NotUsable(sentence("board.refused.unconfirmed"))
    reason = text_of(sent, "reason", needed=outcome is TaskOutcome.NOT_POSSIBLE)
    return TaskAnswer(outcome=outcome, by=by, at=at, reason=reason)


def _rows(sent: Any, question: Question) -> tuple[Mapping[str, Value], ...]:
    if not isinstance(sent, list) or len(sent) > MOST_ROWS or not all(isinstance(each, dict) for each in sent):
        raise NotUsable(sentence("board.refused.answer"))
    if (question.rows is Rows.ONE and len(sent) != 1) or (question.rows is Rows.ONE_OR_NONE and len(sent) > 1):
        raise NotUsable(sentence("board.refused.rows"))
    return tuple({field.name: filled(field, row.get(field.name)) for field in question.fields} for row in sent)


def filled(field: Field, sent: Any) -> Value:
    """One field of an answer. Raises NotUsable."""
    if field.kind is FieldKind.LINES:
        lines = sent if isinstance(sent, list) else str(sent or "").splitlines()
        value: Value = tuple(each.strip() for each in map(str, lines) if each.strip())
    else:
        value = str(sent or "").strip()
    label = sentence(f"operator.field.{field.name}")
    if not value and not field.optional:
        raise NotUsable(sentence("board.refused.lacking", field=label))
    if field.kind is FieldKind.TIME and value and event_time(str(value)) is None:
        raise NotUsable(sentence("board.refused.event_time", field=label))
    if len(str(value)) > LONGEST_TEXT or (value and not _fits(field, value)):
        raise NotUsable(sentence("board.refused.unfit", field=label))
    return value


def _fits(field: Field, value: Value) -> bool:
    match field.kind:
        case FieldKind.CHOICE:
            return value in {each.word for each in field.choices}
        case FieldKind.FLAG:
            return value in {"true", "false"}
        case FieldKind.NUMBER:
            return re.fullmatch(r"\d{1,18}", str(value), re.ASCII) is not None
        case FieldKind.TIME | FieldKind.TEXT | FieldKind.LINES:
            return True
