"""One drill a site: which run is seen to drill it, how long a lease is believed, and which of two runs goes on."""

import os
import socket
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import HostUnreachable, LeaseLost, OperationRefused, ScriptFailed
from lab.model.lease import VALID, Lease, lease_of
from lab.model.limits import Limits
from lab.model.scripts import ScriptResult
from lab.safety.lease import CLAIMS, WATCHED_FOR, LeaseFile, SiteLease, this_system
from words import Quoted

DEAD = 2**22 - 1
"""The number of no process."""
CLOCK = datetime.fromisoformat("2026-11-30T12:00:00+09:00")
LEASE = Lease(
    token="a",
    site="tokyo",
    owner="yamada",
    controller="jump1",
    pid=4711,
    record="/records/1",
    began="2026-11-30T02:00:00+00:00",
    renewed=CLOCK.isoformat(),
)


class Host:
    """What the two scripts do, on one text and one clock."""

    host = "OSAKA"

    def __init__(self, text="", clock=CLOCK):
        self.text = text
        self.clock = clock

    def run(self, call, *, within):
        if call.script == "Set-Lease":
            if call.arguments["Expected"] != self.text:
                raise ScriptFailed(Quoted("LeaseChanged"), host=self.host)
            self.text = call.arguments["Text"]
            row = {"Clock": self.clock.isoformat()}
        else:
            row = {"Text": self.text, "Clock": self.clock.isoformat()}
        return ScriptResult(value=[row], stray=(), took=timedelta(), round_trips=2)

    def close(self):
        pass


class Wall:
    """A wall clock on which `while_waiting` happens."""

    def __init__(self, while_waiting=lambda: None):
        self.slept = timedelta()
        self._while_waiting = while_waiting

    def sleep(self, duration):
        self.slept += duration
        self._while_waiting()


def site_lease(host, wall=None):
    return SiteLease(LeaseFile(host, Limits()), wall or Wall())


def test_where_there_is_none_the_site_is_free():
    assert site_lease(Host()).other() is None


def test_a_lease_that_is_fresh_is_another_runs_at_once():
    wall = Wall()
    assert site_lease(Host(LEASE.text()), wall).other() == LEASE
    assert wall.slept == timedelta()


def test_a_lease_that_looks_forsaken_is_watched_and_free_if_nothing_renews_it():
    wall = Wall()
    assert site_lease(Host(LEASE.text(), CLOCK + VALID + timedelta(seconds=1)), wall).other() is None
    assert wall.slept == WATCHED_FOR


def test_a_lease_that_is_renewed_meanwhile_is_alive_whatever_the_clocks_say():
    host = Host(LEASE.text(), CLOCK + timedelta(days=365))

    def renew():
        host.text = LEASE.renewed_at(host.clock.isoformat()).text()

    assert site_lease(host, Wall(renew)).other() is not None


def test_a_lease_of_a_dead_process_of_this_system_is_free_and_of_a_living_one_is_not():
    here = replace(LEASE, system=this_system())
    assert site_lease(Host(replace(here, pid=os.getpid()).text())).other() is not None
    assert site_lease(Host(replace(here, pid=DEAD).text())).other() is None


@pytest.mark.parametrize("system", ["", "another"])
def test_a_process_number_of_another_system_proves_nothing_though_it_has_the_name_of_this_one(system):
    """Cloned machines and containers share names; so does this machine before it was started again."""
    there = replace(LEASE, controller=socket.gethostname(), pid=DEAD, system=system)
    assert site_lease(Host(there.text())).other() == there


def test_where_a_system_cannot_be_told_from_others_no_process_is_known_to_be_dead(monkeypatch):
    monkeypatch.setattr("lab.safety.lease.this_system", lambda: "")
    assert site_lease(Host(replace(LEASE, pid=DEAD).text())).other() is not None


@pytest.mark.parametrize("part", ["/proc/sys/kernel/random/boot_id", "/etc/machine-id"])
def test_a_system_is_told_from_one_of_the_same_name(part, monkeypatch):
    here, read = this_system(), Path.read_text
    assert here == this_system()
    monkeypatch.setattr(Path, "exists", lambda path: True)
    monkeypatch.setattr(Path, "read_text", lambda path, **_: "x" if str(path) == part else read(path))
    assert this_system() != here


def test_a_container_is_told_from_another_on_the_same_machine(monkeypatch):
    here = this_system()
    monkeypatch.setattr(Path, "readlink", lambda path: Path("pid:[1]"))
    assert this_system() != here


