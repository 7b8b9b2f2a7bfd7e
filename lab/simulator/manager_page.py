"""RHA's manager of a lab that is served: a page on which people do what a drill asks of them, and look it up."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import PackageLoader

from lab.model.faults import END_FAULT, Fault
from lab.model.tasks import Value
from lab.simulator.hosts.inventory import PRODUCTION_NETWORK, SCENARIO_NAME
from lab.simulator.operator import Row, as_hosts_tell, figures_as_hosts_tell
from lab.simulator.rha.installation import RhaRefusal
from lab.simulator.serving import PROFILE, SimulatedLab
from lab.simulator.transitions import HyperVRefusal
from lab.site.profile import RhaProfile, load_profile
from words import LANGUAGES, Language, Words, words_of
from words.templates import environment

LOOPBACK = "127.0.0.1"
LARGEST_FORM = 1 << 16
STOPS_WITHIN_S = 0.1
ENTERED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "create_scenario": (
            *("name", "server_type", "product", "assured_recovery", "master", "replica", "guests"),
            *("switchover", "reverse_replication", "network_mapping"),
        ),
        "run_scenario": ("name", "synchronization"),
        "stop_scenario": ("name",),
        "switch_over": ("name", "run_reverse"),
        "start_integrity_test": ("name", "manual"),
        "stop_integrity_test": ("name",),
        "set_initiation": ("name", "switchover", "reverse_replication"),
        "set_notification": ("name", "mail_server", "recipient", "event_log"),
        "prepare_reboot": ("host",),
        "remove_scenario": ("name",),
    }
)
"""What each operation asks for, by the names of the tasks' values."""
FAULTS = tuple(f"{begun}{fault.name.lower()}" for fault in Fault for begun in ("", END_FAULT))
SWITCHES = frozenset({"assured_recovery", "run_reverse", "manual", "event_log"})
LINES = frozenset({"guests", "network_mapping"})
FLAGS = {"true": "board.yes", "false": "board.no"}
GROUPS = {
    "switchover": "initiation",
    "reverse_replication": "initiation",
    "synchronization": "synchronization",
    "method": "synchronization",
    "direction": "direction",
}
"""The words for what can be chosen."""
_TEMPLATES = environment(PackageLoader("lab.simulator", "templates"), trim_blocks=True, lstrip_blocks=True)


def _usual(lab: SimulatedLab, profile: RhaProfile) -> Mapping[str, str]:
    """What is entered unless somebody enters something else."""
    hosts = {role.value: endpoint.host for role, endpoint in lab.endpoints.items()}
    network = f"{PRODUCTION_NETWORK}={PRODUCTION_NETWORK}"
    scenario = {"name": SCENARIO_NAME, "server_type": profile.server_type, "guests": lab.guest_name}
    return hosts | scenario | {"network_mapping": network}


