"""Commands and examples of the documentation do what the documentation says."""

import configparser
import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest
import yaml

from drills.reading import read_drill
from kunren.cli import main
from kunren.running.drills import choose, part_of
from lab.model.objectives import Objectives
from lab.model.signing import PrivateKey
from lab.site.acceptance_terms import read_acceptances
from lab.site.built_in import SIMULATED
from lab.site.discovery import read_discovery
from lab.site.file import load_site
from lab.site.profile import profile_text, read_profile
from reports.exports.metrics import GAUGES
from steps.modules import vocabulary
from tests.kunren import commands
from tests.kunren.test_cli import kunren
from tests.kunren.visitor import without_browser
from tests.lab.tls_premises import Certificate

REPOSITORY = Path(__file__).parents[2]
JOURNAL_SCHEMA = REPOSITORY / "journal" / "journal.schema.json"
EXAMPLE = (REPOSITORY / "docs" / "example-site.toml").read_text(encoding="utf-8")
PASSWORDS = {
    f"KUNREN_{name}_PASSWORD": "not-a-password" for name in ("MASTER", "REPLICA", "CONTROL", "GUEST", "GAROON", "MAIL")
}
GENERATED = {"CHANGELOG.md", "docs/powershell.md", "docs/steps.md"}
DOCUMENTS = sorted(
    document
    for document in (*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"))
    if document.relative_to(REPOSITORY).as_posix() not in GENERATED
)
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

PARSED = {
    r"kunren .*--confirm .*": "needs the hosts of a real site",
    r"kunren check .*": "needs the hosts of a real site",
    r"kunren init .*": "tests/kunren/sites/test_init.py answers its questions",
    r"kunren (status|restore|resume) .*": "needs the hosts of a real site, and the record of a killed run",
    r"kunren clean .*": "needs the Garoon of a real site",
    r"kunren compare .*--(of|accept) .*": "tests/kunren/records/test_acceptance.py has runs of several days",
    r"kunren (drill .*--site (before|after).toml|compare records/after) .*": (
        "tests/kunren/records/test_acceptance.py runs it"
    ),
    r"kunren controls": "drills for an hour; `make controls` runs it",
    r"kunren drill --plan .*": "tests/kunren/records/test_exercise.py runs it",
    r"kunren drill .*--board.*": "tests/kunren/test_board.py runs it",
    r"kunren drill .*--person.*": "tests/kunren/people/test_asking.py runs it",
    r"kunren discover .*": "needs the hosts of a real site",
    r"kunren drill 4-1-clean-switchover --lang ja": "tests/kunren/running/test_drill.py runs it",
    r"kunren lab --json.*": "tests/kunren/sites/test_lab.py runs it",
}
"""Commands that are read by the parser of the command line instead of being run, and why."""

NOT_RUN = {
    "export": "is the shell's",
    "powershell": "needs Windows",
    "uv": "needs a package registry; the lock is a file of the repository",
}
"""Languages and programs that are not run, and why."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    line: int
    language: str
    text: str

    @property
    def commands(self):
        joined = self.text.replace("\\\n", " ")
        return [shlex.split(line[2:], comments=True) for line in joined.splitlines() if line.startswith("$ ")]


def blocks(document):
    text = document.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(document.relative_to(REPOSITORY).as_posix(), line, found[2], dedent(found[3]))


def different_blocks():
    """A page's Japanese twin repeats its commands; each is tried once."""
    tried = set()
    for block in (block for document in DOCUMENTS for block in blocks(document)):
        what = (block.language, json.dumps(block.commands) if block.commands else block.text)
        if what not in tried:
            tried.add(what)
            yield pytest.param(block, id=f"{block.page}:{block.line} {block.language}")


def simulated_as(table):
    """The simulated site with its last table written anew."""
    site, _, _ = SIMULATED.read_text(encoding="utf-8").partition("[simulation]")
    return f"{site}{table}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the commands of the documentation find the files that they name."""
    here = tmp_path_factory.mktemp("docs")
    (here / "tokyo.toml").write_text(EXAMPLE.replace('name = "本社サーバ室"', 'name = "tokyo"'), encoding="utf-8")
    practice = next(block for block in blocks(REPOSITORY / "docs" / "first-day.md") if block.language == "toml")
    simulated = SIMULATED.read_text(encoding="utf-8")
    (here / "practice.toml").write_text(f"{simulated}\n{practice.text}", encoding="utf-8")
    patched = [block for block in blocks(REPOSITORY / "docs" / "compare.md") if "windows_build" in block.text]
    for name, block in zip(("before", "after"), patched, strict=True):
        (here / f"{name}.toml").write_text(simulated_as(block.text), encoding="utf-8")
    feature = next(block for block in blocks(REPOSITORY / "README.md") if block.language == "gherkin")
    (here / "path" / "to").mkdir(parents=True)
    (here / "path" / "to" / "my.feature").write_text(feature.text, encoding="utf-8")
    for record in ("BASELINE", "RECORD"):
        done = commands.run("drill", "2-readiness", "--lang", "en", "--out", record, cwd=here, before=[without_browser])
        assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(here / "RECORD", here / "records" / "20261123-101500")
    return here


@pytest.mark.parametrize("block", list(different_blocks()))
def test_a_block(block, folder, tmp_path, monkeypatch):
    for name, password in PASSWORDS.items():
        monkeypatch.setenv(name, password)
    if block.language not in NOT_RUN:
        CHECKS[block.language](block, folder, tmp_path)


def console(block, folder, _):
    assert block.commands
    for command in block.commands:
        program, *arguments = command
        if program == "make":
            made = subprocess.run(["make", "-n", *arguments], cwd=REPOSITORY, capture_output=True, check=False)
            assert made.returncode == 0, made.stderr
        elif program == "printf":
            check_digest(block)
        elif program == "pytest":
            check_options(arguments)
        elif program not in NOT_RUN:
            assert program == "kunren"
            if any(re.fullmatch(pattern, " ".join(command)) for pattern in PARSED):
                check_arguments(arguments, folder)
            else:
                run(arguments, folder)


def run(arguments, folder):
    """A plan on a real site ends with 2, for want of a confirmation."""
    done = kunren(*arguments, cwd=folder)
    planned = "--site" in arguments and not {"--list", "--dry-run", "history", "runbook"} & {*arguments}
    assert done.returncode == (2 if planned else 0), done.stderr
    assert done.stdout


def check_options(arguments):
    """pytest knows the options, Kunren's among them; the drills themselves are run by test_pytest_plugin.py."""
    command = [sys.executable, "-m", "pytest", "--strict-config", "--version", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def check_digest(block):
    """The digest of objectives as a shell computes it is the journal's."""
    shell = block.text.removeprefix("$ ").strip()
    told = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True).stdout
    fixed = json.loads(re.search(r"'(.*)'", shell)[1])
    assert told.split()[0] == Objectives(rto_s=fixed["rto_s"], rpo_s=fixed["rpo_s"]).sha256(fixed["plan"])


def check_arguments(arguments, folder):
    name, *rest = (argument for argument in arguments if argument != "…")
    asked = main.commands[name].make_context(name, rest).params
    if asked.get("site"):
        site = load_site(folder / asked["site"].name)
        assert asked.get("confirm") in {site.name, None}
    if asked.get("names"):
        part_of(choose(asked["names"], "en", None), begin=asked["begin"], only=asked["only"])


def toml(block, _, tmp_path):
    """Tables of a site file, in the place of the example's, the connection of a profile, or acceptances."""
    if block.text.startswith("[[accept]]"):
        (tmp_path / "accept.toml").write_text(block.text, encoding="utf-8")
        assert read_acceptances(tmp_path / "accept.toml")
        return
    if block.text.startswith("[connection]"):
        read_profile("profile", {**tomllib.loads(profile_text("arcserve_rha")), **tomllib.loads(block.text)})
        return
    if block.text.startswith("[simulation]"):
        (tmp_path / "site.toml").write_text(simulated_as(block.text), encoding="utf-8")
        assert load_site(tmp_path / "site.toml").simulation.tells_of_windows
        return
    site = EXAMPLE
    if "[hosts.control]" in block.text:
        site = site.replace('"replica"', '"control"')
    for table in re.findall(r"^\[.+\]$", block.text, re.MULTILINE):
        site = re.sub(rf"(?ms)^{re.escape(table)}\n.*?(?=^\[|\Z)", "", site)
    text, path = block.text, tmp_path / "site.toml"
    if "[seal]" in text:
        key = PrivateKey.new()
        (tmp_path / "tokyo.key").touch(mode=0o600)
        (tmp_path / "tokyo.key").write_bytes(key.pem)
        text = re.sub('file:.*/|SHA256:[^"]*', lambda found: "file:" if "/" in found[0] else key.public.id, text)
    if "[timestamp]" in text:
        Certificate(tmp_path, "tsa-roots", authority=True)
    path.write_text(f"{site}\n{text}", encoding="utf-8")
    load_site(path)


def a_json(block, _, tmp_path):
    """An entry of the journal, the objectives whose digest a journal has, or a discovery file."""
    value = json.loads(block.text)
    if "what" in value:
        jsonschema.validate(value, json.loads(JOURNAL_SCHEMA.read_text(encoding="utf-8")))
        return
    if "plan" in value:
        fixed = Objectives(rto_s=value["rto_s"], rpo_s=value["rpo_s"])
        assert fixed.sha256(value["plan"]) == hashlib.sha256(block.text.strip().encode()).hexdigest()
        return
    path = tmp_path / "discovery.json"
    path.write_text(block.text, encoding="utf-8")
    assert read_discovery(path).commands


def gherkin(block, _, tmp_path):
    path = tmp_path / "example.feature"
    path.write_text(block.text, encoding="utf-8")
    assert read_drill(path, vocabulary()).chapters


def python(block, _folder, _tmp_path):
    exec(compile(block.text, f"{block.page}:{block.line}", "exec"), {})


def ini(block, folder, _):
    unit = configparser.ConfigParser()
    unit.optionxform = str
    unit.read_string(block.text)
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert Path(program).name == "kunren"
    check_arguments(arguments, folder)


def yaml_of_ci(block, folder, _):
    """A job of GitLab, steps of GitHub, or alerts of Prometheus."""
    found = yaml.safe_load(block.text)
    jobs = found.values() if isinstance(found, dict) else found
    if alerts := [job["expr"] for job in jobs if "alert" in job]:
        assert all(set(re.findall(r"kunren_\w+", each)) <= set(GAUGES) for each in alerts)
        return
    sent = [value for job in jobs for name, value in job.items() if name in {"script", "after_script", "run"}]
    assert len(sent) > 1
    for line in sent:
        program, *arguments = shlex.split(line)
        assert program == "kunren"
        check_arguments(arguments, folder)


CHECKS = {
    "console": console,
    "toml": toml,
    "json": a_json,
    "gherkin": gherkin,
    "python": python,
    "ini": ini,
    "yaml": yaml_of_ci,
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_commands_in_the_text_are_ones_that_kunren_takes(document):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    for command in re.findall(r"`kunren ([a-z][^`>|]*)", text):
        name, *rest = command.split()
        main.commands[name].make_context(name, rest, resilient_parsing=not rest or "…" in rest)


QUOTED = [
    ("README.md", "simulated lab only"),
    ("docs/measurement.md", "ended by the restoration"),
    ("docs/real-site.md", "THE LAB IS NOT AS IT WAS BEFORE"),
    ("docs/real-site.md", "could not be read"),
    ("docs/real-site.ja.md", "環境は訓練前の状態に戻っていません。"),
    ("docs/real-site.ja.md", "確認できません"),
    ("docs/record.md", "The guide, point by point"),
    ("docs/record.md", "the drill itself"),
    ("docs/site-file.md", "login refused"),
    ("docs/site-file.ja.md", "login refused"),
]
"""What pages quote of Kunren's messages."""


@cache
def sources():
    folders = (REPOSITORY / name for name in ("drills", "kunren", "lab", "reports", "words"))
    files = (file for folder in folders for suffix in ("py", "toml") for file in folder.rglob(f"*.{suffix}"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize(("page", "message"), QUOTED)
def test_a_quoted_message_is_kunrens(page, message):
    assert message in (REPOSITORY / page).read_text(encoding="utf-8")
    assert message in sources()


PATH = re.compile(
    r"(?:board|docs|drills|features|guide|journal|kunren|lab|powershell|reports|setup|steps|tests)/[\w./-]*"
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_paths_in_the_text_exist(document):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    for path in (code for code in re.findall("`([^`]+)`", text) if PATH.fullmatch(code) and "NAME" not in code):
        assert there(path), path


def there(path):
    """A folder in which nothing but compiled modules is left is not there."""
    found = REPOSITORY / path
    return found.is_file() or any(each.is_file() and each.suffix != ".pyc" for each in found.rglob("*"))


def test_every_exception_is_needed():
    for reason in (*PARSED.values(), *NOT_RUN.values()):
        assert all((REPOSITORY / path).exists() for path in re.findall(r"tests/\S+\.py", reason)), reason
    every = [block for document in DOCUMENTS for block in blocks(document)]
    commands = [" ".join(command) for block in every for command in block.commands]
    for pattern in PARSED:
        assert any(re.fullmatch(pattern, command) for command in commands), pattern
    assert set(NOT_RUN) <= {block.language for block in every} | {command.split()[0] for command in commands}


LINK = re.compile(r"\]\(([^):]*)\)")


def anchors(path):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document):
    for link in LINK.findall(BLOCK.sub("", document.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_commands_stand_in_fenced_blocks(document):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    assert not re.findall(r"^ {4,}(?:\$ |\.venv/bin/|kunren |make )", text, re.MULTILINE)


@pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if path.name.endswith(".ja.md")], ids=lambda path: path.name
)
def test_a_japanese_page_has_the_commands_and_headings_of_its_english_twin(document):
    twin = document.with_name(document.name.replace(".ja.md", ".md"))
    assert shape(document) == shape(twin)


def shape(document):
    """What both languages have in common: blocks, how headings are nested, the code in first columns of tables."""
    kept = [(block.language, block.commands) for block in blocks(document)]
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    rows = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    return kept, re.findall(r"^#+(?= )", text, re.MULTILINE), [re.findall("`[^`]+`", row) for row in rows]
