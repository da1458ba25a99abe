"""The bytes of one activity as a tree: no entity, no network, nothing but what stands in the file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from coopdec_graph.iati.findings import ACTIVITY, path_of, quoted
from coopdec_graph.iati.schemas import schema_errors
from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.iati.splitting import Root

__all__ = ["ParsedActivity", "check_root", "parse"]

# libxml2 counts the lines of elements up to here, and guesses beyond.
_COUNTED_LINES = 65_000
_MISSING_CHILD = "Missing child element"


class ParsedActivity:
    """An activity as a tree, and the lines of its file."""

    def __init__(self, element: etree._Element, content: bytes, first_line: int) -> None:
        self.element = element
        self._before = first_line - 1
        self._counted = _counted(element, content) if _is_long(content) else {}

    def line(self, counted: int, path: str) -> int:
        """The line in the file of what stands at a path; `counted` is what libxml2 says of it."""
        place = path.partition("[@")[0]
        return self._before + self._counted.get(place, max(counted, 1))


def _is_long(content: bytes) -> bool:
    return content.count(b"\n") + content.count(b"\r") > _COUNTED_LINES


def _counted(element: etree._Element, content: bytes) -> dict[str, int]:
    """The line of each element by its path, counted by expat."""
    lines = array("q")
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *started: lines.append(parser.CurrentLineNumber)
    parser.Parse(content, True)
    elements = element.iter(etree.Element)
    return {path_of(each): line for each, line in zip(elements, lines, strict=False)}


def parse(content: bytes, root: Root, first_line: int) -> ParsedActivity:
    """The activity that these bytes of a file hold, below a root as the file's.

    Raises PageUnreadable when it cannot stand alone: a prefix that is declared nowhere, a text
    beyond what libxml2 takes.
    """
    try:
        whole = content.decode(root.encoding).encode("utf-8")
        tree = etree.fromstring(_wrapped(whole, root), _parser())
    except (etree.XMLSyntaxError, UnicodeDecodeError, LookupError) as error:
        reason = error.msg if isinstance(error, etree.XMLSyntaxError) else type(error).__name__
        raise unreadable("iati-unparsed", line=first_line, reason=quoted(str(reason))) from None
    elements = list(tree.iterchildren(ACTIVITY))
    if len(elements) != 1:
        # The file changed after it was split.
        raise unreadable("iati-unparsed", line=first_line, reason="?")
    return ParsedActivity(elements[0], whole, first_line)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _wrapped(content: bytes, root: Root) -> bytes:
    """One line, so that the lines of the activity are counted as in its own bytes."""
    attributes = "".join(f" {name}={_quoted(value)}" for name, value in root.attributes)
    return f"<iati-activities{attributes}>".encode() + content + b"</iati-activities>"


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def check_root(root: Root) -> None:
    """Raises PageUnreadable when the schema refuses the start tag of a file: all is below it."""
    try:
        element = etree.fromstring(_wrapped(b"", root), _parser())
    except etree.XMLSyntaxError as error:
        raise unreadable("iati-root", line=root.line, reason=quoted(error.msg or "?")) from None
    for message in _errors_of_root(element, root.version):
        raise unreadable("iati-root", line=root.line, reason=quoted(message))


def _errors_of_root(element: etree._Element, version: str) -> Iterator[str]:
    """What the schema says of the attributes; that nothing is below them is our doing."""
    for error in schema_errors(element, version):
        if _MISSING_CHILD not in error.message:
            yield error.message
