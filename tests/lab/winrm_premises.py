"""What the tests of sessions stand on: a host whose resident behaves as a test says, and a line that can be cut."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lab.clock import SystemClock
from lab.drivers.winrm.session import WinRmSession
from lab.model.endpoints import Authentication, Endpoint
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.winrm.authentication import Account
from lab.simulator.winrm.listener import WinRmListener

START = datetime(2012, 9, 25, 13, 0, tzinfo=UTC)
PASSWORD = "Ki-mi-tsu-7"
ACTIONS = ("Create", "Command", "Send", "Receive", "Signal", "Delete")


class Exit(Exception):
    """A behaviour ends the process with this code."""


class ActingEngine:
    """A PowerShell that is the resident and nothing else; `behave(request, say, console)` does the scripts' work.

    `say(**answer)` writes an answer line as the resident would.
    """

    def __init__(self, behave):
        self.behave = behave
        self.requests = []
        self.starts = 0

    def run(self, arguments, console):
        self.starts += 1
        while (line := console.read_line()) is not None:
            request = json.loads(base64.b64decode(line.split()[0]))
            self.requests.append(request)

            def say(request=request, **answer):
                console.write("\x1e" + json.dumps({"id": request["id"], **answer}, ensure_ascii=False) + "\r\n")

            try:
                self.behave(request, say, console)
            except Exit as ending:
                return ending.args[0]
        return 0

    def open_runspace(self):
        raise AssertionError("PSRP is not used here")


class Host:
    """A simulated host on the loopback with an acting engine and jumping time."""

    def __init__(self, behave: Callable, *, allow_unencrypted: bool = False):
        self.engine = ActingEngine(behave)
        self.clock = SimulatedClock(*_timeline())
        self.listener = WinRmListener(
            self.engine,
            "MASTER",
            Account("kunren", PASSWORD),
            self.clock,
            allow_unencrypted=allow_unencrypted,
        )
        self.listener.open()

    def endpoint(self, **changes):
        return Endpoint(
            **{"host": "MASTER", "url": self.listener.url, "user": "kunren", "password": PASSWORD, **changes}
        )

    def session(self, *, observer=None, maximum_output=8 * 1024 * 1024, **changes):
        return WinRmSession(
            self.endpoint(**changes),
            clock=self.clock,
            wall=SystemClock(),
            observer=observer,
            maximum_output=maximum_output,
        )

    def close(self):
        self.listener.close()


def _timeline():
    timeline = Timeline(START)
    return timeline, Jumping(timeline)


class Line:
    """Stands between a session and a host; `treat(action, number)` says what becomes of the n-th such request.

    None passes it on, "before" cuts the connection instead, "after" cuts it when the host has answered, a number is
    answered as an HTTP status without asking the host. The session has to use Basic, so that actions can be read.
    """

    def __init__(self, host: Host):
        self.treat = lambda action, number: None
        self.seen = Counter()
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                action = next((name for name in ACTIONS if f"/{name}<".encode() in body), "other")
                line.seen[action] += 1
                treatment = line.treat(action, line.seen[action])
                if isinstance(treatment, int):
                    self.send_response(treatment)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if treatment != "before":
                    onward = http.client.HTTPConnection("127.0.0.1", host.listener.port)
                    onward.request("POST", self.path, body, dict(self.headers))
                    answer = onward.getresponse()
                    content = answer.read()
                    onward.close()
                if treatment in ("before", "after"):
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "date", "server", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/wsman"

    def session(self, host: Host, **more):
        return host.session(url=self.url, authentication=Authentication.BASIC, **more)

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
