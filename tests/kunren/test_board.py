"""`kunren drill --board`: what is refused beforehand, and whole drills that people answer at the board."""

import json
import os
import re
import time
from contextlib import nullcontext
from datetime import UTC, datetime

import jsonschema
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from board.access import Address, NotOffered
from board.picture import Stage
from board.tls import Tls, require_usable
from kunren.cli import main
from kunren.exits import Exit, Stop
from kunren.people.boarding import BoardOptions, RunBoard
from lab.site.built_in import SIMULATED
from tests.board.room import Browser, until
from tests.kunren.commands import Command, run
from tests.kunren.conftest import MOVES, PASSWORD_OF_A_LAB, Run, drill_without_browser
from tests.kunren.people.test_asking import impatient
from tests.kunren.running.test_permission import SITE as REAL_SITE
from tests.kunren.test_operator_mode import SCHEMA
from tests.kunren.visitor import seldom_probed, without_browser
from tests.lab.tls_premises import Certificate
from words import sentence


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    certificate = Certificate(tmp_path_factory.mktemp("tls"), "board", "127.0.0.1", "192.0.2.1", authority=True)
    return {"certificate": certificate.file, "key": certificate.key_file}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"address": "4-1-clean-switchover"}, "not an address for the drill board: write HOST:PORT"),
        ({"address": "127.0.0.1:99999"}, "not an address"),
        ({"address": "bad host:8443"}, "not an address"),
        ({"address": "0.0.0.0:8443"}, "no address that a browser can open"),
        ({"address": "192.0.2.1:8443"}, "give --board-certificate and --board-key"),
        ({"people": ("Sato=king",)}, "not a person for --person"),
        ({"people": ("=lead",)}, "not a person for --person"),
        ({"people": ("Sato",), "pause": "after-fault"}, "--pause needs somebody"),
        ({"pause": "after-lunch"}, "not a list of pauses"),
        ({"people": ("Sato=lead", "sato=operator")}, "sato is named twice"),
        ({"certificate": SIMULATED, "key": SIMULATED}, "not a certificate and its key in PEM"),
        ({"certificate": SIMULATED}, "give --board-key"),
        ({"key": SIMULATED}, "give --board-certificate"),
    ],
)
def test_what_cannot_be_offered_is_refused_in_one_sentence(options, sentence):
    with pytest.raises(Stop) as stop:
        RunBoard(BoardOptions(**options))
    assert stop.value.code is Exit.USAGE
    assert sentence in str(stop.value)


@pytest.mark.parametrize(
    ("names", "days", "host", "sentence"),
    [
        (("127.0.0.1",), (-1, 30), "127.0.0.1", None),
        (("*.board.example", "::1"), (-1, 30), "A.board.example", None),
        (("*.board.example", "::1"), (-1, 30), "[0:0::1]", None),
        (
            ("*.board.example",),
            (-1, 30),
            "a.b.board.example",
            "it is for *.board.example, and the board is opened at a.b.",
        ),
        ((), (-1, 30), "board", "no name that browsers read"),
        (("board",), (-20, -10), "board", "it is valid from 20"),
        (("board",), (10, 20), "board", "it is valid from 20"),
    ],
)
def test_a_certificate_is_for_the_boards_address_today(names, days, host, sentence, tmp_path):
    made = Certificate(tmp_path, "board", *names, begins=days[0], ends=days[1])
    with pytest.raises(NotOffered) if sentence else nullcontext() as refused:
        require_usable(Tls(made.file, made.key_file), Address(host, 0), datetime.now(UTC))
    assert sentence is None or sentence in str(refused.value)


def test_files_that_are_no_pair_are_refused_in_words_of_the_reader(tls, tmp_path):
    other = Certificate(tmp_path, "other", "127.0.0.1")
    sealed = tmp_path / "sealed.key"
    sealed.write_bytes(
        other.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"of the test"))
    )
    os.mkfifo(tmp_path / "pipe")
    for certificate, key, said in (
        (tls["certificate"], other.key_file, "鍵が別の証明書のものです"),
        (other.key_file, tls["certificate"], "PEM 形式の証明書とその鍵ではありません"),
        (other.file, sealed, "鍵が暗号化されています"),
        (other.file, tmp_path / "none.key", "ファイルまたはフォルダーがありません"),
        (tmp_path / "pipe", other.key_file, "パイプ"),
        (tmp_path, other.key_file, "フォルダーです"),
    ):
        with pytest.raises(NotOffered) as refused:
            require_usable(Tls(certificate, key), Address("127.0.0.1", 0), datetime.now(UTC))
        assert said in refused.value.in_("ja")


@pytest.mark.parametrize(
    ("people", "sentence"),
    [((), "name everyone who may come with --person"), (("Sato=lead",), "cannot be opened at 192.0.2.1:8443")],
)
def test_the_network_is_let_in_by_name_alone(tls, people, sentence):
    with pytest.raises(Stop) as stop:
        RunBoard(BoardOptions(address="192.0.2.1:8443", people=people, **tls))
    assert sentence in stop.value.sentences[0].in_("en")


