"""Exercise plans: written to be filled in, checked all at once, and fixed with all else before a run."""

import hashlib
import json
import tomllib
from dataclasses import replace

import pytest

from journal.exercise import ExercisePlan
from journal.masking import Masking
from kunren.exits import Exit, Stop
from kunren.records.elsewhere import ByMail, InFile, places
from kunren.records.exercise import GROUPS, TABLES, checked, plan_text, read_plan, require_fits, what_of
from kunren.records.registration import FILE, PLAN, registered, require_not_run
from kunren.running.drills import choose
from lab.errors import HostUnreachable
from lab.model.endpoints import MailEncryption, MailServer
from lab.site.exercise_terms import ExerciseTerms
from lab.site.file import simulated_site
from tests.kunren.test_cli import kunren
from words import LANGUAGES, sentence, words_of

FILLED = """
title = "月次の切り替え訓練"
type = "planned failover"
form = "exercise"
reason = "after a change"
change = "CHG-1201"
excluded = ["mail", ""]
scenario = \"\"\"
A planned power cut
of the main building.\"\"\"
window_begin = 2026-12-05 22:00:00
window_end = "2026-12-06 02:00"
retention_years = 5

[[participants]]
name = "田中"
role = "operator"
affiliation = "IT"
attendance = "absent on purpose"

[[participants]]
name = ""

[[approvals]]
name = "Sato"
date = 2026-12-01
"""
WRONG = """
titel = "x"
type = "drill"
excluded = "mail"
retention_years = 1.5
window_begin = "tomorrow"
scope = "a\\u200bb"

[[participants]]
attendance = "there"

[[participants]]
attendance = 1

[[approvals]]
date = "1 December"
"""


def written(folder, text):
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes_of(file, language):
    with pytest.raises(Stop) as stopped:
        read_plan(file)
    return [each.in_(language) for each in stopped.value.sentences]


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_a_plan_that_is_empty_but_for_site_and_drills(tmp_path, language):
    text = plan_text(simulated_site(), ["2-readiness"], language, schema=True)
    assert list(tomllib.loads(text)) == list(ExerciseTerms.model_fields)
    plan = read_plan(written(tmp_path, text)).plan
    assert plan == ExercisePlan(site="simulated", drills=("2-readiness",))
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    assert len(comments) > len(GROUPS) + len(TABLES)
    assert any("pass" in line or "パスワード" in line for line in comments)


def test_a_plan_is_written_once_with_its_schema(tmp_path):
    assert kunren("plan", "plan.toml", "2-readiness", "--lang", "ja", cwd=tmp_path).returncode == 0
    before = (tmp_path / "plan.toml").read_bytes()
    assert "訓練計画書".encode() in before
    again = kunren("plan", "plan.toml", "--lang", "en", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (
        2,
        "kunren: plan.toml exists and is not overwritten: name another file.\n",
    )
    assert (tmp_path / "plan.toml").read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"plan.toml", "exercise-plan.schema.json"}
    check = kunren("plan", "--check", "plan.toml", "--lang", "en", cwd=tmp_path)
    assert check.returncode == 0
    assert "plan.toml: approvals is empty (who has approved it)." in check.stdout


def test_what_people_wrote_is_read_in_one_line_and_empty_tables_count_for_nothing(tmp_path):
    plan = read_plan(written(tmp_path, FILLED)).plan
    assert plan.scenario == "A planned power cut of the main building."
    assert plan.excluded == ("mail",)
    assert (plan.window_begin, plan.window_end) == ("2026-12-05T22:00", "2026-12-06T02:00")
    assert [each.attendance for each in plan.participants] == ["absent on purpose"]
    assert plan.approvals[0].date == "2026-12-01"
    assert ExercisePlan.from_json(plan.to_json()) == plan


def test_what_is_empty_is_named_as_missing_and_not_refused(tmp_path):
    exercise = read_plan(written(tmp_path, FILLED))
    missing = exercise.plan.missing
    assert "place" in missing
    assert "approvals[1].evidence" in missing
    assert not {"title", "change", "retests", "participants", "approvals[1].name"} & set(missing)
    for language in LANGUAGES:
        told = [each.in_(language) for each in checked(exercise)]
        assert len(told) == len(missing) + 1


