"""XML from elsewhere: read without document type declarations, so that no entity can grow or reach out."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from words import Explained, Quoted, sentence

Element = ET.Element
DEEPEST = 64
"""Elements inside one another; neither Garoon nor WinRM needs twenty."""


class UnreadableXml(Explained, ValueError):
    """A document that is not well-formed, is nested too deep or carries a document type declaration."""


class _Guarded(ET.TreeBuilder):
    def doctype(self, name: str, _public_id: str | None, _system: str | None) -> None:
        raise UnreadableXml(sentence("reason.declared_xml", name=name))


def parse(content: bytes) -> Element:
    parser = ET.XMLParser(target=_Guarded())  # noqa: S314 (declarations are refused)
    try:
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UnreadableXml(Quoted(str(error))) from error
    assert isinstance(root, Element)
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise UnreadableXml(sentence("reason.nested_xml", deepest=DEEPEST))
        level = [inner for each in level for inner in each]
    return root


def local_name(element: Element) -> str:
    """The name without its namespace; Garoon is reached with and without."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    return [each for each in element if each.tag.rpartition("}")[2] == name]


def descendants(element: Element | None, name: str) -> list[Element]:
    """Elements of this local name, the element itself included; none of no element."""
    return [] if element is None else [each for each in element.iter() if each.tag.rpartition("}")[2] == name]


def descendant(element: Element, name: str) -> Element | None:
    """The first element of this local name, the element itself included."""
    return next((each for each in element.iter() if each.tag.rpartition("}")[2] == name), None)
