"""The board's pages over HTTP, in a thread of its own: no browser, however slow, delays the drill."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from board.access import Access, Address, NoAccess, NotOffered, Session, from_elsewhere
from board.answers import NotUsable
from board.attendant import Late
from board.picture import Stage
from board.room import ACTS, Room
from board.telling import told
from board.tls import Tls
from lab.model.tasks import Role
from words import LANGUAGES, Explained, Language, reason, sentence, words_of

CHANGES_EVERY_S, STILL_THERE_S = 0.25, 10.0
"""How often a page is told of changes at most, and of none at least."""
SMALL, LARGE = 256 * 1024, 16 * 1024 * 1024
"""Bytes of what is sent; of a note, which may have a picture."""
SENT_WITHIN_S = 60.0
ENDS_WITHIN_S = 3
"""How long pages have to take the last picture."""
OPEN_PAGES = 64
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # none at all would take the origin from forms as well
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
PAGES = Environment(loader=PackageLoader("board", "page"), autoescape=True)


@dataclass(slots=True)
class Pages:
    """The routes; `access` decides who is answered."""

    room: Room
    access: Access
    address: Address
    language: Language
    secure: bool
    _waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=set)

    @property
    def application(self) -> ASGIApp:
        acts = [Route(f"/{act}", self._act, methods=["POST"]) for act in (*ACTS, "invite")]
        inner = Starlette(
            routes=[
                Route("/", self._page),
                Route("/enter/{token}", self._enter, methods=["GET", "POST"]),
                Route("/events", self._events),
                Route("/pictures/{number:int}", self._picture),
                Route("/board.css", _file("board.css", "text/css")),
                Route("/board.js", _file("board.js", "text/javascript")),
                Route("/favicon.ico", _no_icon),
                *acts,
            ],
            exception_handlers={Explained: self._refused},
        )
        return Guarded(inner, frozenset(self.address.names))

    def changed(self) -> None:
        """The picture is another one; called from any thread, and returns at once."""
        for loop, event in tuple(self._waiting):
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(event.set)

    # -- pages ---------------------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        session = self._session(request)
        language = self._language(request)
        return _html(
            "board.html",
            language,
            words={key: text for key, text in words_of(language).texts.items() if key.startswith("board.")},
            person=session.person,
            token=session.token,
            by_name=self.access.by_name,
            simulated=self.room.state.picture.simulated,
        )

    async def _enter(self, request: Request) -> Response:
        token, language = request.path_params["token"], self._language(request)
        if request.method == "POST":
            if from_elsewhere(request.headers, self.access.origin):
                raise NoAccess(sentence("board.refused.elsewhere"))
            sent = parse_qs((await _body(request, SMALL)).decode("utf-8", "replace"))
            name, role = (sent.get(each, [""])[0] for each in ("name", "role"))
            cookie, session = self.access.enter(token, name, role)
            await run_in_threadpool(self.room.join, session.person, self.access.sessions)
            answer = RedirectResponse(f"/?lang={language}", status_code=303)
            answer.set_cookie(
                self._cookie, cookie, max_age=12 * 3600, httponly=True, samesite="strict", secure=self.secure
            )
            return answer
        if self._known(request) is not None:
            return RedirectResponse(f"/?lang={language}", status_code=303)
        simulated = self.room.state.picture.simulated
        return _html("enter.html", language, person=self.access.invited(token), roles=list(Role), simulated=simulated)

    async def _picture(self, request: Request) -> Response:
        self._session(request)
        file = self.room.evidence.file(request.path_params["number"])
        if file is None:
            raise HTTPException(404)
        kind = "image/png" if file.suffix == ".png" else "image/jpeg"
        return Response(await run_in_threadpool(file.read_bytes), media_type=kind)

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Explained)
        language = self._language(request)
        code = 403 if isinstance(error, NoAccess) else 409
        said = error.in_(language)
        if request.url.path in {f"/{act}" for act in ACTS} | {"/events", "/invite"}:
            late = {"late": True} if isinstance(error, Late) else {}
            return JSONResponse({"refused": said} | late, status_code=code)
        page = _html("refused.html", language, said=said, simulated=self.room.state.picture.simulated)
        page.status_code = code
        return page

    # -- what changes --------------------------------------------------------------------------------------------------

    async def _act(self, request: Request) -> Response:
        session = self._session(request)
        if from_elsewhere(request.headers, self.access.origin) or request.headers.get("x-board") != session.token:
            raise NoAccess(sentence("board.refused.elsewhere"))
        act = request.url.path.removeprefix("/")
        body = await _body(request, LARGE if act == "note" else SMALL)
        try:
            sent = json.loads(body or b"{}")
        except (ValueError, RecursionError) as error:
            raise NotUsable(sentence("board.refused.answer")) from error
        if not isinstance(sent, dict):
            raise NotUsable(sentence("board.refused.answer"))
        if act == "invite":
            if self.access.by_name:
                raise NoAccess(sentence("board.refused.by_name"))
            self.access.invite()
        else:
            await run_in_threadpool(self.room.do, act, session, sent)
        return JSONResponse({"done": True})

    async def _events(self, request: Request) -> Response:
        session = self._session(request)
        return StreamingResponse(
            self._pictures(session, self._language(request)), media_type="text/event-stream; charset=utf-8"
        )

    async def _pictures(self, session: Session, language: Language) -> AsyncIterator[str]:
        """Always the newest picture: what a slow page has missed in between is in it."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(waiting)
        session.pages += 1
        self.room.show(self.access.sessions)
        try:
            yield "retry: 1000\n\n"
            last = -1
            while True:
                waiting[1].clear()
                version, picture = self.room.state.now
                if version != last:
                    last = version
                    text = json.dumps(told(picture, version, language), ensure_ascii=False, separators=(",", ":"))
                    yield f"id: {version}\ndata: {text}\n\n"
                    if picture.stage is Stage.ENDED:
                        return
                    await asyncio.sleep(CHANGES_EVERY_S)
                try:
                    await asyncio.wait_for(waiting[1].wait(), STILL_THERE_S)
                except TimeoutError:
                    yield "event: still\ndata: there\n\n"
        finally:
            self._waiting.discard(waiting)
            session.pages -= 1
            self.room.show(self.access.sessions)

    # -- who asks ------------------------------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        return "__Host-kunren" if self.secure else f"kunren-{self.access.origin.rpartition(':')[2]}"

    def _known(self, request: Request) -> Session | None:
        return self.access.session(request.cookies.get(self._cookie, ""))

    def _session(self, request: Request) -> Session:
        session = self._known(request)
        if session is None:
            raise NoAccess(sentence("board.refused.no_session"))
        return session

    def _language(self, request: Request) -> Language:
        asked = request.query_params.get("lang")
        return next((each for each in LANGUAGES if each == asked), self.language)


