"""PowerShell on the simulated hosts, as PSRP asks it: scripts in, strings, errors and warnings out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from lab.simulator.cmdlets import powershell_of
from powershell import PipelineCommand, TerminatingError
from tests.lab.simulator.premises import Premises, premises


@dataclass
class Answer:
    """What a script gave; an error that ended it is the last one of `errors`, as (id, message)."""

    outputs: list[Any] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def output(self, value: Any) -> None:
        self.outputs.append(value)

    def error(self, record: Any) -> None:
        self.errors.append((record.fully_qualified_id, record.message))

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def verbose(self, text: str) -> None: ...

    def debug(self, text: str) -> None: ...

    def information(self, record: Any) -> None: ...

    def progress(self, activity: str, status: str, percent: int) -> None: ...


@dataclass
class Hosts:
    lab: Premises

    def run(self, script: str, host: str = "MASTER") -> Answer:
        engine = powershell_of(self.lab.world, self.lab.rha, host, self.lab.clock)
        answer = Answer()
        try:
            engine.open_runspace().invoke([PipelineCommand(script, is_script=True)], answer)
        except TerminatingError as error:
            answer.error(error.record)
        return answer

    def text(self, script: str, host: str = "MASTER") -> list[str]:
        """The strings a script gives; it must not fail."""
        answer = self.run(script, host)
        assert answer.errors == []
        return answer.outputs


@pytest.fixture
def hosts(tmp_path):
    return Hosts(premises(tmp_path))
