"""Elements of an IATI file."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox
from lxml import etree

__all__ = ["add", "add_narratives"]

# What XML 1.0 (2.2) has no way to write.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def add(
    parent: etree._Element, tag: str, text: str | None = None, **attributes: str | None
) -> etree._Element:
    """A new last child. An attribute `iso_date` is written `iso-date`; None writes none."""
    child = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            child.set(name.replace("_", "-"), _writable(value))
    if text is not None:
        child.text = _writable(text)
    return child


def add_narratives(parent: etree._Element, texts: Iterable[ox.Literal]) -> None:
    """One `narrative` per text, with its language."""
    for text in texts:
        narrative = add(parent, "narrative", text.value)
        if text.language is not None:
            narrative.set(_LANGUAGE, text.language)


def _writable(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
