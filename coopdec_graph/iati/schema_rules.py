"""The schema's errors as findings: libxml2 says them in English, a rule says them in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from coopdec_graph.iati.findings import ACTIVITY, PERSONAL, Finding, quoted
from coopdec_graph.iati.schemas import SchemaError, schema_errors

__all__ = ["check_schema"]

_ROOT = re.compile(r"^/(?:iati-activities/)?iati-activity(?:\[\d+\])?/?")
_ELEMENT = r"Element '(?P<element>[^']*)'"
_ATTRIBUTE = rf"{_ELEMENT}, attribute '(?P<attribute>[^']*)'"
_EXPECTED = r"(?: Expected is (?:one of )?\( (?P<expected>.*) \)\.)?"
# In the words of libxml2's xmlschemas.c; the first that matches.
_PATTERNS = tuple(
    (rule, re.compile(pattern, re.DOTALL))
    for rule, pattern in (
        ("schema-unexpected", rf"{_ELEMENT}: This element is not expected\.{_EXPECTED}"),
        ("schema-incomplete", rf"{_ELEMENT}: Missing child element\(s\)\.{_EXPECTED}"),
        (
            "schema-attribute-missing",
            rf"{_ELEMENT}: The attribute '(?P<attribute>[^']*)' is required but missing\.",
        ),
        ("schema-attribute-unknown", rf"{_ATTRIBUTE}: The attribute '[^']*' is not allowed\."),
        (
            "schema-value",
            rf"{_ELEMENT}(?:, attribute '[^']*')?: '(?P<value>.*)' is not a valid value of the"
            r" (?P<type>.*)\.",
        ),
        ("schema-text", rf"{_ELEMENT}: Character content .*"),
        ("schema-child", rf"{_ELEMENT}: Element content is not allowed.*"),
    )
)
_TYPE = re.compile(r"(?:atomic|local atomic|union|local union|list) type(?: '(?P<name>[^']*)')?")


def check_schema(activity: etree._Element, version: str) -> Iterator[Finding]:
    """What the schema of a version refuses in an activity, in order."""
    for error in schema_errors(activity, version):
        yield _finding(error)


def _finding(error: SchemaError) -> Finding:
    path = _ROOT.sub("", error.path or "") or ACTIVITY
    if PERSONAL in path:
        return Finding("schema-private", error.line, path)
    for rule, pattern in _PATTERNS:
        found = pattern.fullmatch(error.message)
        if found:
            return Finding(rule, error.line, path, _values(found.groupdict()))
    return Finding("schema-other", error.line, path, {"said": quoted(error.message)})


def _values(found: dict[str, str | None]) -> dict[str, str]:
    values = {name: quoted(value) for name, value in found.items() if value is not None}
    expected = found.get("expected")
    values["expected_fr"] = f" Attendu : {expected}." if expected else ""
    values["expected_en"] = f" Expected: {expected}." if expected else ""
    if "type" in values:
        named = _TYPE.match(values["type"])
        values["type"] = (named and named["name"]) or "xs:language"
    return values
