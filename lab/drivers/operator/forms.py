"""What people are asked to read off the manager: a form for each question of the RHA profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.model.tasks import Choice, Field, FieldKind, Rows
from lab.site.profile import RhaProfile, Wording
from words import Quoted, sentence

Fields = Callable[[RhaProfile], tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` are asked each time, `lasting` once, since only a change of the scenario changes them."""

    rows: Rows
    fields: Fields
    lasting: Fields = lambda _: ()


def form_of(operation: str) -> Form:
    return FORMS[operation]


def _choice(name: str, choices: tuple[Choice, ...]) -> Field:
    return Field(name=name, kind=FieldKind.CHOICE, choices=choices)


def _chosen(name: str, group: str, profile: RhaProfile) -> Field:
    """The product's words for what can be chosen, told in Kunren's."""
    choices = (Choice(word, sentence(f"operator.{group}.{key}")) for key, word in profile.choices[group].items())
    return _choice(name, tuple(choices))


def _severity(profile: RhaProfile) -> Field:
    return _choice("severity", _in_its_words(profile.severities.values()))


def _in_its_words(wordings: Iterable[Wording]) -> tuple[Choice, ...]:
    """As the manager shows them, in Japanese where a source tells the word."""
    return tuple(Choice(word, Quoted(word)) for each in wordings for word in (*each.ja, *each.en)[:1])


def _field(name: str, kind: FieldKind, *, optional: bool = False) -> Field:
    return Field(name=name, kind=kind, optional=optional)


def _scenario(profile: RhaProfile) -> tuple[Field, ...]:
    return (
        _choice("state", _in_its_words(profile.states.values())),
        _chosen("direction", "direction", profile),
        _field("is_alive", FieldKind.FLAG),
    )


def _scenario_as_created(profile: RhaProfile) -> tuple[Field, ...]:
    products = profile.choices["product"]
    recovery = f"{products['HA']} {products['assured_recovery']}"
    return (
        _choice("server_type", (Choice(profile.server_type, Quoted("Microsoft Hyper-V")),)),
        _choice(
            "product",
            (
                Choice(recovery, sentence("operator.product.recovery", word=recovery)),
                Choice(products["HA"], sentence("operator.product.HA", word=products["HA"])),
                Choice(products["DR"], sentence("operator.product.DR", word=products["DR"])),
            ),
        ),
        _field("master", FieldKind.TEXT),
        _field("replica", FieldKind.TEXT),
        _field("guests", FieldKind.LINES),
        _chosen("switchover", "initiation", profile),
        _chosen("reverse_replication", "initiation", profile),
    )


def _statistics(profile: RhaProfile) -> tuple[Field, ...]:
    return (
        _chosen("method", "synchronization", profile),
        _field("blocks_compared", FieldKind.NUMBER),
        _field("blocks_copied", FieldKind.NUMBER),
        _field("started", FieldKind.TEXT, optional=True),
        _field("ended", FieldKind.TEXT, optional=True),
        _field("replicated", FieldKind.NUMBER),
        _field("in_spool", FieldKind.NUMBER),
    )


def _event(profile: RhaProfile) -> tuple[Field, ...]:
    return (
        _field("message", FieldKind.TEXT),
        _field("time", FieldKind.TIME),
        _severity(profile),
        _field("source", FieldKind.TEXT, optional=True),
        _field("code", FieldKind.TEXT, optional=True),
    )


def _engine(_: RhaProfile) -> tuple[Field, ...]:
    return (_field("version", FieldKind.TEXT, optional=True), _field("up_to_date", FieldKind.FLAG))


def _guest(_: RhaProfile) -> tuple[Field, ...]:
    return (
        _field("name", FieldKind.TEXT),
        _field("computer_name", FieldKind.TEXT, optional=True),
        _field("state", FieldKind.TEXT, optional=True),
        _field("selected", FieldKind.FLAG),
    )


def _property(_: RhaProfile) -> tuple[Field, ...]:
    return tuple(
        _field(name, FieldKind.TEXT, optional=name in {"value", "default"})
        for name in ("group", "name", "value", "default")
    )


def _finding(profile: RhaProfile) -> tuple[Field, ...]:
    return (_severity(profile), _field("subject", FieldKind.TEXT, optional=True), _field("text", FieldKind.TEXT))


def _mail(_: RhaProfile) -> tuple[Field, ...]:
    return tuple(_field(name, FieldKind.TEXT) for name in ("mail_subject", "arrived", "text"))


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "list_scenarios": Form(Rows.ONE_OR_NONE, _scenario, _scenario_as_created),
        "statistics": Form(Rows.ONE_OR_NONE, _statistics),
        "list_events": Form(Rows.SEVERAL, _event),
        "engine_version": Form(Rows.ONE, _engine),
        "discover_guests": Form(Rows.SEVERAL, _guest),
        "scenario_properties": Form(Rows.SEVERAL, _property),
        "verify_scenario": Form(Rows.SEVERAL, _finding),
        "notification_mail": Form(Rows.ONE_OR_NONE, _mail),
    }
)
