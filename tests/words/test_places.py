"""Sentences stand in `words/`: in the code, a string holds no English sentence and no Japanese."""

import ast
import re
from pathlib import Path

import pytest

from words import words_of

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("drills", "guide", "journal", "kunren", "reports", "steps")
SENTENCE = re.compile(r"[A-Za-z]{2,},?(?: [a-z]+,?){2,}|[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")
"""Three English words in a row, or a Japanese character."""
OF_PHRASES = {"en", "ja", "words"}
"""What a step binds, or accepts, in both languages."""
OF_CLICK = {"help", "metavar"}
DEVELOPERS = {"PhraseError", "TypeError", "ValueError"}
"""Errors for developers of Kunren and of steps, not for operators."""
TERMS = {key.partition(".")[2] for key in words_of("en").texts}
"""Values of the journal, which have words of their own."""
OTHERS = {
    "drills/vendor.py": "texts of the product and of the guide",
    "journal/codecs.py": "Python that is compiled",
    "journal/compiling.py": "the same",
    "journal/description.py": "the headings of docs/journal.md",
    "journal/verifier/verify.py": "what is read where there is no Kunren, in English and in ASCII",
    "kunren/__main__.py": "`words` may be what does not load",
    "kunren/pytest_plugin.py": "nothing of Kunren's is imported there, and pytest speaks English",
    "kunren/catalogue.py": "the head of docs/steps.md, which is in both languages",
    "kunren/sites/init.py": "its first question, asked in both languages at once",
    "kunren/sites/answers.py": "what `--help` says of options, in English as all of it",
    "kunren/running/beginning.py": "words that are looked for, not said",
}
"""Files that are left out, and why."""


def strings(tree):
    """Those of the code, each f-string whole, that are neither documentation nor part of what is left out."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Assert():
                pass
            case ast.ClassDef(bases=[ast.Name(id="Enum" | "StrEnum" | "IntEnum")]):
                pass
            case ast.Raise(exc=ast.Call(func=ast.Name(id=error))) if error in DEVELOPERS:
                pass
            case ast.Compare() | ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                pass
            case ast.Dict(values=values):
                for value in values:
                    yield from strings(ast.Expression(value))
            case ast.AnnAssign(value=value):
                yield from strings(ast.Expression(value)) if value else ()
            case ast.keyword(arg=name) if name in OF_PHRASES | OF_CLICK:
                pass
            case ast.Constant(value=str(text)):
                yield node.lineno, text
            case ast.JoinedStr(values=parts):
                said = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
                yield node.lineno, " ".join(said.split())
                for part in parts:
                    yield from strings(part) if isinstance(part, ast.FormattedValue) else ()
            case _:
                yield from strings(node)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_sentence_stands_in_the_code(package):
    found = [
        (f"{name}:{line}", text)
        for file in sorted((REPOSITORY / package).rglob("*.py"))
        for name in (file.relative_to(REPOSITORY).as_posix(),)
        if name not in OTHERS
        for line, text in strings(ast.parse(file.read_text(encoding="utf-8")))
        if SENTENCE.search(text) and text not in TERMS
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'say("the lab is gone")',
        'say(f"{host} does not {verb} any more")',
        'problem: str = "the lab is gone"',
        """say(f"{'the lab is gone' if gone else ''}")""",
        'say({"en": "the lab is gone"})',
        'say("環境がない")',
    ],
)
def test_a_sentence_in_the_code_is_found(code):
    assert any(SENTENCE.search(text) for _, text in strings(ast.parse(code)))
