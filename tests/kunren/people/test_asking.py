"""People who are asked at the terminal, as they see it and type."""

import json
import re
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import dropwhile, takewhile
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from drills.interruption import ONE_REQUEST_S
from kunren.cli import main
from kunren.exits import Stop
from kunren.people import keyboard
from kunren.running import afterwards
from kunren.running.drills import choose
from kunren.running.permission import asks_people, restored_by_people
from lab.drivers.operator.desk import Desk
from lab.model.undertakings import Change, Undertaking
from lab.site.file import load_site
from lab.site.terms import By
from tests.kunren.at_terminal import AtTerminal
from tests.kunren.commands import run
from tests.kunren.conftest import MOVES, SELDOM_PROBED
from tests.kunren.real_lab import real_lab
from tests.kunren.running.test_permission import SITE
from tests.kunren.visitor import without_browser
from tests.under_way import entries_so_far

CLEAN = "4-1-clean-switchover"
FIRST = "QUESTION 1  Read the scenario view"
BY_COMMANDS = '[rha]\nby = "powershell"\n'


@pytest.fixture
def operated(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}', encoding="utf-8")
    return site


@pytest.fixture
def real(tmp_path, monkeypatch):
    """Of hosts that are not there; people do what no discovery has confirmed."""
    monkeypatch.setenv("PASSWORD", "aPasswordOfTheTest")
    site = tmp_path / "tokyo.toml"
    text = SITE.replace("hv1.example", "127.0.0.1").replace("hv2.example", "localhost").replace(":5986", ":9")
    site.write_text(text.replace("garoon.example", "127.0.0.1:9"), encoding="utf-8")
    return site


def practised(tmp_path, site, *options, drill=CLEAN, before=()):
    """A drill of the simulated lab at whose terminal Sato practises."""
    arguments = (drill, "--site", site, "--out", tmp_path / "record", "--person", "Sato=lead")
    return AtTerminal("drill", *arguments, *options, before=before)


def entries(tmp_path, what):
    return [entry for entry in entries_so_far(tmp_path / "record" / "journal.jsonl") if entry["what"] == what]


ATTESTED = "Attest: «I was present, and the drill went as its record says.»"
SHOWN = ("Send this answer", "Fill in what it shows", "The window shows none", ATTESTED)
DONE = ("Send this answer", "Let the SIMULATED manager do it", "Done", *SHOWN)
TEXTS = ("may be empty): ", "(empty: now): ")
OPTION = re.compile(r"  (\d)  (\S.*?) *")


def number_of(drill, *options):
    """The number beside the first of these options, as they were offered last."""
    lines = [OPTION.fullmatch(line) for line in reversed(drill.screen.splitlines())]
    last = takewhile(bool, dropwhile(lambda found: found is None, lines))
    offered = {found[2]: found[1] for found in last}
    found = next((offered[each] for each in options if each in offered), None)
    assert found is not None, (options, drill.screen[-2000:])
    return found


def answer(drill, until, chosen=SHOWN):
    """Chooses by number, and leaves texts empty, until something else is seen."""
    while (seen := drill.see((until, "Number: ", *TEXTS))) != until:
        drill.type(number_of(drill, *chosen) if seen == "Number: " else "")


# -- a whole drill -----------------------------------------------------------------------------------------------------

ATTESTS = "「訓練に立ち会い、記録のとおりに行われたことを確認しました。」と記録する"
PRACTISED = (
    "再開する",
    ATTESTS,
    "この内容で回答する",
    "模擬のマネージャで実行する",
    "完了",
    "表示の内容を入力欄に写す",
    "何も表示されていない",
)


def followed():
    """As on Windows, where `select` knows no terminal."""
    keyboard.keys = cache(keyboard.FollowedKeys)


