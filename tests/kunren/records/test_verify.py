"""`kunren verify`, and the script in the record: what was changed is never verified, what was not is never altered."""

import ast
import json
import os
import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.chain import LONGEST
from journal.seal import JOURNAL, KeyRefused, sealed_by
from kunren.exits import Exit, Stop
from kunren.records.verify import verify
from lab.model.signing import PrivateKey, simulated_key
from reports import write_reports
from tests.kunren.sealed import REAL, SCRIPT, offline, restored, seal_anew, write_record
from tests.kunren.test_cli import kunren
from tests.reports.journals import chained_anew, lines_of, rewrite
from tests.reports.samples import write_sample
from words import words_of

LOOK = offline()
SITE_KEY = PrivateKey.new()


@pytest.fixture(autouse=True)
def own_keys(tmp_path_factory, monkeypatch):
    """What this machine's user trusts says nothing here."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-keys"))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return write_record(tmp_path_factory.mktemp("sealed") / "record")


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """As a run on a real site with a key leaves it."""
    return write_record(tmp_path_factory.mktemp("real") / "record", *REAL, key=SITE_KEY)


@pytest.fixture
def without_openssl(monkeypatch):
    """Where only files beside the seal are changed its signature is good, and takes most of the time to check."""
    monkeypatch.setattr("shutil.which", lambda _: None)


def looked(folder, key=None):
    """How both end, and what Kunren says."""
    found = verify(folder, key, rendering=False)
    return found.code, LOOK(folder, key)[0], "\n".join(found.lines(words_of("en")))


def noticed(folder):
    """Both call it altered, or nothing that can be read."""
    try:
        own = verify(folder, None, rendering=False).code
    except Stop as stop:
        own = stop.code
    return own in (Exit.FAILED, Exit.USAGE) and LOOK(folder)[0] in (1, 2)


def test_an_untouched_simulated_record_is_verified_and_says_by_whose_key(sealed):
    own, script, said = looked(sealed)
    assert (own, script) == (0, 0), said
    assert "SIMULATED, sealed at 2026-01-15T03:09:00+00:00 with the key of simulated runs, which everybody has" in said
    assert "Not proven by any record: that what the hosts answered is so;" in said
    assert "SIMULATED" in LOOK(sealed)[1]


def test_an_untouched_real_record_is_verified_with_a_known_key_alone(real, tmp_path, monkeypatch):
    own, script, said = looked(real)
    assert (own, script) == (4, 4)
    assert f"a key that is unknown here: {SITE_KEY.public.id}" in said
    (tmp_path / "tokyo.pem").write_bytes(SITE_KEY.public.pem)
    own, script, said = looked(real, tmp_path / "tokyo.pem")
    assert (own, script) == (0, 0), said
    assert f"with the key of tokyo.pem ({SITE_KEY.public.id})" in said
    (tmp_path / "osaka.pem").write_bytes(PrivateKey.new().public.pem)
    assert looked(real, tmp_path / "osaka.pem")[:2] == (4, 4)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert kunren("key", "trust", tmp_path / "tokyo.pem", cwd=tmp_path).returncode == 0
    assert verify(real, None, rendering=False).code == 0


def test_a_rehearsal_on_hosts_that_say_that_they_are_simulated_is_sealed_and_told_as_one(tmp_path):
    folder = write_record(tmp_path / "record", *REAL[:2])
    own, script, said = looked(folder)
    assert (own, script) == (0, 0), said
    assert "SIMULATED, sealed at" in said


# -- any change --------------------------------------------------------------------------------------------------------


def flipped(folder, name, at, bit):
    path = folder / name
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)


@pytest.mark.parametrize("many", [80, pytest.param(1500, marks=pytest.mark.controls)])
def test_each_of_many_random_bytes_of_the_journal_is_noticed(sealed, tmp_path, without_openssl, many):
    folder, chance = restored(sealed, tmp_path / "record"), random.Random(many)
    whole = (folder / JOURNAL).read_bytes()
    for _ in range(many):
        at, other = chance.randrange(len(whole)), chance.randrange(1, 256)
        (folder / JOURNAL).write_bytes(whole[:at] + bytes([whole[at] ^ other]) + whole[at + 1 :])
        assert noticed(folder), (at, other)


FILES = (
    *(JOURNAL, "record.json", "report.html", "evidence/0001-screenshot.png", "evidence/0002-screenshot.png"),
    *("verify.py", "VERIFY.md", "seal.json", "seal.sig", "seal.pem"),
)


def _bytes(change):
    """What is done to the content of one file."""

    def done(folder, name, at, other):
        path = folder / name
        path.write_bytes(change(path.read_bytes(), at, other))

    return done


def _lines(change):
    return _bytes(lambda content, at, other: b"".join(change(content.splitlines(keepends=True), at, other)))


def _swapped(items, at, other):
    one, two = at % len(items), other % len(items)
    return [items[{one: two, two: one}.get(number, number)] for number in range(len(items))]


def _inserted(text, at, other):
    place = at % len(text)
    return text[:place] + bytes([other % 256]) + text[place:]


def _repeated(lines, at, other):
    place = at % len(lines)
    return [*lines[:place], lines[other % len(lines)], *lines[place:]]


def _exchanged(folder, name, _, other):
    one, two = folder / name, folder / FILES[other % len(FILES)]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def _linked(folder, name, *_):
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")


CHANGES = {
    "flip a bit": lambda folder, name, at, other: flipped(folder, name, at, other % 8),
    "drop a byte": _bytes(lambda text, at, _: text[: at % len(text)] + text[at % len(text) + 1 :]),
    "insert a byte": _bytes(_inserted),
    "truncate": _bytes(lambda text, at, _: text[: at % len(text)]),
    "append": _bytes(lambda text, at, other: text + bytes([other % 256]) * (at % 3 + 1)),
    "drop a line": _lines(
        lambda lines, at, _: [each for number, each in enumerate(lines) if number != at % len(lines)]
    ),
    "swap lines": _lines(_swapped),
    "repeat a line": _lines(_repeated),
    "exchange files": _exchanged,
    "remove a file": lambda folder, name, *_: (folder / name).unlink(),
    "put a link": _linked,
    "add a file": lambda folder, name, at, _: (folder / f"{name}{at}").write_bytes(b""),
    "add a folder": lambda folder, name, at, _: ((folder / f"f{at}").mkdir(), (folder / f"f{at}" / "x").touch()),
}


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): (path.is_symlink(), path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("change", CHANGES)
@given(name=st.sampled_from(FILES), numbers=st.tuples(*[st.integers(0, 1 << 20)] * 2))
def test_whatever_is_done_to_a_file_is_noticed(sealed, tmp_path_factory, change, name, numbers):
    folder = restored(sealed, tmp_path_factory.getbasetemp() / "spoilt" / "record")
    (folder.parent / "elsewhere").unlink(missing_ok=True)
    CHANGES[change](folder, name, *numbers)
    assert noticed(folder) is (contents(folder) != contents(sealed))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3) | st.just("../../../etc/hostname"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3) | st.just("../x"), inner, max_size=2)
    ),
)


def places(value, path=()):
    """Every value in a JSON, by how it is reached."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, key))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_seal_of_any_form_is_never_verified_and_breaks_nothing(sealed, tmp_path_factory, without_openssl, data):
    folder = restored(sealed, tmp_path_factory.getbasetemp() / "odd" / "record")
    told = json.loads((folder / "seal.json").read_bytes()) | {"key": sealed_by(SITE_KEY.public).to_json()}
    *path, last = data.draw(st.sampled_from([each for each in places(told) if each]))
    within = told
    for key in path:
        within = within[key]
    within[last] = data.draw(JSON)
    text = json.dumps(told, sort_keys=True).encode()
    (folder / "seal.json").write_bytes(text)
    (folder / "seal.sig").write_bytes(SITE_KEY.sign(text))
    (folder / "seal.pem").write_bytes(SITE_KEY.public.pem)
    assert verify(folder, None, rendering=False).code in (Exit.FAILED, Exit.UNKNOWN)
    assert LOOK(folder)[0] != 0