class ManagerPage:
    """Served on loopback from its construction until `close`, at an address that cannot be guessed."""

    def __init__(self, lab: SimulatedLab, language: Language) -> None:
        self._console = lab.console
        self._clock = lab.clock
        self._profile = load_profile(PROFILE)
        self._usual = _usual(lab, self._profile)
        self._hosts = (self._usual["master"], self._usual["replica"])
        self._language: Language = language
        self._said = ""
        self._root = f"/{secrets.token_urlsafe(18)}/"
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page._get(self)

            def do_POST(self) -> None:
                page._post(self)

            def log_message(self, *_: object) -> None:
                """Nothing is told on the terminal of the lab."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(STOPS_WITHIN_S,), name="manager", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}{self._root}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # -- requests ------------------------------------------------------------------------------------------------------

    def _get(self, request: BaseHTTPRequestHandler) -> None:
        operation, language = self._asked(request)
        if operation is None:
            request.send_error(HTTPStatus.NOT_FOUND)
            return
        text = self._form(operation, language) if operation else self._windows(language)
        content = text.encode()
        request.send_response(HTTPStatus.OK)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(content)))
        request.send_header("Cache-Control", "no-store")
        request.end_headers()
        request.wfile.write(content)

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        operation, language = self._asked(request)
        length = int(request.headers.get("Content-Length") or 0)
        if not operation or length > LARGEST_FORM:
            request.send_error(HTTPStatus.NOT_FOUND)
            return
        sent = parse_qs(request.rfile.read(length).decode(), keep_blank_values=True)
        self._said = self._done(operation, {name: values[0] for name, values in sent.items()}, language)
        request.send_response(HTTPStatus.SEE_OTHER)
        request.send_header("Location", f"{self._root}?lang={language}")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _asked(self, request: BaseHTTPRequestHandler) -> tuple[str | None, Language]:
        """The operation, "" for the windows, and None for what is not there."""
        address = urlsplit(request.path)
        wanted = parse_qs(address.query).get("lang", [""])[0] or request.headers.get("Accept-Language", "")[:2]
        language = next((each for each in LANGUAGES if each == wanted), self._language)
        if not address.path.startswith(self._root):
            return None, language
        operation = address.path.removeprefix(self._root)
        return (operation if operation in {"", *ENTERED, *FAULTS} else None), language

    def _done(self, operation: str, sent: Mapping[str, str], language: Language) -> str:
        words = words_of(language)
        told = words.known("operator.operation", operation)
        try:
            said = self._console.does(operation, dict(_values(operation, sent)))
        except (RhaRefusal, HyperVRefusal) as refusal:
            return words("manager.refused", operation=told, said=str(refusal))
        return words("manager.done", operation=told, said=said)

    # -- pages ---------------------------------------------------------------------------------------------------------

    def _windows(self, language: Language) -> str:
        words, events = words_of(language), self._looked("list_events", "")
        statistics = self._looked("statistics", self._usual["name"])
        windows = [
            (words("manager.scenarios"), self._looked("list_scenarios", self._usual["name"])),
            (words("manager.events"), [as_hosts_tell(each, self._clock) for each in events][::-1]),
            (words("manager.statistics"), [figures_as_hosts_tell(each) for each in statistics]),
            *((words("manager.engine", host=host), self._looked("engine_version", host)) for host in self._hosts),
        ]
        return self._page(
            "windows", language, windows=windows, operations=tuple(ENTERED), faults=FAULTS, said=self._said
        )

    def _form(self, operation: str, language: Language) -> str:
        fields = [self._field(name, language) for name in ENTERED.get(operation, ())]
        return self._page("form", language, operation=operation, fields=fields)

    def _page(self, kind: str, language: Language, **values: Any) -> str:
        words = words_of(language)
        return _TEMPLATES.get_template("manager.html.jinja").render(
            kind=kind,
            language=language,
            w=words,
            known=words.known,
            shown=partial(_shown, words),
            root=self._root,
            **values,
        )

    def _looked(self, operation: str, subject: str) -> tuple[Row, ...]:
        try:
            return self._console.shows(operation, subject)
        except RhaRefusal:
            return ()

    def _field(self, name: str, language: Language) -> dict[str, Any]:
        words = words_of(language)
        choices: dict[str, str] = {}
        if name in GROUPS:
            meant = self._profile.choices[GROUPS[name]]
            choices = {word: words(f"operator.{GROUPS[name]}.{meaning}") for meaning, word in meant.items()}
        elif name == "product":
            choices = {word: word for word in (self._profile.choices["product"][each] for each in ("HA", "DR"))}
        elif name == "host":
            choices = {host: host for host in self._hosts}
        elif name in SWITCHES:
            choices = {str(False): words("board.off"), str(True): words("board.on")}
        return {
            "name": name,
            "label": words.known("board.value", name),
            "choices": choices,
            "lines": name in LINES,
            "usual": self._usual.get(name, ""),
        }


def _shown(words: Words, name: str, value: Value) -> str:
    """As the board names what can be chosen, so that people find it there again."""
    if not isinstance(value, str):
        return ", ".join(value)
    if value in FLAGS:
        return words(FLAGS[value])
    return words.known(f"operator.{GROUPS[name]}", value) if name in GROUPS else value


def _values(operation: str, sent: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    for name in ENTERED.get(operation, ()):
        text = sent.get(name, "")
        yield name, tuple(filter(None, map(str.strip, text.splitlines()))) if name in LINES else text.strip()
