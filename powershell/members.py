"""Members of values: what `.Name` reads and sets, what `.Method()` calls, and how a refusal differs from a fault."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from powershell.collection_methods import for_each, where
from powershell.conversion import object_text
from powershell.dialect import Dialect, lacking, spoken
from powershell.dotnet import containers, records, scalars, strings, system
from powershell.dotnet.number_text import format_number
from powershell.dotnet.overloads import call_overload
from powershell.dotnet.regex_text import Capture, CaptureList
from powershell.dotnet.scalars import enum_text
from powershell.dotnet.tables import MethodGroup, Table
from powershell.dotnet.time_text import format_datetime, format_timespan
from powershell.errors import (
    DotNetError,
    ErrorRecord,
    ExceptionObject,
    OutsideSubset,
    PowerShellError,
    exception_lineage,
    failure,
    method_failure,
)
from powershell.inspection import output_type_name
from powershell.invoker import Invoker
from powershell.object_view import ObjectView, TypeNames
from powershell.scope import Scope
from powershell.type_names import PSOBJECT, fact
from powershell.values import (
    NOTHING,
    VALUE_TYPES,
    AliasProperty,
    ArrayList,
    CommandInfo,
    DateTime,
    DotNetClass,
    DotNetObject,
    DotNetType,
    Enumerator,
    EnumType,
    EnumValue,
    GenericDictionary,
    GenericList,
    Guid,
    Hashtable,
    Instance,
    KeyCollection,
    NoteProperty,
    OrderedDictionary,
    PSCustomObject,
    ScriptBlock,
    ScriptMethod,
    ScriptProperty,
    SwitchParameter,
    TimeSpan,
    enumerate_value,
    type_name,
    unwrap,
)

_TABLES: Final[dict[str, Table]] = {
    table.name: table for module in (strings, scalars, containers, records, system) for table in module.TABLES
} | {"System.Text.UTF8Encoding": strings.UTF8_TABLE}
_INTERFACES: Final = {
    "System.Collections.IEnumerable": (list, ArrayList, Hashtable, KeyCollection, str, CaptureList),
    "System.Collections.ICollection": (list, ArrayList, Hashtable, KeyCollection, CaptureList),
    "System.Collections.IList": (list, ArrayList),
    "System.Collections.IDictionary": (Hashtable,),
    "System.Management.Automation.PSCustomObject": (PSCustomObject,),
    "System.Collections.Hashtable": (),
    "System.IComparable": (str, int, float, Decimal, DateTime, TimeSpan, Guid),
    "System.IConvertible": (str, int, float, Decimal, DateTime),
}


@functools.cache
def _framework_tables() -> dict[str, Table]:
    """The members as .NET Framework has them."""
    absent = lacking(Dialect.WINDOWS_POWERSHELL_5_1).members
    found = {name: table.without(absent.get(name.lower(), frozenset())) for name, table in _TABLES.items()}
    found["System.String"] = strings.framework_strings(found["System.String"])
    return found


def _tables() -> dict[str, Table]:
    return _framework_tables() if spoken().windows else _TABLES


def table_of(value: Any) -> Table | None:
    """The member table of a value's type."""
    found = _tables().get(type_name(value))
    if found is not None:
        return found
    match value:
        case list():
            return containers.ARRAY
        case GenericList():
            return containers.GENERIC
        case ArrayList():
            return containers.LIST
        case GenericDictionary():
            return containers.DICTIONARY
        case OrderedDictionary():
            return _tables()[containers.ORDERED.name]
        case Enumerator():
            return containers.ENUMERATOR
        case KeyCollection():
            return containers.KEYS
        case EnumValue():
            return _tables()["System.Enum"]
        case ExceptionObject():
            return records.EXCEPTION
        case Capture():
            return records.CAPTURE
        case CaptureList():
            return records.CAPTURES
        case strings.Encoding():
            return strings.ENCODING
        case DotNetType():
            return records.TYPE
        case CommandInfo():
            return records.COMMAND
        case _ if type_name(value).startswith("System.Management.Automation.") and type_name(value).endswith("Record"):
            return records.MESSAGE
        case _:
            return None


