"""Passwords by reference: found where the site file says, or one sentence that never shows one."""

import json
import shlex
import subprocess
import sys
import time
import tracemalloc
from datetime import timedelta

import keyring
import pytest
from keyring.errors import KeyringLocked

from lab.errors import SiteError
from lab.model.hosts import HostRole
from lab.site import secrets
from lab.site.file import load_site
from lab.site.secrets import find
from tests.lab.site.kept import FILE, Kept
from tests.lab.site.test_file import ENVIRONMENT, EXAMPLE

CANARY = "kanarienvogel-4711"
PYTHON = shlex.quote(sys.executable)


def printing(code):
    return f"command:{PYTHON} -c {shlex.quote(code)}"


def site_with(folder, reference):
    file = folder / "site.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace('"KUNREN_MASTER_PASSWORD"', json.dumps(reference))
    file.write_text(text.replace('"KUNREN_REPLICA_PASSWORD"', json.dumps(reference)), encoding="utf-8")
    return file


@pytest.fixture
def complaint(tmp_path):
    def said(reference, language="en"):
        with pytest.raises(SiteError) as caught:
            load_site(site_with(tmp_path, reference), ENVIRONMENT)
        texts = [sentence.in_(language) for sentence in caught.value.sentences]
        assert all("\n" not in text and CANARY not in text for text in texts)
        assert texts[0].startswith("site.toml: hosts.master.password_from")
        return texts[0]

    return said


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    keyring.set_password("https://kunren", "drill", CANARY)
    yield
    keyring.set_keyring(before)


def test_the_first_line_that_a_command_prints_is_the_password(tmp_path):
    counted = tmp_path / "counted"
    code = f"open({str(counted)!r}, 'a').write('x'); print('{CANARY} '); print('login: drill')"
    site = load_site(site_with(tmp_path, printing(code)), ENVIRONMENT)
    assert site.access.endpoints[HostRole.MASTER].password == f"{CANARY} "
    assert site.secrets()[:2] == (f"{CANARY} ",) * 2
    assert counted.read_text(encoding="utf-8") == "x", "two logins refer to it, and it ran once"
    assert CANARY not in repr(site)


@pytest.mark.parametrize("printed", [f"\ufeff{CANARY}\r\n", CANARY])
def test_a_byte_order_mark_and_line_ends_are_no_part_of_it(printed):
    code = f"import sys; sys.stdout.buffer.write({printed!r}.encode())"
    assert find(printing(code), {}).value == CANARY


def test_no_shell_reads_the_command_and_it_is_given_the_environment_as_it_is():
    code = "import os, sys; print(os.environ['VAULT'], *sys.argv[1:])"
    assert find(f"{printing(code)} '$HOME' *;", {"VAULT": "v"}).value == "v $HOME *;"


def test_a_command_does_not_inherit_the_other_passwords_of_the_site(tmp_path):
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    site = load_site(site_with(tmp_path, printing(code)), {**ENVIRONMENT, "VAULT": "v"})
    inherited = json.loads(site.access.endpoints[HostRole.MASTER].password)
    assert inherited["VAULT"] == "v"
    assert not {"KUNREN_GAROON_PASSWORD", "KUNREN_GUEST_PASSWORD"} & inherited.keys()


def test_the_keyring_has_it(tmp_path, kept):
    site = load_site(site_with(tmp_path, "keyring:https://kunren/drill"), ENVIRONMENT)
    assert site.secrets()[:2] == (CANARY, CANARY)


def test_the_keyring_is_loaded_for_those_alone_who_refer_to_it():
    code = "import sys, lab.site.file; lab.site.file.simulated_site(); sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


FAILURES = [
    (printing(f"print('{CANARY}'); import sys; sys.exit('vault is\\nsealed')"), "ended with code 1 (vault is sealed)"),
    (printing(f"print('{CANARY}'); raise SystemExit(3)"), "ended with code 3 (without a message); run the command by"),
    (printing(f"print(); print('{CANARY}')"), "which printed nothing in its first line"),
    (printing("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')"), "which printed something that is not UTF-8"),
    ("command:/no/such/program --token x", "/no/such/program, which cannot be started (No such file or directory)"),
    ("command:", 'names no command; write "command:" with the path'),
    ("command:pass 'show", "has a command with a quotation mark that is not closed"),
    ("keyring:kunren", 'names no entry of the keyring; write "keyring:SERVICE/USER"'),
    ("keyring:kunren/other", "has not; run `keyring set kunren other`"),
    (f"{CANARY}", "is no reference to a password (it is not shown here); write the environment variable of"),
    (" ", "is empty"),
    ("KUNREN_OTHER", "names KUNREN_OTHER, which is not set"),
]


