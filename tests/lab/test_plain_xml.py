"""XML from elsewhere, in bounds."""

import pytest

from lab.plain_xml import DEEPEST, UnreadableXml, children, descendant, descendants, parse


def nested(levels):
    return b"<a>" * levels + b"</a>" * levels


def test_elements_are_found_with_and_without_a_namespace():
    root = parse(b'<e xmlns:n="urn:n"><n:x>1</n:x><y><x>2</x></y></e>')
    assert [each.text for each in descendants(root, "x")] == ["1", "2"]
    assert [each.text for each in children(root, "x")] == ["1"]
    assert descendant(root, "y") is root[1]
    assert descendant(root, "z") is None


@pytest.mark.parametrize("levels", [DEEPEST + 1, 100_000])
def test_elements_nested_too_deep_are_refused(levels):
    assert len(descendants(parse(nested(DEEPEST)), "a")) == DEEPEST
    with pytest.raises(UnreadableXml, match="nests elements"):
        parse(nested(levels))


def test_a_declaration_is_refused_before_its_entities_grow():
    with pytest.raises(UnreadableXml, match="declar"):
        parse(b'<!DOCTYPE e [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><e>&b;</e>')
