"""Masking: passwords are taken out of what comes from outside Kunren, in the forms in which they turn up there.

What is masked and what cannot be is told in docs/journal.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

from lab.model.calls import MASK
from lab.model.json_values import unused

SHORTEST = 4
"""Characters of a form below which it is everywhere, and masking it would only show where it is not."""
EVERYDAY = 8
"""Fewer letters alone, or digits alone, may be a word or a number of everyday: masked where they stand alone."""
_ESCAPES = re.compile(r"\\u[0-9a-f]{4}|_x[0-9a-f]{4}_|&(?:#|(?:amp|lt|gt|quot|apos);)|%[0-9a-f]{2}", re.IGNORECASE)
"""What shows that a character is written in another way than as itself, perhaps doubled or behind a prefix."""
_GAPS = {**{ord(gap): None for gap in " \t\r\n\0:,-+\\`'\""}, ord("/"): "_"}
"""What may stand between characters, or before them, is left out; and both alphabets of base64 are one."""
MOST_KNOWN = 4096
KNOWN_UP_TO = 80
"""Texts in which nothing was found are known again, if they are as short as names and states are."""
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_PREFIXED = frozenset("\"'/$`")
"""What JSON or PowerShell writes a character before."""
_DOUBLED = frozenset("\"'\\`")
"""What is written twice where it would otherwise be an end."""
_SHORT = {"\n": "n", "\t": "t", "\r": "r", "\b": "b", "\f": "f"}


class Masking:
    """Masks `secrets` in values from outside; one that is among the words `said` openly is not masked as it stands."""

    def __init__(self, secrets: Collection[str] = (), said: Iterable[str] = ()) -> None:
        self._secrets: tuple[str, ...] = ()
        self._said: tuple[str, ...] = ()
        self._sought: _Sought | None = None
        self.say(said)
        self.hide(secrets)

    def hide(self, secrets: Collection[str]) -> None:
        """Masks these as well from now on."""
        self._secrets = (*self._secrets, *(each for each in secrets if each.strip() and each not in self._secrets))
        self._sought = None

    def say(self, texts: Iterable[str]) -> None:
        """What is told openly in any case, such as the names of the site file: masking it elsewhere hides nothing."""
        self._said = (*self._said, *(text.casefold() for text in texts))
        self._sought = None

    def also(self, secrets: Collection[str]) -> Masking:
        """One that masks these as well; itself where it does already."""
        return self if set(secrets) <= set(self._secrets) else Masking((*self._secrets, *secrets), self._said)

    @property
    def unmaskable(self) -> bool:
        """Whether a secret is too short to be masked, or a word that is told openly."""
        return any(len(secret) < SHORTEST or _told(secret, self._said) for secret in self._secrets)

    def text(self, text: str) -> str:
        return self._forms.masked(text) if self._secrets else text

    def value(self, value: Any) -> Any:
        """The same at any depth; keys and numbers are masked too. Takes what JSON has."""
        return self._value(value) if self._secrets else value

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case bool() | None:
                return value
            case int() | float():
                told = repr(value)
                return value if (masked := self.text(told)) == told else masked
            case list() | tuple():
                return [self._value(inner) for inner in value]
            case dict() | Mapping():
                return dict(self._members(value))
            case _:
                return value

    def _members(self, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        taken: set[str] = set()
        for key, inner in value.items():
            name = unused(self.text(key), taken)
            taken.add(name)
            yield name, self._value(inner)

    @property
    def _forms(self) -> _Sought:
        if self._sought is None:
            self._sought = _Sought(
                form for secret in self._secrets for form in _forms(secret, told=_told(secret, self._said))
            )
        return self._sought


class _Sought:
    """All forms of all secrets, the longest first."""

    def __init__(self, forms: Iterable[_Form]) -> None:
        self._forms = sorted(set(forms), key=lambda form: (-len(form.plain), form.pattern))
        self._simple = all(form.plain.isascii() and not _SHORT.keys() & set(form.plain) for form in self._forms)
        self._anchors = frozenset(form.plain.lower().translate(_GAPS) for form in self._forms)
        self._free = lru_cache(MOST_KNOWN)(self._is_free)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Made when it is first needed: an expression of this size takes long to compile, and few texts need it."""
        return re.compile("|".join(form.pattern for form in self._forms) or "(?!)", re.IGNORECASE)

    def masked(self, text: str) -> str:
        if self._free(text) if len(text) <= KNOWN_UP_TO else self._is_free(text):
            return text
        masked = self._pattern.sub(MASK, text)
        while (again := self._pattern.sub(MASK, masked)) != masked:  # a mask may complete a secret that has its sign
            masked = again
        return self._cut_off(masked)

    def _is_free(self, text: str) -> bool:
        """Rules out at little cost what most texts do not hold."""
        if not self._simple or "…" in text or _ESCAPES.search(text):
            return False
        tight = text.lower().translate(_GAPS)
        return not any(anchor in each for each in {tight, tight.replace("0x", "")} for anchor in self._anchors)

    def _cut_off(self, text: str) -> str:
        """Without the beginning of a secret that was cut where the text says that something is left out."""
        before, dots, after = text.rpartition("…")
        if not dots:
            return text
        for form in self._forms:
            for length in range(min(len(form.plain) - 1, len(before)), SHORTEST - 1, -1):
                if before[-length:].lower() == form.plain[:length].lower() and not _everyday(form.plain[:length]):
                    return f"{before[:-length]}{MASK}{dots}{after}"
        return text


