"""What binding starts from and comes to: the words of a command line, a command's signature, what is bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from powershell.command import ALL_SETS, Parameter, parameters
from powershell.conversion import to_text
from powershell.dialect import Dialect, spoken
from powershell.instances import Hashtable
from powershell.values import NOTHING

if TYPE_CHECKING:
    from powershell.syntax import Extent

_PREFERENCE: Final = "System.Management.Automation.ActionPreference"
COMMON: Final = parameters(
    f"Verbose|vb switch, Debug|db switch, ErrorAction|ea {_PREFERENCE}, WarningAction|wa {_PREFERENCE}, "
    f"InformationAction|infa {_PREFERENCE}, ProgressAction|proga {_PREFERENCE}, ErrorVariable|ev string, "
    "WarningVariable|wv string, InformationVariable|iv string, OutVariable|ov string, OutBuffer|ob int, "
    "PipelineVariable|pv string"
)
SHOULD_PROCESS: Final = parameters("WhatIf|wi switch, Confirm|cf switch")
COMMON_NAMES: Final = frozenset(known.name for known in (*COMMON, *SHOULD_PROCESS))
_SINCE_5_0: Final = frozenset({"InformationAction", "InformationVariable"})


def common_parameters() -> tuple[Parameter, ...]:
    """Those that every advanced command has in the dialect of this session: about_CommonParameters."""
    lacking = frozenset({"ProgressAction"}) if spoken().windows else frozenset()
    if spoken() is Dialect.WINDOWS_POWERSHELL_4_0:
        lacking |= _SINCE_5_0
    return tuple(known for known in COMMON if known.name not in lacking)


@dataclass(slots=True)
class Argument:
    """One element of a command line: a parameter (`name`), a value, or both (`-Name:value`).

    `text` is what stood in the script where that was a bare number.
    """

    name: str | None
    value: Any = NOTHING
    extent: Extent | None = None
    text: str | None = None
    splatted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the binder needs to know of a command. `compiled` cmdlets word conversion errors differently."""

    name: str
    origin: str
    parameters: tuple[Parameter, ...]
    default_set: str = ""
    advanced: bool = True
    compiled: bool = False
    should_process: bool = False
    outside: frozenset[str] = frozenset()
    names: dict[str, Parameter] = field(default_factory=dict)
    all_parameters: tuple[Parameter, ...] = ()
    sets: frozenset[str] = frozenset()

    @classmethod
    def of(cls, **fields: Any) -> Signature:
        """With the tables derived from the parameters."""
        own: tuple[Parameter, ...] = fields["parameters"]
        every = own
        if fields.get("advanced", True):
            taken = {known.name.lower() for known in own}
            extra = (*common_parameters(), *(SHOULD_PROCESS if fields.get("should_process") else ()))
            every = (*own, *(known for known in extra if known.name.lower() not in taken))
        names: dict[str, Parameter] = {}
        for known in every:
            names[known.name.lower()] = known
            names.update(dict.fromkeys((alias.lower() for alias in known.aliases), known))
        sets = frozenset(
            placement.set_name for known in own for placement in known.placements if placement.set_name != ALL_SETS
        )
        return cls(**fields, names=names, all_parameters=every, sets=sets)


@dataclass(slots=True)
class Binding:
    """The parameters bound so far; those of the pipeline come and go with each object."""

    values: dict[str, Any] = field(default_factory=dict)
    common: dict[str, Any] = field(default_factory=dict)
    rest: list[Any] = field(default_factory=list)
    sets: frozenset[str] = frozenset()
    from_pipeline: tuple[str, ...] = ()


def dictionary_arguments(table: Hashtable) -> list[Argument]:
    return [Argument(to_text(key), value, splatted=True) for key, value in table.items()]
