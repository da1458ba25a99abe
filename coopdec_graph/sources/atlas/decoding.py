"""Bytes to text. An encoding is accepted when it is declared or proven, never guessed."""

from __future__ import annotations

import codecs
import re

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.issues import issue_kinds
from coopdec_graph.sources.atlas.labels import match_label

__all__ = ["decode", "looks_like_html", "unreadable"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml\b[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body|table|div|meta|title)\b",
    re.IGNORECASE,
)
_HEAD = 20_000
_LEGACY = "windows-1252"


def unreadable(code: str, **values: object) -> PageUnreadable:
    """The error that makes a page's only issue this one of the catalogue."""
    return PageUnreadable(code, issue_kinds()[code].message, **values)


def looks_like_html(text: str) -> bool:
    """Whether a text starts with a tag of HTML, comments before it apart."""
    head = text[:_HEAD]
    start = _after_comments(head)
    return _HTML.match(head, start) is not None


def _after_comments(text: str) -> int:
    """Where a text goes on after the comments it starts with."""
    start = len(text) - len(text.lstrip())
    while text.startswith("<!--", start) and (end := text.find("-->", start)) >= 0:
        start = end + 3
        start += len(text[start:]) - len(text[start:].lstrip())
    return start


def decode(content: bytes) -> tuple[str, str]:
    """The text of a page and the name of its encoding.

    In this order: a byte order mark; UTF-8; the charset that an HTML page declares;
    windows-1252 when it makes labels with accents readable. Raises PageUnreadable.
    """
    if not content.strip():
        raise unreadable("page-empty")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding), encoding.removesuffix("-sig")
    if b"\x00" in content:
        raise unreadable("page-binary")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error.start)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable("page-encoding", line=_line_at(content, error.start)) from None


def _decode_legacy(content: bytes, broken_at: int) -> tuple[str, str]:
    declared = _META.search(content[:_HEAD])
    encoding = _known(declared[1].decode("ascii")) if declared else None
    if encoding is not None and encoding != "utf-8":
        return _decoded(content, encoding), encoding
    text = content.decode(_LEGACY, errors="replace")
    proven = any(match_label(line.strip()) for line in text.splitlines() if _has_accents(line))
    if proven and "\ufffd" not in text:
        return text, _LEGACY
    raise unreadable("page-encoding", line=_line_at(content, broken_at))


def _has_accents(line: str) -> bool:
    return len(line) < 200 and not line.isascii()


def _known(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    # Browsers read "iso-8859-1" as windows-1252 (WHATWG Encoding Standard, 4.2).
    return _LEGACY if codec in ("iso8859-1", "ascii") else codec


def _line_at(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
