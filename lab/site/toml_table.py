"""Reading a TOML file as typed values; every mistake is one sentence that names file and key and says what to do."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from lab.errors import SiteError
from lab.site.text_file import read_text

_BEYOND_REASON = 1e9
_SMALLEST = 1e-3
_LONGEST_KEY = 200
_OF_KEY = "[key]"
"""How pydantic marks that the key of a mapping is wrong, not its value."""
_UNITS = ("seconds", "minutes")
_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
_SINGLE_QUOTES = "in double quotes a backslash begins an escape; write the text in single quotes, as 'EXAMPLE\\user'"


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's tables; a file that cannot be read, is not TOML or hides characters in texts is a SiteError."""
    try:
        values = tomllib.loads(read_text(path, "file", utf_16=False))
    except RecursionError as error:
        raise SiteError(f"{path}: tables and lists lie too deep in each other; write them flat.") from error
    except tomllib.TOMLDecodeError as error:
        said = f"{path}: this is not valid TOML ({error})"
        escape = "Unescaped" in str(error) or "Invalid hex" in str(error)
        raise SiteError(f"{said}; {_SINGLE_QUOTES if escape else 'mend that line'}.") from error
    except ValueError as error:  # as the standard library says that a number has too many digits
        raise SiteError(f"{path}: a number is far too long; write one within reason.") from error
    _refuse_hidden(path, values)
    return values


def _refuse_hidden(path: Path, values: Mapping[str, Any]) -> None:
    """No text of a site has a use for characters that are not seen; a password would be tried with them."""
    for key, text in _texts(values):
        hidden = next((character for character in text if _is_hidden(character)), None)
        if hidden is None:
            continue
        code = f"U+{ord(hidden):04X}"
        if hidden in _ESCAPES:
            meant = "".join(_ESCAPES.get(character, character) for character in text)
            remedy = (
                f"in double quotes a backslash begins an escape; write it in single quotes, as {ascii_quoted(meant)}"
            )
        else:
            remedy = f"write it without ({unicodedata.name(hidden, 'a control character')})"
        raise SiteError(f"{path}: {key} has the character {code} in it, which is not seen; {remedy}.")


def ascii_quoted(text: str) -> str:
    """In single quotes, whatever is not seen by its code."""
    shown = "".join(f"\\u{ord(each):04x}" if _is_hidden(each) else each for each in text)
    return f"'{shown}'"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the file with its key, the keys themselves included."""
    waiting: list[tuple[str, Any]] = [("", values)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, list):
            waiting.extend((name, item) for item in value)
        elif isinstance(value, dict):
            for key, item in value.items():
                path = (f"{name}.{key}" if name else key)[:_LONGEST_KEY]
                yield f"a key of {name or 'the file'}", key
                waiting.append((path, item))


class Table(BaseModel):
    """One table of a file. The description of a key completes the sentence "write …"."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
    misplaced: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Keys that people write and that have no place here: what is wrong with each, and what to do."""


T = TypeVar("T", bound=Table)


def read_table(kind: type[T], file: str, values: Mapping[str, Any], *, context: Any = None) -> T:
    """The table as its kind; raises SiteError with one sentence for each key that is wrong."""
    try:
        return kind.model_validate(dict(values), context=context, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SiteError(*(f"{file}: {each}." for each in _complaints(kind, error))) from None


def refused(problem: str, remedy: str = "write {what}", *, key: str = "") -> PydanticCustomError:
    """What a validator raises; `key` is that of a table which is wrong as a whole, `{what}` the key's description."""
    return PydanticCustomError("refused", "{problem}", {"problem": problem, "remedy": remedy, "key": key})


def _complaints(kind: type[Table], error: ValidationError) -> Iterator[str]:
    told: set[str] = set()
    for each in error.errors(include_url=False):
        keys = [part for part in each["loc"] if isinstance(part, str) and part != _OF_KEY]
        place = _Place(kind, keys + [key for key in each.get("ctx", {}).get("key", "").split(".") if key])
        problem, remedy = _complaint(each, place)
        if place.name not in told:
            yield f"{place.name} {problem}; {remedy.replace('{what}', place.what).replace('{name}', place.name)}"
        told.add(place.name)


