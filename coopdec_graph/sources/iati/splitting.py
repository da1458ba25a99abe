"""Finds the activities of a file of any size: read once, in pieces, with memory that does not grow.

expat reads the file; nothing it reports is kept but the start tag of the root and, per activity,
three numbers. A file is refused whole (PageUnreadable) where its end could not be trusted either:
it is not well formed, has a document type (so no entity is ever defined or fetched), is no file of
activities, or passes a limit that no honest file passes.
"""

from __future__ import annotations

import codecs
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat
from xml.parsers.expat import errors

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.iati.findings import ACTIVITY
from coopdec_graph.iati.versions import VERSIONS, nearest
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.files import unreadable

__all__ = ["Limits", "Part", "Root", "Split", "split"]

_ACTIVITIES = "iati-activities"
_ORGANISATIONS = "iati-organisations"
_PIECE = 1 << 20
_SHOWN = 60
_UTF16_MARKS = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}
_COMPRESSED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_BYTES = Bilingual("octets", "bytes")
_ITEMS = Bilingual("éléments et attributs", "elements and attributes")
_NOT_XML_SPACE = re.compile(r"[^ \t\r\n]")


# What says that a file is of version 2, at the beginning of it.
_NARRATIVE = b"<narrative"
_PLAIN_ENCODINGS = re.compile(r"utf-8|utf-16|ascii|iso8859-\d+|cp\d+|koi8-[ru]|mac-\w+")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold. Bytes, but for `depth` (elements within elements) and `items`.

    `items` are the elements and attributes of one activity, `token` a tag or comment: expat keeps
    one whole, whatever its length.
    """

    activity: int = 30_000_000
    items: int = 1_000_000
    token: int = 10_000_000
    depth: int = 100


@dataclass(frozen=True, slots=True)
class Root:
    """The start tag of a file, as every activity of it stands below it.

    `attributes` are as written, declarations of namespaces among them; `encoding` is Python's name.
    `version` is the one that the file is read in: that which it says, if we know it.
    """

    version: str
    attributes: tuple[tuple[str, str], ...]
    line: int
    encoding: str

    def attribute(self, name: str) -> str | None:
        return dict(self.attributes).get(name)

    @property
    def said_version(self) -> str:
        """What the file says, whether we know it or not."""
        return self.attribute("version") or ""

    @property
    def is_older_than_schemas(self) -> bool:
        """Files of 1.0 came before the first schema: none can be held against one."""
        return self.said_version == "1.0"


@dataclass(frozen=True, slots=True)
class Part:
    """Where an activity stands: its bytes, from `start` to before `end`, and its first line."""

    start: int
    end: int
    line: int


@dataclass(slots=True)
class Split:
    """The activities of a file, in its order."""

    root: Root
    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Part]:
        return map(Part, self.starts, self.ends, self.lines)


_DEFAULT_LIMITS = Limits()


def split(file: BinaryIO, limits: Limits = _DEFAULT_LIMITS) -> Split:
    """The activities of a file. Raises PageUnreadable when the file as a whole is refused."""
    return _Splitter(limits).read(file)


class _Splitter:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root
        self._encoding = "utf-8"
        self._head = b""
        self._found: Split | None = None
        self._depth = 0
        self._items = 0
        # Where the activity read last began and ended; its end is known at whatever follows it.
        self._start = self._line = 0
        self._open_end = False

    def read(self, file: BinaryIO) -> Split:
        fed = 0
        piece = file.read(_PIECE)
        self._look_at(piece)
        while piece:
            self._parse(piece, False)
            fed += len(piece)
            if fed - self._parser.CurrentByteIndex > self._limits.token:
                raise self._refused("iati-token-too-long", most=self._limits.token)
            if self._depth > 1:
                self._check_size(fed)
            piece = file.read(_PIECE)
        self._parse(b"", True)
        assert self._found is not None  # a well-formed document has a root
        if not len(self._found):
            raise unreadable("iati-no-activity", line=self._found.root.line)
        return self._found

    def _look_at(self, head: bytes) -> None:
        for mark, name in _COMPRESSED.items():
            if head.startswith(mark):
                raise unreadable("iati-compressed", format=name)
        if not head.strip():
            raise unreadable("page-empty")
        self._encoding = _UTF16_MARKS.get(head[:2], "utf-8")
        # Without the zeros of UTF-16.
        self._head = head.replace(b"\0", b"")

    def _parse(self, piece: bytes, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise _not_well_formed(error, self._encoding) from None
        except (LookupError, ValueError):
            # What Python says of an encoding that it does not know, or has no table of.
            raise self._refused("iati-encoding", encoding=_shown(self._encoding)) from None

    def _refused(self, code: str, **details: object) -> PageUnreadable:
        return unreadable(code, line=self._parser.CurrentLineNumber, **details)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and not self._encoding.startswith("utf-16"):
            if not _is_plain(encoding):
                raise self._refused("iati-encoding", encoding=_shown(encoding))
            self._encoding = encoding

    def _doctype(self, *declared: object) -> None:
        raise self._refused("iati-doctype")

    def _root(self, name: str, attributes: list[str]) -> None:
        pairs = tuple(zip(attributes[::2], attributes[1::2], strict=True))
        said = dict(pairs)
        if name == _ORGANISATIONS:
            raise self._refused("iati-organisations-file")
        if name != _ACTIVITIES or said.get("xmlns"):
            raise self._refused("iati-other-root", root=_shown(name))
        version = said.get("version")
        if version not in VERSIONS:
            version = nearest(version, _NARRATIVE in self._head)
        self._found = Split(Root(version, pairs, self._parser.CurrentLineNumber, self._encoding))
        self._depth = 1
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._listen_between(True)

    def _listen_between(self, listening: bool) -> None:
        """What stands between activities ends the one before; inside, it is of no interest."""
        parser = self._parser
        parser.CharacterDataHandler = self._text_between if listening else None
        parser.CommentHandler = self._between if listening else None
        parser.ProcessingInstructionHandler = self._between if listening else None

    def _between(self, *ignored: object) -> None:
        if self._open_end:
            assert self._found is not None
            self._found.ends.append(self._parser.CurrentByteIndex)
            self._open_end = False
            self._check_size(self._parser.CurrentByteIndex)

    def _text_between(self, text: str) -> None:
        self._between()
        if _NOT_XML_SPACE.search(text):
            raise self._refused("iati-stray-content", found="#text")

    def _started(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        self._items += 1 + len(attributes) // 2
        if self._depth == 2:
            self._child(name)
        elif self._depth > self._limits.depth:
            raise self._refused("iati-too-deep", most=self._limits.depth)
        if self._items > self._limits.items:
            raise self._too_large(self._limits.items, _ITEMS)

    def _child(self, name: str) -> None:
        """A child of the root: an activity, or an element of another namespace."""
        self._between()
        self._listen_between(False)
        self._items = 1
        self._start = self._parser.CurrentByteIndex
        if name == ACTIVITY:
            assert self._found is not None
            self._found.starts.append(self._start)
            self._found.lines.append(self._parser.CurrentLineNumber)
            self._open_end = True
        elif ":" not in name:
            raise self._refused("iati-stray-content", found=_shown(name))

    def _ended(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            self._listen_between(True)
        elif self._depth == 0:
            self._between()

    def _check_size(self, position: int) -> None:
        if position - self._start > self._limits.activity:
            raise self._too_large(self._limits.activity, _BYTES)

    def _too_large(self, most: int, what: Bilingual) -> PageUnreadable:
        fr, en = what.text("fr"), what.text("en")
        return self._refused("iati-activity-too-large", most=most, what_fr=fr, what_en=en)


def _is_plain(encoding: str) -> bool:
    """Whether an encoding is a table of characters: some of Python's read escapes of their own,
    and would see markup that the parser did not."""
    try:
        return _PLAIN_ENCODINGS.fullmatch(codecs.lookup(encoding).name) is not None
    except LookupError:
        return False


def _shown(text: str) -> str:
    return scrub(text)[:_SHOWN]


# By what expat says (xml.parsers.expat.errors).
_CUT_SHORT = (
    errors.XML_ERROR_NO_ELEMENTS,
    errors.XML_ERROR_UNCLOSED_TOKEN,
    errors.XML_ERROR_PARTIAL_CHAR,
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
)
_ENCODING = (errors.XML_ERROR_UNKNOWN_ENCODING, errors.XML_ERROR_INCORRECT_ENCODING)
_REASONS = {
    errors.XML_ERROR_INVALID_TOKEN: "caractère ou balise invalide",
    errors.XML_ERROR_TAG_MISMATCH: "balise fermante qui ne répond pas à l'ouvrante",
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "attribut donné deux fois",
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "contenu après la racine",
    errors.XML_ERROR_UNDEFINED_ENTITY: "entité sans définition",
    errors.XML_ERROR_BAD_CHAR_REF: "référence à un caractère interdit",
    errors.XML_ERROR_MISPLACED_XML_PI: "déclaration XML ailleurs qu'au début",
}


def _not_well_formed(error: expat.ExpatError, encoding: str) -> PageUnreadable:
    said = errors.messages[error.code]
    if said in _CUT_SHORT:
        return unreadable("iati-cut-short", line=error.lineno)
    if said in _ENCODING:
        return unreadable("iati-encoding", line=error.lineno, encoding=_shown(encoding))
    return unreadable(
        "iati-not-well-formed",
        line=error.lineno,
        column=error.offset + 1,
        reason_fr=_REASONS.get(said, said),
        reason_en=said,
    )
