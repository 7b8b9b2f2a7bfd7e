"""Get-Member, Add-Member and New-Object."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any, Final

from powershell.command import Cmdlet, Parameter, Placement, Validation, of_powershell, parameters
from powershell.conversion import object_text, to_text
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import ErrorRecord, OutsideSubset, PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.type_names import accelerator_of
from powershell.values import (
    AliasProperty,
    DateTime,
    DotNetClass,
    DotNetObject,
    EnumType,
    Hashtable,
    Instance,
    Member,
    Method,
    NoteProperty,
    Property,
    PSCustomObject,
    ScriptBlock,
    ScriptMethod,
    ScriptProperty,
    type_name,
)
from powershell.wildcard import matches

_MEMBER_TYPES: Final = EnumType(
    "System.Management.Automation.PSMemberTypes",
    (
        ("AliasProperty", 1),
        ("CodeProperty", 2),
        ("Property", 4),
        ("NoteProperty", 8),
        ("ScriptProperty", 16),
        ("PropertySet", 32),
        ("Method", 64),
        ("CodeMethod", 128),
        ("ScriptMethod", 256),
        ("Methods", 448),
        ("ParameterizedProperty", 512),
        ("MemberSet", 1024),
        ("Event", 2048),
        ("Dynamic", 4096),
        ("InferredProperty", 8192),
        ("Properties", 8735),
        ("All", 16383),
    ),
    flags=True,
)
MEMBER_DEFINITION: Final = DotNetClass(
    name="Microsoft.PowerShell.Commands.MemberDefinition",
    properties=(
        Property.stored("TypeName", "System.String", read_only=True),
        Property.stored("Name", "System.String", read_only=True),
        Property.stored("MemberType", _MEMBER_TYPES.name, read_only=True),
        Property.stored("Definition", "System.String", read_only=True),
    ),
    text=lambda definition: str(definition.fields["Definition"]),
)
_OBJECT_METHODS: Final = (
    ("Equals", "Method", "bool Equals(System.Object obj)"),
    ("GetHashCode", "Method", "int GetHashCode()"),
    ("GetType", "Method", "type GetType()"),
    ("ToString", "Method", "string ToString()"),
)
Definition = tuple[str, str, str]
"""Name, member type and definition."""


@functools.cache
def _known_definitions() -> dict[str, list[list[str]]]:
    """What Get-Member shows for everyday .NET types, as a real engine gave it."""
    text = files(__package__).joinpath("member_definitions.json").read_text(encoding="utf-8")
    loaded: dict[str, list[list[str]]] = json.loads(text)
    return loaded


class GetMember(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._objects = RuntimeObjects(context)
        self._shown: set[str] = set()
        self._any = False

    def process(self) -> None:
        value = self.context.get("InputObject")
        if value is None:
            return
        self._any = True
        name = self._objects.type_names(value)[0]
        if name in self._shown:
            return
        self._shown.add(name)
        for definition in self._selected(self._definitions(value)):
            self.context.write(self._made(name, definition))

    def end(self) -> None:
        if not self._any:
            self.context.write_error(
                self.context.error(
                    "You must specify an object for the Get-Member cmdlet.",
                    error_id="NoObjectInGetMember",
                    category="CloseError",
                    exception="System.InvalidOperationException",
                )
            )

    def _selected(self, definitions: list[Definition]) -> list[Definition]:
        wanted = self.context.get("MemberType")
        numbers = dict(_MEMBER_TYPES.members)
        mask = numbers["All"] if wanted is None else wanted.number
        patterns = self.context.get("Name") or ["*"]
        ordered = sorted(definitions, key=lambda definition: (definition[1], definition[0].lower()))
        kept = [definition for definition in ordered if numbers[definition[1]] & mask]
        chosen = [definition for pattern in patterns for definition in kept if matches(pattern, definition[0])]
        if len(set(chosen)) < len(chosen):
            self.context.outside_subset("Get-Member with names that overlap")
        return chosen

    def _definitions(self, value: Any) -> list[Definition]:
        own = [_describe(self._objects, member) for member in getattr(value, "members", {}).values()]
        if isinstance(value, DateTime) and value.has_display_hint:
            own.append(("DisplayHint", "NoteProperty", "DisplayHintType DisplayHint=DateTime"))
        if isinstance(value, PSCustomObject):
            return [*own, *_OBJECT_METHODS]
        if isinstance(value, DotNetObject):
            return [*own, *self._class_definitions(value.dotnet_class)]
        known = _known_definitions().get(type_name(value))
        if known is None:
            self.context.outside_subset(f"Get-Member for {type_name(value)}")
        names = {definition[0] for definition in own}
        return [*own, *((name, kind, text) for name, kind, text in known if name not in names)]

    def _class_definitions(self, dotnet_class: DotNetClass) -> list[Definition]:
        if dotnet_class.outside or (dotnet_class.bases != ("System.Object",) and dotnet_class.methods):
            self.context.outside_subset(f"Get-Member for {dotnet_class.name}")
        properties = [
            (known.name, "Property", f"{_shown_type(known.type)} {known.name} {{get;{'set;' if known.set else ''}}}")
            for known in dotnet_class.properties
        ]
        return [*properties, *map(_described_method, dotnet_class.methods), *_OBJECT_METHODS]

    def _made(self, name: str, definition: Definition) -> DotNetObject:
        member, kind, text = definition
        fields = {"TypeName": name, "Name": member, "MemberType": _MEMBER_TYPES.value(kind), "Definition": text}
        return DotNetObject(MEMBER_DEFINITION, fields)


def _described_method(method: Method) -> Definition:
    return (method.name, "Method", method.definition)


def _shown_type(name: str) -> str:
    return f"{_shown_type(name[:-2])}[]" if name.endswith("[]") else accelerator_of(name) or name


def _describe(objects: RuntimeObjects, member: Member) -> Definition:
    match member:
        case NoteProperty(name=name, value=value):
            if isinstance(value, (PSCustomObject, DotNetObject)):
                kind = objects.type_names(value)[0]
            else:
                kind = "object" if value is None else _shown_type(type_name(value)).rpartition(".")[2]
            text = "null" if value is None else object_text(value) if not isinstance(value, list) else type_name(value)
            return (name, "NoteProperty", f"{kind} {name}={text}")
        case AliasProperty(name, target):
            return (name, "AliasProperty", f"{name} = {target}")
        case ScriptProperty(name, getter, setter):
            body = f"get={getter.text};" if getter is not None else ""
            body += f"set={setter.text};" if setter is not None else ""
            return (name, "ScriptProperty", f"System.Object {name} {{{body}}}")
        case ScriptMethod(name, _):
            return (name, "ScriptMethod", f"System.Object {name}();")
    raise objects.outside(f"Get-Member for a {type(member).__name__}")


GET_MEMBER = of_powershell(
    "Get-Member",
    GetMember,
    "InputObject psobject pipeline, Name string[] 0, MemberType|Type System.Management.Automation.PSMemberTypes",
)


# -- Add-Member --------------------------------------------------------------------------------------------------


class AddMember(EngineBody):
    """The first position takes a kind of member, the name of a note property, or a table of them.

    PowerShell tells them apart by the words that name kinds.
    """

    def process(self) -> None:
        target = self.context.get("InputObject")
        if not isinstance(target, Instance):
            self.context.outside_subset("Add-Member on a plain value")
        for member in self._members():
            self._add(target, member)
        names = self.context.get("TypeName")
        if names:
            known = list(RuntimeObjects(self.context).type_names(target))
            target.type_names = [names, *known]
        if self.context.get("PassThru"):
            self.context.write(target)

    def _members(self) -> list[Member]:
        get = self.context.get
        if "NotePropertyName" in self.context.parameters:
            name = get("NotePropertyName")
            if sum(kind.lower().startswith(name.lower()) for kind, _ in _MEMBER_TYPES.members) == 1:
                self.context.outside_subset(f"Add-Member {name}, the beginning of a kind of member")
            return [NoteProperty(name, get("NotePropertyValue"))]
        if "NotePropertyMembers" in self.context.parameters:
            table: Hashtable = get("NotePropertyMembers")
            return [NoteProperty(to_text(key), value) for key, value in table.items()]
        kind = get("MemberType")
        if kind is None:
            return []
        return [self._member(to_text(kind), get("Name"), get("Value"), get("SecondValue"))]

    def _member(self, kind: str, name: str, value: Any, second: Any) -> Member:
        if kind == "NoteProperty" and second is None:
            return NoteProperty(name, value)
        if kind == "AliasProperty" and second is None:
            return AliasProperty(name, to_text(value))
        if kind == "ScriptProperty" and isinstance(value, ScriptBlock) and isinstance(second, ScriptBlock | None):
            return ScriptProperty(name, value, second)
        if kind == "ScriptMethod" and isinstance(value, ScriptBlock) and second is None:
            return ScriptMethod(name, value)
        raise OutsideSubset(f"Add-Member -MemberType {kind} with these values")

    def _add(self, target: Instance, member: Member) -> None:
        present = RuntimeObjects(self.context).own_name(target, member.name) is not None
        if present and not self.context.get("Force"):
            self.context.write_error(
                self.context.error(
                    f'Cannot add a member with the name "{member.name}" because a member with that name already '
                    "exists. To overwrite the member anyway, add the Force parameter to your command.",
                    error_id="MemberAlreadyExists",
                    category="InvalidOperation",
                    target=target,
                    exception="System.InvalidOperationException",
                )
            )
            return
        target.members[member.name.lower()] = member


_NO_KIND: Final = f"^(?!({'|'.join(name for name, _ in _MEMBER_TYPES.members)})$)"
_KIND_AS_NAME: Final = (
    "The parameter NotePropertyName cannot take values that could be converted to the type "
    f"{_MEMBER_TYPES.name}. To define the name of a member with those values, use Add-Member, and specify the member "
    "type."
)

_NOTES: Final = "NotePropertySingleMemberSet|NotePropertyMultiMemberSet"
ADD_MEMBER = Cmdlet(
    name="Add-Member",
    error_id="Microsoft.PowerShell.Commands.AddMemberCommand",
    body=AddMember,
    default_set="TypeNameSet",
    parameters=(
        *parameters(
            f"InputObject psobject mandatory pipeline in:MemberSet|{_NOTES}|TypeNameSet, "
            f"MemberType|Type {_MEMBER_TYPES.name} 0 mandatory in:MemberSet, Name string 1 mandatory in:MemberSet, "
            "Value object 2 in:MemberSet, SecondValue object 3 in:MemberSet, "
            "TypeName string mandatory in:TypeNameSet, "
            f"Force switch in:MemberSet|{_NOTES}, PassThru switch"
        ),
        Parameter(
            name="NotePropertyName",
            type="string",
            placements=(Placement(set_name="NotePropertySingleMemberSet", position=0, mandatory=True),),
            validations=(Validation(kind="ValidatePattern", arguments=(_NO_KIND,), message=_KIND_AS_NAME),),
        ),
        *parameters(
            "NotePropertyValue object 1 mandatory in:NotePropertySingleMemberSet null, "
            "NotePropertyMembers System.Collections.IDictionary 0 mandatory in:NotePropertyMultiMemberSet"
        ),
    ),
)


# -- New-Object --------------------------------------------------------------------------------------------------


class NewObject(EngineBody):
    def process(self) -> None:
        interpreter = self.context.runspace.interpreter
        name = self.context.get("TypeName")
        arguments = self.context.get("ArgumentList") or []
        found = interpreter.types.find(name)
        if found is None:
            self.context.throw(
                self.context.error(
                    f"Cannot find type [{name}]: verify that the assembly containing this type is loaded.",
                    error_id="TypeNotFound",
                    category="InvalidType",
                    exception="System.Management.Automation.PSArgumentException",
                )
            )
        try:
            made = interpreter.members.static.construct(found, list(arguments))
        except PowerShellError as error:
            self.context.throw(self._failure(name, error.record, without_arguments=not arguments))
        properties: Hashtable | None = self.context.get("Property")
        for key, value in properties.items() if properties is not None else ():
            self._assign(made, to_text(key), value)
        self.context.write(made)

    def _failure(self, name: str, record: ErrorRecord, *, without_arguments: bool) -> ErrorRecord:
        if record.error_id == "MethodArgumentConversionInvalidCastArgument":
            self.context.outside_subset("New-Object with an argument of another type")
        if without_arguments and record.error_id == "MethodCountCouldNotFindBest":
            return self.context.error(
                f"A constructor was not found. Cannot find an appropriate constructor for type {name}.",
                error_id="CannotFindAppropriateCtor",
                category="ObjectNotFound",
                exception="System.Management.Automation.PSArgumentException",
            )
        return self.context.error(
            record.message,
            error_id="ConstructorInvokedThrowException",
            category="InvalidOperation",
            exception=record.exception.type,
        )

    def _assign(self, made: Any, name: str, value: Any) -> None:
        if isinstance(made, PSCustomObject):
            made.set(name, value)
            return
        self.context.runspace.interpreter.members.set(made, name, value)


NEW_OBJECT = of_powershell(
    "New-Object",
    NewObject,
    "TypeName string 0 mandatory, ArgumentList|Args object[] 1, Property System.Collections.IDictionary",
)
