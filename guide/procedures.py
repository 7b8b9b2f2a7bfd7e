"""How people perform the guide's steps (procedures.toml): where, by which clicks, and what to do if it goes wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from hashlib import sha256
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from guide import Point, Wording

Direction = Literal["forward", "backward"]
Each = TypeVar("Each")

SUBJECT = ("master", "replica", "guest", "scenario", "garoon_url")
"""Places in texts for what a site file names."""

_LABEL = {"en": re.compile(r"\[([^\]]+)\]"), "ja": re.compile("［([^］]+)］")}


class Role(Enum):
    """The host on which a person does something; NAMED is the one that the choice `host` names."""

    CONTROL_SERVICE = "control_service"
    MASTER = "master"
    REPLICA = "replica"
    CONTROLLER = "controller"
    NAMED = "named"


class Person(Enum):
    """Whom to call: a role in the drill or at the site."""

    LEAD = "lead"
    HOSTS = "hosts"
    GAROON = "garoon"


class Source(Enum):
    """Who says so, from the guide down to reports from practice."""

    GUIDE = "guide"
    VENDOR = "vendor"
    RESELLER = "reseller"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Label:
    """A product's own spelling of a menu, a button or a page; a source that is empty was not found."""

    text: Wording
    source: Wording


@dataclass(frozen=True, slots=True)
class Window:
    """Where something is done, and the product whose labels are in it."""

    id: str
    name: Wording
    product: str


@dataclass(frozen=True, slots=True)
class Click:
    """One instruction, with the labels it names."""

    text: Wording
    labels: tuple[Label, ...]

    def unverified(self, language: str) -> tuple[str, ...]:
        """Labels of which no source shows that the product spells them so in this language."""
        return tuple(label.text.in_(language) for label in self.labels if not label.source.in_(language))


