"""Parameter binding, for functions and cmdlets alike: names, positions, the pipeline, parameter sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from powershell.command import ALL_SETS, Parameter, Placement, parameters
from powershell.conversion import to_text
from powershell.declared import DotNetType
from powershell.dialect import Dialect, spoken
from powershell.errors import ErrorRecord, ExceptionObject, OutsideSubset, PowerShellError
from powershell.instances import GenericList, Hashtable, PSReference
from powershell.invoker import Invoker
from powershell.validation import Check, validator
from powershell.values import NOTHING, VALUE_TYPES, SwitchParameter, enumerate_value, type_name

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


_BINDING: Final = "System.Management.Automation.ParameterBindingException"
_VALIDATION: Final = "System.Management.Automation.ParameterBindingValidationException"
_TRANSFORMATION: Final = "System.Management.Automation.ParameterBindingArgumentTransformationException"


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
    unknown: bool = False
    """A parameter name that the command does not have, or its value: both go to $args, never to a position."""


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
    confirm_impact: str = "Medium"
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


def _takes_next(unknown: Argument) -> bool:
    """Whether the value after an unknown parameter goes with it: as written, even after `-Name:value`."""
    return unknown.value is NOTHING or (unknown.extent is not None and unknown.extent.text.startswith("-"))


class Binder:
    def __init__(self, interpreter: Invoker, signature: Signature) -> None:
        self._it = interpreter
        self._signature = signature
        self._checks: dict[str, list[Check]] = {}

    # --- errors ---

    def _fail(
        self,
        message: str,
        error_id: str,
        category: str = "InvalidArgument",
        *,
        exception: str = _BINDING,
        extent: Extent | None = None,
        inner: ExceptionObject | None = None,
    ) -> PowerShellError:
        record = ErrorRecord(ExceptionObject(exception, message, inner), error_id, category, extent=extent)
        record.origin = self._signature.origin
        record.activity = self._signature.name
        return PowerShellError(record)

    # --- the command line ---

    def bind(self, arguments: Sequence[Argument]) -> Binding:
        signature = self._signature
        binding = Binding(sets=signature.sets)
        positional = self._bind_named(arguments, binding)
        self._bind_positional(positional, binding)
        return binding

    def _bind_named(self, arguments: Sequence[Argument], binding: Binding) -> list[Argument]:
        """Binds what is named; gives the values that are left, in order."""
        left: list[Argument] = []
        unknown: PowerShellError | None = None
        index = 0
        while index < len(arguments):
            argument = arguments[index]
            index += 1
            if argument.name is None:
                left.append(argument)
                continue
            try:
                target = self._named(argument)
            except PowerShellError as error:
                if error.record.error_id != "NamedParameterNotFound":
                    raise
                unknown = unknown or error
                continue
            if target is None:
                self._keep_unknown(argument, left)
                if index < len(arguments) and arguments[index].name is None and _takes_next(argument):
                    left.append(replace(arguments[index], unknown=True))
                    index += 1
                continue
            value = argument.value
            source = argument
            if target.is_switch:
                value = SwitchParameter(is_present=True) if value is NOTHING else value
            elif value is NOTHING:
                if index >= len(arguments) or self._is_parameter(arguments[index]):
                    raise self._missing(target, argument)
                source = arguments[index]
                value = source.value if source.name is None else f"-{source.name}"
                index += 1
            if target.name in binding.values or target.name in binding.common:
                if argument.splatted:
                    continue
                raise self._twice(argument)
            self._store(target, value, binding, source)
        if unknown is not None:
            raise unknown
        return left

    def _is_parameter(self, argument: Argument) -> bool:
        """A word that begins with a dash is a value where the command has no parameter of that name."""
        if argument.name is None:
            return False
        try:
            known = self._named(argument)
        except PowerShellError as error:
            if error.record.error_id != "NamedParameterNotFound":
                raise
            known = None
        if known is None and argument.value is not NOTHING:
            raise OutsideSubset(f"-{argument.name}: as a value", argument.extent)
        return known is not None

    def _keep_unknown(self, argument: Argument, left: list[Argument]) -> None:
        if argument.value is not NOTHING and self._signature.advanced:
            raise OutsideSubset(f"-{argument.name}: as one of the remaining arguments", argument.extent)
        written = "" if argument.extent is None or argument.splatted else argument.extent.text
        text = written if written.startswith("-") else f"-{argument.name}"
        shown = text if argument.value is NOTHING else f"-{argument.name}:"
        left.append(Argument(None, shown, argument.extent, unknown=True))
        if argument.value is not NOTHING:
            left.append(Argument(None, argument.value, argument.extent, unknown=True))

    def _named(self, argument: Argument) -> Parameter | None:
        signature = self._signature
        name = argument.name or ""
        lowered = name.lower()
        exact = signature.names.get(lowered)
        if exact is not None:
            return exact
        outside = {known.lower() for known in signature.outside}
        if lowered in outside:
            raise OutsideSubset(f"the parameter -{name} of {signature.name}", argument.extent)
        found = [
            known
            for known in signature.all_parameters
            if any(text.lower().startswith(lowered) for text in (known.name, *known.aliases))
        ]
        shadowed = [known for known in outside if known.startswith(lowered)]
        if shadowed:
            raise OutsideSubset(f"the parameter -{name} of {signature.name}", argument.extent)
        own = [known for known in found if known.name not in COMMON_NAMES]
        if len(found) > 1 and len(own) == 1:
            found = own
        if len(found) == 1:
            return found[0]
        if found:
            listed = " ".join(f"-{known.name}" for known in found)
            raise self._fail(
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches "
                f"include: {listed}.",
                "AmbiguousParameter",
                extent=argument.extent,
            )
        takes_rest = any(placement.remaining for known in signature.parameters for placement in known.placements)
        if not signature.advanced or takes_rest:
            return None
        raise self._fail(
            f"A parameter cannot be found that matches parameter name '{name}'.",
            "NamedParameterNotFound",
            extent=argument.extent,
        )

    def _missing(self, target: Parameter, argument: Argument) -> PowerShellError:
        return self._fail(
            f"Missing an argument for parameter '{target.name}'. Specify a parameter of type "
            f"'{self._type(target).name}' "
            "and try again.",
            "MissingArgument",
            extent=argument.extent,
        )

    def _twice(self, argument: Argument) -> PowerShellError:
        return self._fail(
            f"Cannot bind parameter because parameter '{argument.name}' is specified more than once. To provide "
            "multiple values to parameters that can accept multiple values, use the array syntax. For example, "
            '"-parameter value1,value2,value3".',
            "ParameterAlreadyBound",
            extent=argument.extent,
        )

    # --- positions ---

    def _bind_positional(self, values: list[Argument], binding: Binding) -> None:
        rest: list[Argument] = []
        fault: PowerShellError | None = None
        tried: set[str] = set()
        for argument in values:
            candidates = [] if argument.unknown else self._candidates(binding, tried)
            if not candidates:
                rest.append(argument)
                continue
            try:
                self._bind_one(candidates, argument, binding)
            except PowerShellError as error:
                if not self._signature.compiled or not _is_of_conversion(error):
                    raise
                fault = error
                tried |= {known.name for _, known in candidates}
        if fault is not None:
            raise fault
        if rest:
            self._bind_rest(rest, binding)

    def _candidates(self, binding: Binding, tried: set[str]) -> list[tuple[bool, Parameter]]:
        """The unbound parameters of the lowest position not tried yet, those of the default set marked."""
        found: list[tuple[int, bool, Parameter]] = []
        default = self._signature.default_set
        for known in self._signature.parameters:
            if known.name in binding.values or known.name in tried:
                continue
            for placement in known.placements:
                if placement.position is None or placement.remaining:
                    continue
                name = placement.set_name
                if name != ALL_SETS and binding.sets and name not in binding.sets:
                    continue
                found.append((placement.position, name in {ALL_SETS, default}, known))
        if not found:
            return []
        lowest = min(position for position, _, _ in found)
        return [(preferred, known) for position, preferred, known in found if position == lowest]

    def _bind_one(self, candidates: list[tuple[bool, Parameter]], argument: Argument, binding: Binding) -> None:
        """The default set first, types that fit as they are before those that need a conversion."""
        ordered = [known for preferred, known in candidates if preferred]
        ordered += [known for preferred, known in candidates if not preferred and known not in ordered]
        if len(ordered) > 1:
            for known in ordered:
                if self._fits(known, argument.value) and self._passes(known, argument.value):
                    self._store(known, argument.value, binding, argument)
                    return
        fault: PowerShellError | None = None
        for known in ordered:
            try:
                self._store(known, argument.value, binding, argument)
            except PowerShellError as error:
                if not _is_of_conversion(error):
                    raise
                fault = error
            else:
                return
        assert fault is not None
        raise fault

    def _fits(self, known: Parameter, value: Any) -> bool:
        kind = self._type(known)
        if value is None:
            return kind.name != "System.String" and kind.name not in VALUE_TYPES
        return kind.name == "System.Object" or self._it.members.is_instance(value, kind)

    def _passes(self, known: Parameter, value: Any) -> bool:
        """Add-Member's kinds of member are no names: a value that one parameter refuses is for the next."""
        return all(check(value) is None for check in self._checks_of(known))

    def _possible(self, placement: Placement, binding: Binding) -> bool:
        return placement.set_name == ALL_SETS or not binding.sets or placement.set_name in binding.sets

    def _bind_rest(self, values: list[Argument], binding: Binding) -> None:
        for known in self._signature.parameters:
            for placement in known.placements:
                if placement.remaining and known.name not in binding.values and self._possible(placement, binding):
                    items: Any = [argument.value for argument in values]
                    if len(items) == 1 and isinstance(items[0], list):
                        items = items[0]
                    elif self._type(known).name == "System.Object":
                        items = GenericList("System.Object", items)
                    for argument in values:
                        if self._signature.compiled and argument.text not in {None, to_text(argument.value)}:
                            raise OutsideSubset(f"the number {argument.text} as it is spelled", argument.extent)
                    self._store(known, items, binding, values[0])
                    return
        if self._signature.advanced:
            if len(binding.sets) > 1 and not self._signature.default_set:
                raise self._ambiguous_set()
            first = values[0]
            raise self._fail(
                f"A positional parameter cannot be found that accepts argument '{to_text(first.value)}'.",
                "PositionalParameterNotFound",
                extent=first.extent,
            )
        binding.rest = [argument.value for argument in values]

    # --- values ---

    def _store(self, target: Parameter, value: Any, binding: Binding, argument: Argument) -> None:
        if value is NOTHING:
            value = None
        if target.name in COMMON_NAMES and target not in self._signature.parameters:
            binding.common[target.name] = self.converted(target, value, argument)
            return
        binding.values[target.name] = self.converted(target, value, argument)
        self.narrow(target, binding)

    def narrow(self, target: Parameter, binding: Binding) -> None:
        """Leaves the parameter sets that the bound parameter belongs to."""
        own = {placement.set_name for placement in target.placements}
        if ALL_SETS in own or not binding.sets:
            return
        sets = binding.sets & own
        if not sets:
            raise self._ambiguous_set()
        binding.sets = frozenset(sets)

    def _ambiguous_set(self) -> PowerShellError:
        return self._fail(
            "Parameter set cannot be resolved using the specified named "
            "parameters. One or more parameters issued cannot "
            "be used together or an insufficient number of parameters were provided.",
            "AmbiguousParameterSet",
        )

    def _type(self, target: Parameter) -> DotNetType:
        found = self._it.types.find(target.type)
        if found is None:
            raise OutsideSubset(f"the parameter type [{target.type}]")
        return found

    def converted(self, target: Parameter, value: Any, argument: Argument | None = None) -> Any:
        kind = self._type(target)
        if isinstance(value, PSReference) and kind.name != "System.Management.Automation.PSReference":
            if kind.name != "System.Object":
                raise OutsideSubset(f"a [ref] for the parameter -{target.name}")
            return value
        if argument is not None and argument.text is not None and kind.name == "System.String":
            value = argument.text
        extent = None if argument is None else argument.extent
        if self._signature.compiled and argument is not None and argument.text is not None:
            self._refuse_literal(target, kind, argument)
        if value is None and self._signature.compiled and not target.validations:
            self._check_empty(target, kind, value, extent)
        stays_null = value is None and self._signature.compiled and target.allow_null
        value = self._coerced(target, kind, value, extent)
        for check in self._checks_of(target):
            fault = check(value)
            if fault is not None:
                raise self._fail(
                    f"Cannot validate argument on parameter '{target.name}'. {fault}",
                    "ParameterArgumentValidationError",
                    "InvalidData",
                    exception=_VALIDATION,
                    extent=extent,
                )
        self._check_empty(target, kind, value, extent)
        return None if stays_null else value

    def _refuse_literal(self, target: Parameter, kind: DotNetType, argument: Argument) -> None:
        """A bare number given to a cmdlet as an object keeps the spelling it was written with."""
        takes_objects = kind.name.removesuffix("[]") in {"System.Object", "System.Management.Automation.PSObject"}
        if takes_objects and argument.text != to_text(argument.value):
            raise OutsideSubset(f"the number {argument.text} as it is spelled for -{target.name}", argument.extent)

    def _checks_of(self, target: Parameter) -> list[Check]:
        if not target.validations:
            return []
        known = self._checks.get(target.name)
        if known is None:
            known = [validator(validation, self._it) for validation in target.validations]
            self._checks[target.name] = known
        return known

    def converted_default(self, target: Parameter, kind: DotNetType, value: Any) -> Any:
        """A default value in the type of its parameter."""
        if kind.name == "System.Boolean" and not isinstance(value, (bool, int, float, SwitchParameter)):
            raise self._bad_boolean(target, value, None)
        try:
            return self._it.conversion.convert(value, kind)
        except PowerShellError as error:
            raise self._unconverted(target, value, error, None) from None

    def _coerced(self, target: Parameter, kind: DotNetType, value: Any, extent: Extent | None) -> Any:
        name = kind.name
        if name == "System.Object":
            return value
        if isinstance(value, list) and name == "System.String" and self._signature.advanced:
            raise self._fail(
                f"Cannot process argument transformation on parameter '{target.name}'. Cannot convert value to type "
                "System.String."
                if not self._signature.compiled
                else f"Cannot convert 'System.Object[]' to the type 'System.String' required by parameter "
                f"'{target.name}'. Specified method is not supported.",
                "ParameterArgumentTransformationError" if not self._signature.compiled else "CannotConvertArgument",
                "InvalidData" if not self._signature.compiled else "InvalidArgument",
                exception=_TRANSFORMATION if not self._signature.compiled else _BINDING,
                extent=extent,
            )
        if name == "System.Boolean" and not isinstance(value, (bool, int, float, SwitchParameter)):
            raise self._bad_boolean(target, value, extent)
        try:
            return self._it.conversion.convert(value, kind)
        except PowerShellError as error:
            raise self._unconverted(target, value, error, extent) from None

    def _bad_boolean(self, target: Parameter, value: Any, extent: Extent | None) -> PowerShellError:
        shown = "" if value is None else type_name(value)
        text = (
            f'Cannot convert value "{shown}" to type "System.Boolean". Boolean parameters accept only Boolean '
            "values and numbers, such as $True, $False, 1 or 0."
        )
        return self._conversion_error(target, text, extent)

    def _unconverted(
        self, target: Parameter, value: Any, error: PowerShellError, extent: Extent | None
    ) -> PowerShellError:
        del value
        return self._conversion_error(target, error.record.message, extent, error.record.exception)

    def _conversion_error(
        self, target: Parameter, text: str, extent: Extent | None, inner: ExceptionObject | None = None
    ) -> PowerShellError:
        if self._signature.compiled or target.name in COMMON_NAMES:
            return self._fail(
                f"Cannot bind parameter '{target.name}'. {text}",
                "CannotConvertArgumentNoMessage",
                extent=extent,
                inner=inner,
            )
        return self._fail(
            f"Cannot process argument transformation on parameter '{target.name}'. {text}",
            "ParameterArgumentTransformationError",
            "InvalidData",
            exception=_TRANSFORMATION,
            extent=extent,
            inner=inner,
        )

    def _check_empty(self, target: Parameter, kind: DotNetType, value: Any, extent: Extent | None) -> None:
        """Mandatory parameters take neither null nor empty values unless they say so."""
        if not any(placement.mandatory for placement in target.placements):
            return

        def refuse(what: str, error_id: str) -> PowerShellError:
            return self._fail(
                f"Cannot bind argument to parameter '{target.name}' because it is {what}.",
                error_id,
                "InvalidData",
                exception=_VALIDATION,
                extent=extent,
            )

        if value is None:
            if not target.allow_null:
                raise refuse("null", "ParameterArgumentValidationErrorNullNotAllowed")
        elif isinstance(value, str):
            if value == "" and kind.name == "System.String" and not target.allow_empty_string:
                raise refuse("an empty string", "ParameterArgumentValidationErrorEmptyStringNotAllowed")
        elif kind.element is not None:
            items = list(enumerate_value(value) or ())
            if not items and not target.allow_empty_collection:
                raise refuse("an empty array", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")
            if any(item is None for item in items) and not target.allow_null:
                raise OutsideSubset(f"a null element for the mandatory parameter -{target.name}")
            strings = kind.element.name == "System.String" and not target.allow_empty_string
            if strings and any(item == "" for item in items if isinstance(item, str)):
                raise refuse("an empty string", "ParameterArgumentValidationErrorEmptyStringNotAllowed")

    # --- the pipeline ---

    def takes_pipeline(self) -> bool:
        return any(
            placement.from_pipeline or placement.from_pipeline_by_property_name
            for known in self._signature.parameters
            for placement in known.placements
        )

    def bind_object(self, item: Any, binding: Binding, property_of: Callable[[Any, str], Any]) -> bool:
        """Binds one object of the pipeline; False when no parameter takes it."""
        for name in binding.from_pipeline:
            binding.values.pop(name, None)
        bound: list[str] = []
        for test in (self._by_value, self._by_name, self._by_value_converted, self._by_name_converted):
            for known in self._signature.parameters:
                if known.name in binding.values:
                    continue
                placement = self._live(known, binding)
                if placement is None:
                    continue
                value = test(known, placement, item, property_of)
                if value is not NOTHING:
                    binding.values[known.name] = value
                    bound.append(known.name)
            if bound and test in (self._by_value, self._by_value_converted):
                self._also_by_name(item, binding, property_of, bound)
                break
            if bound:
                self._also_by_name(item, binding, property_of, bound)
                break
        binding.from_pipeline = tuple(bound)
        return bool(bound)

    def _also_by_name(
        self, item: Any, binding: Binding, property_of: Callable[[Any, str], Any], bound: list[str]
    ) -> None:
        for known in self._signature.parameters:
            if known.name in binding.values:
                continue
            placement = self._live(known, binding)
            if placement is None or not placement.from_pipeline_by_property_name:
                continue
            value = self._by_name_converted(known, placement, item, property_of)
            if value is not NOTHING:
                binding.values[known.name] = value
                bound.append(known.name)

    def _live(self, known: Parameter, binding: Binding) -> Placement | None:
        for placement in known.placements:
            takes = placement.from_pipeline or placement.from_pipeline_by_property_name
            if takes and self._possible(placement, binding):
                return placement
        return None

    def _by_value(self, known: Parameter, placement: Placement, item: Any, property_of: Any) -> Any:
        del property_of
        if not placement.from_pipeline:
            return NOTHING
        kind = self._type(known)
        if kind.name in {"System.Object", "System.Management.Automation.PSObject"}:
            return self.converted(known, item)
        if item is not None and self._it.members.is_instance(item, kind):
            return self.converted(known, item)
        return NOTHING

    def _by_value_converted(self, known: Parameter, placement: Placement, item: Any, property_of: Any) -> Any:
        del property_of
        if not placement.from_pipeline:
            return NOTHING
        try:
            return self.converted(known, item)
        except PowerShellError as error:
            if _is_of_conversion(error):
                return NOTHING
            raise

    def _by_name(
        self, known: Parameter, placement: Placement, item: Any, property_of: Callable[[Any, str], Any]
    ) -> Any:
        if not placement.from_pipeline_by_property_name or item is None:
            return NOTHING
        for name in (known.name, *known.aliases):
            value = property_of(item, name)
            if value is not NOTHING:
                kind = self._type(known)
                if kind.name == "System.Object" or self._it.members.is_instance(value, kind):
                    return self.converted(known, value)
                return NOTHING
        return NOTHING

    def _by_name_converted(
        self, known: Parameter, placement: Placement, item: Any, property_of: Callable[[Any, str], Any]
    ) -> Any:
        if not placement.from_pipeline_by_property_name or item is None:
            return NOTHING
        for name in (known.name, *known.aliases):
            value = property_of(item, name)
            if value is not NOTHING:
                return self.converted(known, value)
        return NOTHING

    # --- completeness ---

    def settle(self, binding: Binding, *, expecting_input: bool) -> str:
        """Checks mandatory parameters and decides the parameter set; gives its name."""
        chosen = self._choose_set(binding, expecting_input=expecting_input)
        missing = self._missing_mandatory(binding, chosen, expecting_input=expecting_input)
        if missing:
            raise self._fail(
                f"Cannot process command because of one or more missing mandatory parameters: {' '.join(missing)}.",
                "MissingMandatoryParameter",
            )
        return chosen or ALL_SETS

    def _choose_set(self, binding: Binding, *, expecting_input: bool) -> str:
        sets = binding.sets
        if not sets:
            return ""
        if len(sets) == 1:
            return next(iter(sets))
        default = self._signature.default_set
        complete = [
            name
            for name in self._ordered_sets()
            if name in sets and not self._missing_mandatory(binding, name, expecting_input=expecting_input)
        ]
        if default in sets and (default in complete or not complete):
            return default
        if len(complete) == 1 or (complete and expecting_input):
            return complete[0]
        if default in sets:
            return default
        if default and not self._signature.sets >= {default}:
            return default
        raise self._ambiguous_set()

    def _ordered_sets(self) -> Iterable[str]:
        seen: dict[str, None] = {}
        for known in self._signature.parameters:
            for placement in known.placements:
                if placement.set_name != ALL_SETS:
                    seen[placement.set_name] = None
        return list(seen)

    def _missing_mandatory(self, binding: Binding, chosen: str, *, expecting_input: bool) -> list[str]:
        missing = []
        for known in self._signature.parameters:
            if known.name in binding.values:
                continue
            for placement in known.placements:
                if placement.set_name not in {ALL_SETS, chosen} or not placement.mandatory:
                    continue
                if expecting_input and (placement.from_pipeline or placement.from_pipeline_by_property_name):
                    continue
                missing.append(known.name)
                break
        return missing

    def unbound_object(self, item: Any) -> PowerShellError:
        """What a command says of an object none of its parameters takes."""
        error = self._fail(
            "The input object cannot be bound to any parameters for the command either because the command "
            "does not take "
            "pipeline input or the input and its properties do not match any of the "
            "parameters that take pipeline input.",
            "InputObjectNotBound",
        )
        error.record.target = item
        return error


def _is_of_conversion(error: PowerShellError) -> bool:
    return error.record.error_id.startswith(("ParameterArgumentTransformation", "CannotConvert"))


def dictionary_arguments(table: Hashtable) -> list[Argument]:
    return [Argument(to_text(key), value, splatted=True) for key, value in table.items()]
