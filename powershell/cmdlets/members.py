"""Add-Member and New-Object."""

from __future__ import annotations

from powershell.command import of_powershell
from powershell.conversion import to_text
from powershell.engine_context import EngineBody
from powershell.errors import OutsideSubset, PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.instances import Hashtable, Instance, Member, NoteProperty, PSCustomObject, ScriptBlock, ScriptProperty
from powershell.type_names import enum


class AddMember(EngineBody):
    """Attaches a note property or a computed one."""

    def process(self) -> None:
        target = self.context.get("InputObject")
        member = self._member()
        if not isinstance(target, Instance):
            self.context.outside_subset("Add-Member on a plain value")
        if RuntimeObjects(self.context).own_name(target, member.name) is not None:
            self.context.outside_subset(f"Add-Member {member.name}, which is there already,")
        target.members[member.name.lower()] = member
        if self.context.get("PassThru"):
            self.context.write(target)

    def _member(self) -> Member:
        get = self.context.get
        note = get("NotePropertyName")
        if note is not None and not _is_kind(note.lower()):
            return NoteProperty(note, get("NotePropertyValue"))
        kind, name, value = (get("MemberType") or "").lower(), get("Name"), get("Value")
        if name is not None and kind == "noteproperty":
            return NoteProperty(name, value)
        if name is not None and kind == "scriptproperty" and isinstance(value, ScriptBlock):
            return ScriptProperty(name, value)
        raise OutsideSubset(f"Add-Member {get('MemberType') or note} with these values")


def _is_kind(name: str) -> bool:
    """Whether a note's name would be converted to a kind of member, which PowerShell refuses."""
    kinds = [kind.lower() for kind, _ in enum("System.Management.Automation.PSMemberTypes").members]
    return name in kinds or sum(kind.startswith(name) for kind in kinds) == 1


ADD_MEMBER = of_powershell(
    "Add-Member",
    AddMember,
    "InputObject psobject mandatory pipeline, MemberType|Type string 0 in:Member, Name string 1 in:Member, "
    "Value object 2 in:Member, PassThru switch, NotePropertyName string mandatory in:Note, "
    "NotePropertyValue object 1 mandatory in:Note null",
    default_set="Member",
)


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
            record = error.record
            if record.error_id.startswith("Method"):
                self.context.outside_subset(f"New-Object {name} with these arguments")
            self.context.throw(
                self.context.error(
                    record.message,
                    error_id="ConstructorInvokedThrowException",
                    category="InvalidOperation",
                    exception=record.exception.type,
                )
            )
        properties: Hashtable | None = self.context.get("Property")
        for key, value in properties.items() if properties is not None else ():
            if isinstance(made, PSCustomObject):
                made.set(to_text(key), value)
            else:
                interpreter.members.set(made, to_text(key), value)
        self.context.write(made)


NEW_OBJECT = of_powershell(
    "New-Object",
    NewObject,
    "TypeName string 0 mandatory, ArgumentList|Args object[] 1, Property System.Collections.IDictionary",
)
