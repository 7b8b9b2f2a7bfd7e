"""Who operates the simulated lab: a person at Arcserve's manager, who does the tasks and answers the questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from lab.model.faults import END_FAULT, Fault
from lab.model.notification import Notification
from lab.model.replication import (
    EVENT_TIME,
    Initiation,
    NetworkMapping,
    Product,
    ReplicationScenario,
    RhaEvent,
    ScenarioPlan,
    ScenarioState,
    SynchronizationMethod,
    event_time,
)
from lab.model.tasks import (
    WAS_BEGUN,
    Answer,
    ClosedRequest,
    OpenRequest,
    Person,
    Question,
    QuestionAnswer,
    Task,
    TaskAnswer,
    TaskOutcome,
    Value,
)
from lab.ports import Clock
from lab.simulator.faults import SimulatedFaults
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.installation import RhaRefusal
from lab.simulator.transitions import HyperVRefusal
from lab.site.profile import RhaProfile
from lab.site.simulation import SimulationSettings
from words import Told

BETWEEN_LOOKS = timedelta(seconds=15)
SUBJECTS = ("カウントダウン", "起動を試行", "中断", "開始")
"""Words by which a line of the event view is recognised where the awaited sentence does not quote it."""
DENIED = "ウィンドウが閉じた"
SIMULATED_OPERATOR = Person("SIMULATED operator")
Row = Mapping[str, Value]


class ManagerConsole:
    """What the manager's windows show and offer, by Kunren's names for the profile's operations; and faults by hand."""

    def __init__(self, control_service: ControlService, faults: SimulatedFaults) -> None:
        self._rha = control_service
        self._faults = faults
        self._profile: RhaProfile = control_service.profile

    def shows(self, operation: str, subject: str) -> tuple[Row, ...]:
        """Raises RhaRefusal where the window cannot be opened."""
        return tuple(_LOOKS[operation](self, subject))

    def does(self, operation: str, values: Mapping[str, Value]) -> str:
        """What the window says then. Raises RhaRefusal or HyperVRefusal, as the manager says no."""
        if operation.upper() in Fault.__members__:
            self._faults.begin(Fault[operation.upper()])
            return ""
        if operation.startswith(END_FAULT):
            self._faults.end(Fault[operation.removeprefix(END_FAULT).upper()])
            return ""
        return _ACTS[operation](self, values) or ""

    @property
    def busy(self) -> frozenset[str]:
        """The words for a scenario that synchronises or switches over."""
        states = (ScenarioState.SYNCHRONIZING, ScenarioState.SWITCHING_OVER)
        return frozenset(self._profile.states[state].ja[0] for state in states)

    @property
    def other_direction(self) -> Mapping[str, str]:
        forward, backward = self._profile.choices["direction"].values()
        return {forward: backward, backward: forward}

    # -- windows -------------------------------------------------------------------------------------------------------

    def _scenarios(self, name: str) -> Iterator[Row]:
        scenario = self._rha.scenario(name)
        if scenario is not None:
            yield self._scenario_row(scenario)

    def _scenario_row(self, scenario: ReplicationScenario) -> Row:
        choices = self._profile.choices
        product = choices["product"][scenario.product]
        return {
            "state": self._profile.states[scenario.state].ja[0],
            "direction": choices["direction"][scenario.direction.value],
            "is_alive": _flag(scenario.is_alive),
            "server_type": scenario.server_type,
            "product": f"{product} {choices['product']['assured_recovery']}" if scenario.assured_recovery else product,
            "master": scenario.master,
            "replica": scenario.replica,
            "guests": scenario.guests,
            "switchover": choices["initiation"][scenario.switchover.value],
            "reverse_replication": choices["initiation"][scenario.reverse_replication.value],
        }

    def _statistics(self, name: str) -> Iterator[Row]:
        found = self._rha.statistics(name)
        if found is not None:
            figures = found.synchronization
            yield {
                "method": self._profile.choices["synchronization"][figures.method.value],
                "blocks_compared": str(figures.blocks_compared),
                "blocks_copied": str(figures.blocks_copied),
                "started": _instant(figures.started),
                "ended": _instant(figures.ended),
                "replicated": str(found.replicated),
                "in_spool": str(found.in_spool),
            }

    def _events(self, _: str) -> Iterator[Row]:
        yield from map(self._event_row, self._rha.events())

    def _event_row(self, event: RhaEvent) -> Row:
        return {
            "message": event.message,
            "time": event.time,
            "severity": self._profile.severities[event.severity].ja[0],
            "source": event.source,
            "code": event.code,
        }

    def _engine(self, host: str) -> Iterator[Row]:
        engine = self._rha.engine(host)
        yield {"version": engine.version, "up_to_date": _flag(engine.up_to_date)}

    def _guests(self, master: str) -> Iterator[Row]:
        for guest in self._rha.discover(master):
            yield {
                "name": guest.name,
                "computer_name": guest.computer_name,
                "state": guest.state,
                "selected": _flag(guest.selected),
            }

    def _properties(self, name: str) -> Iterator[Row]:
        for each in self._rha.properties(name):
            yield {"group": each.group, "name": each.name, "value": each.value, "default": each.default}

    def _findings(self, name: str) -> Iterator[Row]:
        for finding in self._rha.verify(name):
            severity = self._profile.severities[finding.severity].ja[0]
            yield {"severity": severity, "subject": finding.subject, "text": finding.text}

    # -- what is done there --------------------------------------------------------------------------------------------

    def _create(self, values: Mapping[str, Value]) -> None:
        plan = ScenarioPlan(
            name=_text(values, "name"),
            master=_text(values, "master"),
            replica=_text(values, "replica"),
            guests=_lines(values, "guests"),
            product=Product(self._meant("product", _text(values, "product"))),
            assured_recovery=_text(values, "assured_recovery") == str(True),
            switchover=Initiation(self._meant("initiation", _text(values, "switchover"))),
            reverse_replication=Initiation(self._meant("initiation", _text(values, "reverse_replication"))),
            network_mapping=tuple(
                NetworkMapping(*pair.split("=", maxsplit=1)) for pair in _lines(values, "network_mapping")
            ),
        )
        self._rha.create(plan, _text(values, "server_type"))

    def _remove(self, values: Mapping[str, Value]) -> None:
        self._rha.remove(_text(values, "name"))

    def _run(self, values: Mapping[str, Value]) -> None:
        method = self._meant("synchronization", _text(values, "synchronization"))
        self._rha.run(_text(values, "name"), SynchronizationMethod(method))

    def _stop(self, values: Mapping[str, Value]) -> None:
        self._rha.stop(_text(values, "name"))

    def _switch_over(self, values: Mapping[str, Value]) -> None:
        self._rha.switch_over(_text(values, "name"), run_reverse=_text(values, "run_reverse") == str(True))

    def _set_initiation(self, values: Mapping[str, Value]) -> None:
        self._rha.set_initiation(
            _text(values, "name"),
            switchover=Initiation(self._meant("initiation", _text(values, "switchover"))),
            reverse_replication=Initiation(self._meant("initiation", _text(values, "reverse_replication"))),
        )

    def _notify(self, values: Mapping[str, Value]) -> None:
        notification = Notification(
            mail_server=_text(values, "mail_server"),
            recipient=_text(values, "recipient"),
            event_log=_text(values, "event_log") == str(True),
        )
        self._rha.notify(_text(values, "name"), notification)

    def _prepare_reboot(self, values: Mapping[str, Value]) -> str:
        return " ".join(self._rha.prepare_reboot(_text(values, "host")))

    def _start_test(self, values: Mapping[str, Value]) -> None:
        self._rha.start_integrity_test(_text(values, "name"), manual=_text(values, "manual") == str(True))

    def _stop_test(self, values: Mapping[str, Value]) -> None:
        self._rha.stop_integrity_test(_text(values, "name"))

    def _meant(self, group: str, word: str) -> str:
        return next(meaning for meaning, known in self._profile.choices[group].items() if known == word)


