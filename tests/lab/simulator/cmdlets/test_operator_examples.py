"""The commands of docs/powershell.md that operators type: each is answered by a simulated host as the page shows it.

`python -m tests.lab.simulator.cmdlets.test_operator_examples` writes the answers into the page anew.
"""

from __future__ import annotations

import re
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from lab.simulator.cmdlets import powershell_of
from lab.simulator.hosts.host import LoggedEvent
from tests.lab.simulator.premises import Premises, premises
from tests.powershell.terminal import Terminal

DOCUMENT = Path(__file__).parents[4] / "docs" / "powershell.md"
EXAMPLE = re.compile(r"```powershell\n(?P<script>.*?)\n```\n(?:\n```text\n(?P<answer>.*?)\n?```\n)?", re.DOTALL)
EXAMPLES = [(found["script"], found["answer"] or "") for found in EXAMPLE.finditer(DOCUMENT.read_text("utf-8"))]


def a_protected_guest(folder: Path) -> Premises:
    """The lab with Garoon replicating and three entries in the master's event log."""
    lab = premises(folder)
    lab.replicate()
    for log, provider, level, message in (
        ("System", "Service Control Manager", 4, "The CA ARCserve RHA Engine service entered the running state."),
        ("Application", "CA ARCserve RHA", 4, "CybozuGaroonHyper-V: Garoon is synchronized."),
        ("Application", "CA ARCserve RHA", 3, "CybozuGaroonHyper-V: Garoon: the spool fills up."),
    ):
        event = LoggedEvent(
            log=log,
            provider=provider,
            level=level,
            time=lab.world.now_on("MASTER") - timedelta(minutes=5 * level),
            message=message,
        )
        lab.world.hosts["MASTER"].event_log.append(event)
    return lab


def answered(script: str, folder: Path) -> str:
    """What a console shows, errors last, without the blanks at the ends of lines."""
    lab, terminal = a_protected_guest(folder), Terminal()
    powershell_of(lab.world, lab.rha, "MASTER", lab.clock).run(["-Command", script], terminal)
    lines = (terminal.out + terminal.errors).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


@pytest.mark.parametrize(("script", "answer"), EXAMPLES, ids=[script.split("\n")[0][:60] for script, _ in EXAMPLES])
def test_example(script, answer, tmp_path):
    assert answered(script, tmp_path) == answer


def test_there_are_examples_enough():
    assert len(EXAMPLES) >= 60


def _with_answer(example: re.Match[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        answer = answered(example["script"], Path(folder))
    shown = f"\n```text\n{answer}\n```\n" if answer else ""
    return f"```powershell\n{example['script']}\n```\n{shown}"


if __name__ == "__main__":
    page = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(EXAMPLE.sub(_with_answer, page), encoding="utf-8")
