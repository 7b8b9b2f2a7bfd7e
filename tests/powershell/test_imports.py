"""The package stands alone: it needs Python's standard library and itself."""

import ast
import sys
from pathlib import Path

import powershell

FOLDER = Path(powershell.__file__).parent


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


def test_nothing_but_the_standard_library_is_imported():
    names = {name.partition(".")[0] for file in FOLDER.rglob("*.py") for name in imported(file)}
    assert "re" in names
    assert names <= {*sys.stdlib_module_names, "powershell"}
