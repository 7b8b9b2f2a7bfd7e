"""The board over HTTP: who is let in, what is refused, and that no browser disturbs the drill."""

import base64
import hashlib
import http.client
import json
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests

from board import access as access_module
from board.server import HEADERS
from journal.seen import Note
from lab.model.calls import MASK
from lab.model.tasks import LONGEST_TEXT
from tests.board.room import SECRET, Stand, question, quick, task, until
from tests.lab.tls_premises import Certificate
from words import Quoted

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def raw(stand, path, **headers):
    """An answer to exactly these headers."""
    at = urlsplit(stand.origin)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=10)
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


# -- who is let in -----------------------------------------------------------------------------------------------------


def test_a_link_lets_in_once_and_its_second_use_brings_a_new_one_to_the_terminal(stand):
    link = stand.links[0][0]
    stand.browser()
    another = stand.opened()
    refused = another.get(link, timeout=10)
    assert refused.status_code == 403
    assert "has been used" in refused.text
    assert len(stand.links) == 2
    another.get(link, timeout=10)
    assert len(stand.links) == 2, "not more often than every 10 s"
    assert another.enter(stand.links[1][0], "Suzuki", "lead").ok
    assert stand.links[1][0] not in refused.text


def test_looking_at_a_link_does_not_use_it_up(stand):
    """Programs that show a preview of a link open it as well."""
    assert stand.opened().get(stand.links[0][0], timeout=10).ok
    assert stand.browser().page().ok


def test_who_is_in_already_is_led_to_the_board(stand):
    browser = stand.browser()
    assert browser.get(stand.links[0][0], timeout=10).url == f"{stand.origin}/?lang=en"


@pytest.mark.parametrize("path", ["/", "/events", "/pictures/1", "/enter/guessed"])
def test_without_a_link_nothing_is_told(stand, path):
    answer = requests.get(f"{stand.origin}{path}", timeout=10)
    assert answer.status_code == 403
    assert "Planned switchover" not in answer.text


def test_the_cookie_is_for_this_site_alone_and_for_no_script(stand):
    browser = stand.opened()
    answer = browser.enter(stand.links[0][0]).history[0]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert len(next(iter(browser.cookies)).value) >= 43


@pytest.mark.parametrize(("name", "role"), [("", "lead"), ("x" * 61, "lead"), ("a\u202eb", "lead"), ("Sato", "king")])
def test_who_comes_says_a_name_and_a_role(stand, name, role):
    browser = stand.opened()
    assert browser.enter(stand.links[0][0], name, role).status_code == 403
    assert stand.browser().page().ok, "the link is not used up"


def test_it_answers_at_its_own_names_only(stand):
    """A page of another name that leads to this address (DNS rebinding) is told nothing, whatever cookie it has."""
    browser = stand.browser()
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
    port = urlsplit(stand.origin).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST"):
        assert raw(stand, "/", Host=host, Cookie=cookie)[0] == 200
    for host in (f"evil.example:{port}", "", f"127.0.0.1.evil.example:{port}"):
        status, body = raw(stand, "/", Host=host, Cookie=cookie)
        assert (status, "Sato" in body) == (421, False)
    assert raw(stand, "/", Cookie=cookie)[0] in {400, 421}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-Board": None},
        {"X-Board": "guessed"},
    ],
)
def test_what_another_page_sends_changes_nothing(stand, headers):
    browser = stand.browser("Sato", "lead")
    for act in ("note", "pause", "stop", "answer", "invite"):
        assert browser.post(act, {"text": "x"}, **headers).status_code == 403
    assert not stand.entries("person.noted")
    assert not stand.entries("person.stopped")
    assert len(stand.links) == 1


def test_another_page_lets_nobody_in(stand):
    answer = requests.post(
        stand.links[0][0], data={"name": "x", "role": "lead"}, headers={"Origin": "http://evil.example"}, timeout=10
    )
    assert answer.status_code == 403
    assert stand.browser().page().ok, "the link is not used up"


