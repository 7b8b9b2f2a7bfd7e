"""The README's example runs as it stands, and the table of the face has every name once."""

import re
from pathlib import Path

import powershell
from tests.powershell.engine_under_test import CollectedStreams

README = (Path(powershell.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_example_gives_the_disks_it_asks_for():
    code = README.partition("```python\n")[2].partition("```")[0]
    streams = CollectedStreams()
    exec(compile(code, "README.md", "exec"), {"streams": streams})
    assert [disk.fields for disk in streams.values] == [{"Name": "D", "GB": 500}]


def test_the_face_is_what_the_table_says():
    table = README.partition("| names | for |")[2].partition("\n\n")[0]
    names = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(names) == sorted(powershell.__all__)
    assert all(hasattr(powershell, name) for name in names)


def test_the_number_of_recorded_scripts_is_as_told():
    from tests.powershell.recordings import load

    assert f"{len(load()):,} scripts" in README
