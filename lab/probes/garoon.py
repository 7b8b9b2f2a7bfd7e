"""Looks at Garoon, layer by layer, at the URL its users have: each one request over a connection of its own."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from lab.drivers.garoon import soap
from lab.drivers.garoon.errors import GaroonError, login_refused
from lab.drivers.garoon.reading import WRONG_LOGIN, Page, login_fields, read_page
from lab.drivers.http_connection import ConnectionCut, HttpConnection, WebAnswer
from lab.errors import AuthenticationRefused
from lab.logins import RefusedLogins
from lab.model.endpoints import GaroonEndpoint
from lab.model.probing import Acknowledgement, Canary, Layer, Result, Track
from lab.ports import Clock
from lab.probes.prober import Deadline, LayerProbe, NotSent, ProbeResult, why_not
from words import Told, sentence

SCHEDULE_API = "cbpapi/schedule/api"
HOUR = timedelta(hours=1)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOAP = {"Content-Type": "text/xml; charset=UTF-8"}


class CanaryBook(Protocol):
    """Titles of canaries, and their place in Garoon."""

    def title(self, number: int, now: datetime) -> str: ...

    def event(self, title: str) -> soap.Parameters:
        """The appointment as ScheduleAddEvents takes it."""


LOGIN_REFUSED = sentence("probe.login_refused")


@dataclass(frozen=True, slots=True)
class GaroonProbe:
    """One layer: `ask` sends over the line that it is given, and judges."""

    track: Track
    endpoint: GaroonEndpoint
    ask: Callable[[HttpConnection, int], ProbeResult]
    rounds = 1

    def take(self, number: int, deadline: Deadline) -> ProbeResult:
        authority = self.endpoint.certificate_authority
        with HttpConnection(self.endpoint.url, connect=self.endpoint.connect, authority=authority) as connection:
            deadline.guard(connection)
            try:
                return self.ask(connection, number)
            except (OSError, http.client.HTTPException) as error:
                return ProbeResult(Result.FAILED, why_not(error))


class GaroonProbes:
    """The probes of one Garoon; the last one writes a canary. None logs in once `logins` has a refusal."""

    def __init__(
        self, endpoint: GaroonEndpoint, canaries: CanaryBook, clock: Clock, logins: RefusedLogins | None = None
    ) -> None:
        self._endpoint = endpoint
        self._logins = logins or RefusedLogins()
        self._canaries = canaries
        self._clock = clock
        self._path = urlsplit(endpoint.url).path.rstrip("/")

    def all(self) -> tuple[LayerProbe, ...]:
        asks: Mapping[Layer, Callable[[HttpConnection, int], ProbeResult]] = {
            Layer.TCP: self._connect,
            Layer.HTTP: self._status,
            Layer.LOGIN_PAGE: self._login_page,
            Layer.LOGIN: self._login,
            Layer.READ: self._read,
            Layer.WRITE: self._write,
        }
        return tuple(GaroonProbe(Track(layer), self._endpoint, ask) for layer, ask in asks.items())

    def _connect(self, connection: HttpConnection, _: int) -> ProbeResult:
        connection.connect()
        return ProbeResult(Result.OK, sentence("probe.connected"))

    def _status(self, connection: HttpConnection, _: int) -> ProbeResult:
        answer = connection.ask("GET", self._path or "/", headers={})
        return _judged(200 <= answer.status < 400, _status_of(answer))

    def _login_page(self, connection: HttpConnection, _: int) -> ProbeResult:
        answer = connection.ask("GET", self._path or "/", headers={})
        page = _page(answer)
        return _judged(
            answer.status == 200 and page.asks_for_login, sentence("probe.page", status=answer.status, page=page.kind)
        )

    def _login(self, connection: HttpConnection, _: int) -> ProbeResult:
        self._check_login()
        body = urlencode(login_fields(self._endpoint)).encode()
        answer = connection.ask("POST", f"{self._path}/index", headers=FORM, body=body)
        if answer.status == 302 and "CBSESSID" in answer.cookies:
            return ProbeResult(Result.OK, _status_of(answer))
        page = _page(answer)
        if page.refuses_login:
            self._refused()
        return ProbeResult(Result.FAILED, page.sight)

    def _read(self, connection: HttpConnection, _: int) -> ProbeResult:
        """The appointments of the present hour, which changes nothing and takes what a page of the schedule takes."""
        self._check_login()
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        try:
            self._call(connection, "ScheduleGetEventVersions", soap.between(hour, hour + HOUR))
        except (GaroonError, soap.NoSoapAnswer) as error:
            return ProbeResult(Result.FAILED, error.why)
        return ProbeResult(Result.OK, sentence("probe.answered"))

    def _write(self, connection: HttpConnection, number: int) -> ProbeResult:
        self._check_login()
        title = self._canaries.title(number, self._clock.now())
        event = self._canaries.event(title)

        def outcome(result: Result, acknowledgement: Acknowledgement, seen: Told) -> ProbeResult:
            return ProbeResult(result, seen, Canary(title, acknowledgement))

        try:
            connection.connect()
        except ConnectionCut:
            return outcome(Result.FAILED, Acknowledgement.REFUSED, sentence("probe.no_connection"))
        except OSError as error:
            return outcome(Result.FAILED, Acknowledgement.REFUSED, why_not(error))
        try:
            answer = self._call(connection, "ScheduleAddEvents", event)
        except GaroonError as error:
            return outcome(Result.FAILED, Acknowledgement.REFUSED, error.why)
        except ConnectionCut:
            return outcome(Result.FAILED, Acknowledgement.UNKNOWN, sentence("probe.no_answer"))
        except (OSError, http.client.HTTPException) as error:
            return outcome(Result.FAILED, Acknowledgement.UNKNOWN, why_not(error))
        except soap.NoSoapAnswer as error:
            return outcome(Result.FAILED, Acknowledgement.UNKNOWN, error.why)
        written = answer.first("schedule_event")
        if written is None or not soap.is_number(written.get("id", "")):
            return outcome(Result.FAILED, Acknowledgement.UNKNOWN, sentence("probe.no_event_id"))
        return outcome(Result.OK, Acknowledgement.ACKNOWLEDGED, sentence("probe.event", number=written.get("id")))

    def _check_login(self) -> None:
        try:
            self._logins.check(self._place, self._endpoint.user)
        except AuthenticationRefused as error:
            raise NotSent(LOGIN_REFUSED) from error

    def _refused(self) -> None:
        self._logins.refused(self._place, self._endpoint.user, login_refused(self._endpoint.user, WRONG_LOGIN, "probe"))

    @property
    def _place(self) -> str:
        return self._endpoint.url.rstrip("/")

    def _call(self, connection: HttpConnection, api: str, parameters: soap.Parameters) -> soap.SoapAnswer:
        content = soap.request(api, parameters, self._endpoint, self._clock.now())
        answer = connection.ask("POST", f"{self._path}/{SCHEDULE_API}", headers=SOAP, body=content)
        try:
            return soap.read_answer(answer.body)
        except GaroonError as error:
            if error.code == WRONG_LOGIN:
                self._refused()
            raise
        except soap.NoSoapAnswer as error:
            raise soap.NoSoapAnswer(_page_told(answer, _page(answer).sight)) from error


def _judged(sound: bool, seen: Told) -> ProbeResult:  # noqa: FBT001  # the first half of the answer
    return ProbeResult(Result.OK if sound else Result.FAILED, seen)


def _status_of(answer: WebAnswer) -> Told:
    return sentence("probe.status", status=answer.status)


def _page_told(answer: WebAnswer, page: Told) -> Told:
    return sentence("probe.page", status=answer.status, page=page)


def _page(answer: WebAnswer) -> Page:
    return read_page(answer.body.decode("utf-8", "replace"))