def test_a_person_practises_a_drill_at_the_terminal_notes_holds_and_attests_it(operated, tmp_path):
    short = tmp_path / "short.feature"
    short.write_text(MOVES, encoding="utf-8")
    options = ("--lang", "ja", "--pause", "before-restoration")
    with practised(tmp_path, operated, *options, drill=short, before=[followed]) as drill:
        drill.see("番号: ")
        drill.type(number_of(drill, "メモを残す"))
        drill.see("メモ: ")
        drill.type("時計が 2 秒進んでいる")
        drill.see("番号: ")
        drill.type(number_of(drill, "次の手順の前で訓練を一時停止する"))
        drill.see("次の手順の前で訓練を一時停止します")
        while (seen := drill.see(("report: ", "番号: ", "空欄は現在）: ", "空欄可）: "))) != "report: ":
            drill.type(number_of(drill, *PRACTISED) if seen == "番号: " else "")
        drill.see("環境は訓練前の状態に戻っています。")
        assert drill.wait(30) == 0
    answered = entries(tmp_path, "person.answered")
    assert {(each["by"], each["role"]) for each in answered} == {("Sato", "lead")}
    assert {each["outcome"] for each in answered} == {"done", "told"}
    [joined] = entries(tmp_path, "person.joined")
    assert (joined["by"], joined["role"], joined["terminal"]) == ("Sato", "lead", True)
    [noted], [attested] = entries(tmp_path, "person.noted"), entries(tmp_path, "person.attested")
    assert (noted["by"], noted["said"]) == ("Sato", "時計が 2 秒進んでいる")
    assert attested["said"] in ATTESTS
    assert [(each["point"], each.get("by", "")) for each in entries(tmp_path, "pause.began")] == [
        ("before the next step", "Sato"),
        ("before the restoration", ""),
    ]
    assert [(each["ending"], each["by"]) for each in entries(tmp_path, "pause.ended")] == [("continued", "Sato")] * 2
    assert "作業 5  シナリオを作成する" in drill.screen
    for part in (
        "担当 ",
        "ホスト ",
        "画面・場所 ",
        "対象 ",
        "期限 ",
        "次の順に操作する",
        "してはならないこと",
        "入力する値",
    ):
        assert part in drill.screen
    assert "操作を止め、訓練責任者に連絡する。" in drill.screen


# -- answers -----------------------------------------------------------------------------------------------------------


def test_choices_are_numbers_texts_are_typed_and_what_does_not_fit_is_asked_again(operated, tmp_path):
    with practised(tmp_path, operated) as drill:
        drill.see(FIRST)
        drill.see("Number: ")
        drill.type("9")
        drill.see("Type a number from 1 to 7.")
        drill.type(number_of(drill, "The window shows none"))
        drill.see("What else you see (may be empty): ")
        drill.type("the window is empty")
        drill.see("QUESTION 2")
        drill.see("Number: ")
        drill.type("1")
        drill.see("version (may be empty): ")
        drill.type("16.0")
        drill.see("up to date, by number: ")
        drill.type("perhaps")
        drill.see("«up to date» does not take this value.")
        drill.see("by number: ")
        drill.type("1")
        drill.see("Enter it again")
        assert "16.0" in drill.since
        drill.type("1")
        drill.see("What else you see")
        drill.type("")
        drill.see("QUESTION 3")
        drill.type("", end="\x03")
        assert drill.wait(30) == 130
    first, second, third = entries(tmp_path, "person.answered")
    assert (first["outcome"], first["remark"]) == ("told", "the window is empty")
    assert second["rows"] == [{"version": "16.0", "up_to_date": "true"}]
    assert third["outcome"] == "no answer", "Ctrl-C"


def to_the_first_task(drill):
    """By the questions before it, as the SIMULATED manager shows the answers."""
    answer(drill, until="TASK 5")
    drill.see("Number: ")


def test_a_task_that_is_not_possible_needs_a_reason_and_fails_the_step(operated, tmp_path):
    with practised(tmp_path, operated) as drill:
        to_the_first_task(drill)
        drill.type(number_of(drill, "Not possible"))
        drill.see("Because: ")
        drill.type("")
        drill.see("The text is empty")
        drill.type("the button is grey")
        answer(drill, until="report: ")
        assert drill.wait(60) == 1
    [asked] = [each for each in entries(tmp_path, "person.answered") if each["outcome"] == "not possible"]
    assert (asked["by"], asked["remark"]) == ("Sato", "the button is grey")


def test_a_time_that_is_none_is_asked_again_and_one_of_today_is_kept(operated, tmp_path):
    with practised(tmp_path, operated) as drill:
        to_the_first_task(drill)
        drill.type(number_of(drill, "Done"))
        drill.see("(empty: now): ")
        drill.type("half past nine")
        drill.see("The time is not a time of day")
        drill.type("21:30")
        drill.see("What the window said")
        drill.type("it closed")
        drill.see("QUESTION 6")
        drill.type("", end="\x03")
        answer(drill, until="report: ")
        assert drill.wait(60) == 130
    [done] = [each for each in entries(tmp_path, "person.answered") if each["outcome"] == "done"]
    assert "T21:30:00" in done["done"]
    assert done["remark"] == "it closed"


@pytest.mark.parametrize("at", ["question", "task"])
def test_who_aborts_stops_the_drill_and_the_lab_is_restored(at, operated, tmp_path):
    with practised(tmp_path, operated) as drill:
        drill.see("Number: ")
        if at == "task":
            to_the_first_task(drill)
        drill.type(number_of(drill, "Abort the drill"))
        drill.see("Because (may be empty): ")
        drill.type("smoke")
        answer(drill, until="report: ")
        assert drill.wait(60) == 130, drill.screen
    [stopped] = entries(tmp_path, "person.stopped")
    assert (stopped["by"], stopped["because"]) == ("Sato", "smoke")
    assert [each["by"] for each in entries(tmp_path, "person.answered") if each["outcome"] == "aborted"] == ["Sato"]