class _Place:
    """Where in a file a mistake is: the key, what is to be written there, and the table that it stands in."""

    def __init__(self, kind: type[Table], keys: list[str]) -> None:
        self.name = ".".join(keys)
        self.key = keys[-1]
        self.what = ""
        self.table = kind
        found: Any = kind
        for key in keys:
            if get_origin(found) in (dict, Mapping):
                found = get_args(found)[1]
                continue
            self.table = next(each for each in (found, *get_args(found)) if _is_table(each))
            field = _keys(self.table).get(key)
            found, self.what = (field.annotation, field.description or "") if field else (None, "")


def _keys(table: type[Table]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)


def _complaint(error: ErrorDetails, place: _Place) -> tuple[str, str]:
    """What is wrong, and what to do."""
    value, about = error["input"], error.get("ctx", {})
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match error["type"]:
        case "refused":
            return about["problem"], about["remedy"]
        case "missing":
            return "is missing", "write {what}"
        case "extra_forbidden":
            return place.table.misplaced.get(place.key) or _unknown(place)
        case "string_too_short" | "too_short":
            return "is empty", "write {what}"
        case "bool_type":
            return f"is {_kind(value)}, not true or false", "write true or false ({what})"
        case "tuple_type" | "string_type" if error["type"] == "tuple_type" or isinstance(error["loc"][-1], int):
            return "is not a list of texts", "write {what} in square brackets"
        case "string_type":
            return f"is {_kind(value)}, not a text", "write {what} in quotes"
        case "model_type" | "dict_type" | "mapping_type":
            return f"is {_kind(value)}, not a table", "write a table [{name}] with {what}"
        case "enum" | "literal_error":
            said = f"{value!r}" if isinstance(value, str) else _kind(value)
            verb = "has" if isinstance(error["loc"][-1], int) else "is"
            return f"{verb} {said}, which is not one of {_listed(about)}", "write {what}"
        case "int_type" if isinstance(value, float):
            return f"is {value:g}, not a whole number", "write {what}"
        case "less_than_equal":
            unit = place.key.rpartition("_")[2]
            remedy = f"write at most {about['le']:g} {unit}" if unit in _UNITS else "write {what}"
            return f"is {value:g}", remedy
        case _:
            known = f"{_shown(value)}, which cannot be" if is_number else f"{_kind(value)}, not a number"
            return f"is {known}", "write {what}"


def _listed(about: Mapping[str, Any]) -> str:
    return str(about["expected"]).replace("'", '"').replace(" or ", ", ")


def _unknown(place: _Place) -> tuple[str, str]:
    near = difflib.get_close_matches(place.key, sorted(_keys(place.table)), n=1)
    return "is not known", f"write {near[0]} if that was meant" if near else "remove it"


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date")


def _shown(value: float) -> str:
    """A number as a person reads it; one of thousands of digits cannot be printed."""
    return (
        f"a number of {value.bit_length()} bits" if isinstance(value, int) and value.bit_length() > 64 else f"{value}"
    )


def _not_blank(text: str) -> str:
    if not text.strip():
        raise refused("is empty")
    return text


def _as_windows_writes(name: str) -> str:
    """Names are compared with what Windows shows: written otherwise they would not be found."""
    if problem := unlike_windows(name):
        raise refused(*problem)
    return name


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
Name = Annotated[Text, AfterValidator(_as_windows_writes)]
Positive = Annotated[float, Field(ge=_SMALLEST, lt=_BEYOND_REASON)]
WHOLE = BeforeValidator(_whole)
Count = Annotated[int, Field(ge=1, lt=_BEYOND_REASON), WHOLE]


def unlike_windows(name: str) -> tuple[str, str] | None:
    """What of a name would keep it from being found, and what to write."""
    composed = unicodedata.normalize("NFC", name)
    if composed != name:
        return (
            f"is {name!r} with marks apart from their letters (Unicode NFD)",
            f"write it composed (NFC), as {composed!r}",
        )
    narrow = "".join(character for character in name if "\uff66" <= character <= "\uff9f")
    if narrow:
        wide = unicodedata.normalize("NFKC", name)
        return f"has half-width katakana ({narrow}) in it", f"write it full-width, as {wide!r}"
    return None
