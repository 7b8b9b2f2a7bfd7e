"""-match, -replace, -split, -join, -like and -f."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from powershell import budget
from powershell.conversion import item_text, items_of
from powershell.dotnet.number_text import format_text
from powershell.dotnet.regex_text import Regex, expand_replacement, pieces
from powershell.errors import DotNetError, OutsideSubset, failure
from powershell.instances import Hashtable, ScriptBlock
from powershell.values import VALUE_TYPES, TypedArray, type_name
from powershell.wildcard import matches

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_SPLIT_OPTIONS: Final = {"simplematch", "regexmatch", "ignorecase", "none", "multiline", "singleline"}


class TextOperators:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter

    def operators(self, prefix: str, *, ignore_case: bool) -> dict[str, Callable[[Any, Any], Any]]:
        """-match, -imatch, -cmatch and their like, by name."""
        return {
            f"{prefix}match": lambda left, right: self._match(left, right, ignore_case=ignore_case, negated=False),
            f"{prefix}notmatch": lambda left, right: self._match(left, right, ignore_case=ignore_case, negated=True),
            f"{prefix}like": lambda left, right: self._like(left, right, ignore_case=ignore_case, negated=False),
            f"{prefix}notlike": lambda left, right: self._like(left, right, ignore_case=ignore_case, negated=True),
            f"{prefix}replace": self._replacing(prefix, ignore_case=ignore_case),
            f"{prefix}split": lambda left, right: self.split(left, right, ignore_case=ignore_case),
            f"{prefix}join": self.join,
        }

    def regex(self, pattern: Any, *, ignore_case: bool) -> Regex:
        return pattern if isinstance(pattern, Regex) else Regex(self._it.expand(pattern), ignore_case=ignore_case)

    def match_one(self, left: Any, pattern: Any, *, ignore_case: bool) -> bool:
        """Matches one value and sets $Matches when it does."""
        regex = self.regex(pattern, ignore_case=ignore_case)
        found = regex.compiled.search(self._it.expand(left))
        if found is None:
            return False
        groups = Hashtable()
        for name, number in reversed(list(zip(regex.names, regex.numbers, strict=True))):
            value = found.group(number)
            if value is not None:
                groups.set(int(name) if name.isdigit() else name, value)
        self._it.scope.force("Matches", groups)
        return True

    def _match(self, left: Any, right: Any, *, ignore_case: bool, negated: bool) -> Any:
        items = None if isinstance(left, str) else items_of(left)
        regex = self.regex(right, ignore_case=ignore_case)
        if items is None:
            return self.match_one(left, regex, ignore_case=ignore_case) != negated
        return [item for item in items if (regex.compiled.search(self._it.expand(item)) is not None) != negated]

    def _like(self, left: Any, right: Any, *, ignore_case: bool, negated: bool) -> Any:
        """The texts of the items that pass, where the left side is a collection."""
        pattern = self._it.expand(right)
        items = None if isinstance(left, str) else items_of(left)
        texts = [self._it.expand(item) for item in ([left] if items is None else items)]
        passing = [text for text in texts if matches(pattern, text, ignore_case=ignore_case) != negated]
        return bool(passing) if items is None else passing

    def _replacing(self, prefix: str, *, ignore_case: bool) -> Callable[[Any, Any], Any]:
        def replace(left: Any, right: Any) -> Any:
            parts = right if isinstance(right, list) else [right]
            if len(parts) > 2:
                raise OutsideSubset(f"{prefix}replace with {len(parts)} arguments")
            return self._replace(left, parts, ignore_case=ignore_case)

        return replace

    def _replace(self, left: Any, parts: list[Any], *, ignore_case: bool) -> Any:
        regex = self.regex(parts[0] if parts else "", ignore_case=ignore_case)
        replacement = parts[1] if len(parts) > 1 else ""
        items = None if isinstance(left, str) else items_of(left)
        if items is None:
            return self._replace_one(regex, self._it.expand(left), replacement)
        return [self._replace_one(regex, self._it.expand(item), replacement) for item in items]

    def _replace_one(self, regex: Regex, text: str, replacement: Any) -> str:
        if isinstance(replacement, ScriptBlock):
            raise OutsideSubset("-replace by a script block")
        template = self._it.expand(replacement)
        return regex.compiled.replaced(text, lambda found: expand_replacement(regex, found, template))

    def join(self, left: Any, right: Any) -> str:
        separator = self._it.expand(right)
        items = None if isinstance(left, str) else items_of(left)
        if items is None:
            return self._it.expand(left)
        return budget.joined([item_text(item) for item in items], separator)

    def split_words(self, value: Any) -> TypedArray:
        """Unary -split: at runs of white space."""
        items = None if isinstance(value, str) else items_of(value)
        words: list[str] = []
        for item in [value] if items is None else items:
            words += self._it.expand(item).split()
        return TypedArray("System.String", words)

    def split(self, left: Any, right: Any, *, ignore_case: bool) -> TypedArray:
        return TypedArray("System.String", self._split(left, right, ignore_case=ignore_case))

    def _split(self, left: Any, right: Any, *, ignore_case: bool) -> list[str]:
        parts = right if isinstance(right, list) else [right]
        limit = self._limit(parts[1]) if len(parts) > 1 else 0
        options = [part.strip().lower() for part in self._it.expand(parts[2]).split(",")] if len(parts) > 2 else []
        if not 0 < len(parts) <= 3 or not set(options) <= _SPLIT_OPTIONS or {"multiline", "singleline"} & set(options):
            raise OutsideSubset("these options of -split")
        items = None if isinstance(left, str) else items_of(left)
        texts = [self._it.expand(item) for item in ([left] if items is None else items)]
        if isinstance(parts[0], ScriptBlock):
            raise OutsideSubset("-split by a script block")
        if "simplematch" in options:
            pattern: Any = re.escape(self._it.expand(parts[0]))
        else:
            pattern = parts[0]
        regex = self.regex(pattern, ignore_case=ignore_case or "ignorecase" in options)
        return [piece for text in texts for piece in pieces(regex, text, limit)]

    def _limit(self, value: Any) -> int:
        if not isinstance(value, int):
            raise OutsideSubset(f"a {type_name(value)} for the limit of -split")
        return int(value)

    def format(self, left: Any, right: Any) -> str:
        expanded = type(right) is list or (isinstance(right, TypedArray) and right.element_type not in VALUE_TYPES)
        arguments = right if expanded else [right]
        try:
            return format_text(self._it.expand(left), arguments, self._it.members.formatted)
        except DotNetError as error:
            raise failure(
                f"Error formatting a string: {error.exception.message}.", "FormatError", inner=error.exception
            ) from None
