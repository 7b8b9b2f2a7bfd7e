"""`kunren init` against a lab in another process: asked by a person, or by options, and a file that permits nothing."""

import os
import pty
import re
import subprocess
import sys
from functools import partial
from unittest import mock
from urllib.parse import urlsplit

import pytest

from kunren.sites.site_writer import SCHEMA, site_file
from lab.model.endpoints import Login
from lab.model.hosts import HostRole
from lab.site.file import load_site
from lab.site.terms import By
from tests.kunren.commands import REPOSITORY, run
from tests.kunren.sites.test_lab import served
from tests.lab.counted_logins import Counted

CANARY = "kanarienvogel-4711"


@pytest.fixture(scope="module")
def lab():
    with served("--speed", "600") as line:
        passwords = {
            "KUNREN_MASTER_PASSWORD": line["hosts"]["master"]["password"],
            "KUNREN_REPLICA_PASSWORD": line["hosts"]["replica"]["password"],
            "KUNREN_GAROON_PASSWORD": line["garoon"]["password"],
            "KUNREN_GUEST_PASSWORD": line["guest"]["password"],
            "WRONG": CANARY,
        }
        with mock.patch.dict(os.environ, passwords):
            yield line


def options(lab, **changed):
    """All that --yes needs."""
    hosts, garoon = lab["hosts"], lab["garoon"]
    given = {
        "name": "tokyo",
        "master-winrm": hosts["master"]["winrm"],
        "master-user": hosts["master"]["user"],
        "master-password-from": "KUNREN_MASTER_PASSWORD",
        "replica-winrm": hosts["replica"]["winrm"],
        "replica-user": hosts["replica"]["user"],
        "replica-password-from": "command:printenv KUNREN_REPLICA_PASSWORD",
        "guest": "Garoon",
        "scenario": "CybozuGaroonHyper-V",
        "garoon-url": garoon["url"],
        "garoon-connect": garoon["connect"],
        "garoon-user": garoon["user"],
        "garoon-password-from": "KUNREN_GAROON_PASSWORD",
    }
    given |= {name.replace("_", "-"): text for name, text in changed.items()}
    return [part for name, text in given.items() if text is not None for part in (f"--{name}", text)]


def typed(folder, *lines):
    """Gives a command these lines as its standard input."""
    file = folder / "typed"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return partial(_stdin_from, file)


def _stdin_from(file):
    sys.stdin = file.open(encoding="utf-8")


def no_password_in(done, folder):
    told = done.stdout + done.stderr + "".join(each.read_text(encoding="utf-8") for each in folder.glob("*.toml"))
    secrets = [text for name, text in os.environ.items() if name.startswith("KUNREN_") and name.endswith("_PASSWORD")]
    assert secrets
    return not any(secret in told for secret in [*secrets, CANARY])


