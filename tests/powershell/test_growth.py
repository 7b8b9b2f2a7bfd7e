"""What gathers objects takes no time that grows with the square of their number."""

import time

import pytest

from tests.powershell.engine_under_test import run_script


@pytest.mark.parametrize(
    "script",
    [
        "1..4000 | Group-Object",
        '1..4000 | ForEach-Object { "k$_" } | Group-Object',
        "4000..1 | Sort-Object -Unique",
        "1..4000 | Select-Object -Unique",
        '1..4000 | ForEach-Object { "k$_" } | Select-Object -Unique',
        '1..4000 | ForEach-Object { [pscustomobject]@{ a = "k$_"; b = $_ % 2 } } | Select-Object a, b -Unique',
    ],
)
def test_thousands_of_objects_that_all_differ_take_a_moment(script):
    began = time.process_time()
    assert run_script(f"@({script}).Count").text == "4000\n"
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("values", "another", "kept"),
    [
        ("'a', 'A', 'a', 'b', 'b'", "é", "a A b"),
        ("1, 2, 1", "0.5", "1 2"),
        ("1, '1', 2, '2', '3', 3", "0.5", "1 2 3"),
        ("'1', 1, '01', 1", "é", "1 01"),
        ("1, 1.0, 2.5, 2.5", "0.5", "1 2.5"),
        ("'a', \"a`0\", 'b', 'a'", "é", "a b"),
    ],
)
def test_what_is_unique_does_not_depend_on_the_way_it_is_found(values, another, kept):
    """A value of no plain type lets each be compared with each."""

    def unique(*more):
        given = ", ".join((values, *more))
        return run_script(f'@({given}) | Select-Object -Unique | ForEach-Object {{ "$_" }}').text.split()

    assert unique() == kept.split()
    assert unique(another if another.startswith("0") else f"'{another}'") == [*kept.split(), another]
