"""The site file: what it means, and one clear sentence for everything that can be wrong with it."""

import hashlib
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from lab.errors import SiteError
from lab.model.endpoints import Authentication, Login
from lab.model.hosts import HostRole
from lab.model.limits import LongWait
from lab.model.objectives import Objectives
from lab.model.probing import ProbeSchedule
from lab.model.replication import NetworkMapping
from lab.model.zones import TimeZone
from lab.site.built_in import written_language
from lab.site.file import SIMULATED, load_site, simulated_site
from lab.site.simulation import SimulationSettings

EXAMPLE = Path(__file__).parents[3] / "docs" / "example-site.toml"
ENVIRONMENT = {
    "KUNREN_MASTER_PASSWORD": "m-secret",
    "KUNREN_REPLICA_PASSWORD": "r-secret",
    "KUNREN_GAROON_PASSWORD": "g-secret",
    "KUNREN_GUEST_PASSWORD": "i-secret",
}
# Monday, in Tokyo nine hours later.
MONDAY = datetime(2012, 9, 24, tzinfo=UTC)


def changed(tmp_path, old, new):
    """The example with one passage replaced."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "site.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def complaint(file, environment=ENVIRONMENT):
    with pytest.raises(SiteError) as caught:
        load_site(file, environment)
    return str(caught.value)


def test_the_simulated_site_needs_nothing_from_outside():
    site = simulated_site()
    assert site.simulated
    assert (site.subject.master, site.subject.replica, site.subject.guest) == ("MASTER", "REPLICA", "Garoon")
    assert (site.seed, site.simulation) == (1, SimulationSettings(seed=1, disk_gib=18))
    assert (site.permissions.changes, site.permissions.drills) == (True, True)
    assert site.secrets() == ()


def test_a_mail_server_is_named_with_a_login_only_over_tls(tmp_path):
    old, login = "[measurement]", 'user = "drill"\npassword_from = "KUNREN_GUEST_PASSWORD"'
    named = f'[mail]\nhost = "mail.example.com"\nsender = "k@example.com"\nto = ["a@example.com"]\n{login}\n\n{old}'
    site = load_site(changed(tmp_path, old, named), ENVIRONMENT)
    assert (site.mail.port, site.mail.login, site.mail.to) == (587, Login("drill", "i-secret"), ("a@example.com",))
    plain = changed(tmp_path, old, named.replace("to =", 'encryption = "none"\nto ='))
    assert "encryption is none, which would send the password unencrypted" in complaint(plain)
    nobody = changed(tmp_path, old, named.replace("k@example.com", "k"))
    assert "mail.sender is 'k', not a mail address" in complaint(nobody)


def test_the_example_is_a_real_site_that_permits_nothing_yet():
    site = load_site(EXAMPLE, ENVIRONMENT)
    master = site.access.endpoints[HostRole.MASTER]
    assert not site.simulated
    assert (site.seed, site.simulation) == (None, None)
    assert (master.host, master.user, master.authentication) == ("MASTER", "EXAMPLE\\svc-drill", Authentication.NTLM)
    assert (site.permissions.changes, site.permissions.drills) == (False, False)
    assert site.language == "ja"
    assert site.control_service is HostRole.REPLICA
    assert site.limits.stop == timedelta(seconds=900)
    assert site.limits.of(LongWait.SYNCHRONIZATION) == timedelta(hours=4)
    assert site.limits.stated == frozenset(LongWait)
    assert site.subject.network_mapping == (NetworkMapping("本番ネットワーク", "本番ネットワーク"),)
    assert site.access.guest == Login(r".\Administrator", "i-secret")
    assert site.secrets() == ("m-secret", "r-secret", "g-secret", "i-secret")


def test_the_example_says_how_a_drill_is_measured_and_judged():
    site = load_site(EXAMPLE, ENVIRONMENT)
    assert site.objectives == Objectives(rto_s=1800, rpo_s=60)
    assert site.probing == ProbeSchedule(interval=5, timeout=5, confirmations=3)
    assert site.may_differ == {"REPLICA/DC1"}


def test_what_is_not_said_of_measuring_has_a_default(tmp_path):
    file = changed(tmp_path, "interval_seconds = 5", "interval_seconds = 0.5")
    text = file.read_text(encoding="utf-8")
    for line in ("rto_seconds = 1800 ", "timeout_seconds = 5\n", "confirmations = 3\n", 'may_differ = ["REPLICA/DC1"]'):
        text = text.replace(line, "")
    file.write_text(text, encoding="utf-8")
    site = load_site(file, ENVIRONMENT)
    assert site.probing == ProbeSchedule(interval=0.5, timeout=5, confirmations=3)
    assert site.objectives == Objectives(rto_s=None, rpo_s=60)
    assert site.may_differ == frozenset()


def test_a_whole_number_may_be_written_with_a_point(tmp_path):
    assert (
        load_site(changed(tmp_path, "confirmations = 3", "confirmations = 4.0"), ENVIRONMENT).probing.confirmations == 4
    )


@pytest.mark.parametrize(
    "subject",
    ["MASTER/DC1", "REPLICA switch/テスト", "MASTER service/vmms", "RHA/S", "REPLICA/a/b", "REPLICA/switch/x"],
)
def test_whatever_a_comparison_can_print_may_be_permitted(tmp_path, subject):
    assert load_site(changed(tmp_path, "REPLICA/DC1", subject), ENVIRONMENT).may_differ == {subject}


def test_a_site_without_a_login_for_the_guest_has_none(tmp_path):
    file = changed(tmp_path, "user = '.\\Administrator'", "")
    file.write_text(file.read_text(encoding="utf-8").replace('password_from = "KUNREN_GUEST_PASSWORD"', ""), "utf-8")
    assert load_site(file, ENVIRONMENT).access.guest is None


def test_half_a_login_for_the_guest_is_a_mistake(tmp_path):
    file = changed(tmp_path, "user = '.\\Administrator'", "")
    assert "guest.user" in complaint(file)


def test_no_secret_is_in_the_sites_representation():
    text = repr(load_site(EXAMPLE, ENVIRONMENT))
    assert not any(secret in text for secret in ENVIRONMENT.values())


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        (MONDAY - timedelta(hours=1, seconds=1), False),  # 07:59:59 in Tokyo
        (MONDAY - timedelta(hours=1), True),
        (MONDAY + timedelta(hours=10, minutes=59), True),
        (MONDAY + timedelta(hours=11), False),
        (MONDAY - timedelta(days=1), False),
    ],
)
def test_business_hours_are_those_of_the_site(moment, open_then):
    hours = load_site(EXAMPLE, ENVIRONMENT).business_hours
    assert (hours.begin, hours.end) == (time(8), time(20))
    assert hours.include(moment) is open_then


@pytest.mark.parametrize(("zone", "hours"), [("+09:00", 9), ("-03:30", -3.5), ("Asia/Tokyo", 9)])
def test_a_time_zone_is_a_name_or_an_offset(tmp_path, zone, hours):
    file = tmp_path / "site.toml"
    file.write_text(SIMULATED.read_text(encoding="utf-8").replace('"+09:00"', f'"{zone}"'))
    assert load_site(file).business_hours.zone.utcoffset(MONDAY.replace(tzinfo=None)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("top", "hours", "name"),
    [
        ('time_zone = "Asia/Tokyo"', 'time_zone = "+02:00"', "Asia/Tokyo"),
        ('time_zone = "Asia/Tokyo"', "", "Asia/Tokyo"),
        ("", 'time_zone = "+02:00"', "+02:00"),
    ],
)
def test_the_zone_of_the_site_is_its_own_key_or_that_of_its_business_hours(tmp_path, top, hours, name):
    file = tmp_path / "site.toml"
    text = SIMULATED.read_text(encoding="utf-8").replace('time_zone = "+09:00"', hours)
    file.write_text(f"{top}\n{text}")
    site = load_site(file)
    assert site.time_zone.name == name
    expected = timedelta(hours=2 if "+02" in hours else 9)
    assert site.business_hours.zone.utcoffset(MONDAY.replace(tzinfo=None)) == expected


def test_the_zone_of_a_site_that_names_none_is_that_of_this_machine(tmp_path):
    file = tmp_path / "site.toml"
    head, _, rest = SIMULATED.read_text(encoding="utf-8").partition("[business_hours]")
    file.write_text(head + rest[rest.index("[objectives]") :])
    here = datetime.now(UTC).astimezone()
    assert load_site(file).time_zone.local(datetime.now(UTC)).utcoffset() == here.utcoffset()


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_an_instant_at_the_end_of_the_calendar_stays_as_it_came(moment):
    zones = (TimeZone("-12:00", timezone(timedelta(hours=-12))), TimeZone("+14:00", timezone(timedelta(hours=14))))
    assert [zone.local(moment).year in (1, 9999) for zone in zones] == [True, True]


def test_a_site_knows_the_digests_of_the_files_it_was_read_from(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("# discovery =", "discovery ="), encoding="utf-8")
    (tmp_path / "discovery.json").write_text('{"snap_ins": [], "commands": {}}')
    digests = load_site(file, ENVIRONMENT).digests
    assert digests.site_file == hashlib.sha256(file.read_bytes()).hexdigest()
    assert digests.discovery_file == hashlib.sha256((tmp_path / "discovery.json").read_bytes()).hexdigest()
    assert load_site(SIMULATED).digests.discovery_file is None


def test_a_simulated_site_may_be_looked_at_only(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text(SIMULATED.read_text(encoding="utf-8").replace("changes = true\ndrills = true", "changes = false"))
    permissions = load_site(file).permissions
    assert (permissions.changes, permissions.drills) == (False, False)


MISTAKES = [
    ('name = "本社サーバ室"', "", "name is missing; write a name for the site"),
    ('name = "本社サーバ室"', 'name = ""', "name is empty"),
    ('name = "本社サーバ室"', "name = 3", "name is a number, not a text"),
    ('language = "ja"', 'language = "de"', 'language is \'de\', which is not one of "en", "ja"'),
    ('language = "ja"', 'langage = "ja"', "langage is not known; write language if that was meant"),
    ('name = "REPLICA"', 'name = "master"', "hosts.replica.name is the name of the master too"),
    (
        '"http://replica.example.com:5985/wsman"',
        '"HTTPS://master.example.com:5986/wsman/"',
        "hosts.replica.winrm is the address of the master too; write that of the replica host's WinRM listener",
    ),
    ('user = "drill"', "", "garoon.user is missing"),
    ('winrm = "https://master.example.com:5986/wsman"', "", "hosts.master.winrm is missing"),
    ("https://master.example.com:5986", "master:5985", "hosts.master.winrm is 'master:5985/wsman', not a web address"),
    ("master.example.com:5986", "master:99999", "not a web address"),
    ("https://master", "https://me:x@master", "hosts.master.winrm has a login in it; write the address alone"),
    ('password_from = "KUNREN_MASTER_PASSWORD"', 'password = "x"', "hosts.master.password does not belong in a file"),
    ("KUNREN_GAROON_PASSWORD", "KUNREN_OTHER", "garoon.password_from names KUNREN_OTHER, which is not set"),
    ('authentication = "ntlm"', 'authentication = "magic"', "hosts.master.authentication is 'magic'"),
    (
        '"ntlm"\n\n[hosts.replica]',
        '"ntlm"\ncertificate_authority = "no.pem"\n[hosts.replica]',
        "names no.pem, which is not",
    ),
    ('authentication = "ntlm"\n\n[guest]', 'authentication = "basic"\n[guest]', "sends the password unencrypted"),
    ('[guest]\nname = "Garoon"', '[guest]\nname = "Garoon*"', "guest.name is 'Garoon*', in which PowerShell sees"),
    ('[guest]\nname = "Garoon"', 'guest = "Garoon"\n[unused]', "guest"),
    ('control_service = "replica"', 'control_service = "third"', "replication.control_service is 'third'"),
    ('profile = "arcserve_rha"', 'profile = "other"', 'There is no RHA profile "other"; name one of: arcserve_rha'),
    ('# discovery = "discovery.json"', 'discovery = "no.json"', "the discovery file cannot be read"),
    ('"本番ネットワーク" = "本番ネットワーク"', '"本番ネットワーク" = ""', "network_mapping.本番ネットワーク is empty"),
    ("drills = false", "drills = true", "permissions.drills is true while changes is not"),
    ("changes = false ", 'changes = "no" ', "permissions.changes is a text, not true or false"),
    ("question = 60", "question = 0", "limits.question is 0, which cannot be"),
    ("question = 60", "question = 1e-320", "limits.question is 1e-320, which cannot be"),
    ("question = 60", f"question = 0x{'f' * 5000}", "limits.question is a number of 20000 bits, which cannot be"),
    ("question = 60", f"question = {'9' * 5000}", "a number is far too long"),
    ('language = "ja"', f"language = 0x{'f' * 5000}", "language is a number, which is not one of"),
    ('language = "ja"', f"language = {'[' * 3000}{']' * 3000}", "lie too deep in each other; write them flat"),
    ('language = "ja"', f"{'.'.join('a' * 3000)} = 1", "a is not known"),
    ("question = 60", "questions = 60", "limits.questions is not known; write question if that was meant"),
    ("question = 60", 'question = "60"', "limits.question is a text, not a number"),
    ("switchover_minutes = 45", "switchover_minutes = 0", "limits.switchover_minutes is 0, which cannot be"),
    ("reboot_minutes = 45", "reboot_minutes = 99999", "limits.reboot_minutes is 99999; write at most 20160 minutes"),
    ("question = 60", "synchronization = 60", "limits.synchronization is not known; write synchronization_minutes"),
    ('["monday"', '["mon"', "business_hours.days has 'mon', which is not one of \"monday\", "),
    ('["monday", "tuesday", "wednesday", "thursday", "friday"]', "[]", "business_hours.days is empty; write days"),
    ('["monday", ', "[1, ", "business_hours.days has a number, which is not one of"),
    ('begin = "08:00"', 'begin = "8"', "business_hours.begin is '8'; write a time of day"),
    ('begin = "08:00"', "begin = 08:00:00", "business_hours.begin is a date, not a text"),
    ('begin = "08:00"', 'begin = "21:00"', "business_hours.end is not after begin"),
    ('"Asia/Tokyo"', '"Asia/Toyko"', "time_zone is 'Asia/Toyko', which is not known"),
    ('"Asia/Tokyo"', '"Asia/Toyko"', 'such as "Asia/Tokyo", or an offset, such as "+09:00"'),
    ('"Asia/Tokyo"', '"../etc/passwd"', "time_zone is '../etc/passwd', which is not known"),
    ('"Asia/Tokyo"', '"+25:00"', "time_zone is '+25:00', which is not known"),
    ('url = "http://cybozu', 'connect = "here"\nurl = "http://cybozu', "garoon.connect is 'here'; write the address"),
    ("rto_seconds = 1800", "rto_seconds = 0", "objectives.rto_seconds is 0, which cannot be; write how long users may"),
    ("rpo_seconds = 60", "rpo_seconds = -1", "objectives.rpo_seconds is -1, which cannot be; write of how long users'"),
    ("rpo_seconds = 60", 'rpo_seconds = "1 min"', "objectives.rpo_seconds is a text, not a number"),
    ("rto_seconds = 1800", "rto_second = 1800", "objectives.rto_second is not known; write rto_seconds if"),
    ("interval_seconds = 5", "interval_seconds = 0", "measurement.interval_seconds is 0, which cannot be"),
    ("interval_seconds = 5", "interval_seconds = 301", "measurement.interval_seconds is 301; write at most 300"),
    ("timeout_seconds = 5", "timeout_seconds = 900.5", "measurement.timeout_seconds is 900.5; write at most 300"),
    ("timeout_seconds = 5", 'timeout_seconds = "5"', "measurement.timeout_seconds is a text, not a number"),
    ("timeout_seconds = 5", "timeout = 5", "measurement.timeout is not known; write timeout_seconds if"),
    ("confirmations = 3", "confirmations = 2.5", "measurement.confirmations is 2.5, not a whole number; write how"),
    ("confirmations = 3", "confirmations = 11", "measurement.confirmations is 11; write how many good answers"),
    ("confirmations = 3", "confirmations = 0", "measurement.confirmations is 0, which cannot be"),
    ('["REPLICA/DC1"]', '"REPLICA/DC1"', "restoration.may_differ is not a list of texts"),
    ('"REPLICA/DC1"', '"DC1"', "restoration.may_differ has 'DC1', which no comparison of states prints; write it as"),
    ('"REPLICA/DC1"', '"Replica/DC1"', "restoration.may_differ has 'Replica/DC1'"),
    ('"REPLICA/DC1"', '"Garoon entry/x"', "restoration.may_differ has 'Garoon entry/x'"),
    ("[restoration]", "[restauration]", "restauration is not known; write restoration if that was meant"),
    ("[permissions]", "[permission]", "permission is not known; write permissions if that was meant"),
    ("[garoon]", "[garoon", "this is not valid TOML"),
    (
        r"'EXAMPLE\svc-drill'",
        r'"EXAMPLE\tanaka"',
        r"hosts.master.user has the character U+0009 in it, which is not seen",
    ),
    (r"'EXAMPLE\svc-drill'", r'"EXAMPLE\tanaka"', r"write it in single quotes, as 'EXAMPLE\tanaka'"),
    (r"'EXAMPLE\svc-drill'", r'"EXAMPLE\nakamura"', r"U+000A in it, which is not seen"),
    (r"'EXAMPLE\svc-drill'", r'"EXAMPLE\bando"', r"in single quotes, as 'EXAMPLE\bando'"),
    (r"'EXAMPLE\svc-drill'", r'"EXAMPLE\dando"', r"write the text in single quotes, as 'EXAMPLE\user'"),
    (r"'EXAMPLE\svc-drill'", r'"EXAMPLE\user"', r"write the text in single quotes, as 'EXAMPLE\user'"),
    ('[guest]\nname = "Garoon"', '[guest]\nname = "Garoon\\t"', "guest.name has the character U+0009"),
    ('name = "本社サーバ室"', 'name = "本社\\u001b[31m"', "name has the character U+001B in it"),
    (
        'name = "本社サーバ室"',
        'name = "本社\\u202e"',
        "name has the character U+202E in it, which is not seen; write it without",
    ),
    ('"REPLICA/DC1"', '"REPLICA/DC1\\u200b"', "restoration.may_differ has the character U+200B"),
    ('"本番ネットワーク" =', '"本番\\u0000" =', "a key of replication.network_mapping has the character U+0000"),
    ('[guest]\nname = "Garoon"', '[guest]\nname = "ガルーン"', "guest.name is"),
    ('[guest]\nname = "Garoon"', '[guest]\nname = "ガルーン"', "Unicode NFD"),
    (
        'name = "REPLICA"',
        'name = "ﾚﾌﾟﾘｶ"',
        "hosts.replica.name has half-width katakana (ﾚﾌﾟﾘｶ) in it; write it full-width",
    ),
    ('scenario = "Cybozu', 'scenario = "ｻｲﾎﾞｳｽﾞ', "replication.scenario has half-width katakana"),
]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_a_mistake_is_one_sentence_that_says_what_to_do(tmp_path, old, new, expected):
    said = complaint(changed(tmp_path, old, new))
    assert expected in said
    assert said.endswith(".")
    assert said.count("\n") == 0
    assert "site.toml" in said or "no.json" in said or "RHA profile" in said
    assert not any(secret in said for secret in ENVIRONMENT.values())


def test_every_mistake_of_a_file_is_told_at_once(tmp_path):
    file = changed(tmp_path, 'language = "ja"', 'langage = "de"')
    text = file.read_text(encoding="utf-8").replace("question = 60", "question = 0")
    file.write_text(text.replace('user = "drill"', 'password = "x"'), encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        load_site(file, ENVIRONMENT)
    assert [str(sentence).split(";")[0] for sentence in caught.value.sentences] == [
        "site.toml: garoon.user is missing",
        "site.toml: garoon.password does not belong in a file",
        "site.toml: limits.question is 0, which cannot be",
        "site.toml: langage is not known",
    ]


def test_a_secret_that_is_not_set_is_named_by_its_variable(tmp_path):
    said = complaint(EXAMPLE, {})
    assert "KUNREN_MASTER_PASSWORD, which is not set; set that environment variable." in said


def test_a_file_that_is_not_there_or_not_utf_8_is_said(tmp_path):
    assert "cannot be read (No such file or directory); check the path." in complaint(tmp_path / "none.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "サイト"'.encode("cp932"))
    assert re.search(r"byte \d+ is not UTF-8; save the file as UTF-8\.", complaint(latin))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_and_line_ends_of_windows_make_no_difference(tmp_path, encoding, line_end):
    file = tmp_path / "site.toml"
    file.write_bytes(EXAMPLE.read_text(encoding="utf-8").replace("\n", line_end).encode(encoding))
    assert load_site(file, ENVIRONMENT).subject == load_site(EXAMPLE, ENVIRONMENT).subject


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (tmp_path / "pipe.toml", Path("/dev/zero")):
        assert written_language(path) is None
        with pytest.raises(SiteError, match="it is a pipe, a socket or a device, not a file"):
            load_site(path, ENVIRONMENT)


def test_a_site_file_in_utf_16_is_said_to_be_so(tmp_path):
    file = tmp_path / "site.toml"
    file.write_bytes(EXAMPLE.read_text(encoding="utf-8").encode("utf-16"))
    assert "the file is UTF-16; save it as UTF-8." in complaint(file)


def test_a_zone_is_known_without_a_database_of_this_machine():
    """Windows has none, and slim containers."""
    pytest.importorskip("tzdata", reason="this environment is older than the lock; set it up again")
    command = "import zoneinfo; zoneinfo.reset_tzpath(()); print(zoneinfo.ZoneInfo('Asia/Tokyo').key)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Asia/Tokyo"


def test_basic_over_http_is_possible_when_it_is_meant(tmp_path):
    file = changed(
        tmp_path, 'authentication = "ntlm"\n\n[guest]', 'authentication = "basic"\nallow_unencrypted = true\n[guest]'
    )
    endpoint = load_site(file, ENVIRONMENT).access.endpoints[HostRole.REPLICA]
    assert endpoint.authentication is Authentication.BASIC
