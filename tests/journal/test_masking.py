"""Masking: no form of a secret is left in what comes from outside, and everyday words stay."""

import base64
import html
import json
import random
import urllib.parse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journal.masking import EVERYDAY, SHORTEST, Masking
from lab.model.calls import MASK

ESCAPED = {
    "literal": lambda secret: secret,
    "upper case": str.upper,
    "lower case": str.lower,
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON twice": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "XML": html.escape,
    "XML by numbers": lambda secret: "".join(f"&#{ord(each)};" for each in secret),
    "URL": lambda secret: urllib.parse.quote(secret, safe=""),
    "URL in lower case": lambda secret: urllib.parse.quote(secret, safe="").lower(),
    "form": urllib.parse.quote_plus,
    "PowerShell": lambda secret: secret.replace("'", "''"),
}
ENCODED = {
    "hex": lambda secret: secret.encode().hex(),
    "upper hex": lambda secret: secret.encode().hex().upper(),
    "spaced hex": lambda secret: secret.encode().hex(" "),
    "hex of UTF-16": lambda secret: secret.encode("utf-16-le").hex("-").upper(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode().rstrip("="),
    "base64 of UTF-16": lambda secret: base64.b64encode(secret.encode("utf-16-le")).decode().rstrip("="),
}
FORMS = ESCAPED | ENCODED
characters = st.characters(codec="utf-8") | st.sampled_from("\"\\'<>&$`/+% ●…😀éß\n\t")
secrets = st.text(characters, min_size=1, max_size=24)
words = st.text(st.sampled_from("abc XYZ019.-_/\\:;=\"'<>&%●…あ"), max_size=12)


def everyday(text):
    return len(text) < EVERYDAY and (text.isalpha() or text.isdecimal())


@given(secrets, st.sampled_from(sorted(FORMS)), words, words)
def test_no_form_of_a_secret_is_left(secret, form, before, after):
    """Letters alone or digits alone of fewer than 8 are looked for as a word of their own only."""
    written = FORMS[form](secret)
    told_by = secret if form in ESCAPED else written.replace("-", "").replace(" ", "")
    assume(secret.strip() and len(told_by) >= SHORTEST)
    text = f" {written} " if everyday(told_by) else f"{before}{written}{after}"
    left = Masking([secret]).text(text)
    assert written.lower() not in left.lower()
    assert MASK in left


WAYS = (
    str,
    str.upper,
    lambda each: f"\\u{ord(each):04x}",
    lambda each: f"_x{ord(each):04X}_",
    html.escape,
    lambda each: f"&amp;#x{ord(each):x};",
    lambda each: f"%25{ord(each):02X}",
    lambda each: "+" if each == " " else each,
    lambda each: f"\\{each}",
    lambda each: f"`{each}",
    lambda each: each * 2,
    lambda each: f"{each} ",
)


@given(st.text(st.sampled_from("abcXYZ019.-_/\\:;=\"'<>&%$`+ !#"), min_size=SHORTEST, max_size=16), st.data())
def test_what_is_ruled_out_at_little_cost_holds_no_secret(secret, data):
    assume(secret.strip())
    sought = Masking([secret])._forms
    written = "".join(data.draw(st.sampled_from(WAYS))(each) for each in secret)
    coded = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    for text in (written, coded):
        assert not (sought._is_free(text) and sought._pattern.search(text))


def test_most_texts_are_ruled_out_at_little_cost():
    sought = Masking(["lab-0f1e2d3c4b5a69788796"])._forms
    assert sought._is_free(r"The scenario 'Garoon' runs on C:\VM_1, 100 %; http://host/a+b?c=d&5")
    assert not sought._is_free("lab-0F1E2D3C4B5A69788796")


@given(secrets, st.integers(0, 5), st.binary(max_size=5), st.sampled_from(["utf-8", "utf-16-le"]))
def test_no_secret_is_left_inside_longer_base64(secret, before, after, encoding):
    assume(secret.strip())
    data = bytes(range(65, 65 + before)) + secret.encode(encoding) + after
    left = Masking([secret]).text(f"x {base64.b64encode(data).decode()} y")
    first, last = -(-8 * before // 6), 8 * (before + len(secret.encode(encoding))) // 6
    core = base64.b64encode(data).decode()[first:last]
    assume(len(core) >= SHORTEST and not everyday(core))
    assert core not in left


@given(st.lists(secrets, min_size=1, max_size=2), words)
def test_of_secrets_that_begin_alike_no_tail_is_left(several, around):
    """Whatever the order in which they are told."""
    longest = max(several, key=len) + "xyz9"
    beginnings = [longest[:length] for length in (SHORTEST, len(longest) // 2, len(longest) - 1)]
    random.Random(0).shuffle(beginnings)
    assume(longest.strip())
    left = Masking([*beginnings, *several, longest]).text(f"{around} {longest} {around}")
    assert "xyz9" not in left


@given(secrets)
def test_keys_and_numbers_are_masked_and_no_member_is_lost(secret):
    assume(len(secret) >= EVERYDAY and secret.strip())
    value = {f"{secret}1": [secret, 1], f"{secret}2": {"a": secret}, "b": None}
    left = Masking([secret]).value(value)
    assert len(left) == 3
    assert secret not in json.dumps(left, ensure_ascii=False)
    assert Masking(["20261131"]).value({"a": 20261131, "b": [1.20261131], "c": True}) == {
        "a": MASK,
        "b": [f"1.{MASK}"],
        "c": True,
    }


def test_the_beginning_of_a_secret_that_was_cut_is_masked():
    assert Masking(["lab-2012-long"]).text("login lab-2012-l… (12 more characters)") == (
        f"login {MASK}… (12 more characters)"
    )


@pytest.mark.parametrize("secret", ["20", "e", "ok"])
def test_a_secret_that_is_everywhere_is_not_masked_and_says_so(secret):
    masking = Masking([secret])
    text = "the end of 2026-11-30T10:20:20 is ok"
    assert masking.text(text) == text
    assert masking.unmaskable


@pytest.mark.parametrize(
    ("secret", "text", "left"),
    [
        ("drill", "EXAMPLE\\drill drills, login drill fails", f"EXAMPLE\\drill drills, login {MASK} fails"),
        (
            "2026",
            "2026-11-30T20:26:00, version 10.0.2026, PW=2026",
            f"2026-11-30T20:26:00, version 10.0.2026, PW={MASK}",
        ),
        ("Garoon", "CybozuGaroonHyper-V, user:garoon@host", f"CybozuGaroonHyper-V, user:{MASK}@host"),
        ("s3cret", "xs3cretx", f"x{MASK}x"),
    ],
)
def test_a_word_or_number_of_everyday_is_masked_where_it_stands_alone(secret, text, left):
    assert Masking([secret]).text(text) == left


def test_what_the_record_tells_openly_is_not_masked_elsewhere():
    masking = Masking(
        ["Garoon", "main-site-1", "switch"], said=["Garoon runs", "the main-site-1 of Tokyo", "switchover"]
    )
    assert masking.text("Garoon main-site-1 switch") == f"Garoon main-site-1 {MASK}"
    assert masking.unmaskable


def test_without_secrets_everything_stays():
    value = {"a": ["…\\&"], "b": 1}
    assert Masking().value(value) is value
    assert Masking(["", "   "]).text("a    b") == "a    b"