def _facts(name: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = fact("members")
    return known.get(name.partition("[")[0]) or {}


def _has_fact(name: str, kind: str, member: str) -> bool | None:
    """Whether the real type has that member; None when its members are not known."""
    entry = _facts(name)
    if not entry:
        return None
    lowered = member.lower()
    return any(known.lower() == lowered for known in entry[kind])


def _fact_name(value: Any) -> str:
    if isinstance(value, list):
        return "System.Array"
    if isinstance(value, DotNetType):
        return "System.Type"
    if isinstance(value, EnumValue):
        return "System.Enum"
    if isinstance(value, ExceptionObject):
        name = value.type
        return name if _facts(name) else "System.Exception"
    table = table_of(value)
    name = type_name(value)
    return name if _facts(name) or table is None else table.name


_OF_OTHERS: Final = frozenset({"chars", "movenext", "reset"})
"""A property with parameters, and methods of enumerators, which are lists here."""
_ACCESSORS: Final = ("get_", "set_", "add_", "remove_", "op_")
"""How methods begin that stand for properties, events and operators: no list of members has them."""


class Members:
    """The members of values, as one interpreter's scripts see them."""

    def __init__(self, interpreter: Invoker) -> None:
        self._it = interpreter

    # --- reading ---

    def get(self, value: Any, name: Any) -> Any:
        """`value.name`; null where there is no such property."""
        if isinstance(name, ScriptBlock):
            raise OutsideSubset("a script block as a member name")
        found = self.property_or_nothing(value, name)
        if found is not NOTHING:
            return found
        lowered = name.lower()
        if lowered in {"psobject", "psbase", "pstypenames", "psextended", "psadapted"}:
            return self._intrinsic(value, lowered)
        if value is not None:
            self._refuse_real(value, name)
        items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
        if items is not None and lowered == "current":
            raise OutsideSubset(f"the member Current of {type_name(value)}")
        if items is not None:
            return self._enumerated(list(items), name)
        if lowered in {"count", "length"}:
            return 1
        return None

    def _enumerated(self, items: list[Any], name: str) -> Any:
        """Member enumeration: the property of every item that has it."""
        found: list[Any] = []
        for item in items:
            if item is None:
                continue
            value = self.property_or_nothing(item, name)
            if value is NOTHING:
                if isinstance(item, list):
                    value = self._enumerated(item, name)
                else:
                    self._refuse_real(item, name)
                    continue
            inner = None if isinstance(value, str) else enumerate_value(value)
            if inner is None:
                found.append(value)
            else:
                found += list(inner)
        return unwrap(found)

    def bindable_property(self, value: Any, name: str) -> Any:
        """As `property_or_nothing`, but the entries of a table are no properties."""
        if isinstance(value, Hashtable) and name.lower() not in value.members:
            table = table_of(value)
            found = None if table is None else table.find_property(name.lower())
            return NOTHING if found is None else found[1](value)
        return self.property_or_nothing(value, name)

    def property_or_nothing(self, value: Any, name: str) -> Any:
        """The property's value, or NOTHING when the value has no such property."""
        lowered = name.lower()
        if isinstance(value, Instance):
            member = value.members.get(lowered)
            if member is not None:
                return self._attached(value, member)
            if isinstance(value, DotNetObject):
                known = value.dotnet_class.property(name)
                return NOTHING if known is None else known.get(value)
            if isinstance(value, Hashtable) and value.contains(name):
                return value.get(name)
            own = getattr(value, "member", None)
            if own is not None:
                return own(name)
        if value is None:
            return NOTHING
        table = table_of(value)
        found = None if table is None else table.find_property(lowered)
        return NOTHING if found is None else found[1](value)

    def _attached(self, value: Any, member: Any) -> Any:
        match member:
            case NoteProperty():
                return member.value
            case AliasProperty():
                return self.get(value, member.target)
            case ScriptProperty():
                return None if member.getter is None else self._script_value(value, member.getter)
            case _:
                raise OutsideSubset("a method read as a property")

    def _script_value(self, value: Any, block: ScriptBlock, arguments: Sequence[Any] = ()) -> Any:
        it = self._it
        scope = Scope(it.scope)
        scope.force("this", value)
        with it.swapped(scope):
            return unwrap(it.call(block, arguments))

    def _refuse_real(self, value: Any, name: str) -> None:
        """Refuses a member the real type has and this one has not."""
        if isinstance(value, DotNetObject):
            if name.lower() in {known.lower() for known in value.dotnet_class.outside}:
                raise OutsideSubset(f"the member {name} of {value.dotnet_class.name}")
            if value.dotnet_class.method(name) is not None:
                raise OutsideSubset("a method read as a property")
            return
        if isinstance(value, PSCustomObject):
            return
        kind = _fact_name(value)
        if _has_fact(kind, "p", name) or _has_fact(kind, "m", name):
            raise OutsideSubset(f"the member {name} of {type_name(value)}")
        if not _facts(kind):
            raise OutsideSubset(f"the member {name} of {type_name(value)}")

    def _intrinsic(self, value: Any, name: str) -> Any:
        if name == "pstypenames":
            return TypeNames(value, self)
        if name == "psbase" and isinstance(value, Hashtable):
            return BaseView(value)
        if name == "psobject":
            return ObjectView(value, self)
        raise OutsideSubset(f"the member {name}")

    # --- what formatting and Get-Member ask ---

    def has_property(self, value: Any, name: str) -> bool:
        if isinstance(value, Instance) and isinstance(value.members.get(name.lower()), ScriptMethod):
            return False
        return self.property_or_nothing(value, name) is not NOTHING

    def has_method(self, value: Any, name: str) -> bool:
        lowered = name.lower()
        if isinstance(value, Instance) and isinstance(value.members.get(lowered), ScriptMethod):
            return True
        if isinstance(value, DotNetObject) and value.dotnet_class.method(name) is not None:
            return True
        table = table_of(value)
        if table is not None and table.find_method(lowered) is not None:
            return True
        return value is not None and bool(_has_fact(_fact_name(value), "m", name))

    def has_indexer(self, value: Any) -> bool:
        return bool(_has_fact(_fact_name(value), "m", "get_Item")) and not isinstance(value, list)

    def property_names(self, value: Any, *, extended_first: bool = False) -> list[str]:
        """Readable properties in the order a default view shows them."""
        attached: list[str] = []
        if isinstance(value, Instance):
            attached = [member.name for member in value.members.values() if not isinstance(member, ScriptMethod)]
        own = self._own_names(value)
        return [*attached, *own] if extended_first or isinstance(value, PSCustomObject) else [*own, *attached]

    def _own_names(self, value: Any) -> list[str]:
        if value is None or isinstance(value, PSCustomObject):
            return []
        if isinstance(value, DotNetObject):
            return [known.name for known in value.dotnet_class.properties]
        own = getattr(value, "property_names", None)
        if own is not None:
            return list(own())
        table = table_of(value)
        if table is None:
            return []
        names: list[str] = []
        while table is not None:
            names = [*(name for name in table.shown if name not in names), *names]
            table = table.base
        real = _facts(_fact_name(value)).get("p", [])
        missing = {name.lower() for name in real} - {name.lower() for name in names}
        if missing and not isinstance(value, (list, TimeSpan, DateTime, ErrorRecord)):
            raise OutsideSubset(f"the list of all properties of {type_name(value)}")
        return names

    def default_properties(self, value: Any) -> list[str]:
        if isinstance(value, ErrorRecord):
            return []
        return []

    def type_names(self, value: Any) -> list[str]:
        """PSTypeNames, most derived first."""
        if isinstance(value, Instance) and value.type_names is not None:
            return value.type_names
        name = output_type_name(value)
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
            case DotNetType():
                return [
                    "System.RuntimeType",
                    "System.Reflection.TypeInfo",
                    "System.Type",
                    "System.Reflection.MemberInfo",
                    "System.Object",
                ]
            case CommandInfo():
                return [name, "System.Management.Automation.CommandInfo", "System.Object"]
            case _ if name.endswith(("WarningRecord", "VerboseRecord", "DebugRecord")):
                return [name, "System.Management.Automation.InformationalRecord", "System.Object"]
            case _ if name in VALUE_TYPES:
                return [name, "System.ValueType", "System.Object"]
            case _:
                return [name, "System.Object"]

    def depends_on_pipeline(self, value: Any, target: DotNetType) -> bool:
        """PowerShell wraps in a PSObject what a command has put out, which is not followed here."""
        return (
            target.name == PSOBJECT
            and value is not None
            and value is not NOTHING
            and not self.is_instance(value, target)
        )

    def is_instance(self, value: Any, target: DotNetType) -> bool:
        """Whether the value is of that type, as -is tells."""
        if value is None or value is NOTHING:
            return False
        name = target.name
        if name == PSOBJECT:
            return isinstance(value, PSCustomObject) or bool(isinstance(value, Instance) and value.members)
        if name == "System.Object":
            return True
        own = type_name(value)
        if own == name:
            return True
        if isinstance(value, list) and name in {"System.Array", "System.Object[]"}:
            return name == "System.Array"
        if name in _INTERFACES:
            return isinstance(value, _INTERFACES[name])
        if name == "System.ValueType":
            return own in VALUE_TYPES or isinstance(value, EnumValue)
        if name == "System.Enum":
            return isinstance(value, EnumValue)
        if isinstance(value, ExceptionObject):
            return name in exception_lineage(own)
        if isinstance(value, DotNetType) and name == "System.Type":
            return True
        if isinstance(value, strings.Encoding):
            return name == "System.Text.Encoding"
        if isinstance(value, DotNetObject):
            return name in value.dotnet_class.bases
        return bool(isinstance(value, Capture) and name.endswith((".Group", ".Capture")))

    def default_value(self, target: DotNetType) -> Any:
        """What a variable of the type holds before anything is assigned."""
        if target.name == "System.String":
            return ""
        if target.name == "System.Management.Automation.SwitchParameter":
            return SwitchParameter(is_present=False)
        if target.name in {"System.DateTime", "System.TimeSpan", "System.Guid"}:
            return {"System.DateTime": DateTime(0), "System.TimeSpan": TimeSpan(0), "System.Guid": Guid("0" * 32)}[
                target.name
            ]
        if target.name in VALUE_TYPES:
            return self._it.conversion.convert(0, target)
        if isinstance(target.definition, EnumType):
            return EnumValue(target.definition, 0)
        return None

    # --- writing ---

    def set(self, value: Any, name: Any, new: Any) -> Any:
        """Sets a property; gives what was assigned, converted where the class declares the property."""
        if value is None:
            raise failure(
                f"The property '{name}' cannot be found on this object. Verify that the property "
                f"exists and can be set.",
                "PropertyNotFound",
            )
        lowered = name.lower()
        if isinstance(value, Instance):
            member = value.members.get(lowered)
            if member is not None:
                self._set_attached(value, member, new)
                return new
            if isinstance(value, DotNetObject):
                return self._set_declared(value, name, new)
            if isinstance(value, Hashtable):
                if isinstance(value, GenericDictionary):
                    name, new = self.dictionary_pair(value, name, new)
                value.set(name, new)
                return new
            own = getattr(value, "set_member", None)
            if own is not None and own(name, new):
                return new
        self._set_table(value, name, new)
        return new

    def _set_attached(self, value: Any, member: Any, new: Any) -> None:
        match member:
            case NoteProperty():
                member.value = new
            case AliasProperty():
                self.set(value, member.target, new)
            case ScriptProperty() if member.setter is not None:
                self._script_value(value, member.setter, [new])
            case _:
                raise OutsideSubset("assigning to this kind of member")

    def _set_declared(self, value: DotNetObject, name: str, new: Any) -> Any:
        known = value.dotnet_class.property(name)
        if known is None:
            self._refuse_real(value, name)
            raise self._no_property(value, name)
        if known.set is None:
            raise failure(f"'{known.name}' is a ReadOnly property.", "PropertyAssignmentException")
        try:
            converted = self._it.conversion.convert(new, self._it.types.get(known.type))
            known.set(value, converted)
        except PowerShellError as error:
            raise self._set_failure(known.name, error.record.message, error.record.exception) from None
        except DotNetError as error:
            raise self._set_failure(known.name, error.exception.message, error.exception) from None
        return converted

    def _set_failure(self, name: str, message: str, inner: ExceptionObject) -> PowerShellError:
        return failure(
            f'Exception setting "{name}": "{message}"',
            "ExceptionWhenSetting",
            "NotSpecified",
            exception="System.Management.Automation.SetValueInvocationException",
            inner=inner,
        )

    def _no_property(self, value: Any, name: str) -> PowerShellError:
        message = (
            f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
        )
        if isinstance(value, PSCustomObject):
            return self._set_failure(
                name, message, ExceptionObject("System.Management.Automation.SetValueException", message)
            )
        return failure(message, "PropertyAssignmentException")

    def _set_table(self, value: Any, name: str, new: Any) -> None:
        table = table_of(value)
        current: Table | None = table
        while current is not None:
            setter = current.setters.get(name.lower())
            if setter is not None:
                setter(value, new)
                return
            current = current.base
        if table is not None and table.find_property(name.lower()) is not None:
            shown = table.find_property(name.lower())
            raise failure(f"'{shown[0] if shown else name}' is a ReadOnly property.", "PropertyAssignmentException")
        if not isinstance(value, PSCustomObject):
            self._refuse_real(value, name)
        if isinstance(value, list):
            raise OutsideSubset("assigning a property of every item of an array")
        raise self._no_property(value, name)

    # --- calling ---

    def invoke(self, value: Any, name: Any, arguments: Sequence[Any]) -> Any:
        if isinstance(name, ScriptBlock):
            raise OutsideSubset("a script block as a method name")
        lowered = name.lower()
        if isinstance(value, Instance):
            member = value.members.get(lowered)
            if isinstance(member, ScriptMethod):
                return self._script_value(value, member.body, arguments)
        if lowered == "gettype" and not arguments:
            return self.type_of(value)
        if isinstance(value, DotNetObject):
            return self._invoke_declared(value, name, arguments)
        own = getattr(value, "call", None) if isinstance(value, Instance) else None
        if own is not None:
            result = own(name, list(arguments))
            if result is not NOTHING or own(name, None):
                return result
        table = table_of(value)
        group = None if table is None else table.find_method(lowered)
        if group is not None:
            return self._call(group, value, arguments, _fact_name(value))
        if lowered in {"where", "foreach"}:
            return (where if lowered == "where" else for_each)(self._it, value, list(arguments))
        return self._not_invoked(value, name, arguments)

    def _not_invoked(self, value: Any, name: str, arguments: Sequence[Any]) -> Any:
        lowered = name.lower()
        if lowered in {"tostring", "equals", "gethashcode"}:
            return self._object_method(value, lowered, arguments)
        kind = _fact_name(value)
        if _has_fact(kind, "m", name):
            raise OutsideSubset(f"the method {name} of {type_name(value)}")
        items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
        if items is not None and list(items):
            found = []
            for item in list(items):
                if item is None:
                    raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull")
                result = self._invoke_item(item, name, arguments)
                if result is not NOTHING:
                    found.append(result)
            return unwrap(found) if found else NOTHING
        if not isinstance(value, PSCustomObject) and not _facts(kind):
            raise OutsideSubset(f"the method {name} of {type_name(value)}")
        raise self._no_method(type_name(value), name)

    def _invoke_item(self, item: Any, name: str, arguments: Sequence[Any]) -> Any:
        if not self.has_method(item, name) and not isinstance(item, list):
            raise self._no_method(type_name(item), name)
        return self.invoke(item, name, arguments)

    def _no_method(self, kind: str, name: str) -> PowerShellError:
        if name.lower().startswith(_ACCESSORS) or name.lower() in _OF_OTHERS:
            raise OutsideSubset(f"the method {name} of {kind}")
        return failure(
            f"Method invocation failed because [{kind}] does not contain a method named '{name}'.", "MethodNotFound"
        )

    def _object_method(self, value: Any, name: str, arguments: Sequence[Any]) -> Any:
        if name == "tostring" and not arguments:
            return "" if isinstance(value, PSCustomObject) else object_text(value)
        if name == "equals" and len(arguments) == 1:
            return value is arguments[0] or (not isinstance(value, Instance | list) and value == arguments[0])
        raise OutsideSubset(f"the method {name} of {type_name(value)}")

    def _invoke_declared(self, value: DotNetObject, name: str, arguments: Sequence[Any]) -> Any:
        method = value.dotnet_class.method(name)
        if method is None:
            if name.lower() in {known.lower() for known in value.dotnet_class.outside}:
                raise OutsideSubset(f"the method {name} of {value.dotnet_class.name}")
            if name.lower() in {"tostring", "equals", "gethashcode"}:
                return self._object_method(value, name.lower(), arguments)
            raise self._no_method(value.dotnet_class.name, name)
        if len(arguments) not in method.arity:
            raise self._no_overload(method.name, len(arguments))
        try:
            return method.call(value, *arguments)
        except DotNetError as error:
            raise method_failure(method.name, len(arguments), error) from None

    def _no_overload(self, name: str, count: int) -> PowerShellError:
        return failure(
            f'Cannot find an overload for "{name}" and the argument count: "{count}".',
            "MethodCountCouldNotFindBest",
            "NotSpecified",
            exception="System.Management.Automation.MethodException",
        )

    def _call(self, group: MethodGroup, value: Any, arguments: Sequence[Any], kind: str, section: str = "m") -> Any:
        real = _facts(kind).get(section, {})
        counts = next((known for name, known in real.items() if name.lower() == group.name.lower()), None)
        return call_overload(self._it, group.name, group.overloads, value, list(arguments), counts)

    # --- static members ---

    def _static_table(self, target: DotNetType) -> Table | None:
        return _tables().get(target.name.partition("[[")[0]) if target.element is None else containers.ARRAY

    def get_static(self, target: DotNetType, name: str) -> Any:
        if name.lower() == "new":
            raise OutsideSubset(f"[{target.name}]::new without its arguments")
        if isinstance(target.definition, EnumType):
            for known, number in target.definition.members:
                if known.lower() == name.lower():
                    return EnumValue(target.definition, number)
            if name.lower() in target.definition.outside or _has_fact("System.Enum", "sm", name):
                raise OutsideSubset(f"[{target.name}]::{name}")
            return None
        table = self._static_table(target)
        found = None if table is None else table.static_properties.get(name.lower())
        if found is not None:
            return found[1](self._it)
        real = _has_fact(target.name, "sp", name)
        if real or real is None or _has_fact(target.name, "sm", name):
            raise OutsideSubset(f"[{target.name}]::{name}")
        return None

    def set_static(self, target: DotNetType, name: str, value: Any) -> None:
        table = self._static_table(target)
        setter = None if table is None else table.static_setters.get(name.lower())
        if setter is not None:
            setter(self._it, value)
            return
        found = None if table is None else table.static_properties.get(name.lower())
        if found is not None and not (target.name == "System.Console"):
            raise failure(f"'{found[0]}' is a ReadOnly property.", "PropertyAssignmentException")
        raise OutsideSubset(f"assigning [{target.name}]::{name}")

    def invoke_static(self, target: DotNetType, name: str, arguments: Sequence[Any]) -> Any:
        table = self._static_table(target)
        group = None if table is None else table.static_methods.get(name.lower())
        if group is not None:
            return self._call(group, NOTHING, arguments, target.name, "sm")
        if isinstance(target.definition, EnumType):
            raise OutsideSubset(f"[{target.name}]::{name}()")
        known = False if name.lower() == "new" else _has_fact(target.name, "sm", name)
        if known or known is None:
            raise OutsideSubset(f"[{target.name}]::{name}()")
        raise self._no_method(target.name, name)

    def invoke_type(self, target: DotNetType, name: str, arguments: Sequence[Any]) -> Any:
        """`[int].GetElementType()`: a method of the type object itself."""
        return self.invoke(target, name, arguments)

    def construct(self, target: DotNetType, arguments: Sequence[Any], *, shown: str = "new") -> Any:
        """`[type]::new(…)` and New-Object, which name the constructor differently in their errors."""
        if target.element is not None:
            if len(arguments) == 1:
                return containers._create(self._it, target.element, int(arguments[0]))
            raise OutsideSubset(f"this constructor of {target.name}")
        name = target.name.partition("[[")[0]
        if (
            name in {"System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"}
            and not arguments
        ):
            return PSCustomObject()
        if target.arguments:
            return self._construct_generic(target, name, list(arguments))
        if "System.Exception" in set(exception_lineage(target.name)) and target.name.endswith("Exception"):
            made = records.make_exception(target.name, list(arguments))
            if made is None:
                raise OutsideSubset(f"this constructor of {target.name}")
            return made
        if isinstance(target.definition, DotNetClass) and target.definition.constructor is not None:
            return _constructed(target.definition.constructor, list(arguments), target.name)
        table = _TABLES.get(name)
        if table is None or not table.constructors:
            raise OutsideSubset(f"making a {target.name}")
        counts = _facts(name).get("c")
        return call_overload(self._it, ".ctor", table.constructors, NOTHING, list(arguments), counts, shown=shown)

    def _construct_generic(self, target: DotNetType, name: str, arguments: list[Any]) -> Any:
        if name == "System.Collections.Generic.List`1":
            if arguments and isinstance(arguments[0], int):
                arguments = []
            items = [] if not arguments else list(enumerate_value(arguments[0]) or ())
            return GenericList(
                target.arguments[0].name, [self._it.conversion.convert(item, target.arguments[0]) for item in items]
            )
        if name == "System.Collections.Generic.Dictionary`2" and not arguments:
            return GenericDictionary(target.arguments[0].name, target.arguments[1].name)
        raise OutsideSubset(f"making a {target.name}")

    def type_of(self, value: Any) -> DotNetType:
        if isinstance(value, DotNetType):
            return DotNetType("System.RuntimeType")
        if isinstance(value, EnumValue):
            return DotNetType(value.type.name, value.type)
        if isinstance(value, DotNetObject):
            return DotNetType(value.dotnet_class.name, value.dotnet_class)
        name = type_name(value)
        if isinstance(value, GenericList | GenericDictionary) or name.endswith("[]"):
            found = self._it.types.find(name)
            if found is not None:
                return found
        return DotNetType(name)

    # --- dictionaries ---

    def dictionary_pair(self, table: GenericDictionary, key: Any, value: Any) -> tuple[Any, Any]:
        convert, types = self._it.conversion.convert, self._it.types
        return convert(key, types.get(table.key_type)), convert(value, types.get(table.value_type))

    def dictionary_item(self, table: GenericDictionary, key: Any) -> Any:
        return table.get(self._it.conversion.convert(key, self._it.types.get(table.key_type)))

    # --- text ---

    def formatted(self, value: Any, specification: str) -> str:
        """IFormattable.ToString for one value; DotNetError when the specification does not apply."""
        if not specification:
            return object_text(value)
        match value:
            case None:
                return ""
            case bool() | str():
                return object_text(value)
            case int() | float() | Decimal():
                return format_number(value, specification)
            case DateTime():
                return format_datetime(value, specification)
            case TimeSpan():
                return format_timespan(value, specification)
            case EnumValue():
                return enum_text(value, specification)
            case Guid():
                return scalars.guid_text(value, specification)
            case DotNetObject() | PSCustomObject() | list() | Hashtable() | Instance():
                return object_text(value)
            case _:
                return object_text(value)


class BaseView(Instance):
    """`$table.PSBase`: a dictionary whose keys do not hide its properties."""

    __slots__ = ("source",)

    def __init__(self, source: Hashtable) -> None:
        super().__init__()
        self.source = source

    def member(self, name: str) -> Any:
        table = table_of(self.source)
        found = None if table is None else table.find_property(name.lower())
        return None if found is None else found[1](self.source)


def _constructed(constructor: Callable[[list[Any]], DotNetObject | None], arguments: list[Any], name: str) -> Any:
    try:
        made = constructor(arguments)
    except DotNetError as error:
        raise method_failure(".ctor", len(arguments), error) from error
    if made is None:
        raise OutsideSubset(f"making a {name}")
    return made
