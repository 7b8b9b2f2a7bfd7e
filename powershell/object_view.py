"""`$x.PSObject`: a value looked at as PowerShell's own wrapper of it."""

from __future__ import annotations

from typing import Any

from powershell.errors import OutsideSubset
from powershell.instances import Hashtable, Instance, NoteProperty
from powershell.invoker import MemberAccess
from powershell.values import NOTHING, DateTime


class ObjectView(Instance):
    __slots__ = ("_members", "value")
    dotnet_name = "System.Management.Automation.PSObject"

    def __init__(self, value: Any, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self._members = members

    def member(self, name: str) -> Any:
        if name.lower() == "properties":
            return PropertyList(self.value, self._members)
        raise OutsideSubset(f"the member {name} of PSObject")


class PropertyList(Instance):
    __slots__ = ("_members", "value")
    dotnet_name = "System.Management.Automation.PSMemberInfoIntegratingCollection`1"

    def __init__(self, value: Any, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self._members = members

    def enumerate(self) -> list[PropertyView]:
        if isinstance(self.value, Hashtable | DateTime):
            raise OutsideSubset("PSObject.Properties of a dictionary or a date")
        return [PropertyView(self.value, name, self._members) for name in self._members.property_names(self.value)]

    def member(self, name: str) -> Any:
        match name.lower():
            case "count":
                return len(self.enumerate())
            case "length":
                return NOTHING
            case "name" | "value":
                return [view.member(name) for view in self.enumerate()]
            case _:
                raise OutsideSubset(f"the member {name} of PSObject.Properties")


class PropertyView(Instance):
    """One property as an object: a PSNoteProperty or a PSProperty."""

    __slots__ = ("_members", "name", "value")

    def __init__(self, value: Any, name: str, members: MemberAccess) -> None:
        super().__init__()
        self.value = value
        self.name = name
        self._members = members

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # by the kind of member
        own = self.value.members.get(self.name.lower()) if isinstance(self.value, Instance) else None
        if not isinstance(own, NoteProperty | None):
            raise OutsideSubset("what kind of property this is")
        return f"System.Management.Automation.PS{'Note' if own is not None else ''}Property"

    def member(self, name: str) -> Any:
        match name.lower():
            case "name":
                return self.name
            case "value":
                return self._members.get(self.value, self.name)
            case _:
                raise OutsideSubset(f"the member {name} of a property")
