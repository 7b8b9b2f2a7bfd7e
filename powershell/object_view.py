"""`$x.PSObject` and `$x.PSTypeNames`: a value looked at as PowerShell's own wrapper of it."""

from __future__ import annotations

from typing import Any

from powershell.errors import OutsideSubset
from powershell.invoker import MemberAccess
from powershell.type_names import enum
from powershell.values import (
    NOTHING,
    AliasProperty,
    ArrayList,
    DateTime,
    Hashtable,
    Instance,
    NoteProperty,
    PSCustomObject,
    ScriptMethod,
    ScriptProperty,
    type_name,
)


class ObjectView(Instance):
    __slots__ = ("_members", "value")
    dotnet_name = "System.Management.Automation.PSObject"

    def __init__(self, value: Any, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self._members = members

    def member(self, name: str) -> Any:
        match name.lower():
            case "properties":
                return PropertyList(self.value, self._members)
            case "typenames":
                return TypeNames(self.value, self._members)
            case "baseobject":
                return self.value
            case _:
                raise OutsideSubset(f"the member {name} of PSObject")

    def call(self, name: str, arguments: list[Any] | None) -> Any:
        if name.lower() == "copy" and isinstance(self.value, PSCustomObject):
            if arguments is None:
                return True
            copy = PSCustomObject(list(self.value.notes()))
            copy.type_names = None if self.value.type_names is None else list(self.value.type_names)
            return copy
        raise OutsideSubset(f"the method {name} of PSObject")


class TypeNames(ArrayList):
    """A live list: what is inserted shows in the formatting of the value."""

    __slots__ = ()
    dotnet_name = "System.Collections.ObjectModel.Collection`1[[System.String]]"

    def __init__(self, value: Any, members: MemberAccess) -> None:
        super().__init__()
        if isinstance(value, Instance):
            if value.type_names is None:
                value.type_names = list(members.type_names(value))
            self.items = value.type_names
        else:
            self.items = list(members.type_names(value))

    def call(self, name: str, arguments: list[Any] | None) -> Any:
        """Add gives nothing, as a collection's and not as an ArrayList's does."""
        if name.lower() != "add":
            return NOTHING if arguments is not None else False
        if arguments is None:
            return True
        self.items.append(str(arguments[0]))
        return NOTHING


class PropertyList(Instance):
    __slots__ = ("_members", "value")
    dotnet_name = "System.Management.Automation.PSMemberInfoIntegratingCollection`1"

    def __init__(self, value: Any, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self._members = members

    def enumerate(self) -> list[PropertyView]:
        if isinstance(self.value, Hashtable):
            raise OutsideSubset("PSObject.Properties of a dictionary")
        if isinstance(self.value, DateTime):
            raise OutsideSubset("PSObject.Properties of a date")
        return [PropertyView(self.value, name, self._members) for name in self._members.property_names(self.value)]

    def element(self, index: Any) -> Any:
        if not isinstance(index, str):
            raise OutsideSubset("PSObject.Properties by number")
        return next((view for view in self.enumerate() if view.name.lower() == index.lower()), None)

    def member(self, name: str) -> Any:
        if name.lower() in {"count", "length"}:
            return len(self.enumerate()) if name.lower() == "count" else NOTHING
        if name.lower() in {"name", "value", "membertype", "typenameofvalue"}:
            return [view.member(name) for view in self.enumerate()]
        raise OutsideSubset(f"the member {name} of PSObject.Properties")

    def call(self, name: str, arguments: list[Any] | None) -> Any:
        if name.lower() == "remove" and isinstance(self.value, Instance):
            if arguments is None:
                return True
            self.value.members.pop(str(arguments[0]).lower(), None)
            return NOTHING
        raise OutsideSubset(f"the method {name} of PSObject.Properties")


class PropertyView(Instance):
    """One property as an object: a PSNoteProperty, a PSProperty and so on."""

    __slots__ = ("_members", "name", "value")

    def __init__(self, value: Any, name: str, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self.name = name
        self._members = members

    def _own(self) -> Any:
        return self.value.members.get(self.name.lower()) if isinstance(self.value, Instance) else None

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # by the kind of member
        match self._own():
            case NoteProperty():
                kind = "PSNoteProperty"
            case AliasProperty():
                kind = "PSAliasProperty"
            case ScriptProperty() | ScriptMethod():
                kind = "PSScriptProperty"
            case _:
                kind = "PSProperty"
        return f"System.Management.Automation.{kind}"

    def member(self, name: str) -> Any:
        match name.lower():
            case "name":
                return self.name
            case "value":
                return self._members.get(self.value, self.name)
            case "typenameofvalue":
                value = self._members.get(self.value, self.name)
                return "System.Object" if value is None else type_name(value)
            case "membertype":
                kind = self.dotnet_name.rpartition(".")[2].removeprefix("PS")
                return enum("System.Management.Automation.PSMemberTypes").value(kind)
            case "isgettable" | "issettable":
                return True
            case _:
                raise OutsideSubset(f"the member {name} of a property")

    def set_member(self, name: str, value: Any) -> bool:
        if name.lower() != "value":
            return False
        self._members.set(self.value, self.name, value)
        return True
