"""What reports of others cost, of as many steps and pictures: those that `.peers` has are run, others are quoted.

`.peers` is a virtual environment with `robotframework` and `pytest-html`; in its `node_modules` are
`@cucumber/html-formatter` and `@cucumber/messages`, where there is Node.
"""

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.bench.large_record import CHAPTERS, DRILLS, STEPS, TEXT, picture

PEERS = Path(__file__).parents[2] / ".peers"
PYTHON = PEERS / "bin" / "python"
QUOTED = "quoted, from another machine of 2 processors"
BEGAN = "2026-01-15T12:00:00.000000"
TESTS = """import pytest
from pathlib import Path
from pytest_html.extras import png

@pytest.mark.parametrize("number", range(1, 501))
def test_chapter(number, extras):
    for step in range(20):
        print("{text}", step)
    content = (Path(__file__).parent / f"{{number}}.png").read_bytes()
    extras.append(png(__import__("base64").b64encode(content).decode()))
    assert number % 20
"""
MEASURED = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""In a process of its own: a child begins with the memory of who starts it."""
FORMATTER = """import { CucumberHtmlStream } from '@cucumber/html-formatter';
import fs from 'node:fs'; import readline from 'node:readline';
const page = new CucumberHtmlStream(), [input, output] = process.argv.slice(2);
page.pipe(fs.createWriteStream(output));
for await (const line of readline.createInterface({ input: fs.createReadStream(input) })) page.write(JSON.parse(line));
page.end();
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """`make` writes what it reads into a folder, and says by which command it makes which page; None: is not there."""

    name: str
    there: Callable[[], bool]
    make: Callable[[Path, Path], tuple[Sequence[str], Path]]
    quoted: str


def rebot(folder: Path, _: Path) -> tuple[Sequence[str], Path]:
    (folder / "output.xml").write_text("".join(_robot()), encoding="utf-8")
    page = folder / "log.html"
    options = ("--outputdir", str(folder), "--report", "NONE", "--log", page.name)
    return [str(PYTHON), "-m", "robot.rebot", *options, str(folder / "output.xml")], page


def _robot() -> Iterator[str]:
    """One test a chapter, of which one in twenty fails at its last step, where its picture is."""
    yield '<robot generator="bench" schemaversion="5"><suite id="s1" name="bench">'
    for drill in range(DRILLS):
        yield f'<suite id="s1-s{drill + 1}" name="drill {drill}">'
        for chapter in range(CHAPTERS):
            number = drill * CHAPTERS + chapter + 1
            ended = f'<status status="{"PASS" if number % 20 else "FAIL"}" start="{BEGAN}" elapsed="0.1"/>'
            passed = f'<status status="PASS" start="{BEGAN}" elapsed="0.1"/>'
            shown = base64.b64encode(picture(number)).decode()
            message = (
                f'<msg time="{BEGAN}" level="INFO" html="true">&lt;img src="data:image/png;base64,{shown}"/&gt;</msg>'
            )
            yield f'<test id="s1-s{drill + 1}-t{chapter + 1}" name="chapter {chapter}">'
            for step in range(STEPS):
                inside = message + ended if step == STEPS - 1 else passed
                yield f"<kw name={quoteattr(f'{TEXT} ({step})')}>{inside}</kw>"
            yield f"{ended}</test>"
        yield "</suite>"
    yield "</suite></robot>"


def pytest_html(folder: Path, _: Path) -> tuple[Sequence[str], Path]:
    for number in range(1, DRILLS * CHAPTERS + 1):
        (folder / f"{number}.png").write_bytes(picture(number))
    (folder / "test_bench.py").write_text(TESTS.format(text=TEXT), encoding="utf-8")
    page = folder / "report.html"
    options = ("--html", str(page), "--self-contained-html", "-p", "no:cacheprovider", "-q")
    return [str(PYTHON), "-m", "pytest", *options, str(folder / "test_bench.py")], page


def cucumber(folder: Path, record: Path) -> tuple[Sequence[str], Path]:
    """Of the messages that Kunren exports of its own record."""
    export = [sys.executable, "-m", "kunren", "report", str(record), "--to", "cucumber", "--out", str(folder)]
    subprocess.run(export, stdout=subprocess.DEVNULL, check=True)
    script = PEERS / "cucumber.mjs"
    script.write_text(FORMATTER, encoding="utf-8")
    return ["node", str(script), str(folder / "cucumber.ndjson"), str(folder / "report.html")], folder / "report.html"


KNOWN = (
    Peer(
        "Robot Framework (rebot, pictures embedded)",
        lambda: _module("robot"),
        rebot,
        "7.5: 4.6 s of CPU, 131 MB, file 42.4 MB, content 2.7 s",
    ),
    Peer(
        "pytest-html (whole pytest run)",
        lambda: _module("pytest_html"),
        pytest_html,
        "4.2: 3.8 s of CPU, 212 MB, file 42.8 MB, content 3.0 s",
    ),
    Peer(
        "Cucumber HTML formatter",
        lambda: shutil.which("node") is not None and (PEERS / "node_modules/@cucumber/html-formatter").is_dir(),
        cucumber,
        "24.2: 2.2 s of CPU, 99 MB, file 50.2 MB, content 5.3 s",
    ),
)
NEVER_RUN = "Allure (single file), 3.18: 4.9 s of CPU, 478 MB, file 51.0 MB, content 3.4 s"


def _module(name: str) -> bool:
    asked = [PYTHON, "-c", f"import importlib.util as i, sys; sys.exit(i.find_spec('{name}') is None)"]
    return PYTHON.exists() and subprocess.run(asked, check=False).returncode == 0


def costs(peer: Peer, folder: Path, record: Path, loaded: Callable[[Path], str]) -> str:
    """`loaded` says how long a browser takes for a page."""
    if not peer.there():
        return f"{peer.name} {peer.quoted} ({QUOTED})"
    folder.mkdir(parents=True)
    command, page = peer.make(folder, record)
    measured = subprocess.run([sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True)
    assert page.exists(), f"{peer.name} has written nothing: {command}"
    cpu, kilobytes = map(float, measured.stdout.split())
    size = page.stat().st_size / 1e6
    return f"{peer.name}: {cpu:.1f} s of CPU, {kilobytes / 1024:.0f} MB, file {size:.1f} MB, {loaded(page)}"


def lines(scratch: Path, record: Path, loaded: Callable[[Path], str]) -> Iterator[str]:
    for number, peer in enumerate(KNOWN):
        yield costs(peer, scratch / f"peer-{number}", record, loaded)
    yield f"{NEVER_RUN} ({QUOTED})"
