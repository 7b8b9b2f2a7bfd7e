"""What a value's type is called where PowerShell adds the assemblies of type arguments."""

from __future__ import annotations

from typing import Any, Final

from powershell.values import GenericDictionary, GenericList, type_name

_ASSEMBLIES: Final = {
    "System.Management.Automation.": "System.Management.Automation, Version=7.6.5.0, {}31bf3856ad364e35",
    "System.Text.RegularExpressions.": "System.Text.RegularExpressions, Version=10.0.0.0, {}b03f5f7f11d50a3a",
    "System.": "System.Private.CoreLib, Version=10.0.0.0, {}7cec85d7bea7798e",
}


def output_type_name(value: Any) -> str:
    """The full name with the assemblies of its type arguments, as PSTypeNames and a pipeline's output have it."""
    match value:
        case GenericList():
            return f"{value.generic_name}[[{_qualified(value.element_type)}]]"
        case GenericDictionary() if not value.own_name:
            arguments = f"[{_qualified(value.key_type)}],[{_qualified(value.value_type)}]"
            return f"System.Collections.Generic.Dictionary`2[{arguments}]"
        case _:
            return type_name(value)


def _qualified(name: str) -> str:
    for prefix, assembly in _ASSEMBLIES.items():
        if name.startswith(prefix):
            return f"{name}, {assembly.format('Culture=neutral, PublicKeyToken=')}"
    return name
