"""One value for one parameter: in its type, validated, and what is said of a value that is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell.command import Parameter
from powershell.conversion import to_text
from powershell.declared import DotNetType
from powershell.errors import ErrorRecord, ExceptionObject, OutsideSubset, PowerShellError
from powershell.invoker import Invoker
from powershell.signature import COMMON_NAMES, Argument, Signature
from powershell.validation import Check, validator
from powershell.values import SwitchParameter, enumerate_value, type_name

if TYPE_CHECKING:
    from powershell.syntax import Extent

_BINDING: Final = "System.Management.Automation.ParameterBindingException"
_VALIDATION: Final = "System.Management.Automation.ParameterBindingValidationException"
_TRANSFORMATION: Final = "System.Management.Automation.ParameterBindingArgumentTransformationException"


class ArgumentConverter:
    """Converts and validates the arguments of one command."""

    def __init__(self, interpreter: Invoker, signature: Signature) -> None:
        self._it = interpreter
        self._signature = signature
        self._checks: dict[str, list[Check]] = {}

    def fail(
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

    def type_of(self, target: Parameter) -> DotNetType:
        found = self._it.types.find(target.type)
        if found is None:
            raise OutsideSubset(f"the parameter type [{target.type}]")
        return found

    def converted(self, target: Parameter, value: Any, argument: Argument | None = None) -> Any:
        kind = self.type_of(target)
        if argument is not None and argument.text is not None and kind.name == "System.String":
            value = argument.text
        extent = None if argument is None else argument.extent
        if self._signature.compiled and argument is not None and argument.text is not None:
            self._refuse_literal(target, kind, argument)
        if value is None and self._signature.compiled and not target.validations:
            self._check_empty(target, kind, value, extent)
        stays_null = value is None and self._signature.compiled and target.allow_null
        value = self._coerced(target, kind, value, extent)
        for check in self.checks_of(target):
            fault = check(value)
            if fault is not None:
                raise self.fail(
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

    def checks_of(self, target: Parameter) -> list[Check]:
        if not target.validations:
            return []
        known = self._checks.get(target.name)
        if known is None:
            known = [validator(validation, self._it) for validation in target.validations]
            self._checks[target.name] = known
        return known

    def _coerced(self, target: Parameter, kind: DotNetType, value: Any, extent: Extent | None) -> Any:
        if kind.name == "System.Object":
            return value
        if isinstance(value, list) and kind.name == "System.String" and self._signature.advanced:
            if self._signature.compiled:
                raise self.fail(
                    "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter "
                    f"'{target.name}'. Specified method is not supported.",
                    "CannotConvertArgument",
                    extent=extent,
                )
            raise self._unconverted(target, "Cannot convert value to type System.String.", extent)
        return self.cast(target, kind, value, extent)

    def cast(self, target: Parameter, kind: DotNetType, value: Any, extent: Extent | None = None) -> Any:
        if kind.name == "System.Boolean" and not isinstance(value, (bool, int, float, SwitchParameter)):
            shown = "" if value is None else type_name(value)
            text = (
                f'Cannot convert value "{shown}" to type "System.Boolean". Boolean parameters accept only Boolean '
                "values and numbers, such as $True, $False, 1 or 0."
            )
            raise self._unconverted(target, text, extent)
        try:
            return self._it.conversion.convert(value, kind)
        except PowerShellError as error:
            raise self._unconverted(target, error.record.message, extent, error.record.exception) from None

    def _unconverted(
        self, target: Parameter, text: str, extent: Extent | None, inner: ExceptionObject | None = None
    ) -> PowerShellError:
        if self._signature.compiled or target.name in COMMON_NAMES:
            text, error_id = f"Cannot bind parameter '{target.name}'. {text}", "CannotConvertArgumentNoMessage"
            return self.fail(text, error_id, extent=extent, inner=inner)
        return self.fail(
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
            return self.fail(
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


def is_of_conversion(error: PowerShellError) -> bool:
    return error.record.error_id.startswith(("ParameterArgumentTransformation", "CannotConvert"))
