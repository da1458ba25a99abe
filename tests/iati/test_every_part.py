"""Each element and attribute of each version: files with it, without it, and with it wrong.

Two files have every part of a schema once. What another version lacks is taken out of a copy by the
schema's own list of its parts, so that each version has its file.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from coopdec_graph.iati.findings import Finding
from coopdec_graph.iati.schema_rules import check_schema
from coopdec_graph.iati.schemas import schema_errors
from coopdec_graph.iati.versions import VERSIONS
from tests.iati.schema_parts import XML, Part, parts

FILES = Path(__file__).parent / "files"
FULL = {version: "full-2.03.xml" if version[0] == "2" else "full-1.05.xml" for version in VERSIONS}
# Elements and attributes of each schema, the root's included, by place.
COUNTS = {
    "1.01": (75, 124),
    "1.02": (76, 127),
    "1.03": (98, 161),
    "1.04": (106, 176),
    "1.05": (106, 176),
    "2.01": (141, 123),
    "2.02": (154, 154),
    "2.03": (201, 194),
}
# What a value of each type is not.
WRONG = {
    "xsd:date": ("2021-02-30", "01/02/2021", "2021", ""),
    "xsd:dateTime": ("2021-01-01", "hier", ""),
    "xsd:decimal": ("1,5", "1e3", "dix", ""),
    "xsd:integer": ("1.5", "dix", ""),
    "xsd:int": ("1.5", "99999999999", ""),
    "xsd:positiveInteger": ("0", "-1", "1.5", ""),
    "xsd:nonNegativeInteger": ("-1", "1.5", ""),
    "xsd:boolean": ("oui", "2", ""),
    "xsd:anyURI": ("http://[", "%zz:"),
    "xsd:NMTOKEN": ("a b", ""),
    "xsd:language": ("fr_FR", "français", "123456789"),
}


class Case(NamedTuple):
    """A file with one thing wrong, the place of it, and the rule that it breaks."""

    path: str
    what: str
    tree: etree._Element
    rule: str | None


def place(element: etree._Element) -> str:
    above = [str(node.tag) for node in element.iterancestors()]
    return "/".join([*reversed(above), str(element.tag)])


@cache
def whole(version: str) -> etree._Element:
    """The file with every part of a version."""
    root = etree.parse(str(FILES / FULL[version]), etree.XMLParser(remove_comments=True)).getroot()
    known = parts(version)
    for element in list(root.iter(etree.Element)):
        part = known.get(place(element))
        if part is None:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in set(element.attrib) - set(part.attributes):
            del element.attrib[name]
    root.set("version", version)
    if root[0].get("version"):
        root[0].set("version", version)
    for element in root.iter(etree.Element):
        part = known[place(element)]
        for name, (kind, _) in part.attributes.items():
            if kind in ("xsd:positiveInteger", "xsd:integer"):
                element.set(name, element.get(name, "1").partition(".")[0])
        if part.type == "xsd:integer":
            element.text = (element.text or "").partition(".")[0]
        # `language` of a document is an attribute in 1.01 alone.
        if "language" in part.attributes:
            element.set("language", "fr")
    return root


def found(tree: etree._Element, version: str) -> list[Finding]:
    return list(check_schema(tree[0], version))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_of_a_version_has_every_part_of_it_and_is_valid(version: str) -> None:
    root = whole(version)
    elements = Counter(place(element) for element in root.iter(etree.Element))
    attributes = {(place(e), name) for e in root.iter(etree.Element) for name in e.attrib}
    known = parts(version)
    assert set(elements) == set(known)
    # Each narrative may have a language; it is enough that one has.
    wanted = {(path, name) for path, part in known.items() for name in part.attributes}
    missing = wanted - attributes
    assert all(path.endswith("/narrative") and name == f"{XML}lang" for path, name in missing)
    assert (len(known), len(wanted) - len(missing)) == COUNTS[version]
    assert schema_errors(root, version) == ()
    assert found(root, version) == []


def changed(version: str, path: str) -> tuple[etree._Element, etree._Element]:
    """A copy of the file, and the first element at a place of it."""
    root = copy.deepcopy(whole(version))
    steps = path.partition("/")[2]
    element = root.find(steps) if steps else root
    assert element is not None
    return root, element


def cases_of_element(version: str, part: Part) -> Iterator[Case]:
    path = part.path
    root, element = changed(version, path)
    element.set("inconnu", "1")
    yield Case(path, "an attribute that nobody knows", root, "schema-attribute-unknown")
    root, element = changed(version, path)
    etree.SubElement(element, "inconnu")
    rule = "schema-child" if part.kind == "text" else "schema-unexpected"
    yield Case(path, "an element that nobody knows", root, rule)
    if part.kind in ("empty", "elements"):
        root, element = changed(version, path)
        element.text = "du texte"
        yield Case(path, "a text", root, "schema-text")
    for value in WRONG.get(part.type, ()):
        root, element = changed(version, path)
        element.text = value
        yield Case(path, f"the text {value!r}", root, "schema-value")
    yield from cases_of_number(version, part)


def cases_of_number(version: str, part: Part) -> Iterator[Case]:
    """Without the element, and with it twice."""
    root, element = changed(version, part.path)
    parent = element.getparent()
    assert parent is not None
    for other in parent.findall(element.tag):
        parent.remove(other)
    missing = ("schema-incomplete", "schema-unexpected")
    yield Case(part.path, "no such element", root, " or ".join(missing) if part.required else None)
    if not part.many:
        root, element = changed(version, part.path)
        element.addnext(copy.deepcopy(element))
        yield Case(part.path, "the element twice", root, "schema-unexpected")


def cases_of_attribute(version: str, part: Part, name: str) -> Iterator[Case]:
    kind, required = part.attributes[name]
    place = f"{part.path}/@{name}"
    root, element = changed(version, part.path)
    if name not in element.attrib:
        element.set(name, "fr")
    value = element.attrib.pop(name)
    rule = "schema-attribute-missing" if required else None
    yield Case(place, "no such attribute", root, rule)
    root, element = changed(version, part.path)
    element.attrib.pop(name, None)
    element.set(name.removeprefix(XML).upper(), value)
    yield Case(
        place, "its name in capitals", root, "schema-attribute-unknown or schema-attribute-missing"
    )
    for wrong in WRONG.get(kind, ()):
        root, element = changed(version, part.path)
        element.set(name, wrong)
        yield Case(place, repr(wrong), root, "schema-value")


def cases(version: str) -> Iterator[Case]:
    for path, part in parts(version).items():
        if path == "iati-activities":
            continue
        if path != "iati-activities/iati-activity":
            yield from cases_of_element(version, part)
        for name in part.attributes:
            yield from cases_of_attribute(version, part, name)


# Files made of each version: how many have something wrong, how many are valid all the same.
MADE = {
    "1.01": (537, 158),
    "1.02": (544, 161),
    "1.03": (744, 207),
    "1.04": (792, 229),
    "1.05": (792, 229),
    "2.01": (1003, 169),
    "2.02": (1114, 211),
    "2.03": (1430, 263),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_part_wrong_is_found_at_its_place_by_its_rule(version: str) -> None:
    tried, places, failed = Counter[bool](), set[str](), []
    for case in cases(version):
        findings = found(case.tree, version)
        tried[case.rule is not None] += 1
        if case.rule is None:
            right = findings == []
        else:
            places.add(case.path)
            wanted = set(case.rule.split(" or "))
            right = bool(findings) and {finding.rule for finding in findings} <= wanted | {
                "schema-private"
            }
        if not right:
            failed.append((case.path, case.what, case.rule, [f.message("en") for f in findings]))
    assert failed == []
    assert (tried[True], tried[False]) == MADE[version]
    # Every element below the activity, and every attribute below the root, was wrong at least once.
    elements = {path for path in parts(version) if path.count("/") > 1}
    attributes = {
        f"{path}/@{name}"
        for path, part in parts(version).items()
        for name in part.attributes
        if "/" in path
    }
    assert places == elements | attributes