class Guarded:
    """Answers only at its own names, and tells every browser what not to do with what it gets."""

    def __init__(self, inner: ASGIApp, names: frozenset[str]) -> None:
        self._inner = inner
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        if len(hosts) != 1 or _name(hosts[0]) not in self._names:
            await Response("Not a name of this board.", status_code=421)(scope, receive, guarded)
            return
        await self._inner(scope, receive, guarded)


class Ending(uvicorn.Server):
    """Leaves no connection behind, whatever its browser does not read or answer."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        left = set(self.server_state.connections)
        await super().shutdown(sockets)
        for connection in left | self.server_state.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)  # they are closed at the loop's next turn


class BoardServer:
    """Serves from `start` to `close`."""

    def __init__(self, listening: socket.socket, tls: Tls | None) -> None:
        self._socket = listening
        self._tls = tls
        self._server: Ending | None = None
        self._thread: threading.Thread | None = None

    def start(self, application: ASGIApp) -> None:
        config = uvicorn.Config(
            application,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            limit_concurrency=OPEN_PAGES,
            timeout_graceful_shutdown=ENDS_WITHIN_S,
            ssl_certfile=None if self._tls is None else str(self._tls.certificate),
            ssl_keyfile=None if self._tls is None else str(self._tls.key),
        )
        server = self._server = Ending(config)
        self._thread = threading.Thread(target=server.run, args=([self._socket],), name="board", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when its pages have the last picture, or have had their time for it."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(ENDS_WITHIN_S + 5)
        self._socket.close()


def listening(address: Address) -> socket.socket:
    """Raises NotOffered where the address is not one of this machine, or taken."""
    host = address.host.strip("[]")
    try:
        family = socket.getaddrinfo(host, address.port, type=socket.SOCK_STREAM)[0][0]
        found = socket.socket(family, socket.SOCK_STREAM)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind((host, address.port))
            found.listen(64)
        except OSError:
            found.close()
            raise
    except OSError as error:
        where = f"{address.host}:{address.port}"
        raise NotOffered(sentence("board.not_offered.taken", address=where, reason=reason(error))) from error
    return found


async def _body(request: Request, most: int) -> bytes:
    parts, size = [], 0
    try:
        async with asyncio.timeout(SENT_WITHIN_S):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise NotUsable(sentence("board.refused.large", most=most // (1024 * 1024) or 1))
                parts.append(part)
    except (TimeoutError, ClientDisconnect) as error:
        raise NotUsable(sentence("board.refused.cut")) from error
    return b"".join(parts)


def _html(template: str, language: Language, **values: Any) -> HTMLResponse:
    text = PAGES.get_template(template).render(w=words_of(language), language=language, **values)
    return HTMLResponse(text)


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    content = resources.files("board").joinpath("page", name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return answer


async def _no_icon(_: Request) -> Response:
    return Response(status_code=204)


def _name(host: str) -> str:
    """Without its port."""
    bare, colon, port = host.rpartition(":")
    return (bare if colon and port.isdigit() else host).lower()
