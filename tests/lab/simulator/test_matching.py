"""Regular expressions of the simulated hosts: a search has a time limit, and the other host answers meanwhile."""

import re
import time

import pytest

from lab.simulator.cmdlets import powershell_of
from lab.simulator.matching import TimedMatcher
from tests.lab.simulator.premises import premises
from tests.powershell.conformance import compare
from tests.powershell.engine_under_test import another_host_at_work, run_script
from tests.powershell.recordings import load
from tests.representatives import standing_for_all

USES_EXPRESSIONS = re.compile(r"(?i)-[ci]?(?:not)?(?:match|like|replace|split)|\[regex\]|Select-String|-regex")
SLOW_MATCHES = [
    "('a' * 45 + '!') -match '^(a|aa)+$'",
    "[regex]::Matches('a' * 45 + '!', '^(a|aa)+$').Count",
    "('a' * 100000) -like ('*a' * 30 + 'b')",
]
"""One for each way to search."""
SLOW_MATCHES_ELSEWHERE = [
    "('a' * 45 + '!') -replace '^(a|aa)+$', 'b'",
    "('a' * 45 + '!') -split '(a|aa)+$'",
    "('a' * 45 + '!') | Select-String '^(a|aa)+$'",
    "switch -Regex ('a' * 45 + '!') { '^(a|aa)+$' { 1 } }",
    "function f { param([ValidatePattern('^(a|aa)+$')]$x) } f ('a' * 45 + '!')",
]


@pytest.fixture
def other_host():
    with another_host_at_work() as longest_wait:
        yield longest_wait


@pytest.mark.parametrize("script", standing_for_all(SLOW_MATCHES, SLOW_MATCHES[0]))
def test_a_match_that_backtracks_for_ever_is_refused_and_the_other_host_answers_meanwhile(script, other_host):
    began = time.process_time()
    expect_refused(script, TimedMatcher())
    assert time.process_time() - began < 10
    assert other_host() < 1.5


@pytest.mark.parametrize("script", [*SLOW_MATCHES[1:], *SLOW_MATCHES_ELSEWHERE])
def test_wherever_a_match_backtracks_for_ever_it_is_refused(script):
    expect_refused(script, Impatient())


class Impatient(TimedMatcher):
    """A fortieth of the limit, which a processor is busy with all the time."""

    def compile(self, expression, flags, seconds):
        return super().compile(expression, flags, seconds / 40)


def expect_refused(script, matcher):
    ended_by = run_script(script, matcher).ended_by
    assert ended_by is not None
    assert ended_by.id == "OutsideSubset"
    assert "takes longer than" in ended_by.message


def test_what_a_real_engine_answered_to_expressions_is_answered_with_this_matcher_too():
    cases = [case for case in load() if USES_EXPRESSIONS.search(case.script)]
    assert len(cases) > 100
    assert {case.id: compare(case, TimedMatcher()).status for case in cases} == {case.id: case.status for case in cases}


def test_both_hosts_of_the_lab_use_it(tmp_path):
    lab = premises(tmp_path)
    engines = [powershell_of(lab.world, lab.rha, host, lab.clock) for host in lab.world.hosts]
    assert [engine.matcher for engine in engines] == [TimedMatcher()] * 2
