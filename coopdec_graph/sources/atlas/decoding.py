"""Bytes to text. An encoding is accepted when it is declared or proven, never guessed."""

from __future__ import annotations

import codecs
import re

from coopdec_graph.sources.atlas.labels import Kind, match_label
from coopdec_graph.sources.files import unreadable

__all__ = ["decode", "looks_like_html"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PDF = b"%PDF-"
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HTML = re.compile(
    r"(?:<\?xml\b[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body|table|div|meta|title)\b",
    re.IGNORECASE,
)
_HEAD = 20_000
_LEGACY = "windows-1252"
# By Python's names. Browsers read "iso-8859-1" as windows-1252 (WHATWG Encoding Standard, 4.2).
_DECLARABLE = {
    "ascii": _LEGACY,
    "iso8859-1": _LEGACY,
    "cp1252": _LEGACY,
    "iso8859-15": "iso8859-15",
    "mac-roman": "mac-roman",
}
_REPLACEMENT = "\ufffd"
_MOST_GARBLED = 1_000
# Characters no reader sees: soft hyphen, zero-width space, word joiner, byte order mark.
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF])


def looks_like_html(text: str) -> bool:
    """Whether a text starts with a tag of HTML, comments before it apart."""
    head = text[:_HEAD].lstrip()
    while head.startswith("<!--") and "-->" in head:
        head = head.partition("-->")[2].lstrip()
    return _HTML.match(head) is not None


def decode(content: bytes) -> tuple[str, str]:
    """The text of a page and the name of its encoding.

    In this order: a byte order mark; UTF-8; the charset that an HTML page declares;
    windows-1252 or UTF-16 when it makes labels readable. Raises PageUnreadable.
    """
    if content.startswith(_PDF):
        raise unreadable("page-binary")
    text, encoding = _decode(content)
    text = text.translate(_INVISIBLE)
    if not text.strip():
        raise unreadable("page-empty")
    if "\x00" in text:
        raise unreadable("page-binary")
    if _garbled(text):
        raise unreadable("page-mojibake")
    return text, encoding


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding), encoding.removesuffix("-sig")
    if b"\x00" in content:
        return _decode_unmarked_utf16(content)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error.start)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable("page-encoding", line=_line_at(content, error.start)) from None


def _decode_unmarked_utf16(content: bytes) -> tuple[str, str]:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content.decode(encoding, errors="replace")
        if _REPLACEMENT not in text and any(map(_proves, text.splitlines())):
            return text, encoding
    raise unreadable("page-binary")


def _decode_legacy(content: bytes, broken_at: int) -> tuple[str, str]:
    declared = _META.search(content[:_HEAD])
    encoding = _known(declared[1].decode("ascii", "replace")) if declared else None
    if encoding is not None:
        return _decoded(content, encoding), encoding
    text = content.decode(_LEGACY, errors="replace")
    if _REPLACEMENT not in text and any(map(_proves, text.splitlines())):
        return text, _LEGACY
    raise unreadable("page-encoding", line=_line_at(content, broken_at))


def _proves(line: str) -> bool:
    """Whether a line is a label with accents of its own, not those of a name it quotes."""
    label = None if line.isascii() else match_label(line)
    return label is not None and label.kind not in (Kind.NOISE, Kind.POST)


def _garbled(text: str) -> bool:
    """Whether labels appear once UTF-8 that was read as a one-byte encoding is read again."""
    lines = [line for line in text.splitlines() if "\u00c3" in line and len(line) < 200]
    return any(
        _proves(again)
        for line in lines[:_MOST_GARBLED]
        for encoding in (_LEGACY, "latin-1")
        if (again := line.encode(encoding, "replace").decode("utf-8", "replace")) != line
    )


def _known(name: str) -> str | None:
    """The codec of a declared charset; None for one that French pages are not written in."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _DECLARABLE.get(found)


def _line_at(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
