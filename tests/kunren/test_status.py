"""The exit code of `kunren status`: a lab that cannot be read is never told to be as it should."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from kunren import afterwards
from kunren.exits import Exit, Stop
from lab.errors import AnswerUnreadable, HostUnreachable, OperationUnavailable
from lab.model.hosts import HostRole
from lab.model.subject import Subject
from words import Quoted

SUBJECT = Subject(master="MASTER", replica="REPLICA", guest="Garoon", scenario="S", garoon_url="http://garoon/")
SITE = SimpleNamespace(name="tokyo", simulated=False, subject=SUBJECT)
RUNNING = SimpleNamespace(running=True)


def answering(what):
    def answer(_):
        if isinstance(what, Exception):
            raise what
        return what

    return answer


def host(name, guest, calls_itself=None):
    facts = SimpleNamespace(name=calls_itself or name)
    return SimpleNamespace(
        hyperv=SimpleNamespace(host=name, machine=answering(guest)),
        windows=SimpleNamespace(facts=lambda: answering(facts)(None)),
    )


def lab_of(guest, scenario, **names):
    """One whose replica host answers what is given; no run holds it."""
    hosts = {
        HostRole.MASTER: host("MASTER", RUNNING, names.get("master")),
        HostRole.REPLICA: host("REPLICA", guest, names.get("replica")),
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


def test_nothing_is_told_of_hosts_that_are_others(monkeypatch, capsys):
    @contextmanager
    def opened(_):
        yield lab_of(None, None, master="REPLICA", replica="MASTER")

    monkeypatch.setattr(afterwards, "open_lab", opened)
    with pytest.raises(Stop) as stopped:
        afterwards.status(SITE)
    assert stopped.value.code is Exit.NOT_READY
    assert len(stopped.value.sentences) == 2
    assert capsys.readouterr().out == ""


def test_a_host_that_does_not_answer_is_asked_once(monkeypatch, capsys):
    lab = lab_of(None, None)
    silent = HostUnreachable(Quoted("REPLICA does not respond."))
    lab.hosts[HostRole.REPLICA].windows.facts = lambda: answering(silent)(None)
    asked = []
    lab.hosts[HostRole.REPLICA].hyperv.machine = asked.append

    @contextmanager
    def opened(_):
        yield lab

    monkeypatch.setattr(afterwards, "open_lab", opened)
    assert afterwards.status(SITE) is Exit.UNKNOWN
    assert not asked
    assert "REPLICA does not respond." in capsys.readouterr().out
