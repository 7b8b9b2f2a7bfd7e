"""System.Xml: documents, elements and attributes, with the properties PowerShell gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import NOTHING, Instance, unwrap

_NODE: Final = "System.Xml.XmlNode"


class XmlNode(Instance):
    """A node of a document; `parent` is None for the document and for what has been taken out."""

    __slots__ = ("document", "parent")
    dotnet_bases = (_NODE, "System.Object")

    def __init__(self, document: XmlDocument | None) -> None:
        super().__init__()
        self.document = document
        self.parent: XmlElement | XmlDocument | None = None

    def outer_xml(self) -> str:
        raise NotImplementedError

    def inner_text(self) -> str:
        return ""


class XmlText(XmlNode):
    """Text, a CDATA section or a comment, by its node name (#text, #cdata-section, #comment)."""

    __slots__ = ("node_name", "text")

    def __init__(self, document: XmlDocument | None, text: str, node_name: str = "#text") -> None:
        super().__init__(document)
        self.text = text
        self.node_name = node_name

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # three classes of character data
        kind = {"#text": "XmlText", "#comment": "XmlComment"}.get(self.node_name, "XmlCDataSection")
        return f"System.Xml.{kind}"

    def inner_text(self) -> str:
        return "" if self.node_name == "#comment" else self.text

    def outer_xml(self) -> str:
        if self.node_name == "#comment":
            return f"<!--{self.text}-->"
        if self.node_name == "#cdata-section":
            return f"<![CDATA[{self.text}]]>"
        return _escaped(self.text)


class XmlAttribute(XmlNode):
    __slots__ = ("name", "value")
    dotnet_name = "System.Xml.XmlAttribute"

    def __init__(self, document: XmlDocument | None, name: str, value: str) -> None:
        super().__init__(document)
        self.name = name
        self.value = value

    def inner_text(self) -> str:
        return self.value

    def outer_xml(self) -> str:
        return f'{self.name}="{_escaped(self.value, quote=True)}"'

    def member(self, name: str) -> Any:
        lowered = name.lower()
        if lowered in {"name", "localname"}:
            return self.name
        if lowered in {"value", "innertext", "#text"}:
            return self.value
        raise OutsideSubset(f"the member {name} of an XML attribute")


class _Parent(XmlNode):
    """What has child nodes."""

    __slots__ = ("children",)

    def __init__(self, document: XmlDocument | None) -> None:
        super().__init__(document)
        self.children: list[XmlNode] = []

    def elements(self) -> list[XmlElement]:
        return [child for child in self.children if isinstance(child, XmlElement)]

    def inner_text(self) -> str:
        return "".join(child.inner_text() for child in self.children)

    def inner_xml(self) -> str:
        return "".join(child.outer_xml() for child in self.children)

    def append(self, child: XmlNode) -> XmlNode:
        if child.parent is not None:
            child.parent.children.remove(child)
        self.children.append(child)
        child.parent = self  # type: ignore[assignment] # the only classes with children are those two
        return child

    def remove(self, child: XmlNode) -> XmlNode:
        if child not in self.children:
            raise DotNetError("System.ArgumentException", "The node to be removed is not a child of this node.")
        self.children.remove(child)
        child.parent = None
        return child

    def descendants(self) -> Iterator[XmlElement]:
        for child in self.elements():
            yield child
            yield from child.descendants()

    def named(self, name: str) -> list[Any]:
        """The values PowerShell shows for the child elements of that name."""
        return [_shown(child) for child in self.elements() if child.name.lower() == name.lower()]


class XmlElement(_Parent):
    __slots__ = ("attributes", "name")
    dotnet_name = "System.Xml.XmlElement"

    def __init__(self, document: XmlDocument | None, name: str, attributes: dict[str, str] | None = None) -> None:
        super().__init__(document)
        self.name = name
        self.attributes = attributes or {}

    def outer_xml(self) -> str:
        head = self.name + "".join(f' {key}="{_escaped(value, quote=True)}"' for key, value in self.attributes.items())
        return f"<{head}>{self.inner_xml()}</{self.name}>" if self.children else f"<{head} />"

    def attribute(self, name: str) -> str | None:
        lowered = name.lower()
        return next((value for key, value in self.attributes.items() if key.lower() == lowered), None)

    def member(self, name: str) -> Any:
        found: list[Any] = []
        attribute = self.attribute(name)
        if attribute is not None:
            found.append(attribute)
        found += self.named(name)
        if name.lower() == "#text":
            found += [
                child.text for child in self.children if isinstance(child, XmlText) and child.node_name == "#text"
            ]
        if found:
            return unwrap(found)
        return _node_member(self, name)

    def set_member(self, name: str, value: Any) -> bool:
        text = "" if value is None else str(value)
        key = next((known for known in self.attributes if known.lower() == name.lower()), None)
        if key is not None:
            self.attributes[key] = text
            return True
        if name.lower() in {"innertext", "#text"}:
            self.children = []
            self.append(XmlText(self.document, text))
            return True
        if name.lower() == "innerxml":
            parsed = parse_document(f"<x>{text}</x>")
            self.children = []
            for child in list(parsed.root().children):
                self.append(child)
            return True
        children = [child for child in self.elements() if child.name.lower() == name.lower()]
        if len(children) == 1 and isinstance(value, str):
            return children[0].set_member("InnerText", value)
        if children:
            raise OutsideSubset("assigning this to a child element")
        return False

    def property_names(self) -> list[str]:
        names = dict.fromkeys((*self.attributes, *(child.name for child in self.elements())))
        for name in names:
            if not isinstance(self.member(name), str):
                raise OutsideSubset("showing an XML element that has elements inside")
        if any(isinstance(child, XmlText) for child in self.children):
            raise OutsideSubset("showing an XML element with text")
        return list(names)


class XmlDocument(_Parent):
    __slots__ = ("declaration",)
    dotnet_name = "System.Xml.XmlDocument"

    def __init__(self) -> None:
        super().__init__(None)
        self.declaration = ""

    def root(self) -> XmlElement:
        return self.elements()[0]

    def outer_xml(self) -> str:
        return self.declaration + self.inner_xml()

    def member(self, name: str) -> Any:
        found = self.named(name)
        if found:
            return unwrap(found)
        if name.lower() == "documentelement":
            return unwrap(list(self.elements()))
        return _node_member(self, name)

    def property_names(self) -> list[str]:
        raise OutsideSubset("showing an XML document")


class XmlNodeList(Instance):
    __slots__ = ("items",)
    dotnet_name = "System.Xml.XmlNodeList"

    def __init__(self, items: list[Any]) -> None:
        super().__init__()
        self.items = items

    def enumerate(self) -> list[Any]:
        return self.items

    def element(self, index: Any) -> Any:
        return self.items[index] if isinstance(index, int) and -len(self.items) <= index < len(self.items) else None


def _shown(element: XmlElement) -> Any:
    """An element of nothing but text is its text."""
    if element.attributes or any(not isinstance(child, XmlText) for child in element.children):
        return element
    if any(child.node_name == "#comment" for child in element.children if isinstance(child, XmlText)):
        return element
    return element.inner_text()


def _escaped(text: str, *, quote: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quote else text


def _node_member(node: _Parent, name: str) -> Any:
    match name.lower():
        case "name" | "localname":
            return node.name if isinstance(node, XmlElement) else "#document"
        case "innertext":
            return node.inner_text()
        case "innerxml":
            return node.inner_xml()
        case "outerxml":
            return node.outer_xml()
        case "childnodes":
            return XmlNodeList(list(node.children))
        case "haschildnodes":
            return bool(node.children)
        case "firstchild":
            return node.children[0] if node.children else None
        case "lastchild":
            return node.children[-1] if node.children else None
        case "parentnode":
            return node.parent
        case "ownerdocument":
            return node.document
        case "hasattributes" if isinstance(node, XmlElement):
            return bool(node.attributes)
        case "attributes" if isinstance(node, XmlElement):
            return XmlNodeList([XmlAttribute(node.document, key, value) for key, value in node.attributes.items()])
        case _:
            return NOTHING


def parse_document(text: str) -> XmlDocument:
    """DotNetError (XmlException) is not worded here: what does not parse is refused."""
    document = XmlDocument()
    stack: list[_Parent] = [document]
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    in_cdata = [False]

    def start(name: str, attributes: list[str]) -> None:
        element = XmlElement(document, name, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        stack[-1].append(element)
        stack.append(element)

    def data(characters: str) -> None:
        if in_cdata[0]:
            stack[-1].append(XmlText(document, characters, "#cdata-section"))
        elif characters.strip():
            stack[-1].append(XmlText(document, characters))

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if standalone >= 0:
            raise OutsideSubset("a standalone XML declaration")
        document.declaration = f'<?xml version="{version}"' + (f' encoding="{encoding}"' if encoding else "") + "?>"

    def refused(*_: Any) -> None:
        raise OutsideSubset("a document type or processing instruction in XML")

    def cdata(*, inside: bool) -> None:
        in_cdata[0] = inside

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = data
    parser.CommentHandler = lambda comment: stack[-1].append(XmlText(document, comment, "#comment"))
    parser.StartCdataSectionHandler = lambda: cdata(inside=True)
    parser.EndCdataSectionHandler = lambda: cdata(inside=False)
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = refused
    parser.ProcessingInstructionHandler = refused
    try:
        parser.Parse(text.lstrip() if not text.startswith("<?xml") else text, True)
    except expat.ExpatError:
        raise OutsideSubset("this XML, which does not parse") from None
    return document


_STEP: Final = re.compile(r"(//|/)?(?:@([\w:.-]+)|(\*|\.\.?|text\(\)|[\w:.-]+)((?:\[[^\]]*\])*))")
_TEST: Final = re.compile(r"(@?[\w.-]+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))")


def select(node: _Parent, path: str) -> list[Any]:
    """The nodes an XPath of names, wildcards and simple conditions finds; every other path is refused."""
    position = 0
    current: list[Any] = [node]
    while position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            raise OutsideSubset(f"the XPath {path}")
        axis, attribute, name, conditions = found.groups()
        if axis and position == 0:
            current = [_document_of(node)]
        if axis is None and position > 0:
            raise OutsideSubset(f"the XPath {path}")
        current = _stepped(current, _Step(axis == "//", attribute, name, conditions or "", path))
        position = found.end()
    return current


def _document_of(node: _Parent) -> _Parent:
    return node if node.document is None else node.document


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of an XPath."""

    everywhere: bool
    attribute: str | None
    name: str
    conditions: str
    path: str


def _stepped(nodes: list[Any], step: _Step) -> list[Any]:
    result: list[Any] = []
    for node in nodes:
        if not isinstance(node, _Parent):
            continue
        if step.attribute is not None:
            owners = [node, *node.descendants()] if step.everywhere else [node]
            result += [
                XmlAttribute(owner.document, step.attribute, owner.attributes[step.attribute])
                for owner in owners
                if isinstance(owner, XmlElement) and step.attribute in owner.attributes
            ]
        else:
            result += _filtered(_candidates(node, step), step.conditions, step.path, by_position=not step.everywhere)
    return list(dict.fromkeys(result))


def _candidates(node: _Parent, step: _Step) -> list[Any]:
    match step.name:
        case ".":
            return [node]
        case "..":
            return [node.parent] if node.parent is not None else []
        case "text()":
            return [child for child in node.children if isinstance(child, XmlText)]
        case name:
            pool = list(node.descendants()) if step.everywhere else node.elements()
            return [child for child in pool if name in {"*", child.name}]


def _filtered(candidates: list[Any], conditions: str, path: str, *, by_position: bool) -> list[Any]:
    for condition in re.findall(r"\[([^\]]*)\]", conditions):
        text = condition.strip()
        if text.isdigit() and by_position:
            candidates = candidates[int(text) - 1 : int(text)]
            continue
        if re.fullmatch(r"@?[\w.-]+", text) and not text.isdigit():
            candidates = [node for node in candidates if _condition_value(node, text)]
            continue
        found = _TEST.fullmatch(text)
        if found is None:
            raise OutsideSubset(f"the XPath {path}")
        wanted = next(group for group in found.groups()[1:] if group is not None)
        candidates = [node for node in candidates if wanted in _condition_value(node, found.group(1))]
    return candidates


def _condition_value(node: XmlElement, name: str) -> list[str]:
    if name.startswith("@"):
        return [node.attributes[name[1:]]] if name[1:] in node.attributes else []
    return [child.inner_text() for child in node.elements() if child.name == name]


def to_document(value: Any) -> Any:
    """[xml]: text is parsed, documents stay."""
    if value is None or isinstance(value, XmlDocument):
        return value
    if isinstance(value, str):
        return parse_document(value)
    raise OutsideSubset("this conversion to System.Xml.XmlDocument")


def _set_attribute(node: XmlElement, name: str, value: str) -> Any:
    node.attributes[name] = value
    return NOTHING


def _remove_attribute(node: XmlElement, name: str) -> Any:
    node.attributes.pop(name, None)
    return NOTHING


def _prepend(node: _Parent, child: XmlNode) -> XmlNode:
    node.append(child)
    node.children.insert(0, node.children.pop())
    return child


def _load(document: XmlDocument, text: str) -> Any:
    parsed = parse_document(text)
    document.declaration = parsed.declaration
    document.children = []
    for child in list(parsed.children):
        document.append(child)
    return NOTHING


def _declare() -> tuple[Table, ...]:
    node = Table(_NODE)
    node.method("SelectNodes", ("string xpath", lambda parent, path: XmlNodeList(select(parent, path))))
    node.method("SelectSingleNode", ("string xpath", lambda parent, path: next(iter(select(parent, path)), None)))
    node.method("AppendChild", ("object newChild", lambda parent, child: parent.append(child)))
    node.method("PrependChild", ("object newChild", _prepend))
    node.method("RemoveChild", ("object oldChild", lambda parent, child: parent.remove(child)))
    node.method("ToString", ("", lambda parent: parent.dotnet_name))
    node.method(
        "GetElementsByTagName",
        (
            "string name",
            lambda parent, name: XmlNodeList([each for each in parent.descendants() if name in {"*", each.name}]),
        ),
    )
    element = Table(XmlElement.dotnet_name, base=node)
    element.method("GetAttribute", ("string name", lambda owner, name: owner.attributes.get(name, "")))
    element.method("SetAttribute", ("string name, string value", _set_attribute))
    element.method("HasAttribute", ("string name", lambda owner, name: name in owner.attributes))
    element.method("RemoveAttribute", ("string name", _remove_attribute))
    document = Table(XmlDocument.dotnet_name, base=node)
    document.method("CreateElement", ("string name", XmlElement))
    document.method("CreateTextNode", ("string text", XmlText))
    document.method("CreateComment", ("string data", lambda owner, text: XmlText(owner, text, "#comment")))
    document.method("LoadXml", ("string xml", _load))
    document.constructor(("", XmlDocument))
    nodes = Table(XmlNodeList.dotnet_name)
    nodes.property("Count", lambda found: len(found.items))
    nodes.method(
        "Item", ("int index", lambda found, index: found.items[index] if 0 <= index < len(found.items) else None)
    )
    return (node, element, document, nodes)


TABLES: Final = _declare()
