"""A saved HTML page as the lines a reader sees, rows of tables with their cells.

Nothing here looks at classes or identifiers: a block element starts a line, a table row is a row
unless one of its cells is a label, in which case each cell is a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from coopdec_graph.sources.atlas.labels import LONGEST_LABEL, Kind, match_label
from coopdec_graph.sources.atlas.lines import Line
from coopdec_graph.sources.files import unreadable

__all__ = ["html_lines", "saved_from"]

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "iframe",
        "object",
        "svg",
        "audio",
        "video",
        "canvas",
        "map",
    ]
)
_CELLS = ("td", "th")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SAVED = re.compile(
    r"saved from url=\(\d{1,6}\)(?P<chrome>\S{1,2000})"
    r"|page saved with singlefile\s{1,9}url:\s{0,9}(?P<single>\S{1,2000})",
    re.IGNORECASE,
)
_SAVED_DATE = re.compile(
    r"saved date:\s{0,9}\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<year>\d{4}) "
    r"(?P<time>\d{2}:\d{2}:\d{2}) GMT(?P<zone>[+-]\d{4})"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_HEAD = 20_000


def html_lines(text: str) -> tuple[Line, ...]:
    """The visible lines of a page, numbered from 1. Raises PageUnreadable when too deep to read."""
    root = _parse(text)
    return _Renderer().render(root)


def _parse(text: str) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    too_deep = any(entry.level_name == "FATAL" for entry in parser.error_log)
    if root is None or too_deep:
        raise unreadable("page-html")
    return root


class _Renderer:
    """Walks the tree once, without recursion, and collects lines."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._length = 0

    def render(self, root: etree._Element) -> tuple[Line, ...]:
        stack: list[tuple[str, etree._Element | str]] = [("open", root)]
        while stack:
            action, item = stack.pop()
            if isinstance(item, str):
                self._append(item)
            elif action == "close":
                self._close(item, stack)
            else:
                self._open(item, stack)
        self._break()
        return tuple(self._lines)

    def _open(self, element: etree._Element, stack: list[tuple[str, etree._Element | str]]) -> None:
        stack.append(("close", element))
        tag = element.tag
        if not isinstance(tag, str) or tag in _HIDDEN:
            return
        if tag in _BLOCKS or tag == "br":
            self._break()
        row = _row_cells(element) if tag == "tr" else None
        if row is not None:
            self._add(" ".join(cell for cell in row if cell), row)
            return
        self._append(_replaced_text(element))
        for child in reversed(element):
            stack.append(("open", child))
        if element.text:
            stack.append(("text", element.text))

    def _close(
        self, element: etree._Element, stack: list[tuple[str, etree._Element | str]]
    ) -> None:
        if isinstance(element.tag, str) and element.tag in _BLOCKS:
            self._break()
        elif self._length <= LONGEST_LABEL and _has_value(_clean("".join(self._text))):
            self._break(inline=True)
        if element.tail:
            stack.append(("text", element.tail))

    def _append(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _break(self, inline: bool = False) -> None:
        """Ends the line. One that ends with an inline element goes on in the next: see `Line`."""
        text = _clean("".join(self._text))
        if self._lines and self._lines[-1].inline:
            text = text.removeprefix(":").strip()
        self._text.clear()
        self._length = 0
        self._add(text, None, inline)

    def _add(self, text: str, cells: tuple[str, ...] | None, inline: bool = False) -> None:
        if text:
            self._lines.append(Line(len(self._lines) + 1, text, cells, inline))


def _replaced_text(element: etree._Element) -> str:
    """What a reader sees in place of an element without text: an image's words, a form's state."""
    if element.tag == "img":
        return f" {element.get('alt', '')} "
    if element.tag != "input":
        return ""
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return " [x] " if element.get("checked") is not None else " [ ] "
    return f" {element.get('value', '')} " if kind == "text" else ""


def _row_cells(row: etree._Element) -> tuple[str, ...] | None:
    """The cells of a data row; None for a row of one cell, of layout, or that holds a label."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < 2 or any(True for _ in row.iter("table")):
        return None
    texts = tuple(_clean(" ".join(_visible(cell))) for cell in cells)
    return None if any(_is_label(text) for text in texts) else texts


def _is_label(text: str) -> bool:
    return match_label(text.removesuffix(":").rstrip()) is not None


def _has_value(text: str) -> bool:
    """Whether a text is a label that a value may follow on the same line."""
    label = match_label(text.removesuffix(":").rstrip())
    return label is not None and label.kind in (Kind.VALUE, Kind.LIST, Kind.PROSE)


def _visible(cell: etree._Element) -> Iterator[str]:
    for element in cell.iter():
        if not isinstance(element.tag, str) or element.tag in _HIDDEN:
            continue
        yield _replaced_text(element)
        yield element.text or ""
        if element is not cell:
            yield element.tail or ""


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def saved_from(text: str) -> tuple[str | None, str | None]:
    """The address a browser saved the page from, and when (ISO 8601), as far as the file says.

    Known marks: the "saved from url" comment, SingleFile's comment, the canonical link.
    """
    head = text[:_HEAD]
    saved = _SAVED.search(head)
    if saved is not None:
        return saved["chrome"] or saved["single"], _saved_date(head)
    canonical = re.search(r"<link\b[^>]{0,500}?\brel=[\"']?canonical\b[^>]{0,2000}>", head, re.I)
    href = re.search(r"\bhref=[\"']?([^\"'\s>]{1,2000})", canonical[0], re.I) if canonical else None
    return (href[1] if href else None), None


def _saved_date(head: str) -> str | None:
    found = _SAVED_DATE.search(head)
    if found is None or found["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"]) + 1
    zone = f"{found['zone'][:3]}:{found['zone'][3:]}"
    return f"{found['year']}-{month:02}-{found['day']}T{found['time']}{zone}"
