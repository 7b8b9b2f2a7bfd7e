"""Every key of both languages: the same in both, used by the code, and told in the language itself."""

import ast
import re
import string
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from lab.site.acceptance_terms import AcceptanceTerms
from lab.site.exercise_terms import ExerciseTerms
from lab.site.profile import EventText, ProfileFile
from lab.site.terms import SiteTerms
from lab.site.toml_table import Table
from words import words_of

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("board", "drills", "journal", "kunren", "lab", "reports", "steps", "words")
PRODUCT_TERMS = ("state.", "heartbeat.", "what.")
"""Groups of which one language shows some terms as the products write them."""
TEMPLATE_TEXT = re.compile(r"""["']([a-z_]+\.[^"']*)["'](\s*[~+])?""")
TEMPLATES = ("*.jinja", "page/*.html", "page/*.js")
TEMPLATE_TERM = re.compile(r"""known\(["']([a-z_]+)["']""")
OF_OTHERS = re.compile(r"""\{[^}]*\}|%\w|`[^`]*`|《[^》]*》|"[^"]*"|[\w.\\/-]*[.\\/_=-][\w.\\/-]*""")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
NAMES_ONLY = 3
"""Words in a row that a product's name may have."""
FORBIDDEN = {
    "en": ("nobody", "whoever", "foil"),
    "ja": ("オペレータ", "カナリア", "リストア", "プリフライト", "デフォルト"),
}


def own_keys(language):
    return {key for key in words_of(language).texts if not key.startswith(PRODUCT_TERMS)}


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@cache
def used():
    """Patterns of all texts in the code that may be keys: with any text where a value is put in."""
    found = set()
    for package in PACKAGES:
        for file in (REPOSITORY / package).rglob("*.py"):
            found |= set(patterns(ast.parse(file.read_text(encoding="utf-8"))))
        for file in (each for ending in TEMPLATES for each in (REPOSITORY / package).rglob(ending)):
            template = file.read_text(encoding="utf-8")
            found |= {re.escape(text) + (".+" if more else "") for text, more in TEMPLATE_TEXT.findall(template)}
            found |= {re.escape(group) + r"\..+" for group in TEMPLATE_TERM.findall(template)}
    return re.compile("|".join(sorted(found)))


def patterns(tree):
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=begin), *rest]) if re.match(r"[a-z_]+\.", begin):
                yield re.escape(begin) + "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in rest
                )
            case ast.Call(func=ast.Attribute(attr="known"), args=[ast.Constant(value=str(group)), *_]):
                yield re.escape(group) + r"\..+"
            case ast.Constant(value=str(text)) if re.match(r"[a-z_]+\.", text):
                yield re.escape(text)


def asked_for(tree):
    """The keys that are written out where a text is asked for."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="sentence" | "words"), args=[ast.Constant(value=str(key)), *_]):
                yield key


def test_both_languages_say_the_same_things():
    assert own_keys("en") == own_keys("ja")


def test_both_languages_have_the_same_places_for_values():
    en, ja = words_of("en").texts, words_of("ja").texts
    assert [key for key in own_keys("en") if places(en[key]) != places(ja[key])] == []


def test_every_text_is_used():
    assert [key for key in words_of("ja").texts if not used().fullmatch(key)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_what_the_code_asks_for_is_there(package):
    for file in (REPOSITORY / package).rglob("*.py"):
        asked = set(asked_for(ast.parse(file.read_text(encoding="utf-8"))))
        assert asked <= words_of("en").texts.keys(), file


def test_a_japanese_text_is_japanese():
    """Only names and terms of products, and patterns of times, have no Japanese in them."""
    assert [key for key, text in words_of("ja").texts.items() if not is_japanese(text)] == []


def is_japanese(text):
    told = OF_OTHERS.sub("", text)
    return JAPANESE.search(told) or len(re.findall("[A-Za-z]+", told)) <= NAMES_ONLY


@pytest.mark.parametrize(
    ("language", "word"), [(language, word) for language, words in FORBIDDEN.items() for word in words]
)
def test_a_word_that_is_not_kunrens_is_not_said(language, word):
    assert [key for key, text in words_of(language).texts.items() if word in text] == []


def test_what_a_key_of_a_site_file_or_a_profile_holds_is_described_in_japanese_too():
    described = {
        field.description
        for root in (SiteTerms, ProfileFile, EventText, ExerciseTerms, AcceptanceTerms)
        for table in tables_below(root)
        for field in table.model_fields.values()
        if field.description
    }
    assert described == {key.removeprefix("what.") for key in words_of("ja").texts if key.startswith("what.")}


def tables_below(table):
    """The tables that a site file may have."""
    for kind in (table, *table.__subclasses__()):
        yield kind
        for field in kind.model_fields.values():
            for inner in (field.annotation, *get_args(field.annotation)):
                if isinstance(inner, type) and issubclass(inner, Table):
                    yield from tables_below(inner)
