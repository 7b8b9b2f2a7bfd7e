"""The -Property argument of Select-, Sort-, Group-, Measure- and Compare-Object: names, script blocks, hash tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from powershell.engine_context import EngineContext
from powershell.errors import ErrorRecord, PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.values import UNSET, Hashtable, ScriptBlock, type_name, unwrap
from powershell.wildcard import has_wildcard, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectProperty:
    """`options` holds the further keys of a calculated property (ascending, descending)."""

    expression: str | ScriptBlock
    label: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        if self.label:
            return self.label
        return self.expression if isinstance(self.expression, str) else self.expression.text


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A property of one object; `exists` is false where the object has none of that name."""

    name: str
    value: Any
    exists: bool = True
    block_value: Any = UNSET
    """A collection, or null, that a script block gave: as text it is what its items are."""


class PropertyReader:
    """Reads properties of input objects for one invocation; failing getters and blocks give null.

    `reports_blocks`: the cmdlet writes an error for each object a block of its fails for.
    """

    def __init__(self, context: EngineContext, *, reports_blocks: bool = False) -> None:
        self._context = context
        self._reports_blocks = reports_blocks
        self.objects = RuntimeObjects(context)

    def parse(self, arguments: Iterable[Any], keys: Sequence[str]) -> list[ObjectProperty]:
        return [self._parse_one(argument, keys) for argument in arguments]

    def _parse_one(self, argument: Any, keys: Sequence[str]) -> ObjectProperty:
        if isinstance(argument, (str, ScriptBlock)):
            return ObjectProperty(expression=argument)
        if not isinstance(argument, Hashtable):
            if argument is None:
                self._fail("Cannot convert null to a property expression.", "DictionaryKeyUnknownType")
            self._fail(
                f"Cannot convert {type_name(argument)} to one of the following types {{System.String, "
                "System.Management.Automation.ScriptBlock}.",
                "DictionaryKeyUnknownType",
            )
        found: dict[str, Any] = {}
        for key, value in argument.items():
            found[self._key(key, keys)] = value
        if "expression" not in found:
            self._fail("A mandatory entry for expression is missing.", "DictionaryKeyMandatoryEntry")
        expression = found.pop("expression")
        if not isinstance(expression, (str, ScriptBlock)):
            self._context.outside_subset(f"a calculated property whose expression is {type_name(expression)}")
        label = found.pop("label", None) or found.pop("name", None) or ""
        return ObjectProperty(expression=expression, label=self.objects.text(label), options=found)

    def _key(self, key: Any, keys: Sequence[str]) -> str:
        text = self.objects.text(key)
        candidates = [name for name in keys if text and name.startswith(text.lower())]
        if len(candidates) != 1:
            self._fail(f"The {text} key is not valid.", "DictionaryKeyIllegal")
        return candidates[0]

    def _fail(self, message: str, error_id: str) -> None:
        self._context.throw(
            self._context.error(
                message,
                error_id=error_id,
                category="InvalidArgument",
                exception="System.Management.Automation.PSArgumentException",
            )
        )

    def read(self, given: ObjectProperty, value: Any) -> list[PropertyValue]:
        """Every property the argument resolves to; a plain name always gives one, existing or not."""
        if isinstance(given.expression, ScriptBlock):
            return [self._evaluate(given.title, given.expression, value)]
        pattern = given.expression
        if has_wildcard(pattern):
            names = [name for name in self.names(value) if matches(pattern, name)]
            return [PropertyValue(name, self._get(value, name)) for name in names]
        own = None
        if type(value) is Hashtable:
            own = next((name for name in self.names(value) if name.lower() == pattern.lower()), None)
        if own is None:
            own = self.objects.own_name(value, pattern)
        if own is None:
            return [PropertyValue(given.label or pattern, None, exists=False)]
        return [PropertyValue(given.label or own, self._get(value, own))]

    def names(self, value: Any) -> Sequence[str]:
        """Property names as wildcards see them; a hash table shows its keys."""
        if type(value) is Hashtable:
            return [self.objects.text(key) for key, _ in value.items()]
        return self.objects.properties(value, extended_first=True)

    def _get(self, value: Any, name: str) -> Any:
        if type(value) is Hashtable and value.contains(name):
            return value.get(name)
        try:
            return self.objects.get(value, name)
        except PowerShellError:
            return None

    def _evaluate(self, name: str, block: ScriptBlock, value: Any) -> PropertyValue:
        try:
            results = self.objects.run(block, value)
        except PowerShellError as error:
            if self._reports_blocks:
                self._report(error.record, value)
            return PropertyValue(name, None)
        found = unwrap(results)
        return PropertyValue(name, found, block_value=found if not results or isinstance(found, list) else UNSET)

    def _report(self, record: ErrorRecord, value: Any) -> None:
        self._context.write_error(
            self._context.error(
                record.exception.message,
                error_id="ExpressionEvaluation",
                category="InvalidResult",
                target=value,
                exception=record.exception.type,
            )
        )
