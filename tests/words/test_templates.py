import sys

import pytest
from jinja2 import FileSystemLoader, UndefinedError

from words.templates import environment


@pytest.fixture
def compiled(monkeypatch):
    """The templates that have been compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled = []
    monkeypatch.setattr(
        "jinja2.Environment._compile", lambda _, source, name: compiled.append(name) or compile(source, name, "exec")
    )
    return compiled


def rendered(folder, text="{{ a }}", **options):
    (folder / "page.html").write_text(text)
    return environment(FileSystemLoader(folder), **options).get_template("page.html").render(a="<b>")


def test_a_template_is_compiled_once_and_kept_beside_it(tmp_path, compiled):
    assert [rendered(tmp_path) for _ in range(3)] == ["&lt;b&gt;"] * 3
    assert len(compiled) == 1
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == [
        f"page.html.{sys.implementation.cache_tag}.pyc"
    ]


def test_another_text_or_other_options_are_compiled_anew(tmp_path, compiled):
    assert rendered(tmp_path) == "&lt;b&gt;"
    assert rendered(tmp_path, "{{ a }}!") == "&lt;b&gt;!"
    assert rendered(tmp_path, "{{ a }}!", autoescape=False) == "<b>!"
    assert rendered(tmp_path, "{{ a }}!", finalize=str.upper) == "&lt;B&gt;!"
    assert len(compiled) == 4


@pytest.mark.parametrize("kept", [b"", b"anything", b"[]"])
def test_what_is_no_code_is_replaced(tmp_path, compiled, kept):
    rendered(tmp_path)
    (path,) = (tmp_path / "__pycache__").iterdir()
    path.write_bytes(kept or path.read_bytes()[:40])
    assert rendered(tmp_path) == rendered(tmp_path) == "&lt;b&gt;"
    assert len(compiled) == 2


def test_a_folder_that_takes_nothing_is_no_error(tmp_path, compiled):
    (tmp_path / "__pycache__").write_text("not a folder")
    assert [rendered(tmp_path) for _ in range(2)] == ["&lt;b&gt;"] * 2
    assert len(compiled) == 2


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path, compiled, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rendered(tmp_path)
    assert not (tmp_path / "__pycache__").exists()


def test_what_is_not_defined_is_an_error(tmp_path, compiled):
    with pytest.raises(UndefinedError):
        rendered(tmp_path, "{{ b }}")
