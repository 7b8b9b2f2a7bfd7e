"""Reading a TOML file as typed values; every mistake is one sentence that names file and key and says what to do."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from lab.errors import SiteError
from lab.site.text_file import read_text
from words import Quoted, Told, sentence, told, words_of
from words import Text as Text_

_BEYOND_REASON = 1e9
_SMALLEST = 1e-3
_LONGEST_KEY = 200
_OF_KEY = "[key]"
"""How pydantic marks that the key of a mapping is wrong, not its value."""
_UNITS = ("seconds", "minutes")
_KINDS = ("bool", "int", "float", "str", "list", "dict")
_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's tables; a file that cannot be read, is not TOML or hides characters in texts is a SiteError."""
    values = parsed_toml(path)
    refuse_hidden(path, values)
    return values


def parsed_toml(path: Path) -> Mapping[str, Any]:
    """The same, whatever characters its texts have."""
    try:
        return tomllib.loads(read_text(path, sentence("site.file"), utf_16=False))
    except RecursionError as error:
        raise SiteError(sentence("site.too_deep", path=path)) from error
    except tomllib.TOMLDecodeError as error:
        escape = "Unescaped" in str(error) or "Invalid hex" in str(error)
        key = "site.no_toml_escape" if escape else "site.no_toml"
        raise SiteError(sentence(key, path=path, error=told(error))) from error
    except ValueError as error:  # as the standard library says that a number has too many digits
        raise SiteError(sentence("site.long_number", path=path)) from error


def refuse_hidden(path: Path, values: Mapping[str, Any], *, lines: bool = False) -> None:
    """No text of a site has a use for characters that are not seen; a password would be tried with them.

    With `lines` a text may have several.
    """
    for key, text in _texts(values):
        seen = "\r\n\t" if lines else ""
        hidden = next((character for character in text if _is_hidden(character) and character not in seen), None)
        if hidden is None:
            continue
        code = f"U+{ord(hidden):04X}"
        if hidden in _ESCAPES:
            meant = "".join(_ESCAPES.get(character, character) for character in text)
            remedy = sentence("site.hidden_escape", meant=ascii_quoted(meant))
        else:
            remedy = sentence("site.hidden_without", name=unicodedata.name(hidden, code))
        raise SiteError(sentence("site.hidden", path=path, key=key, code=code, remedy=remedy))


def ascii_quoted(text: str) -> str:
    """Quotes a text, with invisible characters by their codes."""
    shown = "".join(f"\\u{ord(each):04x}" if _is_hidden(each) else each for each in text)
    return f"'{shown}'"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[Told | str, str]]:
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
                yield sentence("site.a_key_of", table=name or sentence("site.the_file")), key
                waiting.append((path, item))


class Table(BaseModel):
    """One table of a file. The description of a key completes the sentence "write …"."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
    misplaced: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Keys that people write and that have no place here: what is wrong with each, and what to do (as `refused`)."""


T = TypeVar("T", bound=Table)