@pytest.mark.parametrize(("reference", "expected"), FAILURES)
def test_what_leads_to_no_password_is_one_sentence(complaint, kept, reference, expected):
    assert expected.replace("has not;", "which the keyring of this machine does not have;") in complaint(reference)


@pytest.mark.parametrize("reference", [each for each, _ in FAILURES])
def test_it_is_said_in_japanese_too(complaint, kept, reference):
    assert complaint(reference, "ja").endswith("。")


def test_a_command_that_does_not_end_is_ended(complaint, monkeypatch):
    monkeypatch.setattr(secrets, "PATIENCE", 1)
    began = time.monotonic()
    said = complaint(printing(f"print('{CANARY}', flush=True); import time; time.sleep(60)"))
    assert "which did not end within 1 s" in said
    assert time.monotonic() - began < timedelta(seconds=20).total_seconds()


def test_a_locked_keyring_is_said(complaint, kept, monkeypatch):
    def locked(*_):
        raise KeyringLocked("the collection\nis locked")

    monkeypatch.setattr(Kept, "get_password", locked)
    assert "which cannot be read (the collection is locked); unlock the keyring" in complaint("keyring:kunren/drill")


def test_a_windows_name_of_a_time_zone_is_answered_with_the_iana_name(tmp_path):
    file = tmp_path / "site.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace('"Asia/Tokyo"', '"Tokyo Standard Time"', 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        load_site(file, ENVIRONMENT)
    [said] = caught.value.sentences
    assert "time_zone is 'Tokyo Standard Time', a name of Windows; write \"Asia/Tokyo\"" in said.in_("en")
    assert '"Asia/Tokyo" を記述してください' in said.in_("ja")


@pytest.mark.parametrize("value", [f"{CANARY}\n", f"{CANARY}\r", " \t", f"{CANARY}\udcff", f"\u200b{CANARY}"])
def test_a_password_that_nobody_meant_is_not_tried(complaint, monkeypatch, value):
    monkeypatch.setitem(ENVIRONMENT, "STORED", value)
    assert "is not seen; store it again, without line ends" in complaint("STORED")


def test_what_a_failing_command_says_of_passwords_is_masked(complaint, monkeypatch):
    monkeypatch.setitem(ENVIRONMENT, "KUNREN_GAROON_PASSWORD", "another-4711")
    code = f"print('{CANARY}'); raise SystemExit('{CANARY} and another-4711 are wrong')"
    assert "(●●● and ●●● are wrong)" in complaint(printing(code))


def test_a_command_that_prints_without_end_is_ended_in_little_memory(complaint, monkeypatch):
    monkeypatch.setattr(secrets, "PATIENCE", 0.25)
    tracemalloc.start()
    said = complaint(printing("while True: print('x' * 60_000)"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "which did not end within 0.25 s" in said
    assert peak < 4_000_000


def test_a_process_that_a_command_leaves_behind_does_not_hold_it_up():
    left = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)'])"
    assert find(printing(f"{left}; print('{CANARY}')"), {}).value == CANARY


@pytest.mark.parametrize("broken", [ModuleNotFoundError("No module named 'kwallet'"), TypeError("")])
def test_a_keyring_that_breaks_is_said(complaint, kept, monkeypatch, broken):
    def breaks(*_):
        raise broken

    monkeypatch.setattr(Kept, "get_password", breaks)
    assert f"which cannot be read ({str(broken) or 'TypeError'}); unlock" in complaint("keyring:https://kunren/drill")


def test_a_keyring_that_never_answers_is_said(complaint, kept, monkeypatch):
    monkeypatch.setattr(secrets, "UNLOCKED_WITHIN", 0.1)
    monkeypatch.setattr(Kept, "get_password", lambda *_: time.sleep(5))
    assert "which cannot be read (no answer in time); unlock" in complaint("keyring:https://kunren/drill")
