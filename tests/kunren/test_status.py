"""The exit code of `kunren status`: a lab that cannot be read is never told to be as it should."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from kunren import afterwards
from kunren.exits import Exit
from lab.errors import AnswerUnreadable, HostUnreachable, OperationUnavailable
from lab.model.hosts import HostRole
from words import Quoted

SITE = SimpleNamespace(name="tokyo", simulated=False, subject=SimpleNamespace(guest="Garoon", scenario="S"))
RUNNING = SimpleNamespace(running=True)


def answering(what):
    def answer(_):
        if isinstance(what, Exception):
            raise what
        return what

    return answer


def lab_of(guest, scenario):
    """One whose replica host answers what is given; no run holds it."""
    hosts = {
        HostRole.MASTER: SimpleNamespace(hyperv=SimpleNamespace(host="MASTER", machine=answering(RUNNING))),
        HostRole.REPLICA: SimpleNamespace(hyperv=SimpleNamespace(host="REPLICA", machine=answering(guest))),
    }
    return SimpleNamespace(
        hosts=hosts,
        safety=SimpleNamespace(guard=SimpleNamespace(), lease=SimpleNamespace(other=lambda: None, forsaken=None)),
        rha=SimpleNamespace(replication=SimpleNamespace(scenario=answering(scenario))),
    )


@pytest.mark.parametrize(
    ("guest", "scenario", "code"),
    [
        (None, None, Exit.PASSED),
        (HostUnreachable(Quoted("REPLICA does not respond.")), None, Exit.UNKNOWN),
        (None, AnswerUnreadable(Quoted("The answer is not one.")), Exit.UNKNOWN),
        (None, OperationUnavailable(Quoted("People look it up.")), Exit.PASSED),
    ],
)
def test_what_cannot_be_read_is_told_and_counts(guest, scenario, code, monkeypatch, capsys):
    @contextmanager
    def opened(_):
        yield lab_of(guest, scenario)

    monkeypatch.setattr(afterwards, "open_lab", opened)
    assert afterwards.status(SITE) is code
    said = capsys.readouterr().out
    assert "MASTER" in said
    for error in (guest, scenario):
        assert str(error or "") in said