# -- from simulated to real --------------------------------------------------------------------------------------------


def claimed(sealed, tmp_path, *, chained=False):
    """A simulated record below records/ that says that it is real."""
    folder = restored(sealed, tmp_path / "records" / "rec")
    text = (folder / JOURNAL).read_text(encoding="utf-8")
    for old, new in REAL:
        text = text.replace(old, new)
    (folder / JOURNAL).write_text(text, encoding="utf-8")
    if chained:
        chained_anew(folder)
    (folder / "record.json").unlink()
    return folder


@pytest.mark.parametrize("chained", [False, True])
def test_three_replacements_do_not_make_a_simulated_record_a_real_one(sealed, tmp_path, chained):
    folder = claimed(sealed, tmp_path, chained=chained)
    own, script, said = looked(folder)
    assert (own, script) == (1, 1)
    assert "and the journal claims real ones" in said
    before = contents(folder)
    done = kunren("report", folder, cwd=tmp_path)
    assert (done.returncode, "does not f" in done.stderr) == (2, True), done.stderr
    assert contents(folder) == before
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "records/rec: line 2 of the journal does not" in told if not chained else "records/rec: the seal" in told


def test_the_key_that_everybody_has_seals_no_real_run(sealed, tmp_path, monkeypatch):
    folder = claimed(sealed, tmp_path, chained=True)
    with pytest.raises(KeyRefused):
        seal_anew(folder, simulated_key())
    monkeypatch.setattr("tests.kunren.sealed.seal", forced)
    seal_anew(folder, simulated_key())
    own, script, said = looked(folder)
    assert (own, script) == (1, 1)
    assert "this seal breaks that rule" in said


