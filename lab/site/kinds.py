"""Values of a site file: addresses, times, and what is named by reference, with what is wrong with each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticKnownError

from lab.model.zones import TimeZone
from lab.site.secrets import NoSecret, Secret, find
from lab.site.signing_key import SigningKey, find_key
from lab.site.toml_table import Name, Positive, Table, Text, refused
from lab.site.windows_zones import iana_name
from lab.tls import unusable_authority
from words import sentence

REFERENCE = 'the environment variable of the password, "keyring:SERVICE/USER" or "command:PROGRAM ARGUMENT"'
KEY_REFERENCE = 'the reference of a private key, "file:PATH", or as of a password'
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
_LONGEST_WAIT_MINUTES = 14 * 24 * 60
_SLOWEST_PROBE = 300


@dataclass(frozen=True, slots=True)
class Surroundings:
    """References of a site file: files beside it, environment variables, and passwords that were found already."""

    folder: Path
    environment: Mapping[str, str]
    found: dict[str, Secret] = field(default_factory=dict, repr=False)
    named: set[str] = field(default_factory=set)
    """References to passwords: a command that prints one password does not inherit the others."""

    def secret(self, reference: str) -> Secret:
        """Raises NoSecret. A command runs once, however many logins refer to it."""
        self.named.add(reference)
        if reference not in self.found:
            self.found[reference] = find(reference, self.environment, self.named)
        return self.found[reference]


def _literal(name: str) -> str:
    if re.search(r"[*?\[\]`]", name):
        raise refused("wildcard", "write_literal", name=repr(name))
    return name


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise refused("no_address", value=repr(value))
    if parts.username is not None or parts.password is not None:
        raise refused("address_login", "write_address")
    return value


def _secret(reference: Any, info: ValidationInfo[Surroundings]) -> Secret:
    text = _text(reference)
    if not text.strip():
        raise refused("empty")
    try:
        return info.context.secret(text)
    except NoSecret as error:
        raise refused(error.problem, error.remedy, **error.data) from None


def signing_key(reference: Any, info: ValidationInfo[Surroundings]) -> SigningKey:
    text = _text(reference)
    if not text.strip():
        raise refused("empty")
    try:
        return find_key(text, info.context.folder, lambda each: info.context.secret(each).value)
    except NoSecret as error:
        raise refused(error.problem, error.remedy, **error.data) from None


def authority_file(named: str, info: ValidationInfo[Surroundings]) -> str:
    """The path of a PEM file that can be used; empty where none is named."""
    if not named:
        return ""
    file = info.context.folder / named
    problem = unusable_authority(file) if file.is_file() else sentence("tls.no_file")
    if problem:
        raise refused("authority", "write_pem", file=named, problem=problem)
    return str(file)


def address(value: str) -> str:
    if value and not re.fullmatch(r"[^\s:/]+:\d{1,5}", value):
        raise refused("is", "write_connect", value=repr(value))
    return value


def _zone(value: Any) -> TimeZone:
    """A name, or an offset, which needs no time zone database on this machine."""
    zone = _text(value)
    if offset := re.fullmatch(r"([+-])([01]\d|2[0-3]):([0-5]\d)", zone):
        sign, hours, minutes = offset.groups()
        rules = timezone((-1 if sign == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))
        return TimeZone(zone, rules)
    try:
        return TimeZone(zone, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if same := iana_name(zone):
            raise refused("zone_of_windows", "write_iana", zone=repr(zone), same=same) from None
        near = difflib.get_close_matches(zone, available_timezones(), 1)
        example = near[0] if near else "Asia/Tokyo"
        raise refused("zone", "write_zone", zone=repr(zone), example=example) from None


def _time_of_day(value: Any) -> time:
    text = _text(value)
    if not re.fullmatch(_TIME, text):
        raise refused("is", "write_time", value=repr(text))
    return time.fromisoformat(text)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    return value


Literally = Annotated[Name, AfterValidator(_literal)]
Url = Annotated[Text, AfterValidator(_url)]
PasswordFrom = Annotated[
    Secret,
    PlainValidator(_secret),
    WithJsonSchema({"type": "string", "minLength": 1}),
    Field(description=REFERENCE),
]
Authority = Annotated[str, AfterValidator(authority_file), Field(description="the path of a PEM file")]
Zone = Annotated[
    TimeZone,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string"}),
    Field(description='a time zone, such as "Asia/Tokyo"'),
]
TimeOfDay = Annotated[
    time,
    PlainValidator(_time_of_day),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME}$"}),
    Field(description='a time of day, such as "08:30"'),
]
Seconds = Annotated[Positive, Field(description="a number of seconds")]
ProbeSeconds = Annotated[Seconds, Field(le=_SLOWEST_PROBE)]
Minutes = Annotated[Positive, Field(le=_LONGEST_WAIT_MINUTES, description="a number of minutes")]
PASSWORD = {"password": ("misplaced_password", "write_variable")}
WHOLE_LOGIN = ConfigDict(
    json_schema_extra={"dependentRequired": {"user": ["password_from"], "password_from": ["user"]}}
)


class OptionalLogin(Table):
    """A login that is named whole or not at all."""

    model_config = WHOLE_LOGIN
    misplaced = PASSWORD
    user: Text | None = None
    password_from: PasswordFrom | None = Field(default=None, description=REFERENCE)

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if (self.user is None) is not (self.password_from is None):
            raise refused("missing", key="user" if self.user is None else "password_from")
        return self
