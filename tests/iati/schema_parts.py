"""The elements and attributes of a schema of activities, read from its XSD by a walk of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from coopdec_graph.resources import reference_file

XSD = "{http://www.w3.org/2001/XMLSchema}"
XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass
class Part:
    """An element at one place. `kind`: `text`, `mixed`, `empty` or `elements`; `type` of its text."""

    path: str
    required: bool
    many: bool
    kind: str = "empty"
    type: str = ""
    attributes: dict[str, tuple[str, bool]] = field(default_factory=dict)


@cache
def parts(version: str) -> dict[str, Part]:
    """Every element by its path from the root, in the order of the schema."""
    return {part.path: part for part in _Schema(version).walk()}


class _Schema:
    def __init__(self, version: str) -> None:
        self._globals: dict[str, etree._Element] = {}
        for name in ("iati-common.xsd", "iati-activities-schema.xsd"):
            path = reference_file(f"iati/schemas/{version}/{name}")
            for node in etree.parse(str(path)).getroot().iterchildren(etree.Element):
                if node.get("name"):
                    self._globals[f"{node.tag} {node.get('name')}"] = node

    def walk(self) -> Iterator[Part]:
        root = self._globals[f"{XSD}element iati-activities"]
        yield from self._element(root, "iati-activities", True, False)

    def _element(
        self, node: etree._Element, path: str, required: bool, many: bool
    ) -> Iterator[Part]:
        reference, said = node.get("ref"), node
        if reference:
            said = self._globals[f"{XSD}element {reference}"]
        part = Part(path, required, many)
        below: list[Part] = []
        kind = said.get("type")
        if kind and kind.startswith("xsd:"):
            part.kind, part.type = "text", kind
        else:
            body = (
                self._globals[f"{XSD}complexType {kind}"]
                if kind
                else said.find(f"{XSD}complexType")
            )
            assert body is not None, path
            if body.get("mixed") == "true":
                part.kind = "mixed"
            self._content(body, part, below, loose=False)
        yield part
        yield from below

    def _content(self, node: etree._Element, part: Part, below: list[Part], *, loose: bool) -> None:
        """`loose` below a choice: there nothing is required, and all may come again."""
        for child in node.iterchildren(etree.Element):
            tag = str(child.tag).removeprefix(XSD)
            if tag == "element":
                if part.kind == "empty":
                    part.kind = "elements"
                name = child.get("name") or child.get("ref")
                required = child.get("minOccurs", "1") != "0" and (not loose or _only(node))
                many = loose or child.get("maxOccurs", "1") != "1"
                below += self._element(child, f"{part.path}/{name}", required, many)
            elif tag == "attribute":
                self._attribute(child, part)
            elif tag == "attributeGroup":
                group = self._globals[f"{XSD}attributeGroup {child.get('ref')}"]
                self._content(group, part, below, loose=loose)
            elif tag in ("extension", "restriction"):
                base = child.get("base") or ""
                if base.startswith("xsd:"):
                    part.kind, part.type = "text", base
                else:
                    self._content(
                        self._globals[f"{XSD}complexType {base}"], part, below, loose=loose
                    )
                self._content(child, part, below, loose=loose)
            elif tag in ("sequence", "choice", "simpleContent", "complexContent"):
                self._content(child, part, below, loose=loose or tag == "choice")
            else:
                assert tag in ("any", "anyAttribute", "annotation"), tag

    def _attribute(self, node: etree._Element, part: Part) -> None:
        name, kind = node.get("name") or node.get("ref") or "", node.get("type")
        if node.get("ref") == "xml:lang":
            name, kind = f"{XML}lang", "xsd:language"
        elif node.get("ref"):
            kind = self._globals[f"{XSD}attribute {name}"].get("type")
        part.attributes[name] = (kind or "", node.get("use") == "required")


def _only(choice: etree._Element) -> bool:
    """Whether a choice that must be made has one element to choose, others' namespaces apart."""
    return choice.get("minOccurs", "1") != "0" and len(choice.findall(f"{XSD}element")) == 1
