"""Every element, attribute and text ends in one state, and the state is true of it."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coopdec_graph.iati.versions import VERSIONS
from coopdec_graph.model import Activity
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.sources.accounting import LineState
from coopdec_graph.sources.base import Reading
from tests.iati.test_every_part import whole
from tests.sources.iati.iati_files import codes, fates, reading, readings, rules

XML = "{http://www.w3.org/XML/1998/namespace}"
ACTIVITY = "iati-activity"


def text_of(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def steps(element: etree._Element) -> str:
    """The path of an element as the reader names it, by a way of its own."""
    names: list[str] = []
    while (parent := element.getparent()) is not None and parent.getparent() is not None:
        alike = [child for child in parent if child.tag == element.tag]
        number = f"[{alike.index(element) + 1}]" if len(alike) > 1 else ""
        names.append(f"{element.tag}{number}")
        element = parent
    return "/".join(reversed(names)) or ACTIVITY


def units(activity: etree._Element) -> list[str]:
    """Every element, attribute and text of an activity, in the order of the file."""
    found = []
    for element in activity.iter(etree.Element):
        path = steps(element)
        found.append(path)
        found += [f"{path}[@{name.replace(XML, 'xml:')}]" for name in element.attrib]
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if text.strip(" \t\r\n"):
            found.append(f"{path}/text()")
    return found


def states(found: Reading) -> dict[str, tuple[LineState, str]]:
    said = {line.text: (line.disposition.state, line.disposition.name) for line in found.lines}
    assert len(said) == len(found.lines)
    return said


def plain(activity: Activity | None) -> Activity | None:
    """The activity without the digest of its bytes."""
    if activity is None:
        return None
    return replace(activity, source=replace(activity.source, digest=""))


def prepared(version: str) -> etree._Element:
    """The file with every part, one sum in the default currency, each body named in one place."""
    root = copy.deepcopy(whole(version))
    value = root[0].find("budget/value")
    assert value is not None
    del value.attrib["currency"]
    bodies = root[0].iter("participating-org", "provider-org", "receiver-org", "owner-org")
    for number, body in enumerate(bodies):
        if body.get("ref"):
            body.set("ref", f"XM-EXEMPLE-{number}")
    return root


@pytest.mark.parametrize("version", VERSIONS)
def test_every_unit_of_a_full_activity_is_used_or_left_out(version: str) -> None:
    root = prepared(version)
    found = reading(text_of(root))
    assert [line.text for line in found.lines] == units(root[0])
    totals = Counter(line.disposition.state for line in found.lines)
    assert totals[LineState.ISSUE] == 0
    assert sum(totals.values()) == len(units(root[0]))
    assert (totals[LineState.USED], totals[LineState.IGNORED]) == TOTALS[version]


TOTALS = {
    "1.01": (151, 103),
    "1.02": (152, 106),
    "1.03": (157, 172),
    "1.04": (163, 196),
    "1.05": (163, 196),
    "2.01": (158, 148),
    "2.02": (188, 166),
    "2.03": (197, 256),
}

# What is read to be compared, and changes an issue, not the activity.
COMPARED = {"iati-activity[@version]"}
FLAGS = (
    "[@humanitarian]",
    "[@secondary-reporter]",
    "[@attached]",
    "[@ascending]",
    "[@aggregation-status]",
    "[@priority]",
    "other-flags[@significance]",
    "aidtype-flag[@significance]",
)
VALUES = {
    "1": "0",
    "0": "1",
    "fr": "de",
    "en": "de",
    "6.13 1.22": "7.13 1.22",
}


def other(value: str, name: str) -> str:
    """Another value of the same type."""
    if name.endswith(("xml:lang]", "pos/text()", *FLAGS)):
        return VALUES[value.strip()]
    if value[:4].isdigit() and value[4:5] == "-":
        return "1999" + value[4:]
    if value.strip().replace(".", "").replace("-", "").isdigit() and "code" not in name:
        return value.strip() + ("1" if "." in value else "0")
    return value.strip() + "x"


def changed(root: etree._Element, unit: str) -> bytes | None:
    """The file with one unit otherwise; None for an element, which is in the paths of its parts."""
    tree = copy.deepcopy(root)
    by_path = {steps(element): element for element in tree[0].iter(etree.Element)}
    if unit.endswith("/text()"):
        element = by_path[unit.removesuffix("/text()")]
        element.text = other(element.text or "", unit)
    elif "[@" in unit:
        path, _, name = unit.removesuffix("]").partition("[@")
        full = name.replace("xml:", XML)
        by_path[path].set(full, other(by_path[path].get(full, ""), unit))
    else:
        return None
    return text_of(tree)


@pytest.mark.parametrize("version", ["1.05", "2.03"])
def test_what_is_used_changes_the_activity_and_what_is_left_out_does_not(version: str) -> None:
    root = prepared(version)
    first = reading(text_of(root))
    before = plain(first.activity)
    assert before is not None
    tried = Counter[LineState]()
    for unit, (state, name) in states(first).items():
        content = changed(root, unit)
        if content is None or unit in COMPARED:
            continue
        after = plain(reading(content).activity)
        assert after is not None, unit
        assert (after != before) is (state is LineState.USED), (unit, state, name)
        tried[state] += 1
    assert tried[LineState.USED] > 90
    assert tried[LineState.IGNORED] > 40


@pytest.mark.parametrize("version", ["1.05", "2.03"])
def test_an_element_that_is_used_is_missed_and_one_left_out_is_not(version: str) -> None:
    root = prepared(version)
    first = reading(text_of(root))
    before = plain(first.activity)
    tried = Counter[LineState]()
    for unit, (state, _) in states(first).items():
        if "@" in unit or unit.endswith("text()") or unit == ACTIVITY:
            continue
        tree = copy.deepcopy(root)
        element = next(e for e in tree[0].iter(etree.Element) if steps(e) == unit)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
        after = reading(text_of(tree))
        if after.activity is None:
            continue  # the schema requires it
        assert (plain(after.activity) != before) is (state is LineState.USED), unit
        tried[state] += 1
    assert min(tried.values()) > 25


def test_an_activity_that_the_schema_refuses_is_one_issue_throughout() -> None:
    root = prepared("2.03")
    root[0].set("inconnu", "1")
    found = reading(text_of(root))
    assert set(fates(found)) == {"issue iati-breaks-standard"}
    assert [line.text for line in found.lines] == units(root[0])
    assert rules(found) == ["schema-attribute-unknown"]


# ---- any activity at all -------------------------------------------------------------------------

NAMES = sorted({str(e.tag) for v in ("1.05", "2.03") for e in whole(v)[0].iter(etree.Element)})
ATTRIBUTES = sorted({n for v in ("1.05", "2.03") for e in whole(v)[0].iter() for n in e.attrib})
WORDS = st.sampled_from(
    ["", " ", "1", "2", "3", "C", "DAC", "EUR", "eur", "2021-01-01", "2021-02-30", "99999-01-01", "-5.5", "1e9",
     "true", "FR-INSEE-1", "Funding", "start-planned", "6 1", "sacha@exemple.example", "+33 1 02 03 04 05", "\u00e9\u2028",
     "http://exemple.example/", "fr", "x" * 300]
)  # fmt: skip
KINDS = st.sampled_from([*NAMES, "inconnu", "{urn:exemple}note", "narrative", "value"])
KEYS = st.sampled_from([*ATTRIBUTES, "inconnu", "{urn:exemple}note"])
ELEMENTS = st.recursive(
    st.tuples(KINDS, st.dictionaries(KEYS, WORDS, max_size=4), WORDS, st.just([]), WORDS),
    lambda inner: st.tuples(
        KINDS, st.dictionaries(KEYS, WORDS, max_size=4), WORDS, st.lists(inner, max_size=4), WORDS
    ),
    max_leaves=25,
)


def built(said: tuple[object, ...], parent: etree._Element) -> None:
    name, attributes, text, children, tail = said
    element = etree.SubElement(parent, str(name), attributes)  # type: ignore[call-overload]
    element.text, element.tail = str(text), str(tail)
    for child in children:  # type: ignore[attr-defined]
        built(child, element)


@given(st.lists(ELEMENTS, max_size=6), st.sampled_from(VERSIONS), st.booleans())
@settings(max_examples=250, deadline=None)
def test_any_activity_is_accounted_for_and_none_raises(
    elements: list[tuple[object, ...]], version: str, valid: bool
) -> None:
    """Schema errors apart: nothing keeps the reader from what a schema would have refused."""
    root = etree.Element("iati-activities", version=version)
    activity = etree.SubElement(root, ACTIVITY)
    for said in elements:
        built(said, activity)
    from coopdec_graph.sources.iati import read as module

    kept = module.check
    try:
        if valid:
            module.check = lambda *given: ()  # type: ignore[assignment]
        found = reading(text_of(root))
    finally:
        module.check = kept
    assert [line.text for line in found.lines] == units(activity)
    assert {line.disposition.state for line in found.lines} <= set(LineState)
    assert valid == (found.activity is not None) or not valid
    for issue in found.issues:
        assert list(find_mailboxes(json.dumps(issue.to_dict(), ensure_ascii=False))) == []


@given(st.lists(st.integers(0, 60), max_size=30), st.sampled_from(["2.02", "2.03"]))
@settings(max_examples=60, deadline=None)
def test_any_parts_of_a_full_activity_are_accounted_for(drop: list[int], version: str) -> None:
    root = prepared(version)
    children = list(root[0])
    for number in drop:
        if number < len(children) and children[number].getparent() is not None:
            root[0].remove(children[number])
    found = reading(text_of(root))
    assert [line.text for line in found.lines] == units(root[0])


def test_lines_are_those_of_the_file() -> None:
    root = prepared("2.03")
    text = text_of(root).decode()
    (found,) = readings(text)
    for line in found.lines:
        name = (
            line.text.partition("[@")[0]
            .removesuffix("/text()")
            .rpartition("/")[2]
            .partition("[")[0]
        )
        printed = text.splitlines()[line.disposition.line - 1]
        assert f"<{name}" in printed, line
    assert "iati-not-read" not in codes(found)
