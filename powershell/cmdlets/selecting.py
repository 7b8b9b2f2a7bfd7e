"""Select-Object."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from powershell.cmdlets.comparing import ObjectComparer
from powershell.cmdlets.properties import PropertyReader
from powershell.command import of_powershell
from powershell.engine_context import EngineBody, EngineContext
from powershell.formatting.parameters import PropertyArgument, parse_properties
from powershell.instances import NoteProperty, PSCustomObject
from powershell.values import enumerate_value
from powershell.wildcard import matches

_KEYS = ("name", "label", "expression")


class SelectObject(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        get = context.get
        self._reader = PropertyReader(context)
        self._comparer = ObjectComparer(context, ignore_case=False)
        self._excluded: list[str] = get("ExcludeProperty") or []
        self._expand: str = get("ExpandProperty") or ""
        given = get("Property")
        if given is None and self._excluded:
            given = ["*"]
        self._properties = parse_properties(given or (), _KEYS)
        if self._expand and (self._properties or self._excluded):
            context.outside_subset("-ExpandProperty together with -Property or -ExcludeProperty")
        self._first: int | None = get("First")
        self._last: int | None = get("Last")
        self._skip: int = get("Skip") or 0
        if self._last is not None and (self._first is not None or self._skip):
            context.outside_subset("Select-Object -Last with -First or -Skip")
        self._seen = 0
        self._passed = 0
        self._tail: deque[Any] = deque(maxlen=self._last)
        self._unique: list[tuple[Any, list[tuple[str, Any]]]] = []
        self._kinds: set[Any] = set()
        self._plain: set[Any] = set()

    def begin(self) -> None:
        if self._first == 0:
            self.context.stop_upstream()

    def process(self) -> None:
        if "InputObject" in self.context.parameters or self.context.expecting_input:
            value = self.context.get("InputObject")
            if value is not None:
                self._count(value)

    def _count(self, value: Any) -> None:
        self._seen += 1
        if self._last is not None:
            self._tail.append(value)
        elif self._seen > self._skip:
            self._count_first(value)

    def _count_first(self, value: Any) -> None:
        if self._first is not None and self._passed >= self._first:
            return
        self._passed += 1
        self._select(value)
        if self._first is not None and self._passed >= self._first:
            self.context.stop_upstream()

    def end(self) -> None:
        for value in self._tail:
            self._select(value)
        for kept, _ in self._unique:
            self.context.write(kept)

    # -- one object --------------------------------------------------------------------------------------------

    def _select(self, value: Any) -> None:
        if self._expand:
            self._expand_property(value)
            return
        if not self._properties:
            self._keep(value, [])
            return
        notes: list[tuple[str, Any]] = []
        of_blocks: dict[str, Any] = {}
        for given in self._properties:
            read = self._reader.read(given, value)
            if given.label and len(read) > 1:
                self.context.outside_subset("renaming several properties at once")
            kept = [item for item in read if not any(matches(pattern, item.name) for pattern in self._excluded)]
            notes.extend((item.name, item.value) for item in kept)
            of_blocks.update({item.name.lower(): item.value for item in read if item.block_value is item.value})
        notes = self._without_repeats(notes)
        made = PSCustomObject(notes)
        for name, value_of_block in of_blocks.items():
            member = made.members.get(name)
            if isinstance(member, NoteProperty) and member.value is value_of_block:
                member.block_value = value_of_block
        names = self._reader.objects.type_names(value)
        made.type_names = [f"Selected.{names[0]}", PSCustomObject.dotnet_name, "System.Object"]
        self._keep(made, notes)

    def _without_repeats(self, notes: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        kept: dict[str, tuple[str, Any]] = {}
        for name, item in notes:
            if name.lower() in kept:
                self.context.outside_subset(f"the property {name} twice")
            kept[name.lower()] = (name, item)
        return list(kept.values())

    def _expand_property(self, value: Any) -> None:
        found = self._reader.read(PropertyArgument(expression=self._expand), value)
        if len(found) > 1:
            self.context.outside_subset("-ExpandProperty with a wildcard that matches several properties")
        if not found or not found[0].exists:
            self.context.write_error(
                self.context.error(
                    f'Property "{self._expand}" cannot be found.',
                    error_id="ExpandPropertyNotFound",
                    category="InvalidArgument",
                    target=value,
                    exception="System.Management.Automation.PSArgumentException",
                )
            )
            return
        expanded = found[0].value
        items = enumerate_value(expanded)
        for item in [expanded] if items is None else items:
            if item is not None:
                self._keep(item, [])

    def _keep(self, value: Any, notes: list[tuple[str, Any]]) -> None:
        if not self.context.get("Unique"):
            self.context.write(value)
            return
        kinds, plain = _plain(notes or [("", value)])
        self._kinds.add(kinds)
        alike = kinds is not None and len(self._kinds) == 1
        if not (plain in self._plain if alike else any(self._same(value, notes, known) for known in self._unique)):
            self._plain.add(plain)
            self._unique.append((value, notes))

    def _same(self, value: Any, notes: list[tuple[str, Any]], known: tuple[Any, list[tuple[str, Any]]]) -> bool:
        other, other_notes = known
        if len(notes) != len(other_notes):
            return False
        bags = isinstance(value, PSCustomObject) and isinstance(other, PSCustomObject)
        if not bags and self._comparer.compare(value, other) != 0:
            return False
        values = {name.lower(): item for name, item in other_notes}
        return all(
            name.lower() in values and self._comparer.compare(values[name.lower()], item) == 0 for name, item in notes
        )


def _plain(named: Sequence[tuple[str, Any]]) -> tuple[Any, Any]:
    """The types and the values of integers and of texts that nothing else is equal to; None of others."""
    if not all(type(item) is int or (type(item) is str and item.isascii() and item.isprintable()) for _, item in named):
        return None, None
    kinds = frozenset((name.lower(), type(item)) for name, item in named)
    return kinds, frozenset((name.lower(), item) for name, item in named)


SELECT_OBJECT = of_powershell(
    "Select-Object",
    SelectObject,
    "InputObject psobject pipeline, Property object[] 0, ExcludeProperty string[], ExpandProperty string, "
    "Unique switch, Last int range:0..2147483647, First int range:0..2147483647, Skip int range:0..2147483647",
)
