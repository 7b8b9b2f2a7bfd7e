"""Garoon's pages: login, portal, schedule, and the commands behind their forms. Texts without a source are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemLoader

from lab.simulator.garoon.calendar import laid_out, midnight, on_day, parse_day, written_day, written_span
from lab.simulator.garoon.database import Database, Event, User
from lab.simulator.garoon.entry import InvalidEntry, read_entry
from lab.simulator.garoon.exchange import Request, Response
from lab.simulator.garoon.sessions import Session, Sessions
from lab.simulator.garoon.settings import JAPAN, GaroonSettings, GuestClock
from words.templates import environment

FORGET_LOGIN_NAME = (
    "GRN_Account=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/scripts/cbgrn/; httponly"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request with a login."""

    request: Request
    user: User
    session: Session


@dataclass(frozen=True, slots=True)
class Trouble:
    """The texts of an error page; `code` is empty where no source knows one."""

    code: str
    diagnosis: str
    cause: str
    counter_measure: str


WRONG_LOGIN = Trouble(
    "FW00007",
    "ログインできません。",
    "ログイン名またはパスワードが正しくありません。",
    "ログイン名とパスワードを確認し、もう一度入力してください。",
)
NO_SUCH_EVENT = Trouble(
    "GRN_SCHD_13001",
    "指定された予定が見つかりません。",
    "予定はすでに削除された可能性があります。",
    "予定の一覧を開き直してください。",
)
STALE_TICKET = Trouble(
    "", "操作を受け付けられません。", "画面の有効期限が切れています。", "画面を再読み込みし、もう一度操作してください。"
)


_TEMPLATES = environment(FileSystemLoader(Path(__file__).parent / "templates"), trim_blocks=True, lstrip_blocks=True)
_TEMPLATES.globals.update(day_text=written_day, span_text=written_span, days_of=timedelta)


