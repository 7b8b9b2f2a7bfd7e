"""What is printed: nothing from outside controls the terminal, and no encoding and no lost reader ends a run."""

import io
import os
import pty
import shutil
import subprocess
import sys
import termios
import threading
from contextlib import redirect_stderr, redirect_stdout

import pytest

from kunren.cli import main
from kunren.console import Terminal
from kunren.running.progress import Progress
from kunren.terminal import Output, safe_streams, say, say_at_once, spelled, tell
from tests.journal.sample_entries import noted
from tests.kunren.commands import WITHOUT_BROWSER, run
from tests.kunren.conftest import REPOSITORY
from tests.kunren.visitor import without_browser
from tests.reports.journals import chained_anew
from tests.representatives import standing_for_all
from words import Quoted

ENCODINGS = ["cp932", "ascii", "latin-1", "utf-16", "euc_jp"]
LISTINGS = [
    "coverage --lang ja",
    "coverage --lang en",
    "steps --all",
    "steps --lang ja",
    "drill --list",
    "drill --list --lang ja",
    "drill 4-1-clean-switchover --list --lang ja",
    "controls --list",
    "--help",
    "drill --help",
]
FAILING = """Feature: It fails › ✗

  Scenario: A virtual machine that is not off
    Then the virtual machine is "off" on the master host
"""
HOSTILE = "\x1b[2J\x1b]0;pwned\x07 \u202e\u2066\ufeff\x9b31m\U000e0041"
NAMED = "[U+001B][2J[U+001B]]0;pwned[U+0007] [U+202E][U+2066][U+FEFF][U+009B]31m[U+E0041]"


def in_memory(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")


def kunren(arguments, encoding, cwd, monkeypatch):
    """The command in this process, writing to streams that refuse what they cannot encode."""
    monkeypatch.chdir(cwd)
    out, err = in_memory(encoding), in_memory(encoding)
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args=arguments, prog_name="kunren")
    return ended.value.code, *(stream.buffer.getvalue().decode(encoding) for stream in (out, err))


def process(arguments, cwd, **options):
    return subprocess.run(
        [*WITHOUT_BROWSER, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        timeout=120,
        check=False,
        **{"env": {**os.environ, "PYTHONPATH": str(REPOSITORY)}, **options},
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("listing", LISTINGS)
def test_every_listing_can_be_written_in_every_encoding(listing, encoding, tmp_path, monkeypatch):
    code, out, err = kunren(listing.split(), encoding, tmp_path, monkeypatch)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 3


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_error_can_be_told_in_every_encoding(encoding, tmp_path, monkeypatch):
    code, out, err = kunren(["drill", "訓練–«✓»"], encoding, tmp_path, monkeypatch)
    assert (code, out) == (2, "")
    assert err.startswith(f"kunren: There is no drill {spelled('訓練–«✓»', encoding)}; ")


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("cp932", "[OK] 合格 → 環境 ― 《x》 [NG] ? café".replace("é", "e")),
        ("ascii", '[OK] ?? -> ?? - "x" [NG] ? cafe'),
        ("latin-1", "[OK] ?? -> ?? - «x» [NG] ? café"),
        ("utf-8", "✓ 合格 → 環境 — «x» ✗ 😀 café"),
        (None, "✓ 合格 → 環境 — «x» ✗ 😀 café"),
    ],
)
def test_what_an_encoding_lacks_is_spelled_so_that_it_can_be_read(encoding, written):
    assert spelled("✓ 合格 → 環境 — «x» ✗ 😀 café", encoding) == written


