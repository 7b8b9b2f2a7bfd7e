"""What an interpreter asks of the session that it evaluates in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from powershell.comparison import Comparison
from powershell.conversion import Conversion
from powershell.declared import EnumValue
from powershell.dialect import Dialect
from powershell.operators import Operators
from powershell.type_names import TypeRegistry
from powershell.values import Guid

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter
    from powershell.evaluation.processors import ScriptProcessor
    from powershell.members import Members


class Session(Protocol):
    dialect: Dialect
    conversion: Conversion
    comparison: Comparison
    operators: Operators
    types: TypeRegistry

    def members_for(self, interpreter: Interpreter) -> Members: ...

    def find_command(self, name: str, interpreter: Interpreter) -> Any:
        """A function, cmdlet or alias of that name; None when there is none."""

    def automatic_variable(self, name: str, interpreter: Interpreter) -> Any:
        """A variable that no scope holds; null where there is none."""

    def environment_variable(self, name: str) -> str | None: ...

    def preference_value(self, name: str) -> EnumValue: ...

    def invocation_info(self, processor: ScriptProcessor) -> Any:
        """The value of $MyInvocation."""

    def host_line(self, text: str) -> None: ...

    def new_guid(self) -> Guid: ...

    def charge_loop(self) -> None:
        """Called every ten thousand turns of loops."""

    def stopped(self) -> NoReturn: ...
