"""What is generated of the journal's description. `python -m tests.journal.describe` writes it anew."""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from journal.annotations import KINDS as ANNOTATIONS
from journal.annotations import Annotation
from journal.codecs import Codec
from journal.entries import COURSE, KINDS, MEASURED, SEEN
from journal.entry import Entry
from journal.form import IF_ANY, Member, Written, members

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "journal" / "journal.schema.json"
DOCUMENT = REPOSITORY / "docs" / "journal.md"
TABLES = {"annotations": tuple(ANNOTATIONS.values()), "course": COURSE, "seen": SEEN, "measured": MEASURED}
MASKED = "†"


def described(text: str) -> str:
    """The document with its tables as the classes of the entries have them."""
    for name, kinds in TABLES.items():
        begin, end = f"<!-- table of journal/{name}.py -->\n", "<!-- end of table -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        lines = "".join(f"{line}\n" for line in table(kinds))
        assert len(pattern.findall(text)) == 1, f"{DOCUMENT} has a place for the table of {name}"
        text = pattern.sub(lambda _, lines=lines, begin=begin, end=end: f"{begin}\n{lines}\n{end}", text)
    return text


def schema() -> str:
    """JSON Schema of a line, with each kind of entry on a line of its own; what a reader may count on is required."""
    kinds = {kind.__name__: _line(kind) for kind in KINDS.values()}
    parts = {part.__name__: _object(part) for kind in KINDS.values() for part in _parts(kind)}
    top = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of journal.jsonl",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds],
    }
    told = [f"{_json(name)}: {_json(value)}" for name, value in top.items()]
    defined = ",\n".join(
        f"{_json(name)}: {_json(value)}" for name, value in (kinds | dict(sorted(parts.items()))).items()
    )
    return "{\n" + ",\n".join([*told, f'"$defs": {{\n{defined}\n}}']) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def table(kinds: Sequence[type[Entry] | type[Annotation]]) -> Iterator[str]:
    """Lines of Markdown: what each kind of entry tells, and its fields."""
    yield "| `what` | tells | fields |"
    yield "|---|---|---|"
    for kind in kinds:
        yield f"| `{kind.what}` | {_about(kind)} | {', '.join(map(_field, members(kind))) or '–'} |"


def _line(kind: type[Entry]) -> dict[str, Any]:
    moment = {"type": "string", "format": "date-time"}
    common = {"n": {"type": "integer", "minimum": 1}, "at": moment, "wall": moment, "what": {"const": kind.what}}
    prev = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "an older journal has none"}
    found = _object(kind)
    return {
        **found,
        "description": _about(kind),
        "properties": {**common, "prev": prev, **found["properties"]},
        "required": [*common, *found["required"]],
    }


def _object(kind: type[Written]) -> dict[str, Any]:
    """What is not described may stand there as well: a newer Kunren may tell more."""
    return {
        "type": "object",
        "properties": {member.name: _value(member) for member in members(kind)},
        "required": [member.name for member in members(kind) if member.required],
    }


def _value(member: Member) -> dict[str, Any]:
    found = dict(member.codec.schema)
    if member.nullable and found and "null" not in str(found):
        found = {"anyOf": [found, {"type": "null"}]}
    if member.about:
        found["description"] = member.about
    return found


def _parts(kind: type[Written]) -> Iterator[type[Written]]:
    for member in members(kind):
        if member.codec.part is not None:
            yield member.codec.part
            yield from _parts(member.codec.part)


def _about(kind: type[Written]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def _field(member: Member) -> str:
    words = ", ".join(f"`{word}`" for word in member.codec.words)
    told = ": ".join(
        text for text in (f"{words} or null" if words and member.nullable else words, member.about) if text
    )
    parts = (
        f"{'perhaps ' if member.has(IF_ANY) else ''}`{member.name}`{MASKED if member.outside else ''}",
        _shape(member.codec),
        f"({told})" if told else "",
    )
    return " ".join(part for part in parts if part)


def _shape(codec: Codec) -> str:
    """What a list or an object is made of."""
    inside = "" if codec.part is None else f"{{{', '.join(map(_field, members(codec.part)))}}}"
    return codec.shape.replace("…", inside or "…") if codec.shape else inside


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    DOCUMENT.write_text(described(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