@pytest.mark.browser
@pytest.mark.parametrize(
    ("encoding", "language"),
    standing_for_all([("cp932", "ja"), ("ascii", "ja"), ("latin-1", "en")], ("cp932", "ja")),
)
def test_a_drill_passes_and_is_compared_whatever_the_encoding(encoding, language, tmp_path, monkeypatch):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": encoding, "LANG": "C"}
    done = process(["drill", "2-readiness", "--lang", language, "--out", "record"], tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    told = done.stdout.decode(encoding)
    assert "[OK]" in told
    assert ("合格" in told) is (encoding == "cp932")
    earlier = shutil.copytree(tmp_path / "record", tmp_path / "earlier") / "journal.jsonl"
    earlier.write_text(earlier.read_text(encoding="utf-8").replace('"wall": "20', '"wall": "19'), encoding="utf-8")
    chained_anew(tmp_path / "earlier")
    for name in ("record.json", "seal.json", "seal.pem", "seal.sig"):  # they name the journal as it was
        (tmp_path / "earlier" / name).unlink()
    for arguments in (["compare", "record", "earlier"], ["coverage", "record"], ["report", "record"]):
        code, _, err = kunren(arguments, encoding, tmp_path, monkeypatch)
        assert (code, err) == (0, "")


@pytest.mark.browser
def test_a_drill_that_fails_does_so_in_ascii_too(tmp_path):
    (tmp_path / "my.feature").write_text(FAILING)
    done = run("drill", "my.feature", "--out", "record", cwd=tmp_path, before=[without_browser, speak_ascii])
    assert (done.returncode, done.stderr) == (1, "")
    assert "[NG] Then the virtual machine" in done.stdout
    assert "It fails > [NG]" in done.stdout


def speak_ascii():
    sys.stdout.reconfigure(encoding="ascii", errors="strict")


def test_lines_and_errors_name_what_would_control_the_terminal(capsys):
    tell(f"a\t{HOSTILE}", "b\nverdict: passed")
    say(Quoted(f"{HOSTILE}\r\nverdict: passed"))
    told = capsys.readouterr()
    assert told.out == f"a\t{NAMED}\nb verdict: passed\n"
    assert told.err == f"kunren: {NAMED} verdict: passed\n"


def test_libraries_cannot_write_past_it(capsys):
    with safe_streams():
        sys.stdout.write(f"{HOSTILE}\n")
        sys.stderr.write(f"{HOSTILE}\n")
    told = capsys.readouterr()
    assert (told.out, told.err) == (f"{NAMED}\n", f"{NAMED}\n")


@pytest.mark.parametrize("arguments", [["drill", HOSTILE], ["drill", "--site", HOSTILE], [HOSTILE], ["--" + HOSTILE]])
def test_arguments_are_shown_without_harm(arguments, tmp_path, monkeypatch):
    code, out, err = kunren(arguments, "utf-8", tmp_path, monkeypatch)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert not set(err) & set(HOSTILE) - set("[2J]0;pwned 31m")


def test_names_of_a_feature_are_listed_without_harm(tmp_path, monkeypatch):
    (tmp_path / "my.feature").write_text(
        f'Feature: x\n  Scenario: {HOSTILE}\n    Then the virtual machine is "off" on the master host\n'
    )
    code, out, _ = kunren(["drill", "my.feature", "--list"], "utf-8", tmp_path, monkeypatch)
    assert (code, out) == (0, f"my\t1\t{NAMED}\n")


def test_progress_names_what_hosts_say_and_styles_its_own():
    stream = io.StringIO()
    console = Terminal(file=Output(stream, styled=True), force_terminal=True, color_system="standard", emoji=False)
    progress = Progress([], "en", console)
    progress(noted(what="restore.act", act=HOSTILE, outcome="failed", error=f"[bold]{HOSTILE}[/] :smile:"))
    shown = stream.getvalue()
    assert f"[bold]{NAMED}[/] :smile:" in shown.replace("\x1b[0m", "")
    assert f"\x1b[31m✗\x1b[0m {NAMED}  failed: " in shown
    assert "\x07" not in shown
    assert "\x1b[2J" not in shown


def progress_of(language, *entries):
    stream = io.StringIO()
    progress = Progress([], language, Terminal(file=Output(stream, styled=True), emoji=False))
    for entry in entries:
        progress(noted(**entry))
    return stream.getvalue().splitlines()


RESTORATION = [
    {"what": "restore.began", "mode": "auto", "acts": ["remove the entries from Garoon"]},
    {"what": "restore.act", "act": "end the faults", "outcome": "nothing to do"},
    {"what": "restore.waiting", "act": "switch the guest back to the host it was on", "for": "x", "left_s": 1470.0},
    {"what": "restore.act", "act": "switch the guest back to the host it was on", "outcome": "done"},
    {"what": "restore.act", "act": "end the split brain", "outcome": "failed", "error": "M: no"},
    {"what": "restore.act", "act": "start the guest on the host it was on", "outcome": "left alone", "because": "y"},
    {"what": "restore.ended", "restored": False, "differences": ["M/g: off"], "permitted": []},
]


def test_each_act_of_the_restoration_and_each_wait_has_its_line_also_where_there_is_no_terminal():
    assert progress_of("en", *RESTORATION) == [
        "    restoring the lab",
        "      waiting (at most 24 min 30 s more): x",
        "      ✓ switch the virtual machine back to its host",
        "      ✗ end the split brain  failed: M: no",
        "      - start the virtual machine on its host  left alone: y",
        "    ✗ THE LAB IS NOT AS IT WAS BEFORE",
        "        M/g: off",
    ]


def test_a_restoration_that_rests_on_what_people_say_is_told_as_that():
    ended = {"what": "restore.ended", "restored": True, "differences": [], "permitted": [], "by": ["Sato"]}
    assert progress_of("en", ended) == [
        "    ✓ the lab is as it was before  The state of the replication scenarios is as Sato said."
    ]


def test_the_restoration_is_told_in_japanese():
    assert progress_of("ja", *RESTORATION)[:5] == [
        "    環境を復元しています",
        "      待機中（最長あと 24分30秒）: x",
        "      ✓ 仮想マシンを元のホストへスイッチバックする",
        "      ✗ スプリット ブレインを解消する  失敗: M: no",
        "      - 元のホストで仮想マシンを起動する  変更せず: y",
    ]


@pytest.mark.parametrize(
    ("language", "line"), [("en", "B  not started, because of [A]"), ("ja", "B  実施していません（of [A]）")]
)
def test_a_drill_that_is_not_begun_has_its_line(language, line):
    because = "of [A]"
    assert progress_of(language, {"what": "drill.ended", "drill": "B", "reason": "not begun", "text": because}) == [
        line
    ]


# -- readers that go away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", standing_for_all(["stdout", "stderr"], "stdout"))
def test_a_full_device_costs_what_is_written_and_nothing_else(kind, tmp_path):
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, kind: full}
        for arguments, code in ((["steps", "--all"], 0), (["drill", "none"], 2)):
            done = subprocess.run(
                [sys.executable, "-m", "kunren", *arguments], cwd=REPOSITORY, timeout=60, check=False, **streams
            )
            assert done.returncode == code


def test_a_reader_that_goes_away_after_a_line_changes_no_exit_code():
    with subprocess.Popen(
        [sys.executable, "-m", "kunren", "steps", "--all"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


def test_a_terminal_that_another_program_made_non_blocking_gets_everything():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    taken = bytearray()

    def read():
        while part := os.read(reading, 65536):
            taken.extend(part)

    text = "".join(f"{number} 訓練\n" for number in range(100_000))
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        late = threading.Timer(0.2, read)
        late.start()
        Output(stream).write(text)
    late.join()
    os.close(reading)
    assert taken.decode() == text


def test_a_sentence_of_a_signal_handler_reaches_a_terminal_on_a_line_of_its_own(monkeypatch):
    reading, terminal = pty.openpty()
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    with os.fdopen(terminal, "w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        say_at_once("訓練 ✓")
        assert os.read(reading, 100) == b"\nkunren: ?? [OK]\n"
    os.close(reading)


def test_output_without_a_stream_is_lost_and_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    tell("x")
    say(Quoted("x"))
    say_at_once("x")
    with safe_streams():
        sys.stdout.write("x")
        sys.stderr.write("x")
