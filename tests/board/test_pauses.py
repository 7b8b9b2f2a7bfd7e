"""Pause points: what holds the drill, who lets it go on, and what ends a pause that nobody ends."""

import signal
import threading
from datetime import timedelta

import pytest

from journal.measured import Marked
from journal.people import PausePoint
from lab.model.probing import Mark
from tests.board.room import Stand, quick, until


def held(stand, hold):
    """`hold` on a thread of its own, which a drill's is."""
    thread = threading.Thread(target=hold)
    thread.start()
    until(lambda: stand.board._state.picture.pause is not None)
    return thread


def stand_with(tmp_path, pause, **limits):
    stand = Stand(tmp_path, quick(**limits), pause=pause)
    stand.stopped = []
    stand.board.pauses.stop = lambda: stand.stopped.append(True)
    return stand


def test_without_a_wish_no_step_is_held(stand):
    stand.board.pauses.before_step()
    stand.board.pauses.before_restoration(lambda: False)
    assert not stand.entries("pause.began")


def test_the_lead_holds_the_drill_before_its_next_step_and_lets_it_go_on(stand):
    lead = stand.browser("Sato", "lead")
    assert lead.post("pause", {}).ok
    assert lead.picture()["pause_asked"] == "Sato"
    thread = held(stand, stand.board.pauses.before_step)
    picture = lead.picture()
    assert picture["pause"]["point"] == "before the next step"
    assert lead.post("go-on", {}).ok
    thread.join(5)
    (began,), (ended,) = stand.entries("pause.began"), stand.entries("pause.ended")
    assert (began["by"], ended["by"], ended["ending"]) == ("Sato", "Sato", "continued")
    assert lead.picture()["pause"] is None


def test_a_wish_is_taken_back_before_it_comes_true(stand):
    lead = stand.browser("Sato", "lead")
    assert lead.post("pause", {}).ok
    assert lead.post("go-on", {}).ok
    stand.board.pauses.before_step()
    assert not stand.entries("pause.began")
    assert lead.post("go-on", {}).json() == {"refused": "The drill is not held."}


@pytest.mark.parametrize("role", ["operator", "witness"])
def test_only_the_lead_holds_it(stand, role):
    browser = stand.browser("Sato", role)
    for act in ("pause", "go-on"):
        assert browser.post(act, {}).json() == {"refused": "Only the lead does this."}


def test_it_is_held_after_a_fault_once_and_before_the_restoration(tmp_path):
    stand = stand_with(tmp_path, "after-fault, before-restoration")
    pauses = stand.board.pauses
    pauses.before_step()
    stand.journal.write(Marked(mark=Mark.COMMAND, text=None))
    pauses.before_step()
    stand.journal.write(Marked(mark=Mark.FAULT, text=None))
    for hold in (pauses.before_step, lambda: pauses.before_restoration(lambda: False)):
        thread = held(stand, hold)
        assert pauses.go_on("Sato")
        thread.join(5)
        pauses.before_step()
    assert [each["point"] for each in stand.entries("pause.began")] == [
        PausePoint.FAULT.value,
        PausePoint.RESTORATION.value,
    ]
    assert not stand.stopped
    stand.close()


def test_a_pause_that_nobody_ends_stops_the_drill(tmp_path):
    stand = stand_with(tmp_path, "after-fault", task=timedelta(seconds=0.2))
    stand.journal.write(Marked(mark=Mark.FAULT, text=None))
    stand.board.pauses.before_step()
    assert stand.stopped == [True]
    assert [each["ending"] for each in stand.entries("pause.ended")] == ["not ended"]
    stand.close()


def test_before_the_restoration_it_ends_with_its_limit_and_the_lab_is_restored(tmp_path):
    stand = stand_with(tmp_path, "before-restoration", task=timedelta(seconds=0.2))
    stand.board.pauses.before_restoration(lambda: False)
    assert not stand.stopped
    stand.close()


def test_a_request_to_stop_ends_a_pause_before_the_restoration(tmp_path):
    stand = stand_with(tmp_path, "before-restoration")
    stopped = threading.Event()
    thread = held(stand, lambda: stand.board.pauses.before_restoration(stopped.is_set))
    stopped.set()
    thread.join(5)
    assert not thread.is_alive()
    assert [each["ending"] for each in stand.entries("pause.ended")] == ["stopped"]
    stand.close()


def test_ctrl_c_ends_a_pause_and_is_noted(tmp_path):
    stand = stand_with(tmp_path, "after-fault")
    stand.journal.write(Marked(mark=Mark.FAULT, text=None))
    threading.Thread(target=interrupt_when_held, args=(stand, threading.main_thread().ident)).start()
    with pytest.raises(KeyboardInterrupt):
        stand.board.pauses.before_step()
    assert [each["ending"] for each in stand.entries("pause.ended")] == ["stopped"]
    stand.close()


def interrupt_when_held(stand, thread):
    until(lambda: stand.board._state.picture.pause is not None)
    signal.pthread_kill(thread, signal.SIGINT)


def test_attestation_waits_for_those_who_came_and_for_nobody_else(stand):
    stand.board._room.attest(timedelta(seconds=30), lambda: False)  # nobody has come
    witness = stand.browser("Sato", "witness")
    thread = threading.Thread(target=stand.board._room.attest, args=(timedelta(seconds=30), lambda: False))
    assert witness.post("attest", {"text": "early"}).status_code == 409
    thread.start()
    until(lambda: witness.picture()["stage"] == "attesting")
    assert witness.post("attest", {"text": "I have seen it."}).ok
    assert witness.post("finish", {}).status_code == 403
    lead = stand.another_browser(witness, "Suzuki", "lead")
    assert lead.post("finish", {}).ok
    thread.join(5)
    assert not thread.is_alive()
    (attested,) = stand.entries("person.attested")
    assert (attested["by"], attested["role"], attested["said"]) == ("Sato", "witness", "I have seen it.")