def test_with_all_options_nothing_is_asked_and_a_site_that_permits_nothing_is_written(lab, tmp_path):
    done = run("init", "--yes", "--lang", "en", *options(lab), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Login accepted: MASTER, " in done.stdout
    assert "✓ Virtual machine Garoon: running." in done.stdout
    assert "✓ Garoon, login: " in done.stdout
    assert "✗" not in done.stdout
    assert done.stdout.endswith("Next: kunren check --site site.toml\n")
    assert no_password_in(done, tmp_path)
    site = load_site(tmp_path / "site.toml")
    assert (site.name, site.language, site.time_zone.name, site.by) == ("tokyo", "en", "Asia/Tokyo", By.MIXED)
    assert (site.subject.master, site.subject.replica, site.subject.guest) == ("MASTER", "REPLICA", "Garoon")
    assert not site.permissions.changes
    assert not site.permissions.drills
    assert not site.permissions.faults
    assert site.access.endpoints[HostRole.REPLICA].password == lab["hosts"]["replica"]["password"]
    assert (tmp_path / SCHEMA).read_bytes() == (REPOSITORY / "docs" / SCHEMA).read_bytes()
    assert (tmp_path / "site.toml").read_text(encoding="utf-8").startswith(f"#:schema {SCHEMA}\n# Site file of")


def test_a_person_is_told_what_was_seen_and_corrects_it(lab, tmp_path):
    hosts, garoon = lab["hosts"], lab["garoon"]
    way = Counted(urlsplit(hosts["master"]["winrm"]).port)
    answers = [
        *("", "東京", "tokyo standard time"),
        *("no-such-host.invalid", way.url, hosts["master"]["user"]),
        *("NOT_SET_YET", "WRONG", "", "KUNREN_MASTER_PASSWORD", ""),
        *(hosts["master"]["winrm"].replace("127.0.0.1", "localhost"), "", ""),
        *(hosts["replica"]["winrm"], "", "", "OTHER", "Garun", "Garoon"),
        *(lab["guest"]["user"], "WRONG", "", "KUNREN_GUEST_PASSWORD", "", ""),
        *("", "", garoon["connect"], garoon["user"], ""),
    ]
    done = run("init", "--lang", "ja", "neu.toml", cwd=tmp_path, before=[typed(tmp_path, *answers)])
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    for each in (
        "name が空です",
        "tokyo standard time は Windows での名前です。サイト ファイルには Asia/Tokyo を記述します。",
        "✗ no-such-host.invalid の名前を解決できません。",
        "が示す環境変数 NOT_SET_YET が設定されていません",
        "が kunren のログインを拒否しました",
        "✓ ログインしました: MASTER、",
        "✗ サイト ファイルの hosts.master と hosts.replica は、どちらも同じ Windows（MASTER）に接続しています。",
        "✗ ホストのコンピュータ名は REPLICA であり、OTHER ではありません。",
        "✗ どちらのホストにも仮想マシン Garun がありません。",
        "[KUNREN_REPLICA_PASSWORD]",
        "[KUNREN_GUEST_PASSWORD]",
        "✓ Garoon にログオンしました: ",
        "✓ ガルーン、スケジュール: ",
    ):
        assert each in said, each
    assert way.logins == 4, "each password of the host once, and once for each of the guest"
    assert no_password_in(done, tmp_path)
    text = (tmp_path / "neu.toml").read_text(encoding="utf-8")
    assert "# 通常時にガルーンの仮想マシンが動作する物理ホスト。" in text
    site = load_site(tmp_path / "neu.toml")
    assert (site.name, site.language, site.subject.replica, site.subject.guest) == ("東京", "ja", "OTHER", "Garoon")
    assert site.access.guest == Login(lab["guest"]["user"], lab["guest"]["password"])


def test_one_account_of_both_hosts_has_one_password_unless_that_is_named_after_the_master(lab, tmp_path):
    hosts, name = lab["hosts"], "command:printenv KUNREN_REPLICA_PASSWORD"
    answers = [
        "tokyo",
        "",
        hosts["master"]["winrm"],
        hosts["master"]["user"],
        name,
        "-1",
        hosts["replica"]["winrm"],
        "",
    ]
    done = run("init", "--lang", "en", cwd=tmp_path, before=[typed(tmp_path, *answers)])
    assert done.returncode == 130
    assert done.stdout.count(f"[{name}]") == 1


def test_the_login_of_the_guest_may_be_left_out_and_half_of_it_is_not_enough(lab, tmp_path):
    inside = {"guest_user": lab["guest"]["user"], "guest_password_from": "KUNREN_GUEST_PASSWORD"}
    done = run("init", "--yes", "--lang", "en", *options(lab, **inside), cwd=tmp_path)
    assert (done.returncode, "✓ Logon accepted in Garoon: " in done.stdout) == (0, True), done.stderr
    for lacking, expected in (("guest_user", "missing: --guest-user"), ("guest_password_from", "guest.password_from")):
        half = run(
            "init", "--yes", "half.toml", "--lang", "en", *options(lab, **{**inside, lacking: None}), cwd=tmp_path
        )
        assert (half.returncode, expected in half.stderr) == (2, True), half.stderr


def test_an_existing_file_is_not_overwritten(lab, tmp_path):
    (tmp_path / "site.toml").write_text("mine", encoding="utf-8")
    done = run("init", "--yes", "--lang", "en", *options(lab), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kunren: site.toml exists and is not overwritten: name another file.\n"
    assert (tmp_path / "site.toml").read_text(encoding="utf-8") == "mine"


def test_what_is_missing_for_yes_is_named(lab, tmp_path):
    done = run("init", "--yes", "--lang", "en", *options(lab, scenario=None, garoon_user=None), cwd=tmp_path)
    assert done.returncode == 2
    assert "--yes needs all answers; missing: --scenario, --garoon-user." in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"master_winrm": "ftp://x"}, "hosts.master.winrm is 'ftp://x', not a web address"),
        ({"guest": "Garoon*"}, "guest.name is 'Garoon*', in which PowerShell sees a wildcard"),
        ({"replica_name": "master"}, "hosts.replica.name is the name of the master too"),
        ({"name": "tokyo\x1b"}, "name has the character U+001B in it"),
        ({"time_zone": "Asia/Toyko"}, "time_zone is 'Asia/Toyko', which is not known"),
        ({"master_password_from": CANARY}, "hosts.master.password_from is no reference to a password"),
    ],
)
def test_a_wrong_option_is_a_mistake_of_the_site_file_and_nothing_is_written(lab, tmp_path, changed, expected):
    done = run("init", "--yes", "--lang", "en", *options(lab, **changed), cwd=tmp_path)
    assert done.returncode == 2
    assert expected in done.stderr
    assert no_password_in(done, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_password_that_is_not_there_yet_is_told_and_no_login_is_tried(lab, tmp_path):
    done = run("init", "--yes", "--lang", "en", *options(lab, garoon_password_from="NOT_YET"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "garoon.password_from names NOT_YET, which is not set" in done.stdout
    assert "✗ Login not tried: there is no password yet." in done.stdout
    assert 'password_from = "NOT_YET"' in (tmp_path / "site.toml").read_text(encoding="utf-8")


def test_one_who_ends_the_input_or_stops_has_nothing_written(tmp_path):
    done = run("init", "--lang", "ja", cwd=tmp_path, before=[typed(tmp_path, "東京")])
    assert (done.returncode, done.stderr) == (130, "kunren: 中止しました。何も書き込んでいません。\n")
    assert [each.name for each in tmp_path.iterdir()] == ["typed"]


def test_an_answer_in_another_encoding_is_said_to_be_so(tmp_path):
    command = [sys.executable, "-m", "kunren", "init", "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        input="東京\n".encode("cp932"),
        capture_output=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert b"not in the encoding of this terminal; nothing was written." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_at_a_terminal_has_nothing_written(tmp_path):
    person, terminal = pty.openpty()
    command = [sys.executable, "-m", "kunren", "init", "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        ["setsid", "--ctty", *command], cwd=tmp_path, stdin=terminal, stdout=terminal, stderr=terminal, env=environment
    ) as run_:
        os.close(terminal)
        shown = b""
        while b"Name of the site" not in shown:
            shown += os.read(person, 4096)
        os.write(person, b"tokyo\n\x03")
        while b"nothing was written" not in shown:
            shown += os.read(person, 4096)
        assert run_.wait(timeout=30) == 130
    os.close(person)
    assert list(tmp_path.iterdir()) == []


ANSWERS = {
    "name": '本社 "東京" \\ 2',
    "time_zone": "+09:00",
    **{
        f"hosts.{role}.{key}": text
        for role in ("master", "replica")
        for key, text in {
            "name": role,
            "winrm": f"https://{role}/wsman",
            "user": r"EXAMPLE\tanaka",
            "password_from": r"command:printf 'it''s\nmine'",
        }.items()
    },
    "guest.name": "Garoon's",
    "replication.scenario": "S",
    "replication.control_service": "replica",
    "garoon.url": "http://garoon/",
    "garoon.user": "drill",
    "garoon.password_from": "KUNREN_GUEST_PASSWORD",
}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("whole", [False, True])
def test_answers_come_back_as_they_were_and_comments_are_keys_to_be_uncommented(tmp_path, language, whole):
    text = site_file(ANSWERS, language, "tokyo", schema=True)
    if whole:
        text = re.sub(r"^# (?!certificate_authority|discovery)(\[|\S+ = )", r"\1", text, flags=re.MULTILINE)
    file = tmp_path / "site.toml"
    file.write_text(text.replace("REPLICA/DC1", "replica/DC1"), encoding="utf-8")
    site = load_site(file, {**os.environ, "KUNREN_GUEST_PASSWORD": "x", "KUNREN_RHA_PASSWORD": "y"})
    assert (site.name, site.subject.guest) == (ANSWERS["name"], ANSWERS["guest.name"])
    assert site.access.endpoints[HostRole.MASTER].user == ANSWERS["hosts.master.user"]
    assert (site.access.guest is not None) is whole
    assert (site.access.rha == Login("EXAMPLE\\drill", "y")) is whole
    assert (site.business_hours is not None) is whole
    assert (bool(site.stop), site.limits.drill is not None) == (whole, whole)