class Pages:
    def __init__(self, settings: GaroonSettings, database: Database, sessions: Sessions, clock: GuestClock) -> None:
        self._settings = settings
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._displays: dict[str, Callable[[Visit], Response]] = {
            "": self._to_portal,
            "index": self._to_portal,
            "portal/index": self._portal,
            "schedule/index": self._group_week,
            "schedule/personal_day": self._personal_day,
            "schedule/view": self._view,
            "schedule/add": self._add_form,
            "schedule/delete": self._delete_form,
        }
        self._commands: dict[str, Callable[[Visit], Response]] = {
            "schedule/command_add": self._add,
            "schedule/command_delete": self._delete,
            "command_logout": self._log_out,
        }

    def answer(self, page: str, request: Request) -> Response:
        handler = self._displays.get(page) or (self._commands.get(page) if request.method == "POST" else None)
        if handler is None:
            return self.not_found()
        if request.method == "POST" and "_account" in (fields := dict(request.fields())):
            return self._log_in(fields, page, request)
        visit = self._visit(request)
        if visit is None:
            return self._login_page(_wanted(page, request))
        response = handler(visit)
        return Response(
            status=response.status,
            body=response.body,
            headers=(("X-Cybozu-User", str(visit.user.id)), ("Cache-Control", "no-store"), *response.headers),
        )

    def not_found(self) -> Response:
        trouble = Trouble(
            "", "ページが見つかりません。", "指定された URL のページはありません。", "URL を確認してください。"
        )
        return self._trouble(trouble, status=404)

    def malformed(self, cause: str) -> Response:
        return self._trouble(Trouble("", "要求を読み取れません。", cause, "画面を開き直してください。"), status=400)

    def database_error(self, cause: str) -> Response:
        """An error page with status 200: only its text tells it from a page that works."""
        counter_measure = "システム管理者に連絡してください。"
        return self._trouble(Trouble("PHP00002", "予期しないエラーが発生しました。", cause, counter_measure))

    def _visit(self, request: Request) -> Visit | None:
        session = self._sessions.find(request.cookie("CBSESSID"))
        user = self._database.user(session.user_id) if session is not None else None
        return Visit(request, user, session) if session is not None and user is not None else None

    def _log_in(self, fields: dict[str, str], page: str, request: Request) -> Response:
        user = self._database.authenticated(fields["_account"], fields.get("_password", ""))
        wanted = fields.get("page") or _wanted(page, request)
        if user is None:
            return self._login_page(wanted, WRONG_LOGIN, fields["_account"])
        session = self._sessions.open(user.id)
        cookies = (("Set-Cookie", f"CBSESSID={session.key}; path=/; HttpOnly"), ("Set-Cookie", FORGET_LOGIN_NAME))
        known = wanted.partition("?")[0] in self._displays
        return self._redirect(wanted if known and wanted != "index" else "portal/index", *cookies)

    def _log_out(self, visit: Visit) -> Response:
        self._sessions.close(visit.session.key)
        return self._redirect("index")

    def _to_portal(self, _visit: Visit) -> Response:
        return self._redirect("portal/index")

    def _portal(self, visit: Visit) -> Response:
        today = self._now().date()
        events = self._events(midnight(today), midnight(today) + timedelta(days=7))
        own = [event for event in events if visit.user.id in event.members]
        week = [(day, on_day(own, day)) for day in (today + timedelta(days=ahead) for ahead in range(7))]
        return self._page("portal.html", visit, today=today, week=week, bulletins=self._database.bulletins())

    def _group_week(self, visit: Visit) -> Response:
        first = parse_day(visit.request.parameters.get("bdate", ""), self._now().date())
        days = [first + timedelta(days=ahead) for ahead in range(7)]
        events = self._events(midnight(days[0]), midnight(days[-1]) + timedelta(days=1))
        rows = [
            (user, [(day, on_day([event for event in events if user.id in event.members], day)) for day in days])
            for user in sorted(self._database.users(), key=lambda user: user.id != visit.user.id)
        ]
        return self._page("group_week.html", visit, first=first, days=days, rows=rows, today=self._now().date())

    def _personal_day(self, visit: Visit) -> Response:
        day = parse_day(visit.request.parameters.get("bdate", ""), self._now().date())
        uid = visit.request.parameters.get("uid", "")
        owner = self._database.user(int(uid)) if uid.isdecimal() and len(uid) < 18 else visit.user
        if owner is None:
            return self.not_found()
        events = self._events(midnight(day), midnight(day) + timedelta(days=1))
        shown = laid_out([event for event in events if owner.id in event.members], day)
        return self._page("personal_day.html", visit, day=day, owner=owner, shown=shown)

    def _view(self, visit: Visit) -> Response:
        event = self._asked_for(visit, visit.request.parameters.get("event", ""))
        if event is None:
            return self._trouble(NO_SUCH_EVENT, visit)
        return self._page("view.html", visit, event=event, creator=self._database.user(event.creator))

    def _add_form(self, visit: Visit) -> Response:
        day = parse_day(visit.request.parameters.get("bdate", ""), self._now().date())
        hour = min(self._now().hour + 1, 22)
        return self._page("add.html", visit, day=day, hour=hour, tmp_key=int(self._now().timestamp()))

    def _add(self, visit: Visit) -> Response:
        fields = visit.request.fields()
        if not visit.session.redeem("schedule/add", dict(fields).get("csrf_ticket", "")):
            return self._trouble(STALE_TICKET, visit)
        try:
            entry = read_entry(fields, {user.id for user in self._database.users()})
        except InvalidEntry as error:
            return self._trouble(Trouble(error.code, error.diagnosis, "", "入力内容を確認してください。"), visit)
        (event,) = self._database.add([entry], visit.user.id)
        return self._redirect(f"schedule/view?event={event.id}&bdate={event.starts:%Y-%m-%d}&uid={visit.user.id}")

    def _delete_form(self, visit: Visit) -> Response:
        event = self._asked_for(visit, visit.request.parameters.get("event", ""))
        return self._trouble(NO_SUCH_EVENT, visit) if event is None else self._page("delete.html", visit, event=event)

    def _delete(self, visit: Visit) -> Response:
        fields = dict(visit.request.fields())
        if not visit.session.redeem("schedule/delete", fields.get("csrf_ticket", "")):
            return self._trouble(STALE_TICKET, visit)
        event = self._asked_for(visit, fields.get("event", ""))
        if event is None:
            return self._trouble(NO_SUCH_EVENT, visit)
        self._database.remove([event.id])
        return self._redirect(f"schedule/personal_day?bdate={event.starts:%Y-%m-%d}&uid={visit.user.id}")

    def _asked_for(self, visit: Visit, event_id: str) -> Event | None:
        if not event_id.isdecimal() or len(event_id) > 18:
            return None
        event = self._database.event(int(event_id))
        return event if event is not None and event.readable_by(visit.user) else None

    def _events(self, begin: datetime, end: datetime) -> tuple[Event, ...]:
        return self._database.events_between(begin, end)

    def _now(self) -> datetime:
        return self._clock.now().astimezone(JAPAN)

    def _redirect(self, page: str, *headers: tuple[str, str]) -> Response:
        location = quote(f"{self._settings.base_path}/{page}", safe="/?&=-._~%")
        return Response(status=302, headers=(("Location", location), *headers))

    def _login_page(self, wanted: str, trouble: Trouble | None = None, login_name: str = "") -> Response:
        about = (self._settings.base_path, self._settings.version)
        return Response(body=_login_form(about, wanted, trouble, login_name))

    def _trouble(self, trouble: Trouble, visit: Visit | None = None, *, status: int = 200) -> Response:
        user = visit.user if visit is not None else None
        return self._shown("error.html", status=status, trouble=trouble, user=user)

    def _page(self, template: str, visit: Visit, **values: Any) -> Response:
        users = self._database.users()
        return self._shown(template, user=visit.user, ticket=visit.session.issue, **values, users=users)

    def _shown(self, template: str, *, status: int = 200, **values: Any) -> Response:
        about = (self._settings.base_path, self._settings.version)
        return Response(status=status, body=_rendered(template, about, **values))


def _rendered(template: str, about: tuple[str, str], **values: Any) -> bytes:
    base, version = about
    return _TEMPLATES.get_template(template).render(base=base, version=version, **values).encode()


@lru_cache(maxsize=64)
def _login_form(about: tuple[str, str], wanted: str, trouble: Trouble | None, login_name: str) -> bytes:
    """Kept, since probes ask for it again and again."""
    return _rendered("login.html", about, wanted=wanted, trouble=trouble, login_name=login_name)


def _wanted(page: str, request: Request) -> str:
    """The page a visitor asked for before the login form came in between; commands lead to the portal instead."""
    if request.method == "POST" or page in {"", "index"}:
        return "index"
    return f"{page}?{request.query}" if request.query else page
