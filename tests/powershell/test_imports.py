"""The package stands alone, and its modules stand in an order: only the evaluation is mutually recursive."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import powershell

FOLDER = Path(powershell.__file__).parent
MODULES = {
    ".".join(path.relative_to(FOLDER.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FOLDER.rglob("*.py")
}


def imported(path):
    """The modules it imports, those for type checking and those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield from (
                full if (full := f"{node.module}.{name.name}") in MODULES else node.module for name in node.names
            )


def room(module):
    """The evaluation counts as one."""
    return "powershell.evaluation" if module.startswith("powershell.evaluation") else module


def test_nothing_but_the_standard_library_is_imported():
    names = {name.partition(".")[0] for path in MODULES.values() for name in imported(path)}
    assert "re" in names
    assert names <= {*sys.stdlib_module_names, "powershell"}


def test_no_modules_import_each_other_in_a_circle_but_those_of_the_evaluation():
    arrows = {}
    for module, path in MODULES.items():
        targets = {room(name) for name in imported(path) if name in MODULES}
        arrows.setdefault(room(module), set()).update(targets - {room(module)})
    order = list(TopologicalSorter(arrows).static_order())
    assert set(order) == set(map(room, MODULES))


def test_its_tests_need_nothing_of_kunren():
    names = {name for path in Path(__file__).parent.glob("*.py") for name in imported(path)}
    tops = {name.partition(".")[0] for name in names} - {*sys.stdlib_module_names}
    assert tops == {"powershell", "tests", "pytest", "hypothesis"}
    assert all(name.startswith("tests.powershell") for name in names if name.startswith("tests"))
