"""The SOAP calls the stand-in has: base, schedule and util, over the database and the sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from lab.plain_xml import Element, children, descendant, descendants
from lab.simulator.garoon import soap
from lab.simulator.garoon.database import Appointment, Database, Event, User
from lab.simulator.garoon.sessions import Session, Sessions
from lab.simulator.garoon.settings import JAPAN
from lab.simulator.garoon.soap import Call, Fault, text_of

APPLICATIONS = (
    "portal",
    "space",
    "link",
    "schedule",
    "message",
    "bulletin",
    "cabinet",
    "memo",
    "phonemessage",
    "timecard",
    "todo",
    "address",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: the user, and the session that the login made or the cookie named."""

    user: User
    session: Session
    by_cookie: bool


class Services:
    """`answer` gives the module's prefix, the response element's name and what it returns (None: an empty body)."""

    def __init__(self, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions
        self._apis: dict[str, tuple[str, str, Callable[[Element, Caller], str | None]]] = {
            "BaseGetApplicationStatus": ("base", "", self._application_status),
            "ScheduleAddEvents": ("schedule", "", self._add_events),
            "ScheduleGetEvents": ("schedule", "", self._events),
            "ScheduleGetEventsById": ("schedule", "", self._events_by_id),
            "ScheduleGetEventsByTarget": ("schedule", "", self._events_by_target),
            "ScheduleGetEventVersions": ("schedule", "", self._event_versions),
            "ScheduleRemoveEvents": ("schedule", "", self._remove_events),
            # the util module answers under names of its own
            "UtilLogout": ("util_api", "LogoutResponse", self._log_out),
            "UtilGetRequestToken": ("util_api", "GetRequestTokenResponse", self._request_token),
            "UtilGetLoginUserId": ("util_api", "GetRequestTokenResponse", self._login_user_id),
        }

    def answer(self, call: Call, cookie: str) -> tuple[str, str, str | None, Caller]:
        if call.api == "UtilLogin":
            caller = self._log_in(_text(call.parameters, "login_name"), _text(call.parameters, "password"))
            return "util_api", "LoginResponse", _logged_in(caller), caller
        if call.api not in self._apis:
            raise Fault("SIMULATED", f"この模擬環境に API {call.api} はありません。")
        caller = self._caller(call, cookie)
        module, name, act = self._apis[call.api]
        return module, name or f"{call.api}Response", act(call.parameters, caller), caller

    def _caller(self, call: Call, cookie: str) -> Caller:
        if call.login is not None:
            return self._log_in(*call.login)
        session = self._sessions.find(cookie)
        user = self._database.user(session.user_id) if session is not None else None
        if session is None or user is None:
            raise _not_logged_in()
        return Caller(user, session, by_cookie=True)

    def _log_in(self, login_name: str, password: str) -> Caller:
        user = self._database.authenticated(login_name, password)
        if user is None:
            raise _not_logged_in()
        return Caller(user, self._sessions.open(user.id), by_cookie=False)

    def _application_status(self, _parameters: Element, _caller: Caller) -> str:
        return "".join(f'<application code="{code}" status="active"/>\n' for code in APPLICATIONS)

    def _log_out(self, _parameters: Element, caller: Caller) -> str:
        self._sessions.close(caller.session.key)
        return f"<login_name>{text_of(caller.user.login_name)}</login_name><status>Logout</status>"

    def _request_token(self, _parameters: Element, caller: Caller) -> str:
        return f"<request_token>{caller.session.request_token}</request_token>"

    def _login_user_id(self, _parameters: Element, caller: Caller) -> str:
        return f"<user_id>{caller.user.id}</user_id>"

    def _add_events(self, parameters: Element, caller: Caller) -> str:
        _check_request_token(parameters, caller)
        known = {user.id for user in self._database.users()}
        entries = [_appointment(each, known) for each in children(parameters, "schedule_event")]
        return soap.events(self._database.add(entries, caller.user.id))

    def _remove_events(self, parameters: Element, caller: Caller) -> None:
        _check_request_token(parameters, caller)
        ids = [_number(each.text) for each in children(parameters, "event_id")]
        for event_id in ids:
            self._readable(event_id, caller)
        self._database.remove(ids)

    def _events_by_id(self, parameters: Element, caller: Caller) -> str:
        ids = [_number(each.text) for each in children(parameters, "event_id")]
        return soap.events([self._readable(event_id, caller) for event_id in ids])

    def _events(self, parameters: Element, caller: Caller) -> str:
        return soap.events(self._of(parameters, {caller.user.id}, caller))

    def _events_by_target(self, parameters: Element, caller: Caller) -> str:
        targets = {_number(each.get("id")) for each in children(parameters, "user")}
        return soap.events(self._of(parameters, targets, caller))

    def _event_versions(self, parameters: Element, caller: Caller) -> str:
        return "".join(
            f'<event_item id="{event.id}" version="{event.version}" operation="add"/>\n'
            for event in self._of(parameters, {caller.user.id}, caller)
        )

    def _of(self, parameters: Element, users: set[int], caller: Caller) -> Iterable[Event]:
        begin = _instant(parameters.get("start"))
        end = _instant(parameters.get("end")) if parameters.get("end") else datetime(2037, 12, 31, tzinfo=UTC)
        events = self._database.events_between(begin, end)
        return [event for event in events if users & set(event.members) and event.readable_by(caller.user)]

    def _readable(self, event_id: int, caller: Caller) -> Event:
        event = self._database.event(event_id)
        if event is None or not event.readable_by(caller.user):
            raise Fault("GRN_SCHD_13001", "指定された予定が見つかりません。", "予定は削除された可能性があります。")
        return event


def _not_logged_in() -> Fault:
    return Fault("FW00007", "ログインできません。", "ログイン名またはパスワードが正しくありません。")


def _check_request_token(parameters: Element, caller: Caller) -> None:
    """Asked for only of callers who come with a session cookie."""
    if caller.by_cookie and _text(parameters, "request_token") != caller.session.request_token:
        raise Fault("SIMULATED", "request_token が正しくありません。")


def _logged_in(caller: Caller) -> str:
    return (
        f"<login_name>{text_of(caller.user.login_name)}</login_name><status>Login</status>"
        f"<cookie>CBSESSID={caller.session.key}; path=/</cookie>"
    )


def _appointment(element: Element, known: set[int]) -> Appointment:
    members = tuple(dict.fromkeys(_number(each.get("id")) for each in descendants(element, "user")))
    if not members or not set(members) <= known:
        raise Fault("GRN_SCHD_13021", "参加者が指定されていません。")
    starts, ends, allday = _when(element)
    if ends < starts:
        raise Fault("GRN_SCHD_13012", "終了日時が開始日時より前です。")
    return Appointment(
        plan=element.get("plan", ""),
        detail=element.get("detail", ""),
        description=element.get("description", ""),
        public=element.get("public_type", "public") == "public",
        allday=allday,
        start_only=element.get("start_only", "false") == "true",
        members=members,
        starts=starts,
        ends=ends,
    )


def _when(element: Element) -> tuple[datetime, datetime, bool]:
    moment = descendant(element, "datetime")
    if moment is not None:
        starts = _instant(moment.get("start"))
        return starts, _instant(moment.get("end")) if moment.get("end") else starts, False
    day = descendant(element, "date")
    if day is None:
        raise Fault("GRN_SCHD_13012", "日時が指定されていません。")
    first, last = _instant(day.get("start")), _instant(day.get("end") or day.get("start"))
    midnight = time(tzinfo=JAPAN)
    return datetime.combine(first, midnight), datetime.combine(last, midnight) + timedelta(days=1), True


def _instant(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError as error:
        raise Fault("GRN_SCHD_13012", "日時が正しくありません。", text or "") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=JAPAN)


def _number(text: str | None) -> int:
    if text is None or not text.strip().isdecimal() or len(text.strip()) > 18:
        raise Fault("SIMULATED", "番号が正しくありません。", text or "")
    return int(text)


def _text(parameters: Element, name: str) -> str:
    found = descendant(parameters, name)
    return (found.text or "") if found is not None else ""