def test_each_key_says_what_belongs_there():
    plan = ExercisePlan(participants=(), approvals=())
    assert all(what_of(key).in_(language) for key in plan.missing for language in LANGUAGES)
    inner = [f"{table}[1].{key}" for table, kind in TABLES.items() for key in kind.model_fields]
    assert all(what_of(key).in_(language) for key in inner for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_mistakes_are_told_at_once(tmp_path, language):
    told = mistakes_of(written(tmp_path, WRONG), language)
    places = ["scope", "type", "excluded", "retention_years", "window_begin", "approvals[1].date", "titel"]
    for place in [*places, "participants[1].attendance", "participants[2].attendance"]:
        assert sum(place in each for each in told) == 1, place
    assert len(told) == 9


@pytest.mark.parametrize(
    "text", ["[[title]]", "title = [", "participants = 'x'", "participants = ['x']", "[stop]", "x"]
)
def test_a_file_that_is_no_plan_is_one_sentence(tmp_path, text):
    assert [len(mistakes_of(written(tmp_path, text), language)) for language in LANGUAGES] == [1, 1]


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    assert "check the path" in mistakes_of(tmp_path / "none.toml", "en")[0]
    (tmp_path / "plan.toml").write_bytes(b"\xff\xfe\x00")
    assert len(mistakes_of(tmp_path / "plan.toml", "en")) == 1


@pytest.mark.parametrize(
    ("end", "told"),
    [("2026-12-05 21:00", "not after window_begin"), ("2026-12-06 02:00+09:00", "offset from UTC")],
)
def test_a_window_ends_after_it_begins(tmp_path, end, told):
    [sentence] = mistakes_of(written(tmp_path, FILLED.replace("2026-12-06 02:00", end)), "en")
    assert told in sentence


@pytest.mark.parametrize(("line", "n"), [('site = "osaka"', 1), ('drills = ["4-1-clean-switchover"]', 1), ("", 0)])
def test_a_plan_of_another_site_or_other_drills_is_refused(tmp_path, line, n):
    exercise = read_plan(written(tmp_path, line + FILLED))
    if n:
        with pytest.raises(Stop):
            require_fits(exercise, simulated_site(), ["2-readiness"])
    else:
        require_fits(exercise, simulated_site(), ["2-readiness"])


# -- the pre-registration ----------------------------------------------------------------------------------------------


@pytest.fixture
def drills():
    return choose(("2-readiness",), "en", None)


def facts_of(registration):
    assert registration.text.count(b"\n") == 1
    return json.loads(registration.text)


def test_a_registration_names_all_that_the_run_uses_and_its_files_can_be_checked(tmp_path, drills):
    exercise = read_plan(written(tmp_path, FILLED))
    registration = registered(drills, simulated_site(), exercise, None)
    facts = facts_of(registration)
    registration.keep(tmp_path / "record", [InFile(tmp_path / "elsewhere.json")])
    assert (tmp_path / "elsewhere.json").read_bytes() == registration.text
    assert hashlib.sha256((tmp_path / "record" / FILE).read_bytes()).hexdigest() == registration.digest
    files = {each.relative_to(tmp_path / "record").as_posix() for each in (tmp_path / "record").rglob("*.*")}
    assert files - {FILE} == set(facts["files"])
    for name, told in facts["files"].items():
        content = (tmp_path / "record" / name).read_bytes()
        assert told == {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    assert facts["files"]["sources/features/2-readiness.feature"]["sha256"] == drills[0].sha256
    assert (tmp_path / "record" / PLAN).read_bytes() == exercise.content
    assert registration.plan_digest == facts["files"][PLAN]["sha256"]
    with pytest.raises(Stop):
        registration.keep(tmp_path / "record", [InFile(tmp_path / "elsewhere.json")])


def test_a_registration_leaves_by_mail_and_what_cannot_be_sent_is_not_begun(tmp_path, drills):
    sent, registration = [], registered(drills, simulated_site(), None, None)

    class Sending:
        def send(self, message):
            if sent:
                raise HostUnreachable(sentence("errors.mail.broke_off", host="mail:25"))
            sent.append(message)

    place = ByMail(Sending(), ("audit@example.com",), "ja")
    registration.keep(tmp_path / "record", [place])
    [mail] = sent
    assert (mail["To"], mail["Subject"]) == (
        "audit@example.com",
        f"Kunren: 事前登録 {registration.record}（模擬環境 SIMULATED）",
    )
    assert registration.digest in mail.get_body().get_content()
    [attached] = mail.iter_attachments()
    assert attached.get_content() == registration.text
    with pytest.raises(Stop, match="so nothing was begun") as stop:
        registration.keep(tmp_path / "another", [place])
    assert stop.value.code is Exit.NOT_READY
    assert not (tmp_path / "another").exists()


def test_what_a_mail_needs_is_asked_for_before_anything_is_registered(tmp_path):
    site = simulated_site()
    server = MailServer(host="m", port=25, encryption=MailEncryption.NONE, sender="k@example.com")
    with pytest.raises(Stop, match=r"needs a mail server; name one in \[mail\]"):
        places(["mailto:audit@example.com"], site, "en")
    with pytest.raises(Stop, match="names no mail address"):
        places(["mailto:", "mailto:audit"], replace(site, mail=server), "en")
    found = places([str(tmp_path / "new"), "mailto:a%40example.com,b@example.com"], replace(site, mail=server), "en")
    assert [getattr(each, "addresses", None) for each in found] == [None, ("a@example.com", "b@example.com")]


def test_passwords_are_in_no_file_of_a_registration(tmp_path, drills, monkeypatch):
    monkeypatch.setattr("kunren.records.registration.MASKING", Masking(["correct-horse-battery"]))
    text = FILLED.replace("CHG-1201", "correct-horse-battery")
    registration = registered(drills, simulated_site(), read_plan(written(tmp_path, text)), None)
    assert not any(b"correct-horse" in each.content for each in registration.sources)
    told = facts_of(registration)["files"][PLAN]
    assert told["original"] == hashlib.sha256(text.encode()).hexdigest() != told["sha256"]


def test_a_run_keeps_to_what_was_registered_before(tmp_path, drills):
    site, exercise = simulated_site(), read_plan(written(tmp_path, FILLED))
    first = registered(drills, site, exercise, None)
    kept = tmp_path / "registered.json"
    kept.write_bytes(first.text)
    again = registered(drills, site, exercise, None, kept)
    require_not_run(again, kept, tmp_path / "records")
    again.keep(tmp_path / "records" / "first")
    with pytest.raises(Stop, match="has been run already"):
        require_not_run(again, kept, tmp_path / "records")
    assert (again.text, again.record) == (first.text, first.record)
    written(tmp_path, FILLED.replace("CHG-1201", "CHG-1202"))
    others = choose(("2-readiness", "3-create-scenario"), "en", None)
    with pytest.raises(Stop) as stopped:
        registered(others, site, read_plan(tmp_path / "plan.toml"), None, kept)
    told = "\n".join(each.in_("en") for each in stopped.value.sentences)
    assert "plan.toml is not as it was registered" in told
    assert "3-create-scenario.feature is not as it was registered" in told
    assert 'drills was registered as ["2-readiness"]' in told
    assert len(stopped.value.sentences) == 4


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"record": "x"}', "\0", '{"record":1}\n', "[" * 100_000])
def test_what_is_no_registration_is_refused(tmp_path, drills, text):
    (tmp_path / "registered.json").write_text(text, encoding="utf-8")
    with pytest.raises(Stop) as stopped:
        registered(drills, simulated_site(), None, None, tmp_path / "registered.json")
    assert len(stopped.value.sentences) == 1


@pytest.mark.browser
def test_a_planned_run_carries_its_plan_and_what_was_registered(tmp_path):
    written(tmp_path, FILLED)
    made = kunren("plan", "plan.toml", "2-readiness", "--register", "--lang", "en", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    registration = tmp_path / "plan-preregistration.json"
    digest = hashlib.sha256(registration.read_bytes()).hexdigest()
    told = f"SHA-256 {digest}"
    assert told in made.stdout
    run = ("drill", "2-readiness", "--plan", "plan.toml", "--registered", registration.name, "--lang", "en")
    done = kunren(*run, "--preregister-to", "there.json", "--out", "record", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.index(told) < done.stdout.index("Given ")
    record = tmp_path / "record"
    began = json.loads((record / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert began["plan"]["change"] == "CHG-1201"
    assert began["digests"]["preregistration"] == digest
    assert began["digests"]["plan"] == hashlib.sha256((record / PLAN).read_bytes()).hexdigest()
    assert began["record"] == json.loads(registration.read_bytes())["record"]
    assert (record / FILE).read_bytes() == (tmp_path / "there.json").read_bytes() == registration.read_bytes()
    told = json.loads((record / "record.json").read_text(encoding="utf-8"))
    standings = {each["field"]: each["standing"] for each in told["fields"]}
    assert len(standings) == 33
    assert standings["integrity"] == standings["environment"] == standings["tools"] == "whole"
    assert (standings["time"], standings["title"], standings["feedback"]) == ("part", "whole", "none")
    sealed = json.loads((record / "seal.json").read_bytes())["files"]
    assert {FILE, PLAN, "sources/site.toml"} <= sealed.keys()
    written(tmp_path, FILLED.replace("CHG-1201", "CHG-1202"))
    other = kunren(*run, "--out", "other", cwd=tmp_path)
    assert (other.returncode, (tmp_path / "other").exists()) == (2, False)
    assert words_of("en")("registration.file_changed", registered=registration.name, file=PLAN) in other.stderr
