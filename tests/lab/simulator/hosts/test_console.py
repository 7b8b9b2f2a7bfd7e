"""The console of a simulated process: code pages, lines, and when it is stalled."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.hosts.console import Console, ProcessTerminated, is_code_page
from lab.simulator.hosts.exchange import CONTROL_C_EXIT, PIPE_CAPACITY, UNHANDLED_EXCEPTION
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline

WITHIN = timedelta(seconds=20)


def simulated_clock() -> SimulatedClock:
    timeline = Timeline(datetime(2012, 9, 25, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


def run(console: Console, work) -> None:
    def process() -> int:
        work(console)
        return 0

    console.exchange.start(process, "process")


def output(console: Console) -> dict[str, bytes]:
    """Everything until the process ends or stalls."""
    streams = {"stdout": b"", "stderr": b""}
    while (received := console.exchange.receive(WITHIN, 100_000)) is not None:
        for chunk in received.chunks:
            streams[chunk.stream] += chunk.data
        if received.exit_code is not None:
            break
    return streams


def echo(console: Console) -> None:
    while (line := console.read_line()) is not None:
        console.write(f"[{line}]")


@pytest.mark.parametrize("page", [437, 720, 850, 874, 932, 936, 949, 950, 1252, 20127, 28591, 65001])
def test_every_code_page_it_knows_writes_and_reads(page):
    console = Console(simulated_clock(), code_page=page)
    run(console, echo)
    console.feed(b"plain\r\n", end=True)
    assert output(console)["stdout"] == b"[plain]"


@pytest.mark.parametrize("page", [0, 37, 1200, 1201, 12000, 99999])
def test_code_pages_no_console_can_have_are_unknown(page):
    assert not is_code_page(page)


@given(text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=60), cuts=st.data())
def test_a_line_arrives_whole_however_its_bytes_are_cut(text, cuts):
    console = Console(simulated_clock())
    run(console, echo)
    data = f"{text}\n".encode()
    middle = cuts.draw(st.integers(0, len(data)))
    console.feed(data[:middle], end=False)
    console.feed(data[middle:], end=True)
    assert output(console)["stdout"].decode() == f"[{text}]"


def test_the_last_line_needs_no_end_and_empty_lines_count():
    console = Console(simulated_clock())
    run(console, echo)
    console.feed(b"\n\r\nlast", end=True)
    assert output(console)["stdout"] == b"[][][last]"


def test_a_process_waits_for_a_whole_line_or_the_end_of_input():
    console = Console(simulated_clock())
    run(console, echo)
    assert console.exchange.receive(WITHIN, 100) is None
    console.feed(b"half", end=False)
    assert console.exchange.receive(WITHIN, 100) is None
    console.feed(b" and half\n", end=False)
    assert console.exchange.receive(WITHIN, 100).chunks[0].data == b"[half and half]"
    console.feed(b"", end=True)
    assert console.exchange.receive(WITHIN, 100).exit_code == 0


def test_a_process_far_ahead_of_its_reader_waits():
    console = Console(simulated_clock())
    written = []

    def flood(console: Console) -> None:
        for number in range(600):
            console.write("x" * 4096)
            written.append(number)

    run(console, flood)
    first = console.exchange.receive(WITHIN, 100_000)
    assert first is not None
    assert len(written) == PIPE_CAPACITY // 4096 - 1
    assert len(output(console)["stdout"]) + sum(len(chunk.data) for chunk in first.chunks) == 600 * 4096


def test_a_terminated_process_ends_at_its_next_step_and_no_handler_of_exceptions_holds_it():
    console = Console(simulated_clock())
    seen = []

    def stubborn(console: Console) -> None:
        while True:
            try:
                console.read_line()
            except Exception as error:  # noqa: BLE001 - what a careless process would catch
                seen.append(error)

    run(console, stubborn)
    assert console.exchange.receive(WITHIN, 100) is None
    console.exchange.terminate()
    assert console.exchange.receive(WITHIN, 100).exit_code == CONTROL_C_EXIT
    assert seen == []
    with pytest.raises(ProcessTerminated):
        console.checkpoint()


def test_a_process_that_dies_of_an_error_of_the_simulator_does_not_hang_its_client(monkeypatch):
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda happened: told.append(str(happened.exc_value)))
    console = Console(simulated_clock())

    def die(_: Console) -> None:
        raise RuntimeError("a fault of the simulator")

    run(console, die)
    assert console.exchange.receive(WITHIN, 100).exit_code == UNHANDLED_EXCEPTION
    for thread in threading.enumerate():
        if thread.name == "process":
            thread.join()
    assert told == ["a fault of the simulator"]
