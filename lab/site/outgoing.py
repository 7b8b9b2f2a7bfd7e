"""Keys of what leaves this machine where a site file names it, and only there: mail, and digests to stamp."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lab.model.endpoints import MailEncryption
from lab.site.kinds import Authority, OptionalLogin, Seconds, Url, authority_file
from lab.site.toml_table import WHOLE, Table, Text, refused

USUAL_PORTS: Mapping[MailEncryption, int] = {
    MailEncryption.TLS: 465,
    MailEncryption.STARTTLS: 587,
    MailEncryption.NONE: 25,
}
_MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")


def is_mail_address(text: str) -> bool:
    """One address, without a name beside it."""
    return bool(_MAIL_ADDRESS.fullmatch(text))


def _mail_address(value: str) -> str:
    if not is_mail_address(value):
        raise refused("no_mail_address", value=repr(value))
    return value


MailAddress = Annotated[Text, AfterValidator(_mail_address)]


Roots = Annotated[Text, AfterValidator(authority_file), Field(description="the path of a PEM file")]


class TimeStamp(Table):
    """An authority that stamps pre-registrations and seals; it gets digests only."""

    url: Url = Field(description="the address of the time-stamp authority")
    roots: Roots
    certificate_authority: Authority = ""
    timeout_seconds: Annotated[Seconds, Field(le=120)] = 15


class Mail(OptionalLogin):
    """A server for mail; only an encrypted connection may carry a login."""

    host: Text = Field(description="the name of the mail server")
    port: Annotated[int, Field(ge=1, le=65535), WHOLE] | None = Field(default=None, description="its port")
    encryption: MailEncryption = Field(
        default=MailEncryption.STARTTLS, strict=False, description='"tls", "starttls" or "none"'
    )
    sender: MailAddress = Field(description="the address that mail comes from")
    to: Annotated[tuple[MailAddress, ...], Field(strict=False)] = Field(
        default=(), description="the addresses of those who get it"
    )
    user: Text | None = Field(default=None, description="a user of the mail server")
    certificate_authority: Authority = ""

    @model_validator(mode="after")
    def _password_is_sealed(self) -> Self:
        if self.user is not None and self.encryption is MailEncryption.NONE:
            raise refused("open_login", "write_encryption", key="encryption")
        return self
