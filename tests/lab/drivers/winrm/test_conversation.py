"""The talk with the resident: however its bytes are cut and whatever scripts print, answers are what was answered."""

import base64
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.winrm.conversation import DEEPEST, Conversation, Flooded, ScriptError, TooDeep, TooOld, pieces

texts = st.text(max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
chatter = st.text(st.characters(exclude_characters="\x1e", exclude_categories=["Cs"]), max_size=60)


def answer_line(identity, **parts):
    return b"\x1e" + json.dumps({"id": identity, **parts}, ensure_ascii=False).encode() + b"\r\n"


def asked(token="token"):
    conversation = Conversation(token)
    conversation.ask("1", {})
    return conversation


def cut(content, places):
    edges = sorted({0, len(content), *(place % (len(content) + 1) for place in places)})
    return [content[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(values, max_size=3), chatter, chatter, st.lists(st.integers(0, 10_000), max_size=12))
def test_any_cutting_of_the_bytes_gives_the_same_answer_and_the_same_stray(output, before, after, places):
    content = before.encode() + answer_line("token-1", output=output) + after.encode() + b"\n"
    whole, parts = asked(), asked()
    expected = whole.hear(content)
    heard = [answer for piece in cut(content, places) if (answer := parts.hear(piece)) is not None]
    assert heard == [expected]
    assert expected.output == tuple(output)
    assert parts.stray == whole.stray


@given(st.text(max_size=200))
def test_no_text_a_script_prints_is_an_answer(text):
    conversation = asked()
    assert conversation.hear(text.encode() + b"\n") is None


@given(texts, values)
def test_an_answer_with_another_id_is_stray(identity, value):
    conversation = asked("1f0a")
    assert conversation.hear(answer_line(identity, output=[value])) is None
    assert len(conversation.stray) == 1


plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.text(), st.dictionaries(texts, values, max_size=4), st.dictionaries(texts, plain, max_size=3))
def test_a_request_is_one_line_that_says_it_all_and_its_secrets_beside_it(script, arguments, secrets):
    line = Conversation("token").ask(script, arguments, secrets)
    assert line.endswith(b"\n")
    first, *others = (base64.b64decode(word, validate=True) for word in line.removesuffix(b"\n").split(b" "))
    request = {"id": "token-1", "script": script, "arguments": arguments, "secrets": list(secrets)}
    assert json.loads(first) == request
    assert [each.decode() for each in others] == list(secrets.values())


@given(st.integers(1, 40), st.booleans())
def test_an_answer_that_nests_without_end_is_none(depth, objects):
    value = 1
    for _ in range(depth):
        value = {"x": value} if objects else [value]
    conversation = asked()
    if depth + 2 > DEEPEST:
        with pytest.raises(TooDeep):
            conversation.hear(answer_line("token-1", output=[value]))
    else:
        assert conversation.hear(answer_line("token-1", output=[value])).output == (value,)


def test_a_powershell_that_is_too_old_says_so_before_anything_was_run():
    with pytest.raises(TooOld, match=r"^2\.0$"):
        asked().hear(b'\x1e{"powershell": "2.0"}\r\n')


def test_a_script_cannot_call_a_powershell_too_old_that_has_answered():
    conversation = asked()
    conversation.hear(answer_line("token-1", output=[]))
    conversation.ask("2", {})
    assert conversation.hear(b'\x1e{"powershell": "2.0"}\r\n') is None


@given(st.binary(max_size=400_000))
def test_pieces_join_to_the_line_and_fit_a_message(line):
    parts = list(pieces(line))
    assert b"".join(parts) == line
    assert all(len(base64.b64encode(part)) < 150 * 1024 - 4096 for part in parts)


def test_an_answer_behind_an_unfinished_line_is_found():
    conversation = asked()
    assert conversation.hear(b"progress 10%" + answer_line("token-1", output=[1])).output == (1,)
    assert conversation.stray == ("progress 10%",)


def test_the_second_answer_to_one_request_is_stray():
    conversation = asked()
    answer = conversation.hear(answer_line("token-1", output=[1]) + answer_line("token-1", output=[2]))
    assert answer.output == (1,)
    assert conversation.stray == ('{"id": "token-1", "output": [2]}',)


def test_a_late_answer_does_not_answer_the_next_request():
    conversation = asked()
    conversation.ask("2", {})
    assert conversation.hear(answer_line("token-1", output=[1])) is None
    assert conversation.hear(answer_line("token-2", output=[2])).output == (2,)


def test_an_error_is_told_by_its_parts():
    conversation = asked()
    error = {"id": "E,Get-VM", "category": "InvalidArgument", "message": "見つかりません", "position": None}
    assert conversation.hear(answer_line("token-1", error=error)).error == ScriptError(
        "E,Get-VM", "InvalidArgument", "見つかりません", ""
    )


@pytest.mark.parametrize(
    "candidate",
    [
        b"{",
        b"[]",
        b"NaN",
        b"[" * 100000,
        b'{"id": "token-1"}',
        b'{"id": "token-1", "output": 1}',
        b'{"id": "token-1", "output": [NaN]}',
        b'{"id": "token-1", "output": [], "error": {}}',
        b"\xff\xfe",
    ],
)
def test_what_is_not_quite_an_answer_is_stray(candidate):
    conversation = asked()
    assert conversation.hear(b"\x1e" + candidate + b"\n") is None
    assert len(conversation.stray) == 1


def test_a_flood_is_stopped_whether_or_not_it_has_lines():
    for line in (b"x" * 1000, b"x" * 999 + b"\n"):
        conversation = Conversation("token", maximum_output=10_000)
        conversation.ask("1", {})
        for _ in range(10):
            assert conversation.hear(line) is None
        with pytest.raises(Flooded):
            conversation.hear(line)


def test_stray_output_is_kept_within_bounds_and_forgotten_with_the_next_request():
    conversation = asked()
    conversation.hear(b"".join(b"%d" % number + b"y" * 2000 + b"\n" for number in range(500)))
    conversation.hear_error(b"error\n")
    assert len(conversation.stray) == 201
    assert conversation.stray[-1] == "…"
    assert max(map(len, conversation.stray)) == 1001
    conversation.ask("2", {})
    assert conversation.stray == ()


def test_what_a_process_had_begun_to_print_when_it_ended_is_stray():
    conversation = asked()
    conversation.hear(b"half a l")
    conversation.fall_silent()
    assert conversation.stray == ("half a l",)