def test_a_fault_is_shown_only_after_its_host_has_been_typed(operated, tmp_path):
    drill = "4-2-line-cut-manual"
    with practised(tmp_path, operated, drill=drill) as at:
        answer(at, until="to be shown the task, or a number: ", chosen=DONE)
        assert "This task strikes production on MASTER" in at.screen
        assert "Do this, in this order" not in at.since.rpartition("TASK")[2]
        at.type("yes")
        at.see("This is neither MASTER nor one of the numbers.")
        at.type("master")
        at.see("Do this, in this order")
        at.see("Number: ")
        at.type("", end="\x03")
        answer(at, until="report: ", chosen=DONE)
        assert at.wait(60) == 130


def test_a_second_request_to_stop_does_not_wait_for_answers(operated, tmp_path):
    with practised(tmp_path, operated) as drill:
        to_the_first_task(drill)
        drill.type("", end="\x03")
        drill.see("stopping; the lab is restored first.")
        drill.see("Withdrawn, do not do it any more: ")
        drill.see("QUESTION 6")
        drill.see("Number: ")
        time.sleep(ONE_REQUEST_S)
        drill.type("", end="\x03")
        assert drill.wait(60) == 5
    [ended] = entries(tmp_path, "restore.ended")
    assert ended["restored"] is None
    assert "the run was asked to hurry" in str(ended["differences"])


def impatient():
    pose = Desk._pose
    Desk._pose = lambda desk, request: pose(desk, replace(request, limit=timedelta(seconds=1.5)))


def test_a_request_that_is_not_answered_in_time_is_unknown(operated, tmp_path):
    with practised(tmp_path, operated, before=[impatient]) as drill:
        drill.see("Time limit  1.5 s, until ")
        drill.see("The time for this answer is over: it counts as unknown.", within=10)
        assert drill.wait(30) == 3
    assert {each["outcome"] for each in entries(tmp_path, "person.answered")} == {"no answer"}
    assert not entries(tmp_path, "undertaking")


def test_what_was_typed_before_a_question_answers_nothing(operated, tmp_path):
    with practised(tmp_path, operated, before=[impatient]) as drill:
        drill.type("2\n\n2\n\n")
        drill.see("The time for this answer is over")
        assert drill.wait(30) == 3


def test_a_terminal_that_is_closed_stops_the_drill_and_what_nobody_can_tell_is_unknown(operated, tmp_path):
    drill = practised(tmp_path, operated)
    to_the_first_task(drill)
    drill.hang_up()
    assert drill.wait(60) == 5
    [ended] = entries(tmp_path, "restore.ended")
    assert ended["restored"] is None
    assert "the terminal at which people are asked is gone" in str(ended["differences"])


# -- who is asked ------------------------------------------------------------------------------------------------------


def test_who_answers_is_asked_once_before_anything_is_touched(real, tmp_path):
    arguments = (CLEAN, "--site", real, "--confirm", "site", "--out", tmp_path / "record", "--lang", "en")
    with AtTerminal("drill", *arguments, before=[impatient]) as drill:
        drill.see("Your name: ")
        drill.type("x" * 61)
        drill.see("Write your name")
        drill.see("Your name: ")
        drill.type("山田 花子")
        drill.see("Your role: 1 operator  2 lead [1]: ")
        drill.type("2")
        drill.see("山田 花子 (lead) answers at the terminal of the run.")
        assert drill.wait(60) == 3
    assert [each["by"] for each in entries(tmp_path, "person.joined")] == ["山田 花子"]


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (("Sato=witness",), "Sato is a witness"),
        (("Sato", "Suzuki"), "One person answers at the terminal"),
        (("Sato=king",), "is not a person for --person"),
    ],
)
def test_who_cannot_answer_there_is_refused(people, said, operated, tmp_path):
    given = [part for each in people for part in ("--person", each)]
    drill = AtTerminal("drill", CLEAN, "--site", operated, "--out", tmp_path / "record", *given)
    assert drill.wait(30) == 2
    assert said in drill.screen
    assert not (tmp_path / "record").exists()


def test_ctrl_c_at_the_first_question_stops_before_anything_is_begun(real, tmp_path):
    drill = AtTerminal("drill", CLEAN, "--site", real, "--confirm", "site", "--out", tmp_path / "record")
    drill.see(": ")
    drill.type("", end="\x03")
    assert drill.wait(30) == 130
    assert not (tmp_path / "record").exists()


