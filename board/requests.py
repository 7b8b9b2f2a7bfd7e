"""A task or a question as the page shows it: the guide's clicks, what to enter, and what can be answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from board.picture import Open
from guide import Wording
from guide.procedures import Procedure, Role, choices, fault_by_hand, procedure_for
from journal.course import Site
from journal.people import CHOSEN
from lab.model.faults import END_FAULT, Fault
from lab.model.tasks import Field, Question, Request, Rows, Task, TaskOutcome, Value
from words import Language, Term, Told, Words, sentence, words_of

FLAGS = {"True": "on", "False": "off"}
"""What a procedure's text calls a value that is either."""


def shown(of: Open, site: Site, language: Language) -> dict[str, Any]:
    """What the page needs to ask it."""
    words = words_of(language)
    asked = of.request.request
    common = {
        "serial": of.serial,
        "operation": words.known("operator.operation", asked.operation),
        "subject": asked.subject,
        "asked": words.clock(of.request.asked),
        "until": of.until.timestamp(),
        "practice": of.practice,
        "differs": "" if (differs := _differs(asked)) is None else differs.in_(language),
        **_told(_procedure(asked, site), asked, site, words),
    }
    return common | (_task(asked, of, words) if isinstance(asked, Task) else _question(asked, of, words))


def withdrawal(asked: Request) -> Told:
    """For those who might still do what is no longer awaited."""
    operation = Term("operator.operation", asked.operation)
    return sentence("board.withdrawn", operation=operation, subject=asked.subject)


def _task(task: Task, of: Open, words: Words) -> dict[str, Any]:
    entered = [
        {"label": words.known("board.value", name), "value": _value(name, value, words)} for name, value in task.values
    ]
    did = None if of.did is None else {"done": of.did.outcome is TaskOutcome.DONE, "said": of.did.reason}
    return {"kind": "task", "strikes": task.strikes, "values": entered, "did": did}


def _value(name: str, value: Value, words: Words) -> str:
    if isinstance(value, str):
        return words(f"board.{FLAGS[value]}") if value in FLAGS else words.known(CHOSEN.get(name, ""), value)
    return ", ".join(value)


def _question(question: Question, of: Open, words: Words) -> dict[str, Any]:
    return {
        "kind": "question",
        "awaited": words.value(question.awaited),
        "several": question.rows is Rows.SEVERAL,
        "maybe_none": question.rows is not Rows.ONE,
        "fields": [_field(each, words) for each in question.fields],
        "shown": [{name: list(v) if isinstance(v, tuple) else v for name, v in row.items()} for row in of.shown],
    }


def _field(field: Field, words: Words) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": words.known("operator.field", field.name),
        "kind": field.kind.value,
        "optional": field.optional,
        "choices": [{"word": each.word, "label": each.label.in_(words.language)} for each in field.choices],
    }


def _procedure(asked: Task | Question, site: Site) -> Procedure | None:
    """None where the guide's folder has nothing for it."""
    fault = asked.operation.removeprefix(END_FAULT)
    if fault.upper() in Fault.__members__:
        by_hand = fault_by_hand(fault)
        procedure = by_hand.begin if fault == asked.operation else by_hand.end
    else:
        procedure = procedure_for(asked.operation, asked.direction.value)
    return None if procedure is None else procedure.filled(_places(asked, site))


def _differs(asked: Task | Question) -> Wording | None:
    """In what people bring about another fault than the drill's."""
    return fault_by_hand(asked.operation).differs if asked.operation.upper() in Fault.__members__ else None


def _places(asked: Task | Question, site: Site) -> dict[str, str]:
    """What a procedure's texts name, as far as it is known here."""
    subject = {name: getattr(site, name) for name in ("master", "replica", "guest", "scenario", "garoon_url")}
    chosen: Mapping[str, Value] = dict(asked.values) if isinstance(asked, Task) else _looked_at(asked, site)
    texts = {name: value if isinstance(value, str) else ", ".join(value) for name, value in chosen.items()}
    return subject | {name: FLAGS.get(text, text) for name, text in texts.items() if name in choices()}


def _looked_at(asked: Question, site: Site) -> Mapping[str, Value]:
    """The host that is asked about."""
    return {"host": asked.subject} if asked.subject in {site.master, site.replica} else {}


def _told(procedure: Procedure | None, asked: Task | Question, site: Site, words: Words) -> dict[str, Any]:
    language = words.language
    if procedure is None:
        title = words.known("operator.operation", asked.operation)
        return {"title": title, "host": asked.host, "window": "", "clicks": [], "expects": [], "avoid": []} | {
            "stop": [],
            "call": "",
            "remedies": [],
        }
    return {
        "title": procedure.title.in_(language),
        "host": _host(procedure.role, asked, site, words),
        "window": procedure.window.name.in_(language),
        "clicks": [
            {"text": click.text.in_(language), "unverified": list(click.unverified(language))}
            for click in procedure.clicks
        ],
        "expects": [each.in_(language) for each in procedure.expects],
        "avoid": [each.text.in_(language) for each in procedure.avoid],
        "stop": [each.in_(language) for each in procedure.stop.when],
        "call": procedure.stop.then.in_(language),
        "remedies": [
            {
                "seen": each.seen.in_(language),
                "do": each.do.in_(language),
                "source": words(f"board.source_{each.source.value}"),
            }
            for each in procedure.remedies
        ],
    }


def _host(role: Role, asked: Task | Question, site: Site, words: Words) -> str:
    match role:
        case Role.MASTER:
            return site.master
        case Role.REPLICA:
            return site.replica
        case Role.CONTROLLER:
            return words("board.controller")
        case Role.NAMED:
            return str(dict(asked.values).get("host", asked.host)) if isinstance(asked, Task) else asked.subject
        case Role.CONTROL_SERVICE:
            return asked.host
