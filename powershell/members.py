"""Members of values: what `.Name` reads and sets, what `.Method()` calls, and how a refusal differs from a fault."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from powershell.collection_methods import COLLECTION_METHODS, CollectionMethods
from powershell.conversion import object_text
from powershell.declared import DotNetObject, DotNetType, EnumType, EnumValue
from powershell.dialect import spoken
from powershell.dotnet.number_text import format_number
from powershell.dotnet.time_text import format_datetime, format_timespan
from powershell.errors import DotNetError, ExceptionObject, OutsideSubset, PowerShellError, failure, method_failure
from powershell.instances import Hashtable, Instance, Member, NoteProperty, PSCustomObject, ScriptProperty
from powershell.invoker import Invoker
from powershell.known_members import fact_name, facts, has_fact, table_of
from powershell.object_view import ObjectView
from powershell.scope import Scope
from powershell.static_members import StaticMembers, call_group, no_method
from powershell.type_names import PSOBJECT
from powershell.type_tests import is_instance, type_lineage
from powershell.values import (
    NOTHING,
    VALUE_TYPES,
    DateTime,
    Guid,
    SwitchParameter,
    TimeSpan,
    enumerate_value,
    type_name,
    unwrap,
)

_NOT_FOUND: Final = "The property '{}' cannot be found on this object. Verify that the property exists and can be set."


class Members:
    """The members of values, as one interpreter's scripts see them."""

    def __init__(self, interpreter: Invoker) -> None:
        self._it = interpreter
        self.static = StaticMembers(interpreter)
        self._collections = CollectionMethods(interpreter)

    # --- reading ---

    def get(self, value: Any, name: Any) -> Any:
        """`value.name`; null where there is no such property."""
        found = self.property_or_nothing(value, name)
        if found is not NOTHING:
            return found
        lowered = name.lower()
        if lowered == "psobject":
            return ObjectView(value, self)
        if lowered in {"psbase", "pstypenames", "psextended", "psadapted"}:
            raise OutsideSubset(f"the member {name}")
        if value is not None:
            self._refuse_real(value, name)
        items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
        if items is not None and lowered == "current":
            raise OutsideSubset(f"the member Current of {type_name(value)}")
        if items is not None:
            return self._enumerated(list(items), name)
        counted = not isinstance(value, PSCustomObject) or not spoken().windows
        return 1 if counted and lowered in {"count", "length"} else None

    def _enumerated(self, items: list[Any], name: str) -> Any:
        """Member enumeration: the property of every item that has it."""
        found: list[Any] = []
        for item in items:
            value = None if item is None else self.property_or_nothing(item, name)
            if value is NOTHING and isinstance(item, list):
                value = self._enumerated(item, name)
            elif value is NOTHING:
                self._refuse_real(item, name)
            if item is None or value is NOTHING:
                continue
            inner = None if isinstance(value, str) else enumerate_value(value)
            found += [value] if inner is None else list(inner)
        return unwrap(found)

    def bindable_property(self, value: Any, name: str) -> Any:
        """As `property_or_nothing`, for the binding of parameters."""
        if isinstance(value, Hashtable):
            raise OutsideSubset("parameters bound by the properties of a dictionary")
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

    def _attached(self, value: Any, member: Member) -> Any:
        match member:
            case NoteProperty():
                return member.value
            case ScriptProperty():
                scope = Scope(self._it.scope)
                scope.force("this", value)
                with self._it.swapped(scope):
                    return unwrap(self._it.call(member.getter))

    def _refuse_real(self, value: Any, name: str) -> None:
        """Refuses a member the real type has and this one has not, or may have."""
        if isinstance(value, DotNetObject):
            real = name.lower() in {known.lower() for known in value.dotnet_class.outside}
            if real or value.dotnet_class.method(name) is not None:
                raise OutsideSubset(f"the member {name} of {value.dotnet_class.name}")
            return
        if isinstance(value, PSCustomObject):
            return
        kind = fact_name(value)
        partly = isinstance(value, ExceptionObject) and kind != value.type
        if partly or not facts(kind) or has_fact(kind, "p", name) or has_fact(kind, "m", name):
            raise OutsideSubset(f"the member {name} of {type_name(value)}")

    # --- what formatting and Get-Member ask ---

    def has_method(self, value: Any, name: str) -> bool:
        if isinstance(value, DotNetObject) and value.dotnet_class.method(name) is not None:
            return True
        table = table_of(value)
        if table is not None and table.find_method(name.lower()) is not None:
            return True
        return value is not None and bool(has_fact(fact_name(value), "m", name))

    def property_names(self, value: Any, *, extended_first: bool = False) -> list[str]:
        """Readable properties in the order a default view shows them."""
        attached: list[str] = []
        if isinstance(value, Instance):
            attached = [member.name for member in value.members.values()]
        own = self._own_names(value)
        return [*attached, *own] if extended_first else [*own, *attached]

    def _own_names(self, value: Any) -> list[str]:
        if value is None or isinstance(value, PSCustomObject):
            return []
        if isinstance(value, DotNetObject):
            return [known.name for known in value.dotnet_class.properties]
        raise OutsideSubset(f"the list of all properties of {type_name(value)}")

    def type_names(self, value: Any) -> list[str]:
        return type_lineage(value)

    def depends_on_pipeline(self, value: Any, target: DotNetType) -> bool:
        """PowerShell wraps in a PSObject what a command has put out, which is not followed here."""
        return target.name == PSOBJECT and value is not None and value is not NOTHING and not is_instance(value, target)

    def is_instance(self, value: Any, target: DotNetType) -> bool:
        return is_instance(value, target)

    def default_value(self, target: DotNetType) -> Any:
        """What a variable of the type holds before anything is assigned."""
        if target.name == "System.String":
            return ""
        if target.name == "System.Management.Automation.SwitchParameter":
            return SwitchParameter(is_present=False)
        if target.name in {"System.DateTime", "System.TimeSpan", "System.Guid"}:
            raise OutsideSubset(f"a variable of type {target.name} before a value is assigned")
        if target.name in VALUE_TYPES:
            return self._it.conversion.convert(0, target)
        return EnumValue(target.definition, 0) if isinstance(target.definition, EnumType) else None

    # --- writing ---

    def set(self, value: Any, name: Any, new: Any) -> Any:
        """Sets a property; gives what was assigned, converted where the class declares the property."""
        if value is None:
            raise failure(_NOT_FOUND.format(name), "PropertyNotFound")
        if not isinstance(value, Instance):
            raise OutsideSubset(f"assigning {name} of {type_name(value)}")
        member = value.members.get(name.lower())
        if isinstance(member, NoteProperty):
            member.value = new
        elif member is not None:
            raise OutsideSubset("assigning to this kind of member")
        elif isinstance(value, DotNetObject):
            return self._set_declared(value, name, new)
        elif isinstance(value, Hashtable):
            value.set(name, new)
        elif isinstance(value, PSCustomObject):
            message = _NOT_FOUND.format(name)
            inner = ExceptionObject("System.Management.Automation.SetValueException", message)
            raise self._set_failure(name, message, inner)
        else:
            raise OutsideSubset(f"assigning {name} of {type_name(value)}")
        return new

    def _set_declared(self, value: DotNetObject, name: str, new: Any) -> Any:
        known = value.dotnet_class.property(name)
        if known is None:
            self._refuse_real(value, name)
            raise failure(_NOT_FOUND.format(name), "PropertyAssignmentException")
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

    # --- calling ---

    def invoke(self, value: Any, name: Any, arguments: Sequence[Any]) -> Any:
        lowered = name.lower()
        if lowered == "gettype" and not arguments:
            return self.type_of(value)
        if lowered in COLLECTION_METHODS:
            return self._collections.invoke(value, name, arguments)
        if isinstance(value, DotNetObject):
            return self._invoke_declared(value, name, arguments)
        own = getattr(value, "call", None) if isinstance(value, Instance) else None
        if own is not None:
            return own(name, list(arguments))
        table = table_of(value)
        group = None if table is None else table.find_method(lowered)
        if group is not None:
            return call_group(self._it, group, value, arguments, facts(fact_name(value)).get("m", {}))
        return self._not_invoked(value, name, arguments)

    def _not_invoked(self, value: Any, name: str, arguments: Sequence[Any]) -> Any:
        if name.lower() == "tostring" and not arguments:
            return "" if isinstance(value, PSCustomObject) else object_text(value)
        kind = fact_name(value)
        unknown = not facts(kind) and not isinstance(value, PSCustomObject)
        unknown |= isinstance(value, list) and bool(has_fact("System.Collections.ArrayList", "m", name))
        if unknown or name.lower() in {"equals", "gethashcode"} or has_fact(kind, "m", name):
            raise OutsideSubset(f"the method {name} of {type_name(value)}")
        items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
        if items is not None and list(items):
            results = [self._invoke_item(item, name, arguments) for item in list(items)]
            found = [result for result in results if result is not NOTHING]
            return unwrap(found) if found else NOTHING
        raise no_method(type_name(value), name)

    def _invoke_item(self, item: Any, name: str, arguments: Sequence[Any]) -> Any:
        if item is None:
            raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull")
        if not self.has_method(item, name) and not isinstance(item, list):
            raise no_method(type_name(item), name)
        return self.invoke(item, name, arguments)

    def _invoke_declared(self, value: DotNetObject, name: str, arguments: Sequence[Any]) -> Any:
        method = value.dotnet_class.method(name)
        if method is None:
            if name.lower() == "tostring" and not arguments:
                return object_text(value)
            if name.lower() in {"equals", "gethashcode", *(known.lower() for known in value.dotnet_class.outside)}:
                raise OutsideSubset(f"the method {name} of {value.dotnet_class.name}")
            raise no_method(value.dotnet_class.name, name)
        if len(arguments) not in method.arity:
            raise OutsideSubset(f"{method.name} with {len(arguments)} argument(s)")
        try:
            return method.call(value, *arguments)
        except DotNetError as error:
            raise method_failure(method.name, len(arguments), error) from None

    def type_of(self, value: Any) -> DotNetType:
        if isinstance(value, EnumValue):
            return DotNetType(value.type.name, value.type)
        if isinstance(value, DotNetObject):
            return DotNetType(value.dotnet_class.name, value.dotnet_class)
        name = "System.RuntimeType" if isinstance(value, DotNetType) else type_name(value)
        found = self._it.types.find(name) if name.endswith("]") else None
        return DotNetType(name) if found is None else found

    # --- text ---

    def formatted(self, value: Any, specification: str) -> str:
        """IFormattable.ToString for one value; DotNetError when the specification does not apply."""
        if not specification or isinstance(value, bool):
            return object_text(value)
        match value:
            case int() | float() | Decimal():
                return format_number(value, specification)
            case DateTime():
                return format_datetime(value, specification)
            case TimeSpan():
                return format_timespan(value, specification)
            case EnumValue() | Guid():
                raise OutsideSubset(f"the format '{specification}' of a {type_name(value)}")
            case _:
                return object_text(value)