def test_all_that_is_wrong_with_the_options_is_told_at_once_and_before_the_plan(tmp_path, monkeypatch):
    monkeypatch.setenv("PASSWORD", "aPasswordOfTheTest")
    site, record = tmp_path / "site.toml", tmp_path / "record"
    site.write_text(REAL_SITE, encoding="utf-8")
    (record / "evidence").mkdir(parents=True)
    drill = ["drill", "4-1-clean-switchover", "--site", str(site), "--lang", "en", "--out", str(record)]
    options = [*drill, "--person", "Sato=king", "--person", "Abe=emperor", "--pause", "after-lunch", "--restore", "ask"]
    for more, wrong in ((["--board", "0.0.0.0:1"], "not a list of pauses"), ([], "not a list of pauses")):
        refused = CliRunner().invoke(main, [*options, *more])
        assert (refused.exit_code, refused.stdout) == (2, "")
        for each in ("Sato=king", "Abe=emperor", wrong, "is not empty", "ask needs a terminal"):
            assert each in refused.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pause", "after-fault"), "--pause needs somebody"),
        (("--board-key", "board.key"), "--board-key needs --board."),
    ],
)
def test_what_needs_a_board_or_somebody_at_the_terminal_is_refused_without(options, said, tmp_path):
    done = run("drill", "2-readiness", *options, "--out", tmp_path / "record")
    assert done.returncode == 2
    assert done.stderr.startswith(f"kunren: {said}")
    assert not (tmp_path / "record").exists()


def test_why_a_run_has_no_verdict_is_told_at_the_board_as_well():
    lost = sentence("errors.journal.lost", reason="No space left on device")
    with pytest.raises(Stop), RunBoard(BoardOptions()) as board:
        raise Stop(Exit.INTERNAL, lost)
    assert (board._state.picture.stage, board._state.picture.verdict) == (Stage.ENDED, (lost,))


def test_a_board_to_which_nobody_comes_holds_nothing_up(tmp_path):
    done = drill_without_browser(tmp_path / "record", "2-readiness", "--board")
    assert done.code == 0, done.stderr
    assert "drill board: http://127.0.0.1:" in done.stdout
    assert not done.entries("person.joined")


def test_a_board_that_nobody_opens_ends_the_drill_before_it_is_begun(operated, tmp_path):
    arguments = (tmp_path / "record", "4-1-clean-switchover", "--site", operated, "--board", "--lang", "en")
    done = drill_without_browser(*arguments, before=[impatient])
    assert done.code == 3, done.stdout + done.stderr
    assert "no answer within 10 minutes" in done.stderr
    assert not done.entries("undertaking")
    assert not done.entries("step.began")


@pytest.fixture
def operated(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'{SIMULATED.read_text(encoding="utf-8")}\n[rha]\nby = "operator"\n', encoding="utf-8")
    return site


class Boarded(Command):
    """A drill with its board, to which somebody comes."""

    def __init__(self, folder, *arguments):
        super().__init__("drill", *arguments, "--board", "--out", folder, before=[without_browser, seldom_probed])
        self.folder = folder

    def come(self, name="Sato", role="lead"):
        until(lambda: "/enter/" in self._streams[0].read_text(encoding="utf-8"), within=30)
        link = re.search(r"http://\S+/enter/\S+", self._streams[0].read_text(encoding="utf-8"))[0]
        browser = Browser(link.partition("/enter/")[0], verify=True)
        assert browser.enter(link, name, role).ok
        return browser

    def ended(self):
        until(lambda: self.returncode is not None, within=60)
        texts = [stream.read_text(encoding="utf-8") for stream in self._streams]
        return Run(self.returncode, *texts, self.folder)


def practise(browser):
    """Does what is asked as the simulated manager shows it, until the drill is over."""
    end = time.monotonic() + 100
    with browser.pictures() as pictures:
        for page in pictures:
            assert time.monotonic() < end
            request = page["request"]
            if page["stage"] == "attesting":
                return
            if request is not None and request["kind"] == "task":
                browser.post("practise", {"serial": request["serial"]})
                browser.post("answer", {"serial": request["serial"], "outcome": "done"})
            elif request is not None:
                browser.post("answer", {"serial": request["serial"], "rows": request["shown"]})


def test_people_practise_a_drill_at_the_board_of_a_simulated_lab(operated, tmp_path):
    short = tmp_path / "short.feature"
    short.write_text(MOVES, encoding="utf-8")
    with Boarded(tmp_path / "record", short, "--site", operated) as drill, drill.come() as browser:
        practise(browser)
        assert browser.post("attest", {"text": "I have seen it."}).ok
        assert browser.post("finish", {}).ok
        done = drill.ended()
    assert done.code == 0, done.stdout
    assert len(browser.seen) > 10
    assert not [each for each in browser.seen if PASSWORD_OF_A_LAB.search(each.encode())]
    answered = done.entries("person.answered")
    assert {(each["by"], each["role"]) for each in answered} == {("Sato", "lead")}
    assert {"done", "told"} == {each["outcome"] for each in answered}
    assert [each["said"] for each in done.entries("person.attested")] == ["I have seen it."]
    assert "I have seen it." in done.report
    record = json.loads((done.folder / "record.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))
    [person] = record["people"]["participants"]
    assert (person["name"], person["role"], person["attested"]) == ("Sato", "lead", ["I have seen it."])
    assert "Attested by Sato (lead)" in done.stdout
    [where] = {line.partition("  answer at")[2] for line in done.stdout.splitlines() if "task on REPLICA" in line}
    assert where == f" the drill board, {browser.origin}"


def test_a_stop_at_the_board_restores_the_lab(operated, tmp_path):
    with Boarded(tmp_path / "record", "4-1-clean-switchover", "--site", operated) as drill, drill.come() as browser:
        until(lambda: browser.picture()["request"] is not None, within=30)
        assert browser.post("stop", {"because": "smoke"}).ok
        until(lambda: browser.picture()["stage"] == "attesting", within=30)
        assert browser.post("finish", {}).ok
        done = drill.ended()
    assert done.code == 130, done.stdout
    assert [each["because"] for each in done.entries("person.stopped")] == ["smoke"]
    assert done.entries("run.ended")[0]["reason"] == "interrupted"