def test_of_two_that_claim_at_once_the_second_is_refused():
    host = Host()
    first, second = site_lease(host), site_lease(host)
    looked = second._file.look()
    first.claim(lambda clock: replace(LEASE, renewed=clock))
    with pytest.raises(OperationRefused, match="was changed by another run at the same time"):
        second._file.replace(looked.text, replace(LEASE, token="b").text())
    first.release()
    assert host.text == ""


def test_of_two_that_have_looked_at_once_the_later_claim_is_refused():
    host = Host()
    first, second = site_lease(host), site_lease(host)
    assert (first.other(), second.other()) == (None, None)
    first.claim(lambda clock: replace(LEASE, renewed=clock))
    with pytest.raises(OperationRefused, match="has begun to drill this site at the same time: yamada on jump1"):
        second.claim(lambda clock: replace(LEASE, token="b", renewed=clock))
    first.require()
    first.release()


class Renewing(Host):
    """One whose lease is renewed by its run just before so many replacements."""

    def __init__(self, renewals):
        super().__init__(LEASE.text())
        self.renewals = renewals

    def run(self, call, *, within):
        if call.script == "Set-Lease" and self.renewals:
            self.renewals -= 1
            self.text = lease_of(self.text).renewed_at(CLOCK.isoformat()).text()
        return super().run(call, within=within)


def test_a_lease_that_is_renewed_while_it_is_taken_over_is_taken_over_all_the_same():
    host = Renewing(CLAIMS - 1)
    mine = site_lease(host)
    assert mine.other() == LEASE
    mine.claim(lambda clock: replace(LEASE, token="b", renewed=clock))
    assert lease_of(host.text).token == "b"
    mine.abandon()


def test_one_that_is_renewed_again_and_again_is_not_taken_over():
    host = Renewing(CLAIMS)
    mine = site_lease(host)
    mine.other()
    with pytest.raises(OperationRefused):
        mine.claim(lambda clock: replace(LEASE, token="b", renewed=clock))
    assert (lease_of(host.text).token, mine.held) == ("a", False)


def test_a_run_whose_lease_another_has_taken_hears_of_it_before_its_next_change():
    host = Host()
    first, second = site_lease(host), site_lease(host)
    first.claim(lambda clock: replace(LEASE, renewed=clock))
    first.require()
    assert second.other() is not None
    second.claim(lambda clock: replace(LEASE, token="b", owner="sato", renewed=clock, took_over="urgent"))
    with pytest.raises(LeaseLost, match="taken the site over: sato on jump1"):
        first.require()
    first.release()
    assert lease_of(host.text).token == "b"
    second.release()


def test_a_host_that_does_not_answer_does_not_keep_a_run_from_restoring():
    host = Host()
    lease = site_lease(host)
    lease.claim(lambda clock: replace(LEASE, renewed=clock))

    def down(_call, *, within):
        raise HostUnreachable(Quoted("OSAKA does not answer"), host="OSAKA")

    host.run = down
    lease.require()
    lease.abandon()


def test_a_run_that_ended_without_giving_its_lease_back_is_known():
    host = Host(replace(LEASE, system=this_system(), pid=DEAD).text())
    lease = site_lease(host)
    assert (lease.other(), lease.forsaken.record) == (None, "/records/1")
    lease.claim(lambda clock: replace(LEASE, token="b", renewed=clock))
    lease.release()
    assert (lease.other(), lease.forsaken) == (None, None)


def test_a_lease_that_was_taken_over_is_not_removed_by_its_former_holder():
    host = Host()
    first = site_lease(host)
    first.claim(lambda clock: replace(LEASE, renewed=clock))
    host.text = replace(LEASE, token="b").text()
    first.abandon()
    assert lease_of(host.text).token == "b"


@given(st.text())
def test_whatever_lies_there_is_a_lease_or_nothing(text):
    lease = lease_of(text)
    assert (lease is None) is (text == "")
    if lease is not None:
        assert str(lease)
        lease.fresh(CLOCK.isoformat())


@given(st.builds(replace, st.just(LEASE), owner=st.text(), record=st.text(), took_over=st.text()))
def test_a_lease_comes_back_as_it_was_written_and_is_ascii(lease):
    assert lease.text().isascii()
    assert lease_of(lease.text()) == lease


@pytest.mark.parametrize(
    "spoilt",
    ["{}", "[]", "null", "7", LEASE.text()[:-1], LEASE.text().replace('"pid": 4711', '"pid": "x"'), "\x00"],
)
def test_what_cannot_be_read_is_a_lease_whose_owner_is_not_known(spoilt):
    lease = lease_of(spoilt)
    assert (lease.owner, lease.fresh(CLOCK.isoformat())) == ("?", True)
