"""Whether a value is of a type, and which types it is of."""

from __future__ import annotations

from typing import Any, Final

from powershell.declared import DotNetObject, DotNetType, EnumValue
from powershell.dotnet.regex_text import Capture, CaptureList
from powershell.errors import ExceptionObject, OutsideSubset, exception_lineage
from powershell.instances import ArrayList, CommandInfo, GenericList, Hashtable, Instance, KeyCollection, PSCustomObject
from powershell.type_names import PSOBJECT
from powershell.values import NOTHING, VALUE_TYPES, DateTime, Guid, TimeSpan, type_name

_INTERFACES: Final[dict[str, tuple[type, ...]]] = {
    "System.Collections.IEnumerable": (list, ArrayList, Hashtable, KeyCollection, str, CaptureList),
    "System.Collections.ICollection": (list, ArrayList, Hashtable, KeyCollection, CaptureList),
    "System.Collections.IList": (list, ArrayList),
    "System.Collections.IDictionary": (Hashtable,),
    "System.Management.Automation.PSCustomObject": (PSCustomObject,),
    "System.Collections.Hashtable": (),
    "System.IComparable": (str, int, float, DateTime, TimeSpan, Guid),
    "System.IConvertible": (str, int, float, DateTime),
    "System.Array": (list,),
    "System.Enum": (EnumValue,),
    "System.Type": (DotNetType,),
}


def is_instance(value: Any, target: DotNetType) -> bool:
    """As -is tells."""
    if value is None or value is NOTHING:
        return False
    name = target.name
    if name == PSOBJECT:
        return isinstance(value, PSCustomObject) or bool(isinstance(value, Instance) and value.members)
    own = type_name(value)
    if name in {own, "System.Object"}:
        return True
    if name in _INTERFACES:
        return isinstance(value, _INTERFACES[name])
    if name == "System.ValueType":
        return own in VALUE_TYPES or isinstance(value, EnumValue)
    if isinstance(value, ExceptionObject):
        return name in exception_lineage(own)
    if isinstance(value, DotNetObject):
        return name in value.dotnet_class.bases
    return isinstance(value, Capture) and name.endswith((".Group", ".Capture"))


def type_lineage(value: Any) -> list[str]:
    """PSTypeNames, most derived first."""
    if isinstance(value, Instance) and value.type_names is not None:
        return value.type_names
    name = type_name(value)
    match value:
        case None:
            return []
        case DotNetObject():
            return [name, *value.dotnet_class.bases]
        case ExceptionObject():
            return list(exception_lineage(name))
        case list():
            return [name, "System.Array", "System.Object"]
        case EnumValue():
            return [name, "System.Enum", "System.ValueType", "System.Object"]
        case DotNetType() | GenericList():
            raise OutsideSubset("the type names of a type or a generic collection")
        case CommandInfo():
            return [name, "System.Management.Automation.CommandInfo", "System.Object"]
        case _ if name.endswith(("WarningRecord", "VerboseRecord", "DebugRecord")):
            return [name, "System.Management.Automation.InformationalRecord", "System.Object"]
        case _ if name in VALUE_TYPES:
            return [name, "System.ValueType", "System.Object"]
        case _:
            return [name, "System.Object"]
