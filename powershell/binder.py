"""Parameter binding, for functions and cmdlets alike: names, positions, the pipeline, parameter sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from powershell.argument_conversion import ArgumentConverter, is_of_conversion
from powershell.command import ALL_SETS, Parameter, Placement
from powershell.conversion import to_text
from powershell.errors import OutsideSubset, PowerShellError
from powershell.instances import GenericList
from powershell.signature import COMMON_NAMES, Argument, Binding
from powershell.values import NOTHING, VALUE_TYPES, SwitchParameter

PropertyOf = Callable[[Any, str], Any]


class Binder(ArgumentConverter):
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
            value = argument.value
            source = argument
            if target.is_switch:
                value = SwitchParameter(is_present=True) if value is NOTHING else value
            elif value is NOTHING:
                source = self._next(arguments[index:], target, argument)
                value = source.value
                index += 1
            if target.name in binding.values or target.name in binding.common:
                if argument.splatted:
                    continue
                raise OutsideSubset(f"the parameter -{target.name} twice", argument.extent)
            self._store(target, value, binding, source)
        if unknown is not None:
            raise unknown
        return left

    def _next(self, arguments: Sequence[Argument], target: Parameter, argument: Argument) -> Argument:
        """What stands behind a parameter's name; whether a word with a dash is its value is not worked out."""
        if not arguments:
            raise self._missing(target, argument)
        if arguments[0].name is not None:
            raise OutsideSubset(f"-{argument.name} before -{arguments[0].name}, without a value", argument.extent)
        return arguments[0]

    def _named(self, argument: Argument) -> Parameter:
        signature = self._signature
        name = argument.name or ""
        lowered = name.lower()
        exact = signature.names.get(lowered)
        if exact is not None:
            return exact
        if any(known.lower().startswith(lowered) for known in signature.outside):
            raise OutsideSubset(f"the parameter -{name} of {signature.name}", argument.extent)
        found = [
            known
            for known in signature.all_parameters
            if any(text.lower().startswith(lowered) for text in (known.name, *known.aliases))
        ]
        own = [known for known in found if known.name not in COMMON_NAMES]
        if len(found) == 1 or len(own) == 1:
            return (own or found)[0]
        if found:
            raise OutsideSubset(f"-{name}, which may be one of several parameters,", argument.extent)
        takes_rest = any(placement.remaining for known in signature.parameters for placement in known.placements)
        if not signature.advanced or takes_rest:
            raise OutsideSubset(f"-{name} as one of the remaining arguments", argument.extent)
        raise self.fail(
            f"A parameter cannot be found that matches parameter name '{name}'.",
            "NamedParameterNotFound",
            extent=argument.extent,
        )

    def _missing(self, target: Parameter, argument: Argument) -> PowerShellError:
        return self.fail(
            f"Missing an argument for parameter '{target.name}'. Specify a parameter of type "
            f"'{self.type_of(target).name}' and try again.",
            "MissingArgument",
            extent=argument.extent,
        )

    # --- positions ---

    def _bind_positional(self, values: list[Argument], binding: Binding) -> None:
        rest: list[Argument] = []
        for argument in values:
            candidates = self._candidates(binding)
            if candidates:
                self._bind_one(candidates, argument, binding)
            else:
                rest.append(argument)
        if rest:
            self._bind_rest(rest, binding)

    def _candidates(self, binding: Binding, tried: Sequence[Parameter] = ()) -> list[tuple[bool, Parameter]]:
        """The unbound parameters of the lowest position not tried yet, those of the default set marked."""
        found: list[tuple[int, bool, Parameter]] = []
        default = self._signature.default_set
        for known in self._signature.parameters:
            if known.name in binding.values or known in tried:
                continue
            for placement in known.placements:
                position = None if placement.remaining else placement.position
                if position is not None and self._possible(placement, binding):
                    found.append((position, placement.set_name in {ALL_SETS, default}, known))
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
                if not is_of_conversion(error):
                    raise
                fault = error
            else:
                return
        assert fault is not None
        if self._signature.compiled and self._candidates(binding, ordered):
            raise OutsideSubset("a value that may be for a later position", argument.extent)
        raise fault

    def _fits(self, known: Parameter, value: Any) -> bool:
        kind = self.type_of(known)
        if value is None:
            return kind.name != "System.String" and kind.name not in VALUE_TYPES
        return kind.name == "System.Object" or self._it.members.is_instance(value, kind)

    def _passes(self, known: Parameter, value: Any) -> bool:
        """A value that one parameter of the position refuses is for the next."""
        return all(check(value) is None for check in self.checks_of(known))

    def _possible(self, placement: Placement, binding: Binding) -> bool:
        return placement.set_name == ALL_SETS or not binding.sets or placement.set_name in binding.sets

    def _bind_rest(self, values: list[Argument], binding: Binding) -> None:
        for known in self._signature.parameters:
            for placement in known.placements:
                if placement.remaining and known.name not in binding.values and self._possible(placement, binding):
                    items: Any = [argument.value for argument in values]
                    if len(items) == 1 and isinstance(items[0], list):
                        items = items[0]
                    elif self.type_of(known).name == "System.Object":
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
            raise self.fail(
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
        return self.fail(
            "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued "
            "cannot be used together or an insufficient number of parameters were provided.",
            "AmbiguousParameterSet",
        )

    # --- the pipeline ---

    def takes_pipeline(self) -> bool:
        return any(
            placement.from_pipeline or placement.from_pipeline_by_property_name
            for known in self._signature.parameters
            for placement in known.placements
        )

    def bind_object(self, item: Any, binding: Binding, property_of: PropertyOf) -> bool:
        """Binds one object of the pipeline; False when no parameter takes it."""
        for name in binding.from_pipeline:
            binding.values.pop(name, None)
        bound: list[str] = []

        def attempt(*, by_name: bool, exact: bool) -> None:
            for known in self._signature.parameters:
                placement = None if known.name in binding.values else self._live(known, binding)
                if placement is None:
                    continue
                if by_name and placement.from_pipeline_by_property_name and item is not None:
                    value = self._of_property(known, item, property_of, exact=exact)
                elif not by_name and placement.from_pipeline:
                    value = self._exactly(known, item) if exact else self._converted_or_nothing(known, item)
                else:
                    continue
                if value is not NOTHING:
                    binding.values[known.name] = value
                    bound.append(known.name)

        for by_name, exact in ((False, True), (True, True), (False, False)):
            attempt(by_name=by_name, exact=exact)
            if bound:
                break
        attempt(by_name=True, exact=False)
        binding.from_pipeline = tuple(bound)
        return bool(bound)

    def _live(self, known: Parameter, binding: Binding) -> Placement | None:
        for placement in known.placements:
            takes = placement.from_pipeline or placement.from_pipeline_by_property_name
            if takes and self._possible(placement, binding):
                return placement
        return None

    def _exactly(self, known: Parameter, value: Any) -> Any:
        """The value where it is of the parameter's type as it is."""
        kind = self.type_of(known)
        takes_all = kind.name in {"System.Object", "System.Management.Automation.PSObject"}
        if takes_all or (value is not None and self._it.members.is_instance(value, kind)):
            return self.converted(known, value)
        return NOTHING

    def _converted_or_nothing(self, known: Parameter, value: Any) -> Any:
        try:
            return self.converted(known, value)
        except PowerShellError as error:
            if is_of_conversion(error):
                return NOTHING
            raise

    def _of_property(self, known: Parameter, item: Any, property_of: PropertyOf, *, exact: bool) -> Any:
        for name in (known.name, *known.aliases):
            value = property_of(item, name)
            if value is not NOTHING:
                return self._exactly(known, value) if exact else self.converted(known, value)
        return NOTHING

    # --- completeness ---

    def settle(self, binding: Binding, *, expecting_input: bool) -> str:
        """Checks mandatory parameters and decides the parameter set; gives its name."""
        chosen = self._choose_set(binding, expecting_input=expecting_input)
        missing = self._missing_mandatory(binding, chosen, expecting_input=expecting_input)
        if missing:
            raise self.fail(
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
        error = self.fail(
            "The input object cannot be bound to any parameters for the command either because the command does not "
            "take pipeline input or the input and its properties do not match any of the parameters that take "
            "pipeline input.",
            "InputObjectNotBound",
        )
        error.record.target = item
        return error
