"""The command begins at once: what a command does not work with is not loaded for it."""

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
COMMAND = """
import sys
from kunren.__main__ import main
sys.argv = ["kunren", *sys.argv[1:]]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def loaded(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout
    return set(done.stderr.split())


def test_the_version_is_told_by_few_modules():
    modules = loaded("--version")
    assert not modules & HEAVY
    assert len(modules) < MOST


@pytest.mark.parametrize("arguments", [("--help",), *((name, "--help") for name in main.commands)])
def test_help_is_told_before_anything_is_loaded_that_a_command_works_with(arguments):
    assert not loaded(*arguments) & HEAVY


@pytest.mark.parametrize("arguments", [(), ("--lang", "ja"), ("4-1-clean-switchover",)])
def test_drills_are_listed_without_what_performs_them(arguments):
    assert loaded("drill", "--list", *arguments) & HEAVY == FOR_LISTS


@pytest.mark.parametrize("arguments", [("--version",), ("drill", "--list"), ("drill", "--list", "--lang", "ja")])
def test_the_command_answers_within_less_than_0_3_seconds_of_processor_time(arguments):
    assert any(cost_of(arguments) < 0.3 for _ in range(10)), "not once in ten runs, whatever else the machine does"


def cost_of(arguments):
    """Seconds of processor time, as on an idle machine."""
    spent = cpu_of_children()
    subprocess.run([sys.executable, "-m", "kunren", *arguments], capture_output=True, timeout=60, check=True)
    return (cpu_of_children() - spent) / slowness()
