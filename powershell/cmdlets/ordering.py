"""Sort-Object, Group-Object and Compare-Object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from powershell.cmdlets.comparing import ObjectComparer, sort_as_dotnet, sort_stably
from powershell.cmdlets.properties import PropertyReader, PropertyValue
from powershell.command import of_powershell
from powershell.comparison import is_number
from powershell.conversion import object_text, to_bool
from powershell.declared import DotNetClass, DotNetObject, Property
from powershell.engine_context import EngineBody, EngineContext
from powershell.formatting.parameters import PropertyArgument, parse_properties
from powershell.instances import ArrayList, Hashtable, PSCustomObject, collection_of
from powershell.values import enumerate_value, type_name

_SORT_KEYS: Final = ("expression", "ascending", "descending")
_PLAIN: Final = frozenset({str, int, bool})
_GROUP_KEYS: Final = ("expression",)
_COLLECTION: Final = "System.Collections.ObjectModel.Collection`1[[System.Management.Automation.PSObject]]"
_NAMESPACE: Final = "Microsoft.PowerShell.Commands."


@dataclass(frozen=True, slots=True)
class _Entry:
    value: Any
    keys: tuple[PropertyValue, ...]


class _Gathering(EngineBody):
    """A cmdlet that takes all its input before it writes."""

    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self.reader = PropertyReader(context, insists=True)
        self.comparer = ObjectComparer(context, ignore_case=not context.get("CaseSensitive"))
        self.input: list[Any] = []

    def process(self) -> None:
        value = self.context.get("InputObject")
        if value is not None:
            self.input.append(value)

    def entry(self, value: Any, properties: Sequence[PropertyArgument]) -> _Entry:
        if not properties:
            return _Entry(value, (PropertyValue("", value),))
        keys: list[PropertyValue] = []
        for given in properties:
            read = self.reader.read(given, value)
            if len(read) != 1:
                self.context.outside_subset("a wildcard in -Property that matches several properties or none")
            keys.append(read[0])
        return _Entry(value, tuple(keys))


class SortObject(_Gathering):
    def end(self) -> None:
        properties = parse_properties(self.context.get("Property") or (), _SORT_KEYS)
        descending = [self._descends(given) for given in properties] or [bool(self.context.get("Descending"))]
        entries = [self.entry(value, properties) for value in self.input]
        if len(entries) > 1 and any(isinstance(key.value, PSCustomObject) for entry in entries for key in entry.keys):
            self.context.outside_subset("sorting by custom objects")
        for keys in zip(*(entry.keys for entry in entries), strict=True):
            found = (key.value for key in keys if key.value is not None)
            if len({int if is_number(value) else type(value) for value in found}) > 1:
                self.context.outside_subset("sorting by values of several types")
        ordered = sort_as_dotnet(entries, lambda a, b: self._compare(a, b, descending))
        if self.context.get("Unique"):
            ordered = self._unique(ordered, descending)
        for entry in ordered:
            self.context.write(entry.value)

    def _descends(self, given: PropertyArgument) -> bool:
        if "descending" in given.options:
            return to_bool(given.options["descending"])
        if "ascending" in given.options:
            return not to_bool(given.options["ascending"])
        return bool(self.context.get("Descending"))

    def _compare(self, left: _Entry, right: _Entry, descending: Sequence[bool]) -> int:
        self.context.checkpoint()
        return self.comparer.compare_keys(left.keys, right.keys, descending)

    def _unique(self, ordered: list[_Entry], descending: Sequence[bool]) -> list[_Entry]:
        kept: list[_Entry] = []
        for entry in ordered:
            if not kept or self._compare(kept[-1], entry, descending) != 0:
                kept.append(entry)
        return kept


SORT_OBJECT = of_powershell(
    "Sort-Object",
    SortObject,
    "Descending switch, Unique switch, InputObject psobject pipeline, CaseSensitive switch, Property object[] 0",
)


# -- Group-Object ------------------------------------------------------------------------------------------------

_GROUP_INFO_PROPERTIES: Final = (
    Property.stored("Values", "System.Collections.ArrayList", read_only=True),
    Property.stored("Count", "System.Int32", read_only=True),
    Property.stored("Group", _COLLECTION, read_only=True),
    Property.stored("Name", "System.String", read_only=True),
)
GROUP_INFO: Final = DotNetClass(name=_NAMESPACE + "GroupInfo", properties=_GROUP_INFO_PROPERTIES)
GROUP_INFO_NO_ELEMENT: Final = DotNetClass(
    name=_NAMESPACE + "GroupInfoNoElement",
    base=_NAMESPACE + "GroupInfo",
    bases=(_NAMESPACE + "GroupInfo", "System.Object"),
    properties=_GROUP_INFO_PROPERTIES,
)


class GroupObject(_Gathering):
    def end(self) -> None:
        if self.context.get("Property") == []:
            self.context.outside_subset("Group-Object with an empty -Property")
        properties = parse_properties(self.context.get("Property") or (), _GROUP_KEYS)
        entries = [self.entry(value, properties) for value in self.input]
        ordered = self._grouped(entries)
        for group in ordered:
            self.context.write(self._group_info(group))

    def _grouped(self, entries: Sequence[_Entry]) -> list[list[_Entry]]:
        """Groups in the order of their keys, in Windows PowerShell of their first objects."""
        same = list(_same_keys(entries).values())
        for key in (key for entry in entries for key in entry.keys):
            if not _is_comparable(key.value):
                self.context.outside_subset(f"grouping by {type_name(key.value)}")
        kinds = [
            {type_name(key.value) for key in keys if key.value is not None}
            for keys in zip(*(entry.keys for entry in entries), strict=True)
        ]
        if any(len(kind) > 1 for kind in kinds):
            self.context.outside_subset("grouping by values of several types")
        if len({key.exists for entry in entries for key in entry.keys if key.value is None}) > 1:
            self.context.outside_subset("grouping by properties that are null here and not there at all elsewhere")
        ordered = sort_stably(same, lambda a, b: self._compare(entries[a[0]], entries[b[0]]))
        groups = self._adjacent(entries, ordered)
        if self.context.runspace.dialect.windows:
            groups.sort(key=min)
        return [[entries[place] for place in sorted(group)] for group in groups]

    def _adjacent(self, entries: Sequence[_Entry], ordered: list[list[int]]) -> list[list[int]]:
        groups: list[list[int]] = []
        for places in ordered:
            if groups and self._compare(entries[groups[-1][0]], entries[places[0]]) == 0:
                groups[-1] += places
            else:
                groups.append(places)
        return groups

    def _compare(self, left: _Entry, right: _Entry) -> int:
        self.context.checkpoint()
        return self.comparer.compare_keys(left.keys, right.keys)

    def _group_info(self, group: list[_Entry]) -> DotNetObject:
        bare = bool(self.context.get("NoElement"))
        elements = None if bare else collection_of(entry.value for entry in group)
        return DotNetObject(
            GROUP_INFO_NO_ELEMENT if bare else GROUP_INFO,
            {
                "Values": ArrayList([key.value for key in group[0].keys]),
                "Count": len(group),
                "Group": elements,
                "Name": self._name(group[0]),
            },
        )

    def _name(self, entry: _Entry) -> str:
        parts = []
        for key in entry.keys:
            items = enumerate_value(key.value)
            if items is not None:
                parts.append("{" + ", ".join(object_text(item) for item in items) + "}")
            elif key.value is not None:
                parts.append(object_text(key.value))
        return ", ".join(parts)


def _is_comparable(value: Any) -> bool:
    if isinstance(value, PSCustomObject | Hashtable | DotNetObject):
        return False
    return isinstance(value, str) or enumerate_value(value) is None


def _same_keys(entries: Sequence[_Entry]) -> dict[Any, list[int]]:
    """The places of entries whose keys are the same plain values; any other entry stands alone."""
    places: dict[Any, list[int]] = {}
    for place, entry in enumerate(entries):
        values = tuple(key.value for key in entry.keys)
        plain = all(type(value) in _PLAIN for value in values)
        identity = tuple((type(value), value) for value in values) if plain else place
        places.setdefault(identity, []).append(place)
    return places


GROUP_OBJECT = of_powershell(
    "Group-Object",
    GroupObject,
    "NoElement switch, InputObject psobject pipeline, CaseSensitive switch, Property object[] 0",
)


# -- Compare-Object ----------------------------------------------------------------------------------------------


class CompareObject(_Gathering):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._properties = parse_properties(context.get("Property") or (), _GROUP_KEYS)
        self._references: list[_Entry] = []
        self._next_reference = 0
        self._reference_backlog: list[_Entry] = []
        self._difference_backlog: list[_Entry] = []

    def process(self) -> None:
        if not self._references and self._next_reference == 0:
            references = self.context.get("ReferenceObject") or []
            self._references = [self.entry(value, self._properties) for value in references if value is not None]
        for value in self.context.get("DifferenceObject") or []:
            if value is not None:
                self._step(self.entry(value, self._properties))

    def end(self) -> None:
        while self._next_reference < len(self._references):
            self._step(None)
        for side, backlog in (("=>", self._difference_backlog), ("<=", self._reference_backlog)):
            for entry in backlog:
                self._emit(entry, side)

    def _step(self, difference: _Entry | None) -> None:
        self.context.checkpoint()
        reference = None
        if self._next_reference < len(self._references):
            reference = self._references[self._next_reference]
            self._next_reference += 1
        if reference is not None and difference is not None and self._equal(reference, difference):
            self._emit(reference, "==")
            return
        if difference is not None:
            self._match(difference, self._reference_backlog, self._difference_backlog)
        if reference is not None:
            self._match(reference, self._difference_backlog, self._reference_backlog)

    def _match(self, entry: _Entry, others: list[_Entry], own: list[_Entry]) -> None:
        """Pairs the entry with an equal one of the other side, or keeps it until one comes."""
        for index, held in enumerate(others):
            if self._equal(held, entry):
                others.pop(index)
                self._emit(held if own is self._difference_backlog else entry, "==")
                return
        own.append(entry)

    def _equal(self, left: _Entry, right: _Entry) -> bool:
        return self.comparer.compare_keys(left.keys, right.keys) == 0

    def _emit(self, entry: _Entry, side: str) -> None:
        if side == "==" and not self.context.get("IncludeEqual"):
            return
        pairs = [(key.name, key.value) for key in entry.keys] if self._properties else [("InputObject", entry.value)]
        self.context.write(PSCustomObject([*pairs, ("SideIndicator", side)]))


COMPARE_OBJECT = of_powershell(
    "Compare-Object",
    CompareObject,
    "ReferenceObject psobject[] 0 mandatory none, DifferenceObject psobject[] 1 mandatory pipeline none, "
    "Property object[], IncludeEqual switch, CaseSensitive switch",
)
