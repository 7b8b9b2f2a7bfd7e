"""The command begins at once: what a command does not work with is not loaded for it."""

import json
import subprocess
import sys

import pytest

from kunren.cli import main
from tests.kunren.conftest import cpu_of_children, slowness

HEAVY = {
    *("cryptography", "gherkin", "jinja2", "playwright", "psrpcore", "pydantic", "pytest", "regex", "requests", "rich"),
    *(
        "spnego",
        "starlette",
        "uvicorn",
        "winrm",
        "lab.opening",
        "lab.simulator",
        "lab.site.file",
        "reports",
        "steps.modules",
    ),
}
FOR_LISTS = {"gherkin", "steps.modules"}
MOST = 250
"""Modules that `--version` may load, Python's own included: it is about 150 of them."""
COMMANDS = """
import json, sys
from kunren.__main__ import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["kunren", *arguments]
    try:
        main()
    except SystemExit as ended:
        assert ended.code == 0, arguments
print(*sys.modules, file=sys.stderr)
"""


def loaded(*commands):
    """All that a process has loaded after these commands, of which each begins with what the others have loaded."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps(commands)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_is_told_by_few_modules():
    modules = loaded(["--version"])
    assert not modules & HEAVY
    assert len(modules) < MOST


def test_help_is_told_before_anything_is_loaded_that_a_command_works_with():
    assert not loaded(["--help"], *([name, "--help"] for name in main.commands)) & HEAVY


def test_drills_are_listed_without_what_performs_them():
    listed = ["drill", "--list"]
    assert loaded(listed, [*listed, "--lang", "ja"], [*listed, "4-1-clean-switchover"]) & HEAVY == FOR_LISTS


@pytest.mark.parametrize("arguments", [("--version",), ("drill", "--list"), ("drill", "--list", "--lang", "ja")])
def test_the_command_answers_within_less_than_0_3_seconds_of_processor_time(arguments):
    assert any(cost_of(arguments) < 0.3 for _ in range(10)), "not once in ten runs, whatever else the machine does"


def cost_of(arguments):
    """Seconds of processor time, as on an idle machine."""
    spent = cpu_of_children()
    subprocess.run([sys.executable, "-m", "kunren", *arguments], capture_output=True, timeout=60, check=True)
    return (cpu_of_children() - spent) / slowness()