def test_a_seal_made_anew_with_another_key_is_told_as_that_of_an_unknown_key(sealed, tmp_path):
    folder, key = claimed(sealed, tmp_path, chained=True), PrivateKey.new()
    seal_anew(folder, key)
    own, script, said = looked(folder)
    assert (own, script) == (4, 4)
    assert f"a key that is unknown here: {key.public.id}" in said
    told = kunren("coverage", cwd=tmp_path).stdout
    assert f"records/rec: it is sealed with a key that is unknown here ({key.public.id})" in told
    assert "4-1.S1\treal hosts: passed" not in told


def test_a_simulated_run_that_another_key_has_sealed_is_not_as_kunren_seals(sealed, tmp_path, monkeypatch):
    folder = restored(sealed, tmp_path / "record")
    with pytest.raises(KeyRefused):
        seal_anew(folder, SITE_KEY)
    monkeypatch.setattr("tests.kunren.sealed.seal", forced)
    seal_anew(folder, SITE_KEY)
    own, script, said = looked(folder)
    assert (own, script) == (1, 1)
    assert "The key of simulated runs seals these and nothing else" in said


def forced(folder, found, key):
    """Without asking whether that key may seal it."""
    for name, content in (("json", found.text), ("sig", key.sign(found.text)), ("pem", key.public.pem)):
        (folder / f"seal.{name}").write_bytes(content)


