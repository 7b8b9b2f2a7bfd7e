"""The prober on the wall clock against a server that hangs, beside one that waits for each answer.

`python -m tests.bench.open_loop 60` probes 50 times a second for 60 seconds. The server, a process of its own, answers
for 5 seconds and then leaves every request unanswered for 5 seconds, in turn.
"""

from __future__ import annotations

import asyncio
import http.client
import multiprocessing
import sys
import time
from dataclasses import dataclass
from statistics import median

from lab.clock import SystemClock, SystemTimetable
from lab.drivers.http_connection import ConnectionCut, HttpConnection
from lab.model.probing import Layer, Probe, ProbeSchedule, Result, Track
from lab.probes.measurement import most_at_once
from lab.probes.prober import Prober, ProbeResult

RATE = 50
TIMEOUT = 1.0
HANG = 5.0
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def serve(port_told) -> None:
    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            phase = (time.monotonic() - began) % (2 * HANG)
            await asyncio.sleep(2 * HANG - phase if phase >= HANG else 0)
            writer.write(ANSWER)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the visitor did not wait
        finally:
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(visit, "127.0.0.1", 0, backlog=1024)
        port_told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    began = time.monotonic()
    asyncio.run(main())


@dataclass(frozen=True)
class Get:
    url: str
    track = Track(Layer.HTTP)
    rounds = 1

    def take(self, number, deadline) -> ProbeResult:
        with HttpConnection(self.url) as line:
            deadline.guard(line)
            try:
                answer = line.ask("GET", "/", headers={})
            except (OSError, http.client.HTTPException) as error:
                return ProbeResult(Result.FAILED, str(error))
            return ProbeResult(Result.OK, f"status {answer.status}")


def open_loop(url: str, seconds: float) -> list[Probe]:
    probes: list[Probe] = []
    schedule = ProbeSchedule(interval=1 / RATE, timeout=TIMEOUT, confirmations=3)
    timetable = SystemTimetable(most_at_once(1, schedule))
    prober = Prober([Get(url)], schedule, clock=SystemClock(), timetable=timetable, note=probes.append)
    prober.begin()
    time.sleep(seconds)
    prober.stop()
    return probes


class Patient:
    """Waits for its answer, at most the time-out."""

    seconds = TIMEOUT

    def guard(self, line: HttpConnection) -> None:
        line.connect()
        line._socket.settimeout(TIMEOUT)


def closed_loop(url: str, seconds: float) -> list[tuple[float, bool]]:
    """Sends a probe when the last has ended, not before its tick: when each was sent, and whether it was good."""
    sent: list[tuple[float, bool]] = []
    began = time.monotonic()
    while (now := time.monotonic()) - began < seconds:
        try:
            good = Get(url).take(0, Patient()).result is Result.OK
        except (OSError, ConnectionCut):
            good = False
        sent.append((now - began, good))
        tick = began + (int((time.monotonic() - began) * RATE) + 1) / RATE
        time.sleep(max(0.0, tick - time.monotonic()))
    return sent


def measure(seconds: float):
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        url = f"http://127.0.0.1:{here.recv()}/"
        return open_loop(url, seconds), closed_loop(url, seconds)
    finally:
        server.kill()
        server.join()


def lateness(probes: list[Probe]) -> list[float]:
    """Milliseconds from due to sent, sorted."""
    return sorted((probe.sent - probe.due) * 1000 for probe in probes if probe.sent is not None)


def main(seconds: float) -> bool:
    """Whether no probe was missed, and 99 of 100 were sent within 5 ms."""
    probes, closed = measure(seconds)
    late = lateness(probes)
    due, unsent, p99 = int(seconds * RATE), len(probes) - len(late), late[int(len(late) * 0.99)]
    bad = sum(probe.result is not Result.OK for probe in probes) / len(probes)
    print(f"{RATE} probes a second for {seconds:g} s; the server hangs {HANG:g} s at a time; time-out {TIMEOUT:g} s")
    print(f"  open loop:   {due} due, {len(probes)} taken, {unsent} not sent, {bad:.0%} not good")
    print(f"    sent - due: median {median(late):.2f} ms, 99th percentile {p99:.2f} ms, most {late[-1]:.2f} ms")
    bad = sum(not good for _, good in closed) / len(closed)
    print(f"  closed loop: {due} due, {len(closed)} sent, {due - len(closed)} never, {bad:.0%} not good")
    return unsent == 0 and len(probes) >= due and p99 < 5


if __name__ == "__main__":
    sys.exit(not main(float(sys.argv[1])))
