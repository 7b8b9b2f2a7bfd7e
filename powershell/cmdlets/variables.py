"""Get-, Set-, New-, Remove- and Clear-Variable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from powershell.command import of_powershell
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import OutsideSubset, PowerShellError
from powershell.scope import CONSTANT, READ_ONLY, Scope, Variable
from powershell.values import NOTHING, DotNetClass, DotNetObject, Property, unwrap
from powershell.wildcard import has_wildcard, matches

# about_Automatic_Variables and about_Preference_Variables; which of them this engine has stands in its scopes.
_NAMES: Final = (
    "? ^ $ _ args ConfirmPreference ConsoleFileName DebugPreference EnabledExperimentalFeatures Error "
    "ErrorActionPreference ErrorView Event EventArgs EventSubscriber ExecutionContext false foreach "
    "FormatEnumerationLimit HOME Host InformationPreference input IsCoreCLR IsLinux IsMacOS IsWindows "
    "LASTEXITCODE LogCommandHealthEvent LogCommandLifecycleEvent LogEngineHealthEvent LogEngineLifecycleEvent "
    "LogProviderHealthEvent LogProviderLifecycleEvent Matches MaximumAliasCount MaximumDriveCount "
    "MaximumErrorCount MaximumFunctionCount MaximumHistoryCount MaximumVariableCount MyInvocation "
    "NestedPromptLevel null OFS OutputEncoding PID PROFILE ProgressPreference PSBoundParameters PSCmdlet "
    "PSCommandPath PSCulture PSDefaultParameterValues PSEdition PSEmailServer PSHOME PSItem PSScriptRoot "
    "PSSenderInfo PSSessionApplicationName PSSessionConfigurationName PSSessionOption PSUICulture PSVersionTable "
    "PWD Sender ShellId StackTrace switch this Transcript true VerbosePreference WarningPreference "
    "WhatIfPreference"
)
_BUILT_IN: Final = tuple(re.findall(r"\S+", _NAMES))
_UNIQUE: Final = "System.Management.Automation."


def _value(variable: DotNetObject) -> Any:
    return variable.fields["Variable"].value


def _assign(variable: DotNetObject, value: Any) -> None:
    variable.fields["Variable"].assign(value)


PS_VARIABLE: Final = DotNetClass(
    name="System.Management.Automation.PSVariable",
    properties=(
        Property.stored("Name", "System.String", read_only=True),
        Property.stored("Description", "System.String"),
        Property(name="Value", type="System.Object", get=_value, set=_assign),
    ),
    outside=frozenset({"Visibility", "Module", "ModuleName", "Options", "Attributes", "IsValidValue"}),
)


def variable_object(variable: Variable) -> DotNetObject:
    fields = {"Name": variable.name, "Description": variable.description, "Variable": variable}
    return DotNetObject(PS_VARIABLE, fields)


class VariableBody(EngineBody):
    def scope(self) -> Scope:
        """The scope -Scope names: Global, Local, Script or a number of generations."""
        current: Scope = self.context.runspace.interpreter.scope
        name = self.context.get("Scope")
        match None if name is None else name.lower():
            case None | "local" | "0":
                return current
            case "global":
                return current.root()
            case "script":
                return current.script()
            case number if number.isdigit():
                for _ in range(int(number)):
                    if current.parent is None:
                        self.context.outside_subset(f"-Scope {number} beyond the outermost scope")
                    current = current.parent
                return current
        raise OutsideSubset(f"-Scope {name}")

    def found(self, pattern: str) -> list[Variable]:
        """Variables of that name, from the scope outward unless -Scope was given."""
        pattern = pattern.removeprefix("variable:")
        scope = self.scope()
        only = "Scope" in self.context.parameters
        if not has_wildcard(pattern):
            own = scope.variables.get(pattern.lower()) if only else scope.find(pattern.lower())
            return [] if own is None else [own]
        known: dict[str, Variable] = {}
        for one in [scope] if only else scope.chain():
            for key, variable in one.variables.items():
                if matches(pattern, variable.name):
                    known.setdefault(key, variable)
        return [known[key] for key in sorted(known)]

    def each(self) -> Iterator[Variable]:
        for pattern in self.context.get("Name") or ["*"]:
            variables = self.found(pattern)
            self._refuse_built_in(pattern.removeprefix("variable:"), {each.name.lower() for each in variables})
            yield from variables
            if not variables and not has_wildcard(pattern):
                self._missing(pattern)

    def _refuse_built_in(self, pattern: str, found: set[str]) -> None:
        """What Windows PowerShell may have, and no scope here keeps, is neither listed nor missing."""
        for name in _BUILT_IN:
            if name.lower() not in found and (name.lower() == pattern.lower() or matches(pattern, name)):
                raise OutsideSubset(f"Get-Variable {name}")

    def _missing(self, name: str) -> None:
        self.context.write_error(
            self.context.error(
                f"Cannot find a variable with the name '{name}'.",
                error_id="VariableNotFound",
                category="ObjectNotFound",
                target=name,
                exception=_UNIQUE + "ItemNotFoundException",
            )
        )

    def refuse(self, message: str, error_id: str, name: str, category: str = "WriteError") -> None:
        self.context.write_error(
            self.context.error(
                message,
                error_id=error_id,
                category=category,
                target=name,
                exception=_UNIQUE + "SessionStateUnauthorizedAccessException"
                if category == "WriteError"
                else _UNIQUE + "SessionStateException",
            )
        )


class GetVariable(VariableBody):
    def process(self) -> None:
        for variable in self.each():
            if self.context.get("ValueOnly"):
                self.context.write(variable.value)
            else:
                self.context.write(variable_object(variable))


class SetVariable(VariableBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._values: list[Any] = []
        self._given = "Value" in context.parameters

    def process(self) -> None:
        if self.context.expecting_input and "Value" in self.context.parameters:
            self._values.append(self.context.get("Value"))

    def end(self) -> None:
        value = self.context.get("Value") if self._given else unwrap(self._values)
        for name in self.context.get("Name"):
            self._set(name, None if value is NOTHING else value)

    def _set(self, name: str, value: Any) -> None:
        scope = self.scope()
        variable = scope.variables.get(name.lower())
        protected = variable is not None and variable.options & {READ_ONLY, CONSTANT}
        if variable is not None and protected:
            if not self.context.get("Force") or CONSTANT in variable.options:
                self.refuse(
                    f"Cannot overwrite variable {name} because it is read-only or constant.",
                    "VariableNotWritable",
                    name,
                )
                return
            variable.value = value
        else:
            scope.set(name, value)
        made = scope.variables[name.lower()]
        if "Option" in self.context.parameters:
            made.options = self.options()
        made.description = self.context.get("Description") or made.description
        if self.context.get("PassThru"):
            self.context.write(variable_object(made))

    def options(self) -> frozenset[str]:
        return frozenset() if self.context.get("Option") == "None" else frozenset({self.context.get("Option")})


class NewVariable(SetVariable):
    def process(self) -> None:
        if self.context.expecting_input and "Value" in self.context.parameters:
            self.context.outside_subset("New-Variable with a value from the pipeline")

    def end(self) -> None:
        name = self.context.get("Name")
        scope = self.scope()
        known = scope.variables.get(name.lower())
        if known is not None and (not self.context.get("Force") or known.options & {READ_ONLY, CONSTANT}):
            if known.options & {READ_ONLY, CONSTANT}:
                self.context.outside_subset("New-Variable over a read-only variable")
            self.refuse(
                f"A variable with name '{name}' already exists.", "VariableAlreadyExists", name, "ResourceExists"
            )
            return
        scope.force(name, self.context.get("Value"))
        made = scope.variables[name.lower()]
        if "Option" in self.context.parameters:
            made.options = self.options()
        made.description = self.context.get("Description") or ""
        if self.context.get("PassThru"):
            self.context.write(variable_object(made))


class RemoveVariable(VariableBody):
    def process(self) -> None:
        scope = self.scope()
        for variable in list(self.each()):
            locked = CONSTANT in variable.options or (READ_ONLY in variable.options and not self.context.get("Force"))
            if locked:
                self.refuse(
                    f"Cannot remove variable {variable.name} because it is constant or read-only. If the variable is "
                    "read-only, try the operation again specifying the Force option.",
                    "VariableNotRemovable",
                    variable.name,
                )
                continue
            owner = next(one for one in scope.chain() if one.variables.get(variable.name.lower()) is variable)
            del owner.variables[variable.name.lower()]


class ClearVariable(VariableBody):
    def process(self) -> None:
        for variable in self.each():
            try:
                variable.assign(None)
            except PowerShellError as error:
                self.context.write_error(error.record)


_ID: Final = "Microsoft.PowerShell.Commands."

CMDLETS: Final = (
    of_powershell("Get-Variable", GetVariable, "Name string[] 0 pipeline by-name, ValueOnly switch, Scope string"),
    of_powershell(
        "Set-Variable",
        SetVariable,
        "Name string[] 0 mandatory by-name, Value object 1 pipeline by-name null, Description string, "
        "Option string one-of:None|ReadOnly|Constant|Private|AllScope, Force switch, PassThru switch, "
        "Scope string",
    ),
    of_powershell(
        "New-Variable",
        NewVariable,
        "Name string 0 mandatory by-name, Value object 1 pipeline by-name null, Description string, "
        "Option string one-of:None|ReadOnly|Constant|Private|AllScope, Force switch, PassThru switch, "
        "Scope string",
    ),
    of_powershell("Remove-Variable", RemoveVariable, "Name string[] 0 mandatory by-name, Force switch, Scope string"),
    of_powershell("Clear-Variable", ClearVariable, "Name string[] 0 mandatory by-name, Force switch, Scope string"),
)
