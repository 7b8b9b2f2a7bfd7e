"""Whatever a feature file is: it is refused, or what is planned is every line of it that is a step, and no other."""

import re
import time
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from gherkin.dialect import DIALECTS
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from drills.reading import FeatureWrong, read_drill
from steps.modules import vocabulary
from tests.grouped import expect_each

REPOSITORY = Path(__file__).parents[2]
VOCABULARY = vocabulary()
SHIPPED = {
    (path.parent.name, path.stem): path.read_text(encoding="utf-8").splitlines()
    for path in sorted((REPOSITORY / "features").glob("*/*.feature"))
}
POOL = sorted({line for lines in SHIPPED.values() for line in lines})
STEP_WORDS = {
    language: tuple(
        keyword.strip() for kind in ("given", "when", "then", "and", "but") for keyword in DIALECTS[language][kind]
    )
    for language in ("en", "ja")
}
SIGNS = st.sampled_from(
    [":", "：", " ", "　", "@", "＠", "|", "#", '"', "<", ">", "。", ".", "\t", "\r", "\x0b", "*", "0", "ー", "\\"]
)


def planned(folder, text):
    path = folder / "f.feature"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_drill(path, VOCABULARY)


def is_known_step(line, language):
    """Said with a keyword of the language and a phrase of it; found here without the parser."""
    text = line.strip()
    return any(
        text.startswith(word) and any(VOCABULARY.recognising(text[len(word) :].strip(), language))
        for word in STEP_WORDS[language]
        if word != "*"
    )


@st.composite
def mutated(draw):
    """A shipped feature with a few lines and characters deleted, doubled, moved, altered or brought from elsewhere."""
    language, name = draw(st.sampled_from(sorted(SHIPPED)))
    lines = list(SHIPPED[language, name])
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        at = draw(st.integers(0, max(0, len(line) - 1)))
        match draw(st.integers(0, 9)):
            case 0:
                del lines[number]
            case 1:
                lines.insert(number, line)
            case 2:
                other = draw(st.integers(0, len(lines) - 1))
                lines[number], lines[other] = lines[other], line
            case 3:
                lines.insert(number, draw(st.sampled_from(POOL)))
            case 4:
                lines[number] = line[:at] + line[at + 1 :]
            case 5:
                lines[number] = line[:at] + draw(SIGNS) + line[at:]
            case 6:
                lines[number] = line.swapcase()
            case 7:
                lines[number] = line.replace(":", draw(st.sampled_from(["：", " :", "", " ", "；"])))
            case 8:
                lines[number] = "".join(unicodedata.normalize("NFD", line))
            case _:
                lines[number] = line.lstrip()[draw(st.integers(0, 6)) :]
        if not lines:
            return language, "\n"
    return language, "\n".join(lines) + "\n"


@given(mutated())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_drill_is_refused_or_planned_line_for_line(tmp_path_factory, feature):
    language, text = feature
    try:
        drill = planned(tmp_path_factory.getbasetemp(), text)
    except FeatureWrong:
        return
    assume(drill.language == language)
    lines = re.split(r"\r\n|\n|\r", text)
    steps = {number for number, line in enumerate(lines, 1) if is_known_step(line, language)}
    assert {step.line for chapter in drill.chapters for step in chapter.steps} == steps


LINES = st.one_of(
    st.sampled_from(POOL),
    st.sampled_from(
        [
            "Feature: f",
            "Rule: r",
            "Background:",
            "Scenario Outline: o <v>",
            "Scenario: s",
            "Examples:",
            "| v |",
            "| 1 |",
            "| <v> |",
            '"""',
            "@a @b",
            "# language: ja",
            "# language: xx",
            "* x",
            "And so on",
            'Then the Garoon version is "<v>" or later',
        ]
    ),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
)


@given(st.lists(LINES, max_size=15))
@example(["Feature: f", "@a b"])
def test_any_text_is_a_plan_or_a_sentence(tmp_path_factory, lines):
    try:
        drill = planned(tmp_path_factory.getbasetemp(), "\n".join(lines))
    except FeatureWrong:
        return
    assert all(chapter.steps for chapter in drill.chapters)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_plan_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "f.feature"
    path.write_bytes(content)
    with pytest.raises(FeatureWrong):
        read_drill(path, VOCABULARY)


