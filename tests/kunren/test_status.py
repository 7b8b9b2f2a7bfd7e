"""The exit code of `kunren status`: a lab that cannot be read is never told to be as it should."""

from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from journal.course import DrillBegan, Ending, RestoreEnded, RunEnded
from journal.masking import Masking
from journal.seen import Undertaken
from journal.writer import JournalFile
from kunren.cli import main
from kunren.exits import Exit, Stop
from kunren.running import afterwards
from lab.clock import SystemClock
from lab.errors import AnswerUnreadable, HostUnreachable, OperationUnavailable
from lab.model.hosts import HostRole
from lab.model.subject import Subject
from lab.model.undertakings import Change, ChangeStage
from lab.site.terms import By
from tests.board.room import beginning
from tests.kunren.running.test_permission import SITE as REAL_SITE
from words import Quoted, sentence

SUBJECT = Subject(master="MASTER", replica="REPLICA", guest="Garoon", scenario="S", garoon_url="http://garoon/")
SITE = SimpleNamespace(
    name="tokyo", simulated=False, subject=SUBJECT, by=By.POWERSHELL, control_service=HostRole.MASTER
)
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
        windows=SimpleNamespace(
            facts=lambda: answering(facts)(None), rights=lambda: SimpleNamespace(may_manage_hyperv=True)
        ),
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
        rha=SimpleNamespace(apart=None, replication=SimpleNamespace(scenario=answering(scenario))),
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
    assert str(guest or "") in said
    by_people = isinstance(scenario, OperationUnavailable)
    assert ("look in RHA's manager" if by_people else str(scenario or "")) in said


def test_a_guest_elsewhere_that_no_record_tells_of_is_not_as_it_should_be(monkeypatch, capsys, tmp_path):
    @contextmanager
    def opened(_):
        yield lab_of(RUNNING, None)

    monkeypatch.setattr(afterwards, "open_lab", opened)
    monkeypatch.chdir(tmp_path)
    assert afterwards.status(SITE) is Exit.UNKNOWN
    assert "It does not run on MASTER alone, and no record below records/ tells" in capsys.readouterr().out


def test_while_a_run_is_alive_nothing_else_is_to_be_done():
    left, reason = SimpleNamespace(record="R"), sentence("left_behind.alive", lease="…")
    assert [*afterwards.instead((reason,), left)] == [*afterwards.instead((), left)] == []
    assert "`kunren restore R`" in str(*afterwards.instead((Quoted("The guest has moved."),), left))


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


def test_a_list_that_is_empty_for_want_of_rights_says_nothing(monkeypatch, capsys):
    lab = lab_of(None, None)
    lab.hosts[HostRole.REPLICA].windows.rights = lambda: SimpleNamespace(may_manage_hyperv=False)

    @contextmanager
    def opened(_):
        yield lab

    monkeypatch.setattr(afterwards, "open_lab", opened)
    assert afterwards.status(SITE) is Exit.UNKNOWN
    assert "on REPLICA may not manage Hyper-V" in capsys.readouterr().out


def test_where_the_host_with_the_lease_is_silent_it_is_asked_once(monkeypatch, capsys):
    lab = lab_of(None, None)
    lab.hosts[HostRole.MASTER].windows.facts = lambda: answering(HostUnreachable(Quoted("MASTER is silent.")))(None)
    lab.safety.lease.other = None

    @contextmanager
    def opened(_):
        yield lab

    monkeypatch.setattr(afterwards, "open_lab", opened)
    with pytest.raises(Stop, match="MASTER is silent"):
        afterwards.status(SITE)
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


def record_of(folder, restored, change=True, minute=0):
    """Of a run on a real site that came to its end."""
    folder.mkdir(parents=True)
    wall = SimpleNamespace(now=lambda: datetime(2026, 4, 1, 22, minute, tzinfo=UTC))
    with JournalFile(folder, clock=SystemClock(), wall=wall, masking=Masking([])) as journal:
        journal.write(beginning("real"))
        journal.write(DrillBegan(drill="4-1"))
        if change:
            journal.write(Undertaken(change=Change.SWITCH_OVER, subject="S", host="MASTER", phase=ChangeStage.BEGUN))
            journal.write(RestoreEnded(restored=restored, differences=(Quoted("the guest is off"),) * (not restored)))
        journal.write(RunEnded(reason=Ending.FINISHED))


@pytest.mark.parametrize(
    ("last", "code"), [([False], 5), ([None], 5), ([True], 0), ([False, True], 0), ([True, False], 5)]
)
def test_what_the_last_run_did_not_restore_is_told_from_its_record(last, code, monkeypatch, capsys, tmp_path):
    @contextmanager
    def opened(_):
        yield lab_of(None, None)

    monkeypatch.setattr(afterwards, "open_lab", opened)
    monkeypatch.chdir(tmp_path)
    for number, restored in enumerate(last):
        record_of(tmp_path / "records" / f"{number}", restored, minute=number)
    record_of(tmp_path / "records" / "not-ready", None, change=False, minute=9)
    assert afterwards.status(SimpleNamespace(**vars(SITE) | {"name": "lab"})) == code
    said = capsys.readouterr().out
    assert ("Found at its end: the guest is off" in said) is (code == 5)
    assert (f"kunren restore records/{len(last) - 1}`" in said) is (code == 5)


def test_a_drill_points_to_what_the_last_run_did_not_restore(monkeypatch, tmp_path):
    monkeypatch.setenv("PASSWORD", "aPasswordOfTheTest")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.toml").write_text(REAL_SITE.replace('name = "site"', 'name = "lab"'), encoding="utf-8")
    record_of(tmp_path / "records" / "0", restored=False)
    refused = CliRunner().invoke(main, ["drill", "2-readiness", "--lang", "en", "--site", "site.toml"])
    assert refused.exit_code == Exit.USAGE, "no word of confirmation"
    assert "`kunren status` tells what is left, `kunren restore records/0` restores it." in refused.stderr
