"""Garoon without a browser: its SOAP API for entries, and an examination layer by layer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from lab.drivers.bounded_http import BoundedAdapter, Budget, TooLarge, causes, trouble
from lab.drivers.garoon import soap
from lab.drivers.garoon.errors import GaroonError, check_same_entry, check_title, login_refused, tls_failed
from lab.drivers.garoon.reading import NO_SUCH_EVENT, WRONG_LOGIN, Page, login_fields, read_page
from lab.errors import AnswerUnreadable, AuthenticationRefused, ConnectionLost, HostUnreachable, LabError
from lab.logins import RefusedLogins
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import Examination, GaroonLayer, Marker, OwnAppointment, Product
from lab.ports import Clock
from lab.tls import context_of, tls_trouble
from words import Quoted, Told, sentence

LARGEST_ANSWER = 8 << 20
BASE_API = "cbpapi/base/api"
SCHEDULE_API = "cbpapi/schedule/api"
UTIL_API = "util_api/util/api"


class GaroonHttp:
    """One connection a request, so that each proves the whole way; the URL's host name always stays.

    No redirect is followed, and `within` holds for each request as a whole, however slowly its answer comes.
    """

    def __init__(
        self,
        endpoint: GaroonEndpoint,
        clock: Clock,
        *,
        within: timedelta = timedelta(seconds=30),
        logins: RefusedLogins | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._logins = logins or RefusedLogins()
        self._budget = Budget()
        self._base = endpoint.url.rstrip("/")
        self._clock = clock
        self._seconds = within.total_seconds()
        self._session = self._new_session()

    def log_in(self) -> None:
        self.user_id()

    def write_marker(self, title: str) -> Marker:
        check_title(title)
        user_id = self.user_id()
        now = self._clock.now()
        starts = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
        event = soap.new_event(title, "", user_id, starts, starts + timedelta(hours=1))
        answer = self._call(SCHEDULE_API, "ScheduleAddEvents", event, changes=True)
        written = answer.first("schedule_event")
        number = written.get("id", "") if written is not None else ""
        if not soap.is_number(number):
            raise AnswerUnreadable(sentence("errors.garoon.no_event_id"), operation="write")
        return Marker(int(number), title)

    def find_marker(self, marker: Marker) -> str | None:
        try:
            answer = self._call(SCHEDULE_API, "ScheduleGetEventsById", soap.event_ids([marker.event_id]))
        except GaroonError as error:
            if error.code == NO_SUCH_EVENT:
                return None
            raise
        event = next((each for each in answer.all("schedule_event") if each.get("id") == str(marker.event_id)), None)
        return soap.title_of(event) if event is not None else None

    def remove_marker(self, marker: Marker) -> None:
        found = self.find_marker(marker)
        if found is None:
            return
        check_same_entry(marker, found)
        self.remove_events([marker.event_id])

    def user_id(self) -> int:
        found = self._call(UTIL_API, "UtilGetLoginUserId", soap.Parameters()).first("user_id")
        number = (found.text or "").strip() if found is not None else ""
        if not soap.is_number(number):
            raise GaroonError(sentence("errors.garoon.no_user_id"), operation="log in")
        return int(number)

    def events_between(self, starts: datetime, ends: datetime) -> tuple[Marker, ...]:
        """The user's own appointments that touch that time."""
        answer = self._call(SCHEDULE_API, "ScheduleGetEvents", soap.between(starts, ends))
        found = [each for each in answer.all("schedule_event") if soap.is_number(each.get("id", ""))]
        return tuple(Marker(int(each.get("id", "")), soap.title_of(each)) for each in found)

    def own_appointments(self, starts: datetime, ends: datetime) -> tuple[OwnAppointment, ...]:
        """The same with what else is known of them. Garoon's API does not tell who entered an appointment."""
        answer = self._call(SCHEDULE_API, "ScheduleGetEvents", soap.between(starts, ends))
        found = map(soap.own_appointment, answer.all("schedule_event"))
        return tuple(each for each in found if each is not None)

    def remove_events(self, numbers: Sequence[int]) -> None:
        self._call(SCHEDULE_API, "ScheduleRemoveEvents", soap.event_ids(numbers), changes=True)

    def close(self) -> None:
        self._session.close()

    def examine(self) -> tuple[Examination, ...]:
        questions: tuple[tuple[GaroonLayer, Callable[[requests.Session], tuple[bool, Told]]], ...] = (
            (GaroonLayer.APPLICATION, self._application),
            (GaroonLayer.LOGIN_PAGE, self._login_page),
            (GaroonLayer.LOGIN, self._login),
            (GaroonLayer.PORTAL, self._portal),
            (GaroonLayer.SCHEDULE, self._schedule),
            (GaroonLayer.API, self._api),
        )
        found: list[Examination] = []
        with self._new_session() as visitor:
            for layer, ask in questions:
                try:
                    sound, seen = ask(visitor)
                except AuthenticationRefused:
                    raise
                except LabError as error:
                    sound, seen = False, error
                found.append(Examination(layer, sound, seen))
                if not sound:
                    break
        return tuple(found)

    def product(self) -> Product:
        told = self._call(BASE_API, "BaseGetApplicationStatus", soap.Parameters()).product
        return Product(told.get("product", ""), told.get("version", ""))

    def _application(self, visitor: requests.Session) -> tuple[bool, Told]:
        answer = self._get(visitor, "?WSDL")
        if "wsdl:definitions" in answer.text:
            return True, sentence("page.wsdl", status=answer.status_code, n=len(answer.content))
        if answer.is_redirect:
            return False, _leads(answer)
        return False, sentence("page.no_wsdl", status=answer.status_code, page=_page(answer).sight)

    def _login_page(self, visitor: requests.Session) -> tuple[bool, Told]:
        page = _page(self._get(visitor, ""))
        return _verdict(page.asks_for_login, page)

    def _login(self, visitor: requests.Session) -> tuple[bool, Told]:
        self._check_login()
        answer = self._send(visitor, "POST", "/index", content=login_fields(self._endpoint))
        if answer.status_code == 302 and "CBSESSID" in visitor.cookies:
            return True, _leads(answer)
        page = _page(answer)
        if page.refuses_login:
            raise self._refused("log in")
        return False, sentence("page.status", status=answer.status_code, page=page.sight)

    def _portal(self, visitor: requests.Session) -> tuple[bool, Told]:
        answer = self._get(visitor, "/portal/index")
        return _verdict(_signed_in(answer), _page(answer))

    def _schedule(self, visitor: requests.Session) -> tuple[bool, Told]:
        answer = self._get(visitor, "/schedule/index")
        page = _page(answer)
        return _verdict(_signed_in(answer) and page.leads_to("schedule/view"), page)

    def _api(self, _visitor: requests.Session) -> tuple[bool, Told]:
        answer = self._call(BASE_API, "BaseGetApplicationStatus", soap.Parameters())
        states = {each.get("code"): each.get("status") for each in answer.all("application")}
        product = answer.product
        seen = sentence(
            "page.product",
            product=product.get("product") or sentence("page.no_product"),
            version=product.get("version", ""),
            api=product.get("apiversion", "?"),
            schedule=states.get("schedule") or sentence("page.not_listed"),
        )
        return states.get("schedule") == "active", seen

    def _call(self, path: str, api: str, parameters: soap.Parameters, *, changes: bool = False) -> soap.SoapAnswer:
        content = soap.request(api, parameters, self._endpoint, self._clock.now())
        headers = {"Content-Type": "text/xml; charset=UTF-8"}
        self._check_login()
        answer = self._send(self._session, "POST", f"/{path}", content=content, headers=headers, changes=changes)
        try:
            return soap.read_answer(answer.content)
        except GaroonError as error:
            if error.code == WRONG_LOGIN:
                raise self._refused(api) from error
            raise
        except soap.NoSoapAnswer as error:
            about = {"api": api, "status": answer.status_code, "page": _page(answer).sight}
            said = sentence("errors.garoon.no_soap", **about)
            raise (AnswerUnreadable if changes else GaroonError)(said, operation=api) from error

    def _check_login(self) -> None:
        self._logins.check(self._base, self._endpoint.user)

    def _refused(self, operation: str) -> AuthenticationRefused:
        refusal = login_refused(self._endpoint.user, WRONG_LOGIN, operation)
        self._logins.refused(self._base, self._endpoint.user, refusal)
        return refusal

    def _get(self, visitor: requests.Session, path: str) -> requests.Response:
        return self._send(visitor, "GET", path)

    def _send(
        self,
        session: requests.Session,
        method: str,
        path: str,
        *,
        content: Mapping[str, str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        changes: bool = False,
    ) -> requests.Response:
        self._budget.begin(seconds=self._seconds, most=LARGEST_ANSWER)
        try:
            return session.request(
                method,
                self._base + path,
                data=content,
                headers=headers,
                timeout=self._seconds,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _failure(self._endpoint, error, changes=changes) from error

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers["Connection"] = "close"
        secure = self._base.lower().startswith("https:")
        context = context_of(self._endpoint.certificate_authority) if secure else None
        adapter = BoundedAdapter(self._budget, context=context, connect=self._endpoint.connect, redirects=True)
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        return session


def _leads(answer: requests.Response) -> Told:
    target = answer.headers.get("Location") or sentence("page.nowhere")
    return sentence("page.leads", status=answer.status_code, target=target)


def _page(answer: requests.Response) -> Page:
    return read_page(answer.content.decode("utf-8", "replace"))


def _verdict(sound: bool, page: Page) -> tuple[bool, Told]:  # noqa: FBT001 (the first half of the answer)
    return sound, page.kind if sound else page.sight


def _signed_in(answer: requests.Response) -> bool:
    page = _page(answer)
    named = "X-Cybozu-User" in answer.headers or page.leads_to("command_logout")
    return answer.ok and named and not page.asks_for_login


def _failure(endpoint: GaroonEndpoint, error: requests.RequestException, *, changes: bool) -> LabError:
    """Sorted by whether a connection stood: without one nothing was begun."""
    url = endpoint.url.rstrip("/")
    found = tuple(causes(error))
    tls = next((each for each in found if isinstance(each, ssl.SSLError)), None)
    if tls is not None:
        return tls_failed(endpoint, tls_trouble(tls), "connect")
    why = trouble(error) or Quoted(type(error).__name__)
    if any(isinstance(each, ConnectTimeoutError | NewConnectionError) for each in found):
        return HostUnreachable(sentence("errors.garoon.unreachable", url=url, reason=why), operation="connect")
    if changes:
        return ConnectionLost(sentence("errors.garoon.broke", url=url))
    if any(isinstance(each, TooLarge) for each in found):
        return AnswerUnreadable(sentence("errors.garoon.too_large", url=url, n=LARGEST_ANSWER >> 20), operation="read")
    if any(isinstance(each, TimeoutError) for each in found):
        return HostUnreachable(sentence("errors.garoon.unfinished_in_time", url=url), operation="read")
    return HostUnreachable(sentence("errors.garoon.unfinished", url=url, reason=why), operation="read")
