"""`kunren steps`: every step a drill can be written with, as a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drills.vocabulary import Kind, Phrase, Vocabulary
from words import Language

KINDS: Mapping[Language, Mapping[Kind, str]] = {
    "en": {"given": "Given", "when": "When", "then": "Then"},
    "ja": {"given": "前提", "when": "もし", "then": "ならば"},
}
HEADS: Mapping[Language, Sequence[str]] = {
    "en": ("Kind", "Step", "What for", "Words and numbers"),
    "ja": ("種類", "ステップ", "内容（実装の説明）", "指定できる語と数"),
}
TITLES: Mapping[Language, str] = {"en": "English", "ja": "日本語"}
ABOUT = """# Steps

Every step a drill can be written with, in both languages. Made by `kunren steps`; a test keeps it current.
`{minutes}` stands for a whole number within the bounds given, in plain digits; `{…}` in quotes for one of the words
given, or for any text where none are.
"""


def table(vocabulary: Vocabulary, language: Language) -> Iterator[str]:
    head = HEADS[language]
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for phrase in vocabulary.phrases:
        cells = (
            KINDS[language][phrase.kind],
            phrase.text(language),
            phrase.purpose,
            _words(phrase, language),
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def document(vocabulary: Vocabulary) -> str:
    """docs/steps.md: both languages, one after the other."""
    parts = [ABOUT]
    for language, title in TITLES.items():
        parts.append("\n".join((f"## {title}", "", *table(vocabulary, language), "")))
    return "\n".join(parts)


def _words(phrase: Phrase, language: Language) -> str:
    """Words of both languages stand in one list; the one that is asked for is told by its script."""
    own = {
        name: ", ".join([word for word in words if word.isascii() == (language == "en")] or words)
        for name, words in phrase.words.items()
    }
    bounds = {
        name: placeholder.range
        for name, placeholder in phrase.wording(language).placeholders.items()
        if placeholder.range
    }
    return "; ".join(f"{name}: {what}" for name, what in (own | bounds).items())