_LOOKS: Mapping[str, Callable[[ManagerConsole, str], Iterator[Row]]] = MappingProxyType(
    {
        "list_scenarios": ManagerConsole._scenarios,
        "statistics": ManagerConsole._statistics,
        "list_events": ManagerConsole._events,
        "engine_version": ManagerConsole._engine,
        "discover_guests": ManagerConsole._guests,
        "scenario_properties": ManagerConsole._properties,
        "verify_scenario": ManagerConsole._findings,
    }
)
_ACTS: Mapping[str, Callable[[ManagerConsole, Mapping[str, Value]], str | None]] = MappingProxyType(
    {
        "create_scenario": ManagerConsole._create,
        "remove_scenario": ManagerConsole._remove,
        "run_scenario": ManagerConsole._run,
        "stop_scenario": ManagerConsole._stop,
        "switch_over": ManagerConsole._switch_over,
        "set_initiation": ManagerConsole._set_initiation,
        "set_notification": ManagerConsole._notify,
        "prepare_reboot": ManagerConsole._prepare_reboot,
        "start_integrity_test": ManagerConsole._start_test,
        "stop_integrity_test": ManagerConsole._stop_test,
    }
)


class SimulatedOperator:
    """Does what a task says at the manager, and answers a question when what it waits for is there, or its time over.

    Whether it is there is read as a person would: from the manager's windows.
    """

    waits = False
    people = (SIMULATED_OPERATOR.name,)

    def __init__(self, console: ManagerConsole, clock: Clock, settings: SimulationSettings) -> None:
        self._console = console
        self._clock = clock
        self._settings = settings
        self._read: tuple[Row, ...] = ()
        """Lines of the event view from before the last task."""
        self._synchronisation = ""
        """When the last one began that the statistics were read of."""
        self._last_done = ""
        """The subject of the last task, if it was done."""

    def shows(self, question: Question) -> tuple[Row, ...]:
        """What the manager shows of what was asked, when what is waited for is there, or the time for it over."""
        try:
            return self._look(question)
        except RhaRefusal:
            return ()

    def does(self, task: Task) -> TaskAnswer:
        """Done, with what the manager said; or not possible, because it has refused."""
        try:
            self._last_done = ""
            self._read = self._console.shows("list_events", task.subject)
            said = self._console.does(task.operation, dict(task.values))
        except (RhaRefusal, HyperVRefusal) as refusal:
            return self._task_answer(TaskOutcome.NOT_POSSIBLE, str(refusal))
        self._last_done = task.subject
        if self._settings.operator_denies and task.operation == "switch_over":
            return self._task_answer(TaskOutcome.NOT_POSSIBLE, DENIED)
        return self._task_answer(TaskOutcome.DONE, said)

    def opened(self, request: OpenRequest) -> Answer | None:
        if self._settings.operator_absent:
            return None
        self._clock.sleep(self._settings.operator_thinks)
        asked = request.request
        return self.does(asked) if isinstance(asked, Task) else self._answer(asked)

    def closed(self, request: ClosedRequest) -> None:
        """Nothing is left to do."""

    def _task_answer(self, outcome: TaskOutcome, reason: str = "") -> TaskAnswer:
        return TaskAnswer(outcome=outcome, by=SIMULATED_OPERATOR, at=self._clock.now(), reason=reason)

    def _answer(self, question: Question) -> QuestionAnswer:
        """Who cannot open a window cannot tell what it shows."""
        try:
            rows, refused = self._look(question), ""
        except RhaRefusal as refusal:
            rows, refused = (), str(refusal)
        told = tuple(map(self._mistaken, rows)) if self._settings.operator_errs else rows
        return QuestionAnswer(rows=told, by=SIMULATED_OPERATOR, at=self._clock.now(), text=refused, known=not refused)

    def _mistaken(self, row: Row) -> Row:
        other = self._console.other_direction
        return {name: other.get(str(value), value) if name == "direction" else value for name, value in row.items()}

    def _look(self, question: Question) -> tuple[Row, ...]:
        """What was begun is not in a window, but known to who has done it."""
        if question.operation == WAS_BEGUN:
            return ({"begun": _flag(question.subject == self._last_done)},)
        asked = {field.name for field in question.fields}
        until = self._clock.monotonic() + question.wait.total_seconds()
        while True:
            rows = self._console.shows(question.operation, question.subject)
            if question.awaited is None or self._is_there(question.operation, question.awaited, rows):
                break
            if self._clock.monotonic() >= until:
                break
            self._clock.sleep(BETWEEN_LOOKS)
        if question.operation == "statistics":
            self._synchronisation = _begun(rows)
        told = (as_hosts_tell(row, self._clock) for row in rows) if question.operation == "list_events" else rows
        return tuple({name: value for name, value in row.items() if name in asked} for row in told)

    def _is_there(self, operation: str, awaited: Told, rows: tuple[Row, ...]) -> bool:
        """As somebody finds who has read what to wait for, in Japanese as the manager is."""
        said = awaited.in_("ja")
        match operation:
            case "list_events":
                return any(_tells(str(row["message"]), said) for row in rows if row not in self._read)
            case "list_scenarios":
                return any(_named(row, said, self._console.busy) for row in rows)
            case "statistics":
                return _synchronised(rows) and ("再同期" not in said or _begun(rows) != self._synchronisation)
            case _:
                return True