@pytest.mark.parametrize("options", [(), ("--person", "Sato")])
def test_where_nobody_can_be_asked_nothing_is_touched(options, real, tmp_path):
    done = run(
        "drill", CLEAN, "--site", real, "--confirm", "site", "--out", tmp_path / "record", "--lang", "en", *options
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].endswith("Nothing was touched.")
    assert not (tmp_path / "record").exists()


def test_a_site_that_people_do_not_operate_asks_nobody(real, tmp_path):
    real.write_text(f"{real.read_text(encoding='utf-8')}{BY_COMMANDS}", encoding="utf-8")
    done = run(
        "drill", CLEAN, "--site", real, "--confirm", "site", "--out", tmp_path / "record", before=[without_browser]
    )
    assert done.returncode == 3, done.stdout + done.stderr


def test_people_are_asked_for_what_no_confirmed_command_does(real):
    site = load_site(real, {"PASSWORD": "aPasswordOfTheTest"})
    drills = {drill.name: drill for drill in choose((), "en", None)}
    assert asks_people(drills["2-readiness"], site), "it looks up the scenarios"
    commands = {each.command: [*each.parameters.values()] for each in site.profile.operations.values()}
    del commands[site.profile.operations["set_notification"].command]
    found = real.parent / "discovery.json"
    found.write_text(json.dumps({"snap_ins": [], "commands": commands}), encoding="utf-8")
    text = real.read_text(encoding="utf-8").replace(
        'scenario = "S"\n', 'scenario = "S"\ndiscovery = "discovery.json"\n'
    )
    real.write_text(text, encoding="utf-8")
    site = load_site(real, {"PASSWORD": "aPasswordOfTheTest"})
    assert not asks_people(drills["2-readiness"], site)
    assert not asks_people(drills[CLEAN], site), "it sets no notification"
    assert restored_by_people(site, frozenset({Change.INJECT_FAULT}))
    assert not restored_by_people(site, frozenset({Change.SET_NOTIFICATION})), "nothing undoes it"
    assert restored_by_people(site, frozenset({Change.SWITCH_OVER}), doubtful=True), "only people know"
    with pytest.raises(Stop, match='by = "mixed"'):
        restored_by_people(replace(site, by=By.POWERSHELL), frozenset({Change.SWITCH_OVER}), doubtful=True)
    assert asks_people(drills["4-2-line-cut-manual"], site), "faults are brought about by people"


# -- on a real site ----------------------------------------------------------------------------------------------------


READ = ("Send this answer", "The window shows none", "Enter what it shows", "Attest nothing")


def test_a_person_reads_the_manager_of_a_real_site_and_is_believed_only_beside_what_is_observed(tmp_path):
    """Of a lab in another process that the site file calls real; no command of RHA is sent to it."""
    with real_lab(tmp_path) as lab:
        site = lab.site(edit=lambda text: f'{text}[rha]\nby = "operator"\n')
        arguments = ("2-readiness", "--site", site, "--confirm", "tokyo", "--out", tmp_path / "record")
        with AtTerminal("drill", *arguments) as drill:
            drill.see("Your name: ")
            drill.type("Sato")
            drill.see("[1]: ")
            drill.type("")
            while (
                seen := drill.see(("report: ", "Number: ", "by number: ", "version (may be empty): ", *TEXTS))
            ) != "report: ":
                match seen:
                    case "Number: ":
                        drill.type(number_of(drill, *READ))
                    case "by number: ":
                        drill.type("1")
                    case "version (may be empty): ":
                        drill.type("16.0.2")
                    case _:
                        drill.type("")
            assert drill.wait(60) == 0, drill.screen
    assert "Practice" not in drill.screen
    assert not [call for call in entries(tmp_path, "call") if call["script"] == "Invoke-RhaCommand"]
    assert {each["by"] for each in entries(tmp_path, "person.answered")} == {"Sato"}
    assert not entries(tmp_path, "undertaking")


@pytest.mark.parametrize("yes", [True, False])
def test_a_restoration_that_asks_people_is_refused_where_there_is_no_terminal(yes, real, tmp_path, monkeypatch):
    """The record is of a run that had begun a switchover when it died."""
    begun = (Undertaking(Change.SWITCH_OVER, "S"),)
    left = SimpleNamespace(begun=begun, doubtful=(), run=None, record=tmp_path / "record")
    monkeypatch.setattr(afterwards, "read", lambda _record: left)
    monkeypatch.setattr(afterwards, "require_same", lambda *_: None)
    arguments = ["restore", str(tmp_path / "record"), "--site", str(real), "--lang", "en", *(["--yes"] if yes else [])]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "terminal" in done.output
