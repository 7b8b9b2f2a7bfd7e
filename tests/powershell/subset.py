"""The declared subset: `python -m tests.powershell.subset docs/powershell.md` rewrites the page's own part."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from powershell import budget, syntax
from powershell.cmdlets import ALIASES, GENERAL_CMDLETS
from powershell.command import Cmdlet
from powershell.dotnet import containers, records, scalars, strings, system
from powershell.dotnet.tables import Table
from powershell.formatting.views import BUILT_IN
from powershell.parsing.tokens import ASSIGNMENT_OPERATORS, BINARY_PRECEDENCE, UNARY_OPERATORS

_DIFFERENCES: Final = files("powershell").joinpath("facts/differences.md").read_text(encoding="utf-8").strip()

_HEADER: Final = f"""# The PowerShell of the simulated hosts

What the embedded engine evaluates in culture en-US. It speaks three dialects, which the version of the host's
PowerShell chooses: 5.1 and 4.0, those of the simulated hosts, and 7, which the tests compare with answers recorded from
a real PowerShell 7.6.5. Whatever is not covered, and is not plainly unknown to PowerShell, ends with the error
`OutsideSubset`, which names the line and the construct. So does a text of more than {budget.LONGEST_TEXT:,} characters,
a collection of more than {budget.MOST_ITEMS:,} items, a pipeline that makes the lab grow by more than
{budget.MOST_MEMORY // 1024**2} MB, and a regular expression that takes longer than {budget.MATCH_SECONDS:g} s.

Written by `python -m tests.powershell.subset docs/powershell.md` up to the operator examples at its end, which
`python -m tests.lab.simulator.cmdlets.test_operator_examples` answers.

## Windows PowerShell

Where the dialects 5.1 and 4.0 answer otherwise than 7, and where that is known from. What is not in this table is
answered as by 7.

{_DIFFERENCES}

Refused, because no source tells the answer: the wording for broken JSON, for an empty or repeated key in JSON, for JSON
nested deeper than 100 levels or longer than 2,097,152 characters; `ConvertTo-Json` of `$null`, of a date by itself, or
with `-Depth 0`; `$ErrorView = 'ConciseView'`; the wording for what is no GUID; `Out-String` of more
than 80 columns without `-Width` in a session without a console; `-replace` by a script block, `-split`
from the end and ranges of characters, which came with versions 6 and 7.

Not told apart: PowerShell 4.0 has no information stream, but `Write-Host` and `6>` work; the blank lines around tables
and lists, line ends within texts, and the order in which a hashtable is enumerated are those of 7; error texts are not
wrapped at the width of a console.

## What is covered

| part | element | covered |
| --- | --- | --- |
"""
"""What stands above the rows."""
_EXAMPLES: Final = "\n## Operator examples\n"


def _row(part: str, element: str, covered: str) -> str:
    cells = (part, f"`{element}`", covered)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _language() -> Iterator[str]:
    for name, node in sorted(vars(syntax).items()):
        if inspect.isclass(node) and issubclass(node, syntax.Ast) and node.__subclasses__() == []:
            said = (inspect.getdoc(node) or "").partition("\n")[0].replace("``", "`")
            yield _row("language", name.removesuffix("Ast"), "" if said.startswith(f"{name}(") else said)


def _operators() -> Iterator[str]:
    for operator in sorted({*BINARY_PRECEDENCE, *UNARY_OPERATORS, *ASSIGNMENT_OPERATORS}):
        yield _row("operator", operator, _operator_kinds(operator))


def _operator_kinds(operator: str) -> str:
    kinds = {"binary": BINARY_PRECEDENCE, "unary": UNARY_OPERATORS, "assignment": ASSIGNMENT_OPERATORS}
    return ", ".join(kind for kind, operators in kinds.items() if operator in operators)


def _types() -> Iterator[str]:
    tables: tuple[Table, ...] = (
        *strings.TABLES,
        *scalars.TABLES,
        *containers.TABLES,
        *records.TABLES,
        *system.TABLES,
    )
    for table in sorted(tables, key=lambda table: table.name):
        yield _row("type", table.name, "; ".join(_members(table)))


def _members(table: Table) -> Iterator[str]:
    for kind, names in (
        ("properties", [name for name, _ in table.properties.values()]),
        ("methods", [group.name for group in table.methods.values()]),
        ("static properties", [name for name, _ in table.static_properties.values()]),
        ("static methods", [group.name for group in table.static_methods.values()]),
        ("constructors", [", ".join(overload.types) or "()" for overload in table.constructors]),
    ):
        if names:
            yield f"{kind}: {', '.join(names)}"


def _cmdlets() -> Iterator[str]:
    for cmdlet in sorted(GENERAL_CMDLETS, key=lambda cmdlet: cmdlet.name):
        yield _row("cmdlet", cmdlet.name, _parameters(cmdlet))
    for alias, target in sorted(ALIASES.items()):
        yield _row("alias", alias, target)


def _parameters(cmdlet: Cmdlet) -> str:
    covered = " ".join(f"-{parameter.name}" for parameter in cmdlet.parameters)
    return covered + (f"; refused: {' '.join(f'-{name}' for name in sorted(cmdlet.outside))}" if cmdlet.outside else "")


def _views() -> Iterator[str]:
    for view in BUILT_IN:
        yield _row("view", view.type_name, type(view.body).__name__.removesuffix("View").lower())


def markdown() -> str:
    rows = (*_language(), *_operators(), *_types(), *_cmdlets(), *_views())
    return _HEADER + "\n".join(rows) + "\n"


def rewritten(page: str) -> str:
    """The page as the code has it now; its operator examples stay."""
    return markdown() + page[page.index(_EXAMPLES) :]


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(rewritten(document.read_text(encoding="utf-8")), encoding="utf-8")
