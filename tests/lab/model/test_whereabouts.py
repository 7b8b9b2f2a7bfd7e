"""Whose doing it is that the guest runs where it runs."""

from hypothesis import given
from hypothesis import strategies as st

from lab.model.whereabouts import Whereabouts


def test_a_move_that_the_drill_commanded_is_its_own():
    where = Whereabouts("TOKYO")
    where.commanded()
    where.seen("TOKYO")
    assert not where.moved_by_drill
    where.seen("OSAKA")
    assert where.moved_by_drill
    assert not where.moved_by_others


def test_a_move_without_a_command_is_the_products_or_another_operators():
    where = Whereabouts("TOKYO")
    where.seen("OSAKA")
    assert where.moved_by_others
    assert not where.moved_by_drill


def test_a_command_that_was_refused_moves_nothing():
    where = Whereabouts("TOKYO")
    where.commanded()
    where.declined()
    where.seen("OSAKA")
    assert where.moved_by_others


def test_a_move_after_the_drill_has_brought_the_guest_home_is_not_the_drills():
    where = Whereabouts("TOKYO")
    for host in ("OSAKA", "TOKYO"):
        where.commanded()
        where.seen(host)
    where.seen("OSAKA")
    assert where.moved_by_others


@given(st.lists(st.sampled_from(["command", "TOKYO", "OSAKA"])))
def test_without_any_command_nothing_is_ever_the_drills(events):
    where = Whereabouts("TOKYO")
    for event in events:
        if event != "command":
            where.seen(event)
    assert not where.moved_by_drill