UNSEALED = ("seal.json", "seal.sig", "seal.pem", "record.json", "report.html")
"""What a record lacks whose run was killed."""


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda folder: (folder / JOURNAL).unlink(), 1, "journal.jsonl is missing"),
        (lambda folder: (folder / "seal.sig").write_bytes(b""), 1, "The signature is not that of seal.json"),
        (lambda folder: (folder / "seal.json").write_bytes(b"[" * 200_000), 1, "seal.json is not a seal"),
        (lambda folder: (folder / "seal.json").write_bytes(b'{"schema": 2}\n'), 1, "verify it with a newer Kunren"),
        (lambda folder: os.truncate(folder / "report.html", 5 << 30), 1, "report.html is not the file that was sealed"),
        (lambda folder: os.truncate(folder / "seal.json", 5 << 30), 1, "seal.json is not a seal"),
        (lambda folder: (folder / "a\x1b[31m\n.txt").touch(), 1, "was not there when the record was sealed"),
        (lambda folder: [(folder / each).unlink() for each in UNSEALED], 4, "not sealed"),
        (lambda folder: (folder / "report.pdf").touch(), 4, "report.pdf was written after the seal"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_never_verified(sealed, tmp_path, spoil, code, said):
    folder = restored(sealed, tmp_path / "record")
    spoil(folder)
    found = verify(folder, None, rendering=True)
    assert found.code == code
    assert said in "\n".join(found.lines(words_of("en")))
    later = "written after the seal" in said  # the script does not compare reports
    assert LOOK(folder)[0] in ({0} if later else {code, 2})
    assert len(found.lines(words_of("ja")).__next__().splitlines()) == 1


def test_what_is_no_record_is_refused_in_one_sentence(sealed, tmp_path):
    done = kunren("verify", tmp_path, cwd=tmp_path)
    assert (done.returncode, "is not a record" in done.stderr, done.stderr.count("\n")) == (2, True, 1)
    folder = restored(sealed, tmp_path / "record")
    rewrite(folder, [lines_of(folder)[0] | {"schema": 2}])
    done = kunren("verify", folder, "--lang", "ja", cwd=tmp_path)
    assert (done.returncode, "新しい Kunren" in done.stderr) == (2, True)
    rewrite(folder, lines_of(sealed))
    os.truncate(folder / JOURNAL, (folder / JOURNAL).stat().st_size + (5 << 30))
    done = kunren("verify", folder, cwd=tmp_path)
    assert (done.returncode, "more than 16 MiB" in done.stderr) == (2, True)
    assert LOOK(folder)[0] == 2


def test_a_journal_of_a_killed_run_and_one_of_an_older_kunren_are_not_proven(sealed, tmp_path):
    cut = restored(sealed, tmp_path / "cut")
    for each in UNSEALED:
        (cut / each).unlink()
    rewrite(cut, lines_of(cut)[:-1])
    own, script, said = looked(cut)
    assert (own, script) == (4, 4)
    assert "The record is not sealed: the run did not come to its end." in said
    text = (cut / JOURNAL).read_text(encoding="utf-8")
    (cut / JOURNAL).write_text(
        "".join(f"{line[:1]}{line.split(', ', 1)[0][1:]}, {line.split(', ', 2)[2]}\n" for line in text.splitlines())
    )
    assert "not chained" in looked(cut)[2]


def test_no_text_of_a_record_is_taken_for_a_line_of_the_answer(real, tmp_path):
    folder = restored(real, tmp_path / "record")
    first, *rest = lines_of(folder)
    rewrite(folder, [first | {"record": "x\nOK       sealed: by the auditor \x1b[2K\u202e"}, *rest])
    seal_anew(folder, SITE_KEY)
    code, printed = LOOK(folder)
    assert code == 4
    assert {line.split()[0] for line in printed.splitlines()} == {"OK", "?"}
    assert [line for line in printed.splitlines() if line.startswith("OK") and "auditor" in line] == []
    assert printed.isascii()
    assert "\x1b" not in printed
    told = kunren("verify", folder, "--lang", "en", cwd=tmp_path).stdout
    assert [line for line in told.splitlines() if line.startswith("OK")] == []
    assert "\x1b" not in told


def test_what_shows_without_a_seal_is_told_all_the_same(tmp_path):
    folder = tmp_path / "record"
    write_sample("passed-en", folder)
    write_reports(folder, first=True)
    found = verify(folder, None)
    assert found.code == 4
    assert "✓ Report: report.html is what this Kunren writes" in "\n".join(found.lines(words_of("en")))
    flipped(folder, "evidence/0001-screenshot.png", 99, 1)
    first, *rest = lines_of(folder)
    rewrite(folder, [first | {"seed": 7}, *rest])
    said = "\n".join(verify(folder, None).lines(words_of("en")))
    assert "✕ Complete: evidence/0001-screenshot.png is not as the journal has it." in said
    assert "✕ Complete: The SHA-256 of the journal differs from that in record.json" in said


# -- the script --------------------------------------------------------------------------------------------------------


def test_the_script_is_short_and_for_any_python_since_3_8():
    text = SCRIPT.read_text(encoding="ascii")
    assert len(text.splitlines()) < 200
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_it_runs_alone_beside_the_record_and_in_little_memory(sealed, tmp_path):
    folder = restored(sealed, tmp_path / "記録 1")
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2); "
    command = [sys.executable, "-I", "-S", "-c", f"{limited}runpy.run_path(sys.argv.pop(1), run_name='__main__')"]
    done = subprocess.run([*command, folder / "verify.py"], capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    with (folder / JOURNAL).open("ab") as journal:
        journal.truncate(64 * LONGEST)
    done = subprocess.run([*command, folder / "verify.py", folder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert "more than 16 MiB" in done.stdout