@dataclass(frozen=True, slots=True)
class Avoid:
    """What a note of the guide forbids; `reviewed` is the digest of the note as the text was written."""

    note: str
    text: Wording
    reviewed: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Any of these is a reason to break off, and whom to call then."""

    when: tuple[Wording, ...]
    call: Person
    then: Wording


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is seen when it goes wrong, and what to do; `general` if the source does not speak of Hyper-V scenarios."""

    id: str
    seen: Wording
    do: Wording
    source: Source
    reference: str
    general: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What a person does in one window on one host; `points` are those of the guide that it performs, if any."""

    id: str
    points: tuple[str, ...]
    title: Wording
    role: Role
    window: Window
    clicks: tuple[Click, ...]
    expects: tuple[Wording, ...]
    avoid: tuple[Avoid, ...]
    stop: Stop
    remedies: tuple[Remedy, ...]
    reviewed: tuple[str, ...]

    @property
    def en_verified(self) -> bool:
        """Whether every label is known to be spelled so in the English product."""
        return not self.unverified("en")

    def unverified(self, language: str) -> tuple[str, ...]:
        return _once(label for click in self.clicks for label in click.unverified(language))

    def filled(self, values: Mapping[str, str]) -> Procedure:
        """With the places of its texts filled: all of SUBJECT, and choices, which have a text of their own without one.

        Raises KeyError for a place of SUBJECT without a value, and ValueError for a value without a place.
        """
        fill = _filler(values)
        return replace(
            self,
            title=fill(self.title),
            clicks=tuple(replace(click, text=fill(click.text)) for click in self.clicks),
            expects=tuple(map(fill, self.expects)),
            avoid=tuple(replace(avoid, text=fill(avoid.text)) for avoid in self.avoid),
            stop=replace(self.stop, when=tuple(map(fill, self.stop.when))),
            remedies=tuple(replace(each, seen=fill(each.seen), do=fill(each.do)) for each in self.remedies),
        )


@dataclass(frozen=True, slots=True)
class FaultByHand:
    """How people begin and end a fault, in a way that is certain to be undone. It may differ from the fault proper."""

    begin: Procedure
    end: Procedure
    differs: Wording | None


@cache
def procedures() -> Mapping[str, Procedure]:
    """Every procedure by its id, which is the point of the guide that it performs, where there is one."""
    return MappingProxyType({name: read_procedure(name, table) for name, table in _tables("procedures").items()})


@cache
def procedure_for(operation: str, direction: Direction = "forward") -> Procedure:
    """What a person does for an operation of RHA, by the name that a site profile gives it; raises KeyError."""
    table = _tables("operations")["operations"][operation]
    steps = [procedures()[name] for name in table.get("both") or table[direction]]
    return _joined(operation, steps, _wording(table) if "en" in table else steps[0].title)


@cache
def fault_by_hand(fault: str) -> FaultByHand:
    """How people begin and end a fault, by the name of the member of lab.model.faults.Fault; raises KeyError."""
    table = _tables("operations")["faults"][fault.lower()]
    differs = _wording(table["differs"]) if "differs" in table else None
    return FaultByHand(procedures()[table["begin"]], procedures()[table["end"]], differs)


def choices() -> frozenset[str]:
    """Places in texts for what is chosen in an operation, or for the host that it concerns."""
    return frozenset(_tables("terms")["choices"])


@cache
def remedies() -> Mapping[str, Remedy]:
    return MappingProxyType({name: _remedy(name, table) for name, table in _tables("remedies").items()})


@cache
def forbidden() -> Mapping[str, Avoid]:
    """What notes of the guide forbid, by the note."""
    tables = _tables("terms")["avoid"].items()
    return MappingProxyType({note: Avoid(note, _wording(table), table["reviewed"]) for note, table in tables})


def digest(point: Point) -> str:
    """What `reviewed` holds for a point whose text was read against its procedure."""
    return "sha256:" + sha256(f"{point.text.en}\n{point.text.ja}".encode()).hexdigest()[:16]


def read_procedure(name: str, table: Mapping[str, Any]) -> Procedure:
    """A procedure of a table; raises ValueError where it does not fit together."""
    terms = _tables("terms")
    place = terms["windows"][table["window"]]
    window = Window(table["window"], _wording(place), place["product"])
    en, ja = table["en"], table["ja"]

    def told(part: str) -> tuple[Wording, ...]:
        if len(en[part]) != len(ja[part]):
            raise ValueError(f"{name}: {len(en[part])} {part} in English, {len(ja[part])} in Japanese")
        return tuple(map(Wording, en[part], ja[part]))

    return Procedure(
        id=name,
        points=(name,) if "reviewed" in table else (),
        title=Wording(en["title"], ja["title"]),
        role=Role(table["role"]),
        window=window,
        clicks=tuple(_click(name, text, window.product) for text in told("clicks")),
        expects=told("expects"),
        avoid=tuple(forbidden()[note] for note in table["avoid"]),
        stop=Stop(told("stop"), Person(table["call"]), _wording(terms["calls"][table["call"]])),
        remedies=tuple(remedies()[each] for each in table["remedies"]),
        reviewed=(table["reviewed"],) if "reviewed" in table else (),
    )


def _click(name: str, text: Wording, product: str) -> Click:
    labels = tuple(_label(name, product, label) for label in _LABEL["ja"].findall(text.ja))
    if sorted(label.text.en for label in labels) != sorted(_LABEL["en"].findall(text.en)):
        raise ValueError(f"{name}: the labels of “{text.en}” are not those of “{text.ja}”")
    return Click(text, labels)


def _label(name: str, product: str, label: str) -> Label:
    table = _tables("terms")["labels"][product].get(label)
    if table is None:
        raise ValueError(f"{name}: terms.toml has no label ［{label}］ of {product}")
    return Label(Wording(table["en"], label), Wording(table["en_source"], table["ja_source"]))


def _joined(name: str, steps: Sequence[Procedure], title: Wording) -> Procedure:
    """Procedures one after another, in one window: what is expected, and when to stop, is that of each."""
    first, last = steps[0], steps[-1]
    if len({(step.role, step.window, step.stop.call) for step in steps}) > 1:
        raise ValueError(f"{name}: its procedures are not in one window, on one host, with one person to call")
    return replace(
        first,
        id=first.id if first is last else name,
        title=title,
        points=tuple(point for step in steps for point in step.points),
        clicks=tuple(click for step in steps for click in step.clicks),
        expects=last.expects,
        avoid=_once(avoid for step in steps for avoid in step.avoid),
        stop=replace(first.stop, when=_once(when for step in steps for when in step.stop.when)),
        remedies=_once(remedy for step in steps for remedy in step.remedies),
        reviewed=tuple(reviewed for step in steps for reviewed in step.reviewed),
    )


def _filler(values: Mapping[str, str]) -> Callable[[Wording], Wording]:
    terms = _tables("terms")
    if strays := values.keys() - {*SUBJECT} - terms["choices"].keys():
        raise ValueError(f"no place for {', '.join(sorted(strays))}")
    subject = {name: Wording(values[name], values[name]) for name in SUBJECT}
    chosen = {
        name: _chosen(values[name]) if name in values else _filled(_wording(default), subject)
        for name, default in terms["choices"].items()
    }
    return lambda text: _filled(text, {**subject, **chosen})


def _chosen(value: str) -> Wording:
    words = _tables("terms")["words"]
    return _wording(words[value]) if value in words else Wording(value, value)


def _filled(text: Wording, values: Mapping[str, Wording]) -> Wording:
    en, ja = ({name: value.in_(language) for name, value in values.items()} for language in ("en", "ja"))
    return Wording(text.en.format_map(en), text.ja.format_map(ja))


def _remedy(name: str, table: Mapping[str, Any]) -> Remedy:
    seen, do = (Wording(table["en"][part], table["ja"][part]) for part in ("seen", "do"))
    return Remedy(name, seen, do, Source(table["source"]), table["reference"], table["general"])


def _wording(table: Mapping[str, Any]) -> Wording:
    return Wording(table["en"], table["ja"])


def _once(items: Iterable[Each]) -> tuple[Each, ...]:
    return tuple(dict.fromkeys(items))


@cache
def _tables(name: str) -> Mapping[str, Any]:
    text = resources.files("guide").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