@dataclass(frozen=True, slots=True)
class _Form:
    """One way a secret may be written: without gaps, and as the expression that finds it."""

    plain: str
    pattern: str


def _forms(secret: str, *, told: bool) -> Iterator[_Form]:
    if not told:
        for spelling in {secret, secret.upper(), secret.lower(), secret.casefold()}:
            yield from _worth(spelling, "".join(_run("".join(run)) for _, run in groupby(spelling)))
            if len(spelling) >= EVERYDAY:
                yield from _worth(spelling, r"[ \t\0]".join(re.escape(each) for each in spelling))
    for data in _encodings(secret):
        yield from _worth(data.hex(), r"(?:[\s:,-]{0,2}(?:0x)?)".join(f"{byte:02x}" for byte in data))
        for core in (base64.b64encode(data).decode().rstrip("="), *_base64_cores(data)):
            inner = r"(?:\r?\n)?".join(_either_alphabet(each) for each in core)
            yield from _worth(core, f"{inner}(?:[\\w+/-]{{0,2}}={{1,2}})?")


def _told(secret: str, said: Iterable[str]) -> bool:
    """Letters or digits alone have to be told as a word of their own."""
    sought = secret.casefold()
    if not _everyday(secret):
        return any(sought in text for text in said)
    alone = re.compile(_alone(re.escape(sought), secret))
    return any(alone.search(text) for text in said)


def _worth(plain: str, pattern: str) -> Iterator[_Form]:
    if len(plain) >= SHORTEST:
        yield _Form(plain, _alone(pattern, plain) if _everyday(plain) else f"(?:{pattern})")


def _everyday(plain: str) -> bool:
    return len(plain) < EVERYDAY and (plain.isalpha() or plain.isdecimal())


def _alone(pattern: str, plain: str) -> str:
    """Not as part of a longer word, name, path, version, date or time."""
    joins = r"\w\-./\\:+" if plain.isdecimal() else r"\w\-./\\"
    after = r"\w\-/\\:+" if plain.isdecimal() else r"\w\-/\\"
    return rf"(?<![{joins}])(?:{pattern})(?![{after}]|\.\w)"


def _encodings(secret: str) -> Iterator[bytes]:
    """As .NET and Python encode it; half a surrogate pair becomes the replacement character, as .NET has it."""
    whole = secret.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield whole.encode()
    yield whole.encode("utf-16-le")


def _base64_cores(data: bytes) -> Iterator[str]:
    """Those characters of its base64 that are the same whatever stands before and behind it, at each of 3 places."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        core = encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
        if len(core) >= SHORTEST:
            yield core


def _either_alphabet(character: str) -> str:
    return {"+": "[+-]", "/": "[/_]"}.get(character, character)


def _run(characters: str) -> str:
    """A character as often as it follows itself, as it stands or as JSON, XML, a URL or PowerShell escapes it."""
    character, times = characters[0], len(characters)
    units = character.encode("utf-16-le", "surrogatepass")
    codes = [int.from_bytes(units[place : place + 2], "little") for place in range(0, len(units), 2)]
    ways = [
        re.escape(character),
        "".join(rf"\\{{1,8}}u{code:04x}" for code in codes),
        "".join(f"_x{code:04x}_" for code in codes),
        f"&(?:amp;)*#(?:x0*{ord(character):x}|0*{ord(character)});",
        "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
    ]
    if character in _NAMED:
        ways.insert(0, f"&(?:amp;)*{_NAMED[character]};")
    if character in _SHORT:
        ways.append(rf"\\{{1,8}}{_SHORT[character]}")
    if character == " ":
        ways.append(r"\+")
    if character in _PREFIXED:
        ways.append(rf"[\\`]{{1,8}}{re.escape(character)}")
    most = 8 * times if character == "\\" else 2 * times if character in _DOUBLED else times
    return f"(?:{'|'.join(ways)}){{{times},{most}}}"