ACCOUNT = "all RHA services run under the same account"
CELLS = st.text(st.characters(whitelist_categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


@given(
    tables=st.lists(st.lists(CELLS, min_size=0, max_size=5, unique=True), min_size=0, max_size=3),
    background=st.booleans(),
    rule=st.booleans(),
)
@settings(deadline=None)
def test_every_row_of_an_outline_is_a_chapter_or_the_outline_is_refused(tmp_path_factory, tables, background, rule):
    rows = [cell for table in tables for cell in table]
    assume(len({" ".join(cell.split()) for cell in rows}) == len(rows))
    text = "Feature: f\n" + ("  Rule: r\n" if rule else "")
    text += "  Background:\n    Given the virtual machine runs on the master host\n\n" if background else ""
    text += '  Scenario Outline: o <v>\n    Then the entry "<v>" is present\n'
    text += "".join(
        "    Examples:\n      | v |\n" + "".join(f"      | {cell} |\n" for cell in table) for table in tables
    )
    text += f"\n  Scenario: plain\n    Then {ACCOUNT}\n"
    folder = tmp_path_factory.getbasetemp()
    if not tables or not all(tables):
        with pytest.raises(FeatureWrong, match=r"no examples|have no rows"):
            planned(folder, text)
        return
    drill = planned(folder, text)
    assert [chapter.name for chapter in drill.chapters] == [*(f"o {cell}" for cell in rows), "plain"]
    assert [chapter.steps[-1].values for chapter in drill.chapters[:-1]] == [{"name": cell} for cell in rows]


# -- free text ------------------------------------------------------------------------------------------------------

TITLES = {
    keyword: (language, kind)
    for language in ("en", "ja")
    for kind in ("background", "rule", "scenario", "scenarioOutline")
    for keyword in DIALECTS[language][kind]
}
STEP = {"en": f"Then {ACCOUNT}", "ja": "ならば RHA のすべてのサービスが同じアカウントで実行されている"}
SCENARIO = {"en": "Scenario: last", "ja": "シナリオ: 最後"}
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


MISTYPED = [
    "{0}：",
    "{0} :",
    "{0}　：",
    "{0}﹕",
    "{0}",
    "{lower}：",
    "{upper} :",
    "{wide}:",
    "{wide}：",
    "{wide} ",
    "{half}：",
]


@pytest.mark.parametrize("below", ["feature", "scenario"])
def test_a_mistyped_keyword_is_refused_with_its_line(tmp_path, below):
    expect_each(product(TITLES, MISTYPED), lambda *case: expect_refused_with_its_line(tmp_path, below, *case))


def expect_refused_with_its_line(folder, below, keyword, mistyped):
    language, _ = TITLES[keyword]
    if not keyword.isascii() and mistyped == "{wide}:":
        mistyped = "{0} ："  # there are no wider signs
    forms = {
        "lower": keyword.lower(),
        "upper": keyword.upper(),
        "wide": keyword.translate(WIDE),
        "half": keyword if keyword.isascii() else keyword.translate({ord("シ"): "ｼ", ord("ナ"): "ﾅ", ord("テ"): "ﾃ"}),
    }
    line = mistyped.format(keyword, **forms) + " one"
    head = {"en": "Feature: f", "ja": "# language: ja\n機能: f"}[language]
    first = f"\n  {SCENARIO[language].replace('last', 'first').replace('最後', '最初')}" if below == "scenario" else ""
    text = f"{head}{first}\n    {line}\n    {STEP[language]}\n\n  {SCENARIO[language]}\n    {STEP[language]}\n"
    number = text.split("\n").index(f"    {line}") + 1
    with pytest.raises(FeatureWrong, match=f"line {number}: .*looks like «"):
        planned(folder, text)


TYPOS = (
    "Senario,Scneario,Scenaro,Szenario,Scenarrio,Scenrio Outline,Backgroud,Bakground,Rlue,Scenario 1,"
    "シナリォ,シナリナ,シナリオー,シナリオアウトラィン,シナリオ１"
)


@pytest.mark.parametrize("typo", TYPOS.split(","))
def test_a_keyword_that_is_nearly_right_is_refused(tmp_path, typo):
    text = f"Feature: f\n  {typo}: one\n\n  Scenario: two\n    {STEP['en']}\n"
    with pytest.raises(FeatureWrong, match=r"line 2: .*looks like «"):
        planned(tmp_path, text)


@pytest.mark.parametrize(
    "line",
    [
        "given the virtual machine runs on the master host",
        "GIVEN the virtual machine runs on the master host",
        "Given　the virtual machine runs on the master host",
        "Ｇｉｖｅｎ the virtual machine runs on the master host",
        "Given\tthe virtual machine runs on the master host",
        "Given: the virtual machine runs on the master host",
        "Given the virtual machine runs on the master host.",
        "Given the vitrual machine runs on the master hst",
        "Givn the virtual machine runs on the master host",
        "Them all RHA services run under the same account",
        "Assuming the virtual machine runs on the master host",
        "the virtual machine runs on the master host",
        "Then something that no phrase says",
        "前提　仮想マシンがマスタ ホストで実行中である",
        "前提：仮想マシンがマスタ ホストで実行中である",
        "前堤 仮想マシンがマスタ ホストで実行中である",
        "仮想マシンがマスタ ホストで実行中である",
        "もし １０ 秒が経過する",
        "ならば なにかが起きる",
    ],
)
def test_a_step_where_no_step_is_run_is_refused(tmp_path, line):
    text = f"Feature: f\n  {line}\n\n  Scenario: two\n    {STEP['en']}\n"
    with pytest.raises(FeatureWrong, match=r"line 2: .*looks like a step"):
        planned(tmp_path, text)


def paragraphs():
    for path in sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]):
        for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
            lines = paragraph.strip().splitlines()
            if lines and all(re.match(r"[A-Za-zぁ-んァ-ヶ一-龠]", line) for line in lines) and lines[-1][-1] in ".:":
                yield paragraph


