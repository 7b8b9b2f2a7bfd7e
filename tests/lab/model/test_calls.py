"""What an observer is told: secrets masked at any depth, long answers cut where it is said."""

from hypothesis import given
from hypothesis import strategies as st

from lab.model.calls import DEEPER_ANSWER, MASK, redacted, redacted_answer, trimmed

names = st.sampled_from(["Name", "Password", "clientSecret", "TOKEN", "Guest"])
arguments = st.recursive(
    st.dictionaries(names, st.just("x")),
    lambda inner: st.dictionaries(names, inner | st.lists(inner, max_size=2), max_size=3),
    max_leaves=6,
)


def secrets_shown(value):
    if isinstance(value, dict):
        return any(
            (name in ("Password", "clientSecret", "TOKEN") and inner != MASK) or secrets_shown(inner)
            for name, inner in value.items()
        )
    return isinstance(value, list) and any(secrets_shown(item) for item in value)


@given(arguments)
def test_no_secret_is_left_at_any_depth(value):
    assert not secrets_shown(redacted(value))


def test_other_values_stay():
    assert redacted({"Name": "Garoon", "Guest": ["a", "b"], "TurnOff": False}) == {
        "Name": "Garoon",
        "Guest": ["a", "b"],
        "TurnOff": False,
    }


def test_long_texts_and_lists_are_cut_and_say_so():
    assert trimmed("y" * 401) == "y" * 400 + "… (1 more characters)"
    assert trimmed(tuple(range(42))) == [*range(40), "… (2 more)"]
    assert trimmed({"a": [{"b": "c"}]}) == {"a": [{"b": "c"}]}
    assert len(trimmed({str(each): each for each in range(202)})) == 201
    assert trimmed({str(each): each for each in range(202)})["…"] == "(2 more)"
    assert trimmed({"y" * 401: 1, "y" * 400 + "z": 2}) == {
        "y" * 400 + "… (1 more characters)": 1,
        "y" * 400 + "… (1 more characters) (2)": 2,
    }


def test_a_secret_in_lists_of_lists_is_masked():
    assert redacted_answer([[{"Password": "x"}]]) == [[{"Password": MASK}]]


def test_an_answer_of_any_depth_is_told_down_to_a_limit():
    answer = "x"
    for _ in range(900):
        answer = [{"a": answer}]
    told, levels = redacted_answer(answer), 0
    while told != DEEPER_ANSWER:
        told, levels = told[0] if levels % 2 == 0 else told["a"], levels + 1
    assert levels == 30
    trimmed(redacted_answer(answer))
