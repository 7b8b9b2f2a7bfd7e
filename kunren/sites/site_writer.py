"""Files that are written for people to fill in; above all the commented site file of `kunren init`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kunren.exits import Exit, Stop
from lab.site.terms import Limits, Measurement
from words import Language, reason, sentence, words_of

SCHEMA = "site-file.schema.json"
_BASIC = str.maketrans({"\\": "\\\\", '"': '\\"'})


def quoted(text: str) -> str:
    """A text as TOML has it: in single quotes where it has a backslash, as logins do."""
    if "\\" in text and "'" not in text:
        return f"'{text}'"
    return f'"{text.translate(_BASIC)}"'


@dataclass(frozen=True, slots=True)
class _Writer:
    """`answers` are by their keys, such as `hosts.master.winrm`; a key without an answer is written as a comment."""

    answers: Mapping[str, str]
    language: Language
    stem: str

    def comment(self, topic: str) -> Iterator[str]:
        yield from (f"# {line}" for line in words_of(self.language)(f"init.file.{topic}").splitlines())

    def table(self, name: str, topic: str, keys: Mapping[str, str]) -> Iterator[str]:
        """A table of texts with an example of each that may be left out."""
        yield ""
        yield from self.comment(topic)
        yield f"[{name}]"
        yield from self.keys(f"{name}.", keys)

    def keys(self, table: str, keys: Mapping[str, str]) -> Iterator[str]:
        for key, example in keys.items():
            answer = self.answers.get(table + key, "")
            if answer or example:
                yield f"{'' if answer else '# '}{key} = {quoted(answer or example)}"

    def optional(self, name: str, topic: str, values: Mapping[str, Any]) -> Iterator[str]:
        """A table that is left out, with its defaults or an example."""
        yield ""
        yield from self.comment(topic)
        yield f"# [{name}]"
        yield from (f"# {key} = {_value(value)}" for key, value in values.items())

    def lines(self, *, schema: bool) -> Iterator[str]:
        if schema:
            yield f"#:schema {SCHEMA}"
        yield from self.comment("head")
        yield ""
        yield from self.keys("", {"name": "", "language": "", "time_zone": "Asia/Tokyo"})
        host = {"name": "", "winrm": "", "user": "", "password_from": "", "certificate_authority": "authority.pem"}
        yield from self.table("hosts.master", "master", {**host, "authentication": "ntlm"})
        yield from self.table("hosts.replica", "replica", {**host, "authentication": "ntlm"})
        if self.answers.get("replication.control_service") == "control":
            yield from self.table("hosts.control", "control", {**host, "authentication": "ntlm"})
        inside = {"user": r".\Administrator", "password_from": "KUNREN_GUEST_PASSWORD"}
        yield from self.table("guest", "guest", {"name": "", **inside})
        rha = {"scenario": "", "control_service": "", "discovery": f"{self.stem}-discovery.json"}
        yield from self.table("replication", "replication", rha)
        yield from self.optional("replication.network_mapping", "networks", {'"Production"': "Production"})
        yield ""
        yield from self.comment("rha")
        yield from ("[rha]", 'by = "mixed"')
        yield from self.keys("rha.", {"user": r"EXAMPLE\drill", "password_from": "KUNREN_RHA_PASSWORD"})
        garoon = {"connect": "192.0.2.10:80", "user": "", "password_from": "", "certificate_authority": "authority.pem"}
        yield from self.table("garoon", "garoon", {"url": "", **garoon})
        yield ""
        yield from self.comment("permissions")
        yield from ("[permissions]", "changes = false", "drills = false", "faults = false")
        yield from self.optional("limits", "limits", {**Limits().model_dump(), "drill_minutes": 240})
        yield from self.optional("stop", "stop", STOPS)
        hours = {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "begin": "08:00", "end": "20:00"}
        yield from self.optional("business_hours", "business_hours", hours)
        yield from self.optional("objectives", "objectives", {"rto_seconds": 1800, "rpo_seconds": 60})
        yield from self.optional("measurement", "measurement", Measurement().model_dump())
        yield from self.optional("restoration", "restoration", {"may_differ": ["REPLICA/DC1"]})
        yield from self.optional("history", "history", {"every_days": 90})


STOPS = {
    "garoon_unavailable_minutes": 30,
    "guest_silent_minutes": 30,
    "engine_stopped_minutes": 10,
    "spool_blocks": 100_000,
}
"""For example."""


def site_file(answers: Mapping[str, str], language: Language, stem: str, *, schema: bool) -> str:
    """Its text; nothing is permitted in it. `stem` begins the name of the discovery file beside it."""
    return "\n".join(_Writer({**answers, "language": language}, language, stem).lines(schema=schema)) + "\n"


def _value(value: Any) -> str:
    match value:
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return f"{value:g}"


def require_none(path: Path) -> None:
    """Raises Stop where there is a file already."""
    if path.exists():
        raise Stop(Exit.USAGE, sentence("init.exists", file=path))


def write_new(path: Path, content: bytes) -> None:
    """Raises Stop where there is a file already."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Stop(Exit.USAGE, sentence("init.exists", file=path)) from None
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("init.unwritten", file=path, reason=reason(error))) from error