def read_table(kind: type[T], file: str, values: Mapping[str, Any], *, context: Any = None) -> T:
    """The table as its kind; raises SiteError with one sentence for each key that is wrong."""
    try:
        return kind.model_validate(dict(values), context=context, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SiteError(*_complaints(kind, file, error)) from None


def refused(problem: str, remedy: str = "write", /, *, key: str = "", **data: object) -> PydanticCustomError:
    """The error of a validator, by keys of the words in [site].

    `key` is that of a table which is wrong as a whole. A remedy may use `{what}`, the description of the key.
    """
    return PydanticCustomError("refused", problem, {"remedy": remedy, "key": key, "data": data})


def _complaints(kind: type[Table], file: str, error: ValidationError) -> Iterator[Told]:
    told: set[str] = set()
    for each in error.errors(include_url=False):
        below = [key for key in each.get("ctx", {}).get("key", "").split(".") if key]
        place = _Place(kind, [*(part for part in each["loc"] if part != _OF_KEY), *below])
        problem, remedy, data = _complaint(each, place)
        if place.name not in told:
            about = {**data, "name": place.name, "what": place.what}
            problem_told = sentence(f"site.{problem}", **{**about, **data})
            remedy_told = sentence(f"site.{remedy}", **about)
            yield sentence("site.complaint", file=file, name=place.name, problem=problem_told, remedy=remedy_told)
        told.add(place.name)


class _Place:
    """The place of a mistake in a file: the key, what is to be written there, and its table."""

    def __init__(self, kind: type[Table], parts: list[str | int]) -> None:
        keys = [each for each in parts if isinstance(each, str)]
        self.name = _name(parts)
        self.key = keys[-1]
        what = ""
        self.table = kind
        found: Any = kind
        for key in keys:
            if get_origin(found) in (dict, Mapping):
                found = get_args(found)[1]
                continue
            self.table = next(each for each in (found, *get_args(found)) if _is_table(each))
            field = _keys(self.table).get(key)
            found, what = (field.annotation, field.description or "") if field else (None, "")
        self.what = Text_(what, words_of("ja").known("what", what))


def _name(parts: list[str | int]) -> str:
    """One table of several is named by its place in the file; which text of a list is meant can be seen."""
    last = next(place for place in reversed(range(len(parts))) if isinstance(parts[place], str))
    named = (each if isinstance(each, str) else f"[{each + 1}]" for each in parts[: last + 1])
    return ".".join(named).replace(".[", "[")


def _keys(table: type[Table]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)


_Complaint: TypeAlias = tuple[str, str, Mapping[str, object]]
"""Keys of what is wrong and of what to do, and the values of their places."""


def _complaint(error: ErrorDetails, place: _Place) -> _Complaint:
    value, about = error["input"], error.get("ctx", {})
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match error["type"]:
        case "refused":
            return error["msg"], about["remedy"], about["data"]
        case "missing":
            return "missing", "write", {}
        case "extra_forbidden":
            return (*place.table.misplaced[place.key], {}) if place.key in place.table.misplaced else _unknown(place)
        case "string_too_short" | "too_short":
            return "empty", "write", {}
        case "bool_type":
            return "not_bool", "write_bool", {"kind": _kind(value)}
        case "tuple_type" | "string_type" if error["type"] == "tuple_type" or isinstance(error["loc"][-1], int):
            return "not_list", "write_list", {}
        case "string_type":
            return "not_text", "write_text", {"kind": _kind(value)}
        case "model_type" | "dict_type" | "mapping_type":
            return "not_table", "write_table", {"kind": _kind(value)}
        case "enum" | "literal_error":
            said = f"{value!r}" if isinstance(value, str) else _kind(value)
            verb = "has" if isinstance(error["loc"][-1], int) else "is"
            return f"{verb}_not_one_of", "write", {"said": said, "listed": _listed(about)}
        case "int_type" if isinstance(value, float):
            return "not_whole", "write", {"value": f"{value:g}"}
        case "less_than_equal":
            unit = place.key.rpartition("_")[2]
            remedy = "write_at_most" if unit in _UNITS else "write"
            return "is", remedy, {"value": f"{value:g}", "most": f"{about['le']:g}", "unit": unit}
        case _ if is_number:
            return "cannot_be", "write", {"value": _shown(value)}
        case _:
            return "not_number", "write", {"kind": _kind(value)}


def _listed(about: Mapping[str, Any]) -> str:
    return str(about["expected"]).replace("'", '"').replace(" or ", ", ")


def _unknown(place: _Place) -> _Complaint:
    near = difflib.get_close_matches(place.key, sorted(_keys(place.table)), n=1)
    return "unknown", "write_near" if near else "remove", {"near": "".join(near)}


def _kind(value: object) -> Told:
    name = type(value).__name__
    return sentence(f"site.kind_{name if name in _KINDS else 'date'}")


def _shown(value: float) -> Told:
    """A number as a person reads it; one of thousands of digits cannot be printed."""
    if isinstance(value, int) and value.bit_length() > 64:
        return sentence("site.bits", n=value.bit_length())
    return Quoted(f"{value}")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise refused("empty")
    return text


def _as_windows_writes(name: str) -> str:
    """Names are compared with what Windows shows: written otherwise they would not be found."""
    if problem := unlike_windows(name):
        raise refused(problem.problem, problem.remedy, **problem.data)
    return name


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
Name = Annotated[Text, AfterValidator(_as_windows_writes)]
Positive = Annotated[float, Field(ge=_SMALLEST, lt=_BEYOND_REASON)]
WHOLE = BeforeValidator(_whole)
Count = Annotated[int, Field(ge=1, lt=_BEYOND_REASON), WHOLE]


@dataclass(frozen=True, slots=True)
class Unlike:
    """The reason why a name would not be found, and what to write, by keys of the words in [site]."""

    problem: str
    remedy: str
    data: Mapping[str, str]


def unlike_windows(name: str) -> Unlike | None:
    composed = unicodedata.normalize("NFC", name)
    if composed != name:
        return Unlike("decomposed", "write_composed", {"name": repr(name), "composed": repr(composed)})
    narrow = "".join(character for character in name if "\uff66" <= character <= "\uff9f")
    if narrow:
        wide = unicodedata.normalize("NFKC", name)
        return Unlike("half_width", "write_wide", {"narrow": narrow, "wide": repr(wide)})
    return None
