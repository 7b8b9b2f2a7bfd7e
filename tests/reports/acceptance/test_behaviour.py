import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.acceptance.behaviour import numberless, steady


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("started at 2012-09-25T13:23:07.5600000+00:00", "started at …"),
        ("訓練 2012/09/25 22:05:20 #1", "訓練 … #1"),
        ("127.0.0.1:45933", "127.0.0.1:…"),
        ("/schedule/view?event=1043&bdate=2012-09-25", "/schedule/view?event=…&bdate=…"),
        ("VLAN 12 on 192.0.2.10", "VLAN 12 on 192.0.2.10"),
    ],
)
def test_what_differs_from_run_to_run_is_taken_out_and_no_more(text, expected):
    assert steady(text) == expected


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_countdown_says_the_same_all_the_way_down(one, other):
    message = "スイッチオーバーまでのカウントダウン: 残り {} 秒"
    assert numberless(message.format(one)) == numberless(message.format(other))
