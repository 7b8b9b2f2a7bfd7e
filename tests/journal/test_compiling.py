"""What is read by the compiled readers is what its fields read one by one, and refused with the same sentence."""

from itertools import product

import pytest

from journal import annotations
from journal.codecs import SHORT, NotAsPromised
from journal.entries import KINDS
from journal.form import members, reader_of

MOMENT = "2026-01-15T03:04:05.678+09:00"
OF_EVERY_ENTRY = {"n": 1, "at": MOMENT, "wall": MOMENT}
ABSENT = object()
ODD = (
    *(ABSENT, None, True, False, 0, 1, -1, 0.0, 1.5, -1.5, 1e11, 10**400),
    *("", "ok", MOMENT, MOMENT[:-6], "x" * SHORT, "x" * (SHORT + 1)),
    *([], ["x"], [1], [None], {}, {"x": 1}, {"x": []}, {"en": "a", "ja": "b"}, {"en": "a"}, {"text": "", "kind": 1}),
)


def parts(kind):
    """The dataclass, and those that it is made of."""
    yield kind
    for member in members(kind):
        if member.codec.part:
            yield from parts(member.codec.part)


WRITTEN = {each for kind in (*KINDS.values(), *annotations.KINDS.values()) for each in parts(kind)}


def value(schema, part):
    """The first that comes to mind."""
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"anyOf": [first, *_]}:
            return value(first, part)
        case {"$ref": _}:
            return whole(part)
        case {"type": kind}:
            return {"string": MOMENT, "integer": 1, "boolean": True, "number": 1.5, "array": [], "object": {}}[kind]
    return None


def whole(kind):
    return OF_EVERY_ENTRY | {each.name: value(each.codec.schema, each.codec.part) for each in members(kind)}


def one_by_one(kind, fields):
    read = {name: aside(fields) for name, aside in kind.asides.items()}
    return kind(**read, **{each.attribute: each.read(fields) for each in members(kind)})


def came_of(read, fields):
    """With the types of numbers, which compare equal."""
    try:
        return repr(read(fields))
    except NotAsPromised as error:
        return error.why


@pytest.mark.parametrize("kind", sorted(WRITTEN, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_every_value_of_every_field_is_read_or_refused_as_by_the_field_itself(kind):
    good = whole(kind)
    fields = {(id(each.codec), each.nullable, each.substitute): each for each in members(kind)}.values()
    choices = dict.fromkeys((*OF_EVERY_ENTRY, *(each.name for each in fields)), ODD)
    for member in fields:  # of those that are read alike one
        choices[member.name] += (*member.codec.words[-1:], [whole(member.codec.part)] if member.codec.part else "x")
    compiled, told = reader_of(kind), set()
    for name, odd in [(name, odd) for name, several in choices.items() for odd in several]:
        given = {each: came for each, came in (good | {name: odd}).items() if came is not ABSENT}
        read = came_of(compiled, given)
        assert read == came_of(lambda given: one_by_one(kind, given), given), (name, odd)
        told.add(type(read))
    assert str in told


def test_of_two_mistakes_the_first_is_told():
    kind = KINDS["probe"]
    names, compiled = [each.name for each in members(kind)], reader_of(kind)
    for first, second in product(names, repeat=2):
        fields = whole(kind) | {first: {}, second: {}}
        assert came_of(compiled, fields) == came_of(lambda fields: one_by_one(kind, fields), fields)
