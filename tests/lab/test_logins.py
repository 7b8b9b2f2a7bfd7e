"""A refused account is tried once by all sessions together."""

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.clock import SystemClock
from lab.drivers.winrm.session import WinRmSession
from lab.errors import AuthenticationRefused
from lab.logins import NotTried, RefusedLogins
from lab.model.scripts import ScriptCall
from lab.probes.hosts import HeartbeatProbe
from lab.simulator.winrm.authentication import Account
from tests.lab.counted_logins import Counted
from tests.lab.winrm_premises import Host
from words import Quoted

REFUSAL = AuthenticationRefused(Quoted("no"))
QUESTION = ScriptCall("Get-Machine")
MINUTE = timedelta(minutes=1)


class OfLookers:
    """A deadline of a look."""

    seconds = 10.0

    def guard(self, line):
        pass


@pytest.fixture
def counted():
    def answer(request, say, _console):
        say(output=[])

    with closing(Host(answer)) as host, closing(Counted(host.listener.port)) as counted:
        counted.host = host
        yield counted


def session(counted, logins, **changes):
    endpoint = counted.host.endpoint(url=counted.url, **changes)
    return WinRmSession(endpoint, clock=SystemClock(), wall=SystemClock(), logins=logins)


def test_neither_the_session_nor_another_nor_a_probe_tries_a_refused_login_again(counted):
    logins = RefusedLogins()
    first, second, probing = (session(counted, logins, password="guessed") for _ in range(3))
    with pytest.raises(AuthenticationRefused, match="expired, the account is locked or disabled"):
        first.run(QUESTION, within=MINUTE)
    for each in (first, second):
        with pytest.raises(NotTried, match="No further login was tried at MASTER"):
            each.run(QUESTION, within=MINUTE)
    sight = HeartbeatProbe([probing], "Garoon").take(1, OfLookers())
    assert str(sight.seen) == "MASTER: not tried: login refused"
    assert counted.logins == 1


def test_a_right_login_is_counted_too_so_the_counter_counts(counted):
    logins = RefusedLogins()
    with closing(session(counted, logins)) as one, closing(session(counted, logins)) as other:
        one.run(QUESTION, within=MINUTE)
        other.run(QUESTION, within=MINUTE)
    assert counted.logins == 2


def test_a_password_that_is_changed_during_a_run_costs_one_more_login_in_all(counted):
    logins = RefusedLogins()
    driving, probing = session(counted, logins), session(counted, logins)
    for each in (driving, probing):
        each.run(QUESTION, within=MINUTE)
    counted.host.listener.suspend()
    counted.host.listener._account = Account("kunren", "rotated")
    counted.host.listener.open()
    for each in (driving, probing, driving, session(counted, logins)):
        with pytest.raises(AuthenticationRefused):
            each.run(QUESTION, within=MINUTE)
    assert HeartbeatProbe([probing], "Garoon").take(2, OfLookers()).seen.in_("en") == "MASTER: not tried: login refused"
    assert counted.logins == 2 + 1


def test_a_domains_account_is_one_on_every_host_and_a_local_one_is_not():
    logins = RefusedLogins()
    logins.refused("MASTER", r"EXAMPLE\svc", REFUSAL)
    logins.refused("MASTER", r".\drill", REFUSAL)
    with pytest.raises(NotTried):
        logins.check("REPLICA", r"example\SVC")
    with pytest.raises(NotTried):
        logins.check("master", "drill")
    logins.check("REPLICA", r".\drill")


@given(place=st.text(max_size=8), user=st.text(max_size=12))
def test_an_account_is_tried_again_only_when_that_is_allowed(place, user):
    logins = RefusedLogins()
    logins.check(place, user)
    logins.refused(place, user, REFUSAL)
    with pytest.raises(NotTried):
        logins.check(place, user)
    logins.allow_again(place, user)
    logins.check(place, user)
