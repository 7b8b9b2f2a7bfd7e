"""The resident in the embedded engine, in a conversation as with the real one."""

import base64
from datetime import UTC, datetime, timedelta

from lab.drivers.winrm.conversation import Conversation, pieces
from lab.drivers.winrm.resident import POWERSHELL_OPTIONS
from lab.scripts import load_script
from lab.simulator.hosts.console import Console
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from powershell import PowerShell


def embedded(version):
    """The resident in an engine of that version."""
    timeline = Timeline(datetime(2012, 9, 25, 13, 0, tzinfo=UTC))
    clock = SimulatedClock(timeline, Jumping(timeline))
    return EmbeddedResident(PowerShell((), clock, "MASTER", version=version))


class EmbeddedResident:
    """Resident.ps1 at a simulated console."""

    def __init__(self, engine=None):
        timeline = Timeline(datetime(2012, 9, 25, 13, 0, tzinfo=UTC))
        clock = SimulatedClock(timeline, Jumping(timeline))
        engine = engine or PowerShell((), clock, "MASTER")
        encoded = base64.b64encode(load_script("Resident").text.encode("utf-16-le")).decode()
        self.console = Console(clock)
        arguments = [*POWERSHELL_OPTIONS, "-EncodedCommand", encoded]
        self.console.exchange.start(lambda: engine.run(arguments, self.console), name="resident")
        self.conversation = Conversation("token")
        self.exit_code = None

    def ask(self, script, *, secrets=None, **arguments):
        """The answer, or None when the process has ended."""
        for piece in pieces(self.conversation.ask(script, arguments, secrets or {})):
            self.console.feed(piece, end=False)
        while (received := self.console.exchange.receive(timedelta(minutes=1), 1 << 20)) is not None:
            self.exit_code = received.exit_code
            for chunk in received.chunks:
                if chunk.stream == "stderr":
                    self.conversation.hear_error(chunk.data)
                elif (answer := self.conversation.hear(chunk.data)) is not None:
                    return answer
            if self.exit_code is not None:
                break
        self.conversation.fall_silent()
        return None

    def close(self):
        self.console.exchange.terminate()