@pytest.mark.parametrize("below", ["Feature: f", "Feature: f\n  Rule: r", "Feature: f\n  Scenario: s"])
def test_the_prose_of_the_documentation_may_stand_in_a_description(tmp_path, below):
    expect_each(paragraphs(), lambda paragraph: expect_planned_with(tmp_path, paragraph, below))


def expect_planned_with(folder, paragraph, below):
    # Gherkin itself reads lines that begin with a keyword below a scenario as steps.
    assume_no_steps = not re.search(r"(?m)^(Given|When|Then|And|But) ", paragraph)
    if below.endswith("s") and not assume_no_steps:
        below = "Feature: f"
    lines = "\n    ".join(paragraph.splitlines())
    follow = "" if below.endswith("s") else "  Scenario: s\n"
    planned(folder, f"{below}\n    {lines}\n\n{follow}    {STEP['en']}\n")


JAPANESE = [
    "もしマスタ ホストの電源が失われたら、どうなるかを確認する。",
    "前提となる環境は 2 章のとおりである。",
    "しかし、利用者には影響しない。",
    "ただし業務時間中は実施しない。",
    "シナリオの状態を確認してから始める。",
    "機能を一つずつ確認する。",
    "背景には、前回の訓練で見つかった問題がある。",
    "例えば、停電に備える場合である。",
    "ルールは運用手順書による。",
    "シナリオ名: CybozuGaroonHyper-V",
    "注意: 業務時間外に実施する",
    "目的：手順の確認",
    "マスタ ホストが停止したとき、レプリカ ホストに\n    切り替わることを確認する。",
    "かつては手動で確認していたが、\n    しかし今は訓練で確認する。",
    "Note: run it at night",
    "Availability: what users see",
    "Stability: not measured",
    "When the master host fails, the replica host\n    takes over, and users go on.",
    "Rules: see the guide",
    "- Given enough time, all hosts fail",
    "Scenario 3 of the guide is not shown here.",
    "http://localhost/ is Garoon in the guest",
]


@pytest.mark.parametrize("prose", JAPANESE)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_ordinary_prose_may_stand_in_a_description(tmp_path, prose, language):
    head = {"en": "Feature: f", "ja": "# language: ja\n機能: f"}[language]
    planned(tmp_path, f"{head}\n    {prose}\n\n  {SCENARIO[language]}\n    {STEP[language]}\n")


WORDS = st.sampled_from(
    ("the", "host", "users", "work", "later", "night", "check", "and", "then", "when", "given", "plan", "訓練", "停電")
)
OPENINGS = st.sampled_from(
    ["", "When ", "Then ", "Given ", "But ", "And ", "Scenario ", "Rule ", "もし", "前提 ", "しかし "]
)


@given(
    st.lists(st.tuples(OPENINGS, st.lists(WORDS, min_size=2, max_size=12)), min_size=1, max_size=4),
    st.sampled_from(".。!?"),
)
@settings(deadline=None)
def test_sentences_that_begin_with_a_keyword_stay_prose(tmp_path_factory, lines, end):
    text = "\n    ".join(opening + " ".join(words) for opening, words in lines) + end
    planned(tmp_path_factory.getbasetemp(), f"Feature: f\n    {text}\n\n  Scenario: s\n    {STEP['en']}\n")


# -- size -----------------------------------------------------------------------------------------------------------

MANY = 4_000
BOUND_CPU_S = 12
"""It takes about 1 s; a comparison of each step with every other would take minutes."""


@pytest.mark.parametrize(
    "text",
    [
        "Feature: f\n"
        + "".join(
            f"\n  @guide:2.P1\n  Scenario: s{n}\n    About chapter {n}.\n"
            "    Given the virtual machine runs on the master host\n"
            f'    When the entry "e{n}" is made in Garoon\n    Then the entry "e{n}" is present\n'
            for n in range(MANY)
        ),
        "# language: ja\n機能: f\n  シナリオアウトライン: 予定 <v>\n    もし ガルーンに予定「<v>」を登録する\n"
        "    ならば 予定「<v>」が反映されている\n    例:\n      | v |\n"
        + "".join(f"      | {n} |\n" for n in range(MANY)),
    ],
    ids=["scenarios", "rows"],
)
def test_thousands_of_chapters_are_planned_in_seconds(tmp_path, text):
    began = time.process_time()
    assert len(planned(tmp_path, text).chapters) == MANY
    assert time.process_time() - began < BOUND_CPU_S


def test_thousands_of_mistakes_are_found_in_seconds(tmp_path):
    began = time.process_time()
    with pytest.raises(FeatureWrong, match="more mistakes are not listed"):
        planned(
            tmp_path,
            "Feature: f\n" + "".join(f"\n  Scenario: s{n}\n    Given the vrtual machine {n}\n" for n in range(MANY)),
        )
    assert time.process_time() - began < BOUND_CPU_S
