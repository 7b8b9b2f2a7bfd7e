"""What a step asks for: few things, each one of the nouns of a drill."""

import ast
import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import get_args, get_origin

import pytest

import steps
from drills.course import Course
from drills.measuring import Measuring
from drills.nouns.event_view import EventView
from drills.nouns.named import Nouns
from drills.nouns.observed import Context
from drills.observation import Observation
from lab.model.garoon import Marker
from steps.modules import vocabulary

MOST = 5


def functions():
    for file in sorted(Path(steps.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                arguments = node.args
                yield f"{file.stem}.{node.name}", arguments.posonlyargs + arguments.args + arguments.kwonlyargs


def test_a_function_takes_five_parameters_at_most():
    counts = {name: len(parameters) for name, parameters in functions()}
    assert counts
    assert {name: count for name, count in counts.items() if count > MOST} == {}


@pytest.fixture
def nouns(simulated_lab, journal):
    site, lab = simulated_lab()
    context = Context(site.subject, Course(), Observation(lab.clock, journal, "en"), lab.clock)
    return Nouns(
        SimpleNamespace(
            lab=lab,
            context=context,
            event_view=EventView(lab.rha.replication, lambda _: None, context),
            measuring=Measuring(lab.measurement, lab.clock, journal),
            garoon=None,
            garoon_health=None,
            pictures=None,
            journal=journal,
        ),
        None,
    )


def is_a(noun, kind):
    if get_origin(kind) is not None:
        return all(is_a(each, get_args(kind)[1]) for each in noun.values())
    if getattr(kind, "_is_protocol", False):
        return all(hasattr(noun, ability) for ability in vars(kind) if not ability.startswith("_"))
    return isinstance(noun, kind)


def test_whatever_a_step_asks_for_is_a_noun_of_that_kind(nouns):
    asked = {
        (name, parameter.annotation)
        for phrase in vocabulary().phrases
        for name, parameter in inspect.signature(phrase.function, eval_str=True).parameters.items()
        if name not in phrase.wording("en").placeholders
    }
    assert [(name, kind) for name, kind in asked if not is_a(getattr(nouns, name), kind)] == []
    assert not is_a(nouns.clock, Marker)