def as_hosts_tell(event: Row, clock: Clock) -> Row:
    """A line of the event view with the time as the hosts tell theirs, which is UTC."""
    stamped = event_time(str(event["time"]))
    offset = clock.now().utcoffset() or timedelta()
    return event if stamped is None else {**event, "time": (stamped - offset).strftime(EVENT_TIME)}


def figures_as_hosts_tell(figures: Row) -> Row:
    """A line of the statistics with its instants as the event view writes times."""
    instants = {name: str(figures[name]) for name in ("started", "ended")}
    told = {name: datetime.fromisoformat(each).astimezone(UTC) for name, each in instants.items() if each}
    return {**figures, **{name: each.strftime(EVENT_TIME) for name, each in told.items()}}


def _tells(message: str, awaited: str) -> bool:
    """Whether a line of the event view is what a sentence waits for, word for word or by its subject."""
    quoted = [_plain(each) for each in re.findall(r"「([^」]+)」", awaited)]
    if any(each in _plain(message) for each in quoted):
        return True
    return not quoted and any(subject in message and subject in awaited for subject in SUBJECTS)


def _synchronised(statistics: tuple[Row, ...]) -> bool:
    return any(row["ended"] for row in statistics)


def _begun(statistics: tuple[Row, ...]) -> str:
    return "".join(str(row["started"]) for row in statistics)


def _named(row: Row, awaited: str, busy: Container[Value]) -> bool:
    if "「" not in awaited and "完了" in awaited:
        return row["state"] not in busy
    if "Is Alive" in awaited:
        return row["is_alive"] == "true"
    named = f"「{row['state']}」" in awaited
    return not named if "ではない" in awaited else named


def _plain(text: str) -> str:
    return re.sub(r"[\s<>＜＞。.]", "", text)


def _text(values: Mapping[str, Value], name: str) -> str:
    value = values[name]
    assert isinstance(value, str)
    return value


def _lines(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    value = values[name]
    assert not isinstance(value, str)
    return value


def _flag(value: bool) -> str:  # noqa: FBT001
    return "true" if value else "false"


def _instant(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat()
