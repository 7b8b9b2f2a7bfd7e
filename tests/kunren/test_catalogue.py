"""The table of steps: current, in both languages, with the words each may be said with."""

import pytest

from kunren.catalogue import document, tables
from steps.modules import SUBJECTS, vocabulary
from tests.kunren.conftest import REPOSITORY
from tests.kunren.test_cli import kunren


def test_the_documented_steps_are_current():
    """If not: .venv/bin/python -m kunren steps --all > docs/steps.md"""
    assert (REPOSITORY / "docs" / "steps.md").read_text(encoding="utf-8") == "\n".join(document()) + "\n"


@pytest.mark.parametrize(("language", "kind"), [("en", "| Given |"), ("ja", "| 前提 |")])
def test_the_command_prints_one_line_a_phrase(tmp_path, language, kind):
    lines = kunren("steps", "--lang", language, cwd=tmp_path).stdout.splitlines()
    assert sum(line.startswith("| ") for line in lines) == 2 * len(SUBJECTS) + len(vocabulary().phrases)
    assert any(line.startswith(kind) for line in lines)


@pytest.mark.parametrize(("language", "words"), [("en", "state: running, off, saved"), ("ja", "state: 実行中, オフ")])
def test_a_step_tells_the_words_it_knows(language, words):
    assert any(words in line for line in tables(language))
