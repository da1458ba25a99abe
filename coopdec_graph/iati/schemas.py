"""Checks a document or an element against the XML schema of activities, offline."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import NamedTuple

from lxml import etree

from coopdec_graph.iati.versions import known
from coopdec_graph.privacy import scrub
from coopdec_graph.resources import reference_file

__all__ = ["SchemaError", "schema_errors", "schema_for"]

# A schema keeps the log of its last validation: two threads would read each other's.
_VALIDATING = Lock()


class SchemaError(NamedTuple):
    """What a schema refuses. `line` counts from 1; 0 is an element that came from no file.

    The message is libxml2's, in English, without the e-mail addresses and telephone numbers that
    it quotes. `path` is an XPath to the element, from the root of what was checked.
    """

    line: int
    message: str
    path: str


@cache
def schema_for(version: str) -> etree.XMLSchema:
    """The schema of activities of a version, read once; raises UnknownVersion."""
    path = reference_file(f"iati/schemas/{known(version)}/iati-activities-schema.xsd")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(path), parser))


def schema_errors(
    node: etree._Element | etree._ElementTree, version: str
) -> tuple[SchemaError, ...]:
    """Every error of a document, or of one element such as an `iati-activity`, in order.

    None means that it is valid in this version. Raises UnknownVersion.
    """
    schema = schema_for(version)
    with _VALIDATING:
        if schema.validate(node):
            return ()
        log = list(schema.error_log)  # type: ignore[call-overload]  # stubs lack its __iter__
        return tuple(SchemaError(entry.line, scrub(entry.message), entry.path) for entry in log)
