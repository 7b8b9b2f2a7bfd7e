"""Where a pre-registration goes beside its record, before anything is touched: into files, and by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from kunren.exits import Exit, Mistakes, Stop
from kunren.sites.site_writer import require_none, write_new
from lab.errors import LabError
from lab.site.file import Site
from lab.site.outgoing import is_mail_address
from words import Language, sentence, words_of

if TYPE_CHECKING:
    from kunren.records.registration import Registration
    from lab.ports import Sender

MAIL = "mailto:"
ATTACHED = "preregistration.json"


class Place(Protocol):
    """Takes a pre-registration. Raises Stop where it cannot."""

    def take(self, registration: Registration) -> None: ...


@dataclass(frozen=True, slots=True)
class InFile:
    path: Path

    def take(self, registration: Registration) -> None:
        write_new(self.path, registration.text)


@dataclass(frozen=True, slots=True)
class ByMail:
    """In `language`, with the line as an attachment."""

    sender: Sender
    addresses: tuple[str, ...]
    language: Language

    def take(self, registration: Registration) -> None:
        try:
            self.sender.send(self._message(registration))
        except LabError as error:
            raise Stop(Exit.NOT_READY, sentence("registration.unsent", reason=error)) from error

    def _message(self, registration: Registration) -> EmailMessage:
        words = words_of(self.language)
        told = registration.told.in_(self.language)
        message = EmailMessage()
        message["To"] = ", ".join(self.addresses)
        subject = sentence("registration.subject", record=registration.record)
        if registration.simulated:
            subject = sentence("verdict_line.simulated", line=subject)
        message["Subject"] = subject.in_(self.language)
        message.set_content(words("registration.mail", told=told, file=ATTACHED))
        message.add_attachment(registration.text, maintype="application", subtype="json", filename=ATTACHED)
        return message


def places(named: Sequence[str], site: Site, language: Language) -> tuple[Place, ...]:
    """Of a command line: paths of files that are not there yet, and `mailto:ADDRESS,…`. Raises Stop."""
    mistakes = Mistakes()
    found = [mistakes.of(lambda each=each: _place(each, site, language)) for each in named]  # type: ignore[misc]
    mistakes.require_none()
    return tuple(each for each in found if each is not None)


def _place(named: str, site: Site, language: Language) -> Place:
    if not named.startswith(MAIL):
        require_none(Path(named))
        return InFile(Path(named))
    if site.mail is None:
        raise Stop(Exit.USAGE, sentence("registration.no_mail", site=site.name))
    written = [each for each in unquote(named.removeprefix(MAIL)).split(",") if each]
    addresses = tuple(written) or site.mail.to
    wrong = [each for each in addresses if not is_mail_address(each)]
    if wrong or not addresses:
        raise Stop(Exit.USAGE, sentence("registration.no_address", named=named))
    from lab.drivers.mail import SmtpSender  # noqa: PLC0415  # few runs send mail

    return ByMail(SmtpSender(site.mail), addresses, language)
