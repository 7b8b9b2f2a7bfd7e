"""What a run did and what the lab did, apart from when: texts that are alike where two runs behave alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from journal.course import RestoreAct, Site
from journal.entries import Activity
from journal.seen import Call, EventSeen, GaroonAct, Note, OperatorAnswer, Wait
from lab.model.calls import CallOutcome
from lab.model.scripts import JsonValue
from reports.charts.timeline import call_name
from words import Language, Told

# What differs from run to run for no reason of the lab's.
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
_INSTANT = re.compile(rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}(?:[T ]{_CLOCK})?|\b\d{{1,2}}:\d{{2}}:\d{{2}}\b")
_LOOPBACK = re.compile(r"\b127\.0\.0\.1:\d+")
_IN_A_QUERY = re.compile(r"([?&]\w+=)\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BETWEEN_SEEN = re.compile("; |、")


def steady(text: str) -> str:
    """Without instants, ports of the simulated lab and Garoon's numbers of entries."""
    return _IN_A_QUERY.sub(r"\1…", _LOOPBACK.sub("127.0.0.1:…", _INSTANT.sub("…", text)))


def numberless(text: str) -> str:
    """Without any figure: a countdown says the same all the way down, whatever it has come to."""
    return _NUMBER.sub("…", steady(text))


@dataclass(frozen=True, slots=True)
class Event:
    """What tells one event of RHA's view from another: the profile's name for it, its words, and how grave it is."""

    code: str
    kind: str
    words: str
    severity: str

    def is_like(self, other: Event) -> bool:
        """Also where a product of another language words it, which no one text of the same language is."""
        if self == other:
            return True
        named = bool(self.kind) and (self.code, self.kind, self.severity) == (other.code, other.kind, other.severity)
        return named and self.words.isascii() != other.words.isascii()


class Reader:
    """Reads the activities of one run; the names of its site become roles where the two sites have other names."""

    def __init__(self, site: Site, other: Site, language: Language) -> None:
        self._language = language
        names = (
            {} if _names(site) == _names(other) else {name: f"<{role}>" for role, name in _names(site).items() if name}
        )
        self._names = dict(sorted(names.items(), key=lambda name: -len(name[0])))

    def actions(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Calls that were to change something: where, what, with what arguments, and to what effect."""
        return tuple(self._action(each) for each in activities if isinstance(each, Call) and each.changes)

    def questions(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """What was asked of which host; how often follows from how long it took, and is none of the behaviour."""
        asked = {
            self.text(f"{each.host}: {call_name(each)}")
            for each in activities
            if isinstance(each, Call) and not each.changes
        }
        return tuple(sorted(asked))

    def garoon(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        return tuple(f"{each.act} ({each.by})" for each in activities if isinstance(each, GaroonAct))

    def operator(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        return tuple(steady(self.told(each.asked)) for each in activities if isinstance(each, OperatorAnswer))

    def restoration(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        return tuple(f"{each.act}: {each.outcome.value}" for each in activities if isinstance(each, RestoreAct))

    def seen(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """What waits saw last, what Garoon said, and what was noted."""
        return tuple(self.text(steady(text)) for each in activities if (text := self._told(each)))

    def event(self, event: EventSeen) -> Event:
        return Event(event.code, event.kind, numberless(self.text(event.message)), event.severity)

    def _told(self, activity: Activity) -> str:
        match activity:
            case Wait(seen=seen) if seen is not None:
                return self.told(seen)
            case GaroonAct(problem=problem) if problem is not None:
                return f"{activity.act}: {self.told(problem)}"
            case Note():
                return self.told(activity.text)
            case _:
                return ""

    def told(self, text: Told) -> str:
        """In the language of the comparison."""
        return text.in_(self._language)

    def text(self, text: Told | str) -> str:
        """The same without the names of its own site."""
        text = text if isinstance(text, str) else self.told(text)
        for name, role in self._names.items():
            text = text.replace(name, role)
        return text

    def _action(self, call: Call) -> str:
        said = f"{call.host}: {call_name(call)} {_plain(_given(call))}".rstrip()
        if call.effect is not CallOutcome.ANSWERED:
            error = f"{call.error.kind} {self.told(call.error.text)}".strip() if call.error else ""
            said = f"{said} → {call.effect.value}: {numberless(error)}"
        return self.text(steady(said))


def alike(baseline: Iterable[str], record: Iterable[str]) -> bool:
    """Whether texts say the same, figures and repetitions apart."""
    return _essence(baseline) == _essence(record)


def _essence(texts: Iterable[str]) -> list[list[str]]:
    return [list(dict.fromkeys(_BETWEEN_SEEN.split(numberless(text)))) for text in texts]


def _given(call: Call) -> Mapping[str, JsonValue]:
    """The arguments of the script, or those of the command it carries out."""
    parameters = call.arguments.get("Parameters")
    return parameters if isinstance(parameters, Mapping) else call.arguments


def _plain(arguments: Mapping[str, JsonValue]) -> str:
    return " ".join(f"{name}={_value(value)}" for name, value in arguments.items())


def _value(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _names(site: Site) -> Mapping[str, str]:
    return {
        "master": site.master,
        "replica": site.replica,
        "guest": site.guest,
        "scenario": site.scenario,
        "garoon": site.garoon_url,
    }
