"""Garoon on one guest: everything below its base path, answered in process; it ends when the guest goes down."""

from __future__ import annotations

import threading
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path

from lab.simulator.garoon import soap
from lab.simulator.garoon.database import Database, DatabaseUnavailable
from lab.simulator.garoon.exchange import ApplicationClosed, GuestSilent, MalformedRequest, Request, Response
from lab.simulator.garoon.pages import Pages
from lab.simulator.garoon.services import Services
from lab.simulator.garoon.sessions import Sessions
from lab.simulator.garoon.settings import Disk, GaroonSettings, GuestClock

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/cbgrn/grn/"
STATIC_TYPES = {"garoon.css": "text/css; charset=UTF-8"}
HEADERS = (
    ("Server", "Kunren-SIMULATED-Garoon"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "nosniff"),
)


class GaroonApplication:
    """One request at a time; `close` only marks the end: it must not wait for a write that waits for the world."""

    def __init__(
        self, disk: Disk, clock: GuestClock, settings: GaroonSettings, database: type[Database] = Database
    ) -> None:
        self._settings = settings
        self._clock = clock
        opened = database(disk, clock)
        sessions = Sessions(f"{self._settings.seed}/{settings.password}/{clock.now().isoformat()}")
        self._database = opened
        self._pages = Pages(self._settings, opened, sessions, clock)
        self._services = Services(opened, sessions)
        self._one_at_a_time = threading.Lock()
        self._closed = threading.Event()
        self._hanging = threading.Event()

    def answer(self, request: Request) -> Response:
        if self._hanging.is_set() and not self._closed.is_set():
            raise GuestSilent
        with self._one_at_a_time:
            if self._closed.is_set():
                raise ApplicationClosed
            with self._database.one_request():
                response = self._routed(request)
            if self._closed.is_set():
                raise ApplicationClosed
        date = format_datetime(self._clock.now().astimezone(UTC), usegmt=True)
        return Response(
            status=response.status,
            content_type=response.content_type,
            body=response.body,
            headers=(*HEADERS, ("Date", date), *response.headers),
        )

    def hang(self) -> None:
        """Answers no further request until the guest goes down."""
        self._hanging.set()

    def close(self) -> None:
        self._closed.set()

    def _routed(self, request: Request) -> Response:
        base = self._settings.base_path
        if request.path.startswith(STATIC_PATH):
            return self._static(request.path.removeprefix(STATIC_PATH))
        if request.path != base and not request.path.startswith(f"{base}/"):
            return self._pages.not_found()
        page = request.path.removeprefix(base).strip("/")
        if not page and request.query.lower() == "wsdl":
            host = request.headers.get("host", "localhost")
            return Response(content_type="text/xml; charset=UTF-8", body=soap.wsdl(self._settings, host))
        try:
            return self._soap(request) if page in soap.PATHS.values() else self._pages.answer(page, request)
        except DatabaseUnavailable as error:
            return self._pages.database_error(str(error))
        except MalformedRequest as error:
            return self._pages.malformed(str(error))

    def _static(self, name: str) -> Response:
        if name not in STATIC_TYPES:
            return self._pages.not_found()
        return Response(
            content_type=STATIC_TYPES[name],
            body=(STATIC / name).read_bytes(),
            headers=(("Cache-Control", "max-age=3600"),),
        )

    def _soap(self, request: Request) -> Response:
        if request.method != "POST":
            return self._pages.not_found()
        try:
            call = soap.read_call(request.body)
            module, name, returns, caller = self._services.answer(call, request.cookie("CBSESSID"))
        except soap.Fault as error:
            return Response(content_type=soap.CONTENT_TYPE, body=soap.fault(self._settings, error))
        except DatabaseUnavailable as error:
            fault = soap.Fault("PHP00002", "予期しないエラーが発生しました。", str(error))
            return Response(content_type=soap.CONTENT_TYPE, body=soap.fault(self._settings, fault))
        headers = [("X-Cybozu-User", str(caller.user.id))]
        if not caller.by_cookie:
            headers.append(("Set-Cookie", f"CBSESSID={caller.session.key}; path=/; HttpOnly"))
        body = soap.answer(self._settings, module, name, returns)
        return Response(content_type=soap.CONTENT_TYPE, body=body, headers=tuple(headers))