def test_every_answer_forbids_what_is_not_the_boards(stand):
    browser = stand.browser()
    for path in ("/", "/board.js", "/board.css", "/nowhere", "/enter/x"):
        headers = browser.page(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "server" not in headers
    assert "default-src 'none'" in HEADERS["content-security-policy"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_asks_for_nothing_from_elsewhere(stand, language):
    browser = stand.browser()
    for path in (f"/?lang={language}", "/board.css", "/board.js", f"/enter/x?lang={language}"):
        text = browser.page(path).text
        assert "//" not in text.replace("// ", "")
        assert "@import" not in text


# -- what is told ------------------------------------------------------------------------------------------------------


def test_each_change_is_told_and_a_page_that_comes_back_sees_everything_again(stand):
    browser = stand.browser()
    with browser.pictures() as pictures:
        first = next(pictures)
        assert first["drill"]["title"] == "Planned switchover"
        assert browser.post("note", {"text": "smoke"}).ok
        second = next(each for each in pictures if len(each["remarks"]) > len(first["remarks"]))
        assert second["version"] > first["version"]
    assert browser.picture()["remarks"] == second["remarks"]
    assert browser.picture("ja")["drill"]["title"] == "正常時のスイッチオーバー"


def test_who_has_a_page_open_is_here(stand):
    browser = stand.browser("Sato", "witness")
    with browser.pictures() as pictures:
        here = next(each for each in pictures if each["people"][0]["here"])
    assert here["people"] == [{"name": "Sato", "role": "witness", "here": True, "attested": False}]
    until(lambda: not stand.board._state.picture.people[0].here, within=15)


def test_the_last_picture_has_the_verdict(tmp_path):
    stand = Stand(tmp_path, quick())
    browser = stand.browser()
    with browser.pictures() as pictures:
        next(pictures)
        stand.close()
        *_, last = pictures
    assert (last["stage"], last["verdict"]) == ("ended", ["The lab is as it was before the drill."])
    with pytest.raises(requests.ConnectionError):
        browser.page()


def test_a_browser_that_does_not_read_delays_neither_the_journal_nor_the_end(tmp_path):
    stand = Stand(tmp_path, quick())
    browser = stand.browser()
    at = urlsplit(stand.origin)
    dead = socket.create_connection((at.hostname, at.port))
    dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
    dead.sendall(f"GET /events HTTP/1.1\r\nHost: {at.netloc}\r\nCookie: {cookie}\r\n\r\n".encode())
    until(lambda: stand.board._state.picture.people[0].here)
    began = time.monotonic()
    for number in range(300):
        stand.journal.write(Note(text=Quoted(f"{number} " + "x" * 20_000)))
    assert time.monotonic() - began < 5
    time.sleep(0.5)  # while it is sent what it does not read
    began = time.monotonic()
    stand.close()
    assert time.monotonic() - began < 8
    dead.close()


def test_a_password_is_in_no_answer(tmp_path):
    """Wherever one may come from: a host, a task's values, a question's window, a person."""
    stand = Stand(tmp_path, quick())
    browser = stand.browser("Sato", "lead")
    stand.journal.write(Note(text=Quoted(f"login {SECRET} refused")))
    asking = stand.asking(task(subject=SECRET, values=(("recipient", SECRET), ("guests", (SECRET, "Garoon")))))
    shown = browser.picture()
    assert MASK in json.dumps(shown["request"], ensure_ascii=False)
    browser.post("note", {"text": f"the password is {SECRET}"})
    browser.post("answer", {"serial": shown["request"]["serial"], "outcome": "not possible", "reason": SECRET})
    asking.join(5)
    for path in ("/", "/?lang=ja", "/board.js", "/enter/x"):
        browser.page(path)
    browser.picture()
    stand.close()
    assert len(browser.seen) > 8
    assert not [each for each in browser.seen if SECRET in each]
    assert SECRET not in (tmp_path / "journal.jsonl").read_text(encoding="utf-8")


# -- notes -------------------------------------------------------------------------------------------------------------


def test_a_note_is_kept_with_its_picture_and_its_digest(stand):
    browser = stand.browser()
    assert browser.post("note", {"text": "the fans", "picture": base64.b64encode(PNG).decode()}).ok
    (note,), (evidence,) = stand.entries("person.noted"), stand.entries("evidence")
    assert (note["by"], note["said"], note["picture"]) == ("Sato", "the fans", evidence["id"])
    assert (evidence["kind"], evidence["media_type"], evidence["sha256"]) == (
        "photo",
        "image/png",
        hashlib.sha256(PNG).hexdigest(),
    )
    assert (stand.folder / evidence["file"]).read_bytes() == PNG
    shown = browser.page(f"/pictures/{evidence['id']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert browser.page("/pictures/7").status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "text is empty"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "longer than"),
        ({"text": "x", "picture": "no base64!"}, "not a PNG or JPEG"),
        ({"text": "x", "picture": base64.b64encode(b"<svg onload='x'>").decode()}, "not a PNG or JPEG"),
        ({"text": "x", "picture": ["x"]}, "not a PNG or JPEG"),
        ({"text": "x", "picture": "A" * (17 * 1024 * 1024)}, "larger than 16 MB"),
        (["x"], "reload the page"),
    ],
)
def test_what_is_no_note_is_refused_in_one_sentence_and_nothing_is_kept(stand, sent, sentence):
    refused = stand.browser().post("note", sent)
    assert refused.status_code == 409
    assert sentence in refused.json()["refused"]
    assert not stand.entries("person.noted")
    assert not stand.entries("evidence")


def test_what_people_write_stays_text(stand):
    browser = stand.browser("<b>Sato</b>")
    assert browser.post("note", {"text": "<script>alert(1)</script>"}).ok
    assert "<b>Sato" not in browser.page().text
    assert browser.picture()["remarks"][0]["text"].endswith("<script>alert(1)</script>")


def test_after_the_end_nothing_more_is_noted(stand):
    browser = stand.browser()
    stand.board._room.close()
    refused = browser.post("note", {"text": "late"})
    assert (refused.status_code, refused.json()["refused"]) == (403, "The run has ended; nothing more is noted.")


# -- open to the network -----------------------------------------------------------------------------------------------


@pytest.fixture
def named(tmp_path):
    certificate = Certificate(tmp_path, "board", "127.0.0.1", authority=True)
    stand = Stand(
        tmp_path,
        quick(),
        address="127.0.0.1:0",
        certificate=certificate.file,
        key=certificate.key_file,
        people=("Sato=lead", "Suzuki"),
    )
    yield stand
    for browser in stand.browsers:  # else their side of TLS is waited for
        browser.close()
    stand.close()


def test_each_person_has_a_link_and_is_nobody_else(named):
    assert [(person.name, person.role.value) for _, person in named.links] == [("Sato", "lead"), ("Suzuki", "operator")]
    browser = named.opened()
    entered = browser.enter(named.links[1][0], "Sato", "lead")
    assert entered.ok
    (joined,) = named.entries("person.joined")
    assert (joined["by"], joined["role"]) == ("Suzuki", "operator")
    cookie = entered.history[0].headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    refused = browser.post("invite", {})
    assert refused.json()["refused"] == "Only those come to this drill board who were named with --person."


def test_a_used_link_of_a_person_is_replaced_by_one_of_that_person(named, monkeypatch):
    monkeypatch.setattr(access_module, "ANNOUNCED_EVERY_S", 0.0)
    first = named.opened()
    assert first.enter(named.links[0][0]).ok
    assert named.opened().get(named.links[0][0], timeout=10).status_code == 403
    assert named.links[2][1].name == "Sato"


def test_plain_http_is_not_answered_where_there_is_tls(named):
    with pytest.raises(requests.ConnectionError):
        requests.get(named.origin.replace("https", "http"), timeout=10)


def test_a_question_is_told_with_its_fields(stand):
    browser, asking = stand.browser(), stand.asking(question(limit=1.0))
    shown = browser.picture("ja")["request"]
    assert [each["kind"] for each in shown["fields"]] == ["text", "number", "flag"]
    assert shown["maybe_none"]
    assert shown["until"] > time.time() - 1
    asking.join(5)
