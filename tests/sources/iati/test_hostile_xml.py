"""XML that means harm, is broken or is something else: one clear issue for the file, nothing read."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.iati.versions import VERSIONS
from coopdec_graph.sources.iati.splitting import Limits, Split, split
from tests.sources.iati.iati_files import (
    IATI,
    activity,
    codes,
    documents,
    file,
    reading,
    readings,
)

ONE = file(activity())
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'


def refused(content: str | bytes, code: str, line: int | None = 1) -> None:
    found = reading(content)
    assert codes(found) == [code]
    assert found.issues[0].line == line
    assert (found.activity, dict(found.record), found.lines) == (None, {}, ())
    assert found.refused
    for language in ("fr", "en"):
        assert "{" not in found.issues[0].message(language)  # type: ignore[arg-type]


# ---- entities and document types -----------------------------------------------------------------

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE iati-activities>",
        '<!DOCTYPE iati-activities SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE iati-activities PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd">',
        f"<!DOCTYPE iati-activities [{LAUGHS}]>",
        '<!DOCTYPE iati-activities [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE iati-activities [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>',
        '<!DOCTYPE iati-activities [<!ATTLIST iati-activity default-currency CDATA "EUR">]>',
        "<!DOCTYPE iati-activities [",
    ],
)
def test_a_document_type_is_refused_whatever_it_says(doctype: str) -> None:
    text = ONE.replace("Puits de Modèleville", "&l11;")
    refused(DECLARED + doctype + text, "iati-doctype", 2)


@pytest.mark.parametrize("name", ["x", "l11", "nbsp", "eacute"])
def test_an_entity_that_nothing_defines(name: str) -> None:
    refused(ONE.replace("Un puits.", f"Un&{name};puits."), "iati-not-well-formed", 6)


def test_nothing_is_fetched_from_host_or_folder(tmp_path: Path) -> None:
    """Addresses everywhere that a schema, a stylesheet or a parser might follow: nobody calls."""
    listener = socket.create_server(("127.0.0.1", 0))
    calls: list[object] = []

    def listen() -> None:
        while True:
            try:
                calls.append(listener.accept())
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    (tmp_path / "secret.txt").write_text("SECRET")
    hostile = file(
        activity(
            f'xml:lang="fr" default-currency="EUR" xml:base="{address}" linked-data-uri="{address}"',
            sector=f'<sector vocabulary="99" vocabulary-uri="{address}" code="1"/>',
            extra=f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}"/>'
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="secret.txt" parse="text"/>',
        ),
        attributes=f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:noNamespaceSchemaLocation="{address}" xsi:schemaLocation="urn:x {address}"'
        f' linked-data-default="{address}"',
    )
    styled = f'<?xml-stylesheet href="{address}"?>' + hostile
    path = tmp_path / "hostile.xml"
    path.write_text(styled)
    (found,) = (IATI.read(document) for document in documents(path))
    listener.close()
    assert calls == []
    assert found.activity is not None and not found.refused
    assert found.activity.linked_data == address
    assert "SECRET" not in repr(found)


# ---- what is no file of activities ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "page-empty", None),
        (b" \n\t", "page-empty", None),
        (b"\xef\xbb\xbf", "iati-cut-short", 1),
        (b"\x1f\x8b\x08\x00", "iati-compressed", None),
        (b"PK\x03\x04", "iati-compressed", None),
        (b"BZh91AY", "iati-compressed", None),
        (b"\xfd7zXZ\x00", "iati-compressed", None),
        (b"bonjour", "iati-not-well-formed", 1),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", "iati-not-well-formed", 1),
        (b"\x00" * 100, "iati-not-well-formed", 1),
        (b'{"iati-activities": []}', "iati-not-well-formed", 1),
        (b"<iati-activity/>", "iati-other-root", 1),
        (b"<html></html>", "iati-other-root", 1),
        (b"<IATI-ACTIVITIES version='2.03'/>", "iati-other-root", 1),
        (b"<a:iati-activities xmlns:a='urn:a' version='2.03'/>", "iati-other-root", 1),
        (b"<iati-activities xmlns='urn:a' version='2.03'/>", "iati-other-root", 1),
        (b"<iati-organisations version='2.03'/>", "iati-organisations-file", 1),
        (b"\n<iati-activities/>", "iati-no-activity", 2),
        # Tables of Python that read escapes of their own: markup that the parser never saw.
        (b"<?xml version='1.0' encoding='unicode_escape'?><iati-activities version='2.03'/>", "iati-encoding", 1),
        (b"<?xml version='1.0' encoding='raw_unicode_escape'?><iati-activities version='2.03'/>", "iati-encoding", 1),
        (b"<?xml version='1.0' encoding='utf-7'?><iati-activities version='2.03'/>", "iati-encoding", 1),
        (b"<?xml version='1.0' encoding='punycode'?><iati-activities version='2.03'/>", "iati-encoding", 1),
        (b"<iati-activities version='2.03'/>", "iati-no-activity", 1),
        (b"<iati-activities version='1.05'> \n <!-- nothing --> </iati-activities>", "iati-no-activity", 1),
        (b"<iati-activities version='2.03' b='1'><iati-activity/></iati-activities>", "iati-root", 1),
        (
            b"<iati-activities version='2.03' generated-datetime='x'><iati-activity/></iati-activities>",
            "iati-root",
            1,
        ),
        (b"<iati-activities version='2.03' p:b='1'><iati-activity/></iati-activities>", "iati-root", 1),
        (b"<iati-activities version='2.03'>\nx<iati-activity/></iati-activities>", "iati-stray-content", 2),
        (b"<iati-activities version='2.03'><iati-activity/><![CDATA[x]]></iati-activities>", "iati-stray-content", 1),
        (b"<iati-activities version='2.03'><iati-activity/><activity/></iati-activities>", "iati-stray-content", 1),
        (b"<iati-activities version='2.03'><iati-activities/></iati-activities>", "iati-stray-content", 1),
        (b"<iati-activities version='2.03'><iati-activity></iati-activities>", "iati-not-well-formed", 1),
        (b"<iati-activities version='2.03' version='2.02'/>", "iati-not-well-formed", 1),
        (b"<iati-activities version='2.03'><iati-activity/></iati-activities><x/>", "iati-not-well-formed", 1),
        (b"<iati-activities version='2.03'><iati-activity/></iati-activities>\n\x00", "iati-not-well-formed", 2),
        (b"<iati-activities version='2.03'><iati-activity>&#0;</iati-activity></iati-activities>", "iati-not-well-formed", 1),
        (b"<iati-activities version='2.03'><iati-activity>\x01</iati-activity></iati-activities>", "iati-not-well-formed", 1),
    ],
)  # fmt: skip
def test_a_file_that_is_refused_whole(content: bytes, code: str, line: int | None) -> None:
    refused(content, code, line)


def test_a_root_is_quoted_short_and_without_mailbox() -> None:
    found = reading(f"<sacha.exemple@fictif.example{'x' * 5000}/>".encode())
    assert codes(found) == ["iati-not-well-formed"]
    found = reading(b"<iati-activities version='sacha@fictif.example" + b"x" * 5000 + b"'/>")
    assert "fictif" not in found.issues[0].message("fr")
    assert len(found.issues[0].message("fr")) < 300


def test_an_undeclared_prefix_refuses_its_activity_alone() -> None:
    good, bad = activity(), activity(extra="<own:note/>")
    assert [codes(found) for found in readings(file(good, bad, good))] == [
        [],
        ["iati-unparsed"],
        [],
    ]


@pytest.mark.parametrize("special", ["folder", "pipe", "device", "missing link"])
def test_what_is_no_regular_file(tmp_path: Path, special: str) -> None:
    path = tmp_path / "x.xml"
    if special == "folder":
        (tmp_path / "f.xml").mkdir()
        path.symlink_to(tmp_path / "f.xml" / "nothing")
    elif special == "pipe":
        os.mkfifo(path)
    elif special == "device":
        path.symlink_to("/dev/zero")
    else:
        path.symlink_to("nowhere")
    (found,) = (IATI.read(document) for document in documents(path))
    assert codes(found) in (["page-not-a-file"], ["page-inaccessible"])


# ---- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "encoding", "mark"),
    [
        (None, "utf-8", b""),
        (None, "utf-8", b"\xef\xbb\xbf"),
        ("UTF-8", "utf-8", b""),
        ("utf-8", "utf-8", b"\xef\xbb\xbf"),
        ("UTF-16", "utf-16-le", b"\xff\xfe"),
        ("UTF-16", "utf-16-be", b"\xfe\xff"),
        (None, "utf-16-le", b"\xff\xfe"),
        ("utf-16", "utf-16-le", b""),
        ("utf-16", "utf-16-be", b""),
        ("ISO-8859-1", "latin-1", b""),
        ("windows-1252", "cp1252", b""),
        ("iso-8859-15", "iso-8859-15", b""),
    ],
)
def test_encodings_that_are_declared(declared: str | None, encoding: str, mark: bytes) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    text = head + file(activity(), activity(title="<title><narrative>Étés</narrative></title>"))
    found = readings(mark + text.encode(encoding))
    assert [reading.activity and reading.activity.title for reading in found] == [
        "Puits de Modèleville",
        "Étés",
    ]
    assert all(codes(reading) == [] for reading in found)


@pytest.mark.parametrize(
    ("declared", "encoding", "code"),
    [
        ("UTF-8", "latin-1", "iati-not-well-formed"),
        ("US-ASCII", "utf-8", "iati-not-well-formed"),
        ("UTF-16", "utf-8", "iati-encoding"),
        ("UTF-8", "utf-16", "iati-encoding"),
        ("UTF-32", "utf-32", "iati-not-well-formed"),
        ("utf-7", "utf-8", "iati-encoding"),
        ("shift_jis", "utf-8", "iati-encoding"),
        ("klingon", "utf-8", "iati-encoding"),
        ("rot13", "utf-8", "iati-encoding"),
        ("base64", "utf-8", "iati-encoding"),
        ("idna", "utf-8", "iati-encoding"),
    ],
)
def test_encodings_that_are_not_what_they_say(declared: str, encoding: str, code: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + ONE
    assert codes(reading(text.encode(encoding))) == [code]


# ---- cut short, anywhere -------------------------------------------------------------------------

WHOLE = (
    "<?xml version='1.0' encoding='UTF-8'?><!-- é -->\n<iati-activities version='2.03'>"
    "<iati-activity a='&amp;é'><![CDATA[x]]><?p i?><b/></iati-activity>\n</iati-activities>"
).encode()
CUT = ("page-empty", "iati-cut-short", "iati-not-well-formed", "iati-encoding")


def test_a_file_that_stops_at_any_byte_is_refused() -> None:
    assert len(split(io.BytesIO(WHOLE))) == 1
    for size in range(len(WHOLE)):
        with pytest.raises(PageUnreadable) as refusal:
            split(io.BytesIO(WHOLE[:size]))
        assert refusal.value.code in CUT, size
    assert size == len(WHOLE) - 1 > 150


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@settings(max_examples=300)
def test_any_bytes_at_all_are_refused(content: bytes) -> None:
    with pytest.raises(PageUnreadable):
        split(io.BytesIO(content))


@given(st.data())
@settings(max_examples=300)
def test_a_file_with_any_bytes_changed_never_raises_but_a_refusal(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(WHOLE) - 1))
    changed = WHOLE[:place] + data.draw(st.binary(max_size=6)) + WHOLE[place + 1 :]
    for found in readings(changed):
        assert found.refused  # the activity is invalid anyway
        assert found.issues


# ---- limits, with memory that does not grow ------------------------------------------------------


class Endless(io.RawIOBase):
    """A file made as it is read: some bytes, then a piece again and again, then some more."""

    def __init__(self, head: bytes, piece: bytes, times: int, tail: bytes = b"") -> None:
        self._pieces: Iterator[bytes] = self._made(head, piece, times, tail)
        self.read_so_far = 0

    def _made(self, head: bytes, piece: bytes, times: int, tail: bytes) -> Iterator[bytes]:
        yield head
        for _ in range(times):
            yield piece
        yield tail

    def read(self, size: int = -1) -> bytes:  # type: ignore[override]
        piece = next(self._pieces, b"")
        self.read_so_far += len(piece)
        return piece


HEAD = b"<iati-activities version='2.03'>"
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("inside", "piece", "code"),
    [
        (b"<!--", b"x" * MEGABYTE, "iati-token-too-long"),
        (b"<?p ", b"x" * MEGABYTE, "iati-token-too-long"),
        (b"<iati-activity a='", b"x" * MEGABYTE, "iati-token-too-long"),
        (b"<", b"x" * MEGABYTE, "iati-token-too-long"),
        (b"<iati-activity>", b"x" * MEGABYTE, "iati-activity-too-large"),
        (b"<iati-activity><![CDATA[", b"x" * MEGABYTE, "iati-activity-too-large"),
        (b"<iati-activity>", b"<!-- x -->" * 100_000, "iati-activity-too-large"),
        (b"<iati-activity>", b"<a/>" * 250_000, "iati-activity-too-large"),
        (b"<iati-activity>", b"<a b='' c='' d=''/>" * 50_000, "iati-activity-too-large"),
        (b"<y:x>", b"x" * MEGABYTE, "iati-activity-too-large"),
        (b"<iati-activity>", b"<a>" * 1_000, "iati-too-deep"),
    ],
)
def test_what_never_ends_is_refused_early(inside: bytes, piece: bytes, code: str) -> None:
    endless = Endless(HEAD + inside, piece, 10_000)
    with pytest.raises(PageUnreadable) as refusal:
        split(endless)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert endless.read_so_far < Limits().activity + 5 * MEGABYTE


@pytest.mark.parametrize("prolog", [b" ", b"<!-- x -->", b"<?p x?>"])
def test_a_prolog_that_never_ends_takes_no_memory(prolog: bytes) -> None:
    endless = Endless(b"", prolog * (MEGABYTE // len(prolog)), 60, HEAD)
    with pytest.raises(PageUnreadable) as refusal:
        split(endless)  # type: ignore[arg-type]
    assert refusal.value.code in ("iati-cut-short", "iati-token-too-long", "page-empty")


@pytest.mark.parametrize(
    ("limits", "text", "code"),
    [
        (Limits(activity=100), "<a>" + "x" * 200 + "</a>", "iati-activity-too-large"),
        (Limits(items=5), "<a/><b/><c/><d/><e/>", "iati-activity-too-large"),
        (Limits(items=5), "<a b='' c='' d='' e=''/>", "iati-activity-too-large"),
        (Limits(depth=4), "<a><b><c/></b></a>", "iati-too-deep"),
    ],
)
def test_each_limit_is_one_of_an_activity(limits: Limits, text: str, code: str) -> None:
    inside = f"<iati-activity>{text}</iati-activity>"
    many = HEAD + b"<iati-activity><a/></iati-activity>" * 50 + b"</iati-activities>"
    assert len(split(io.BytesIO(many), limits)) == 50
    with pytest.raises(PageUnreadable) as refusal:
        split(io.BytesIO(HEAD + inside.encode() + b"</iati-activities>"), limits)
    assert refusal.value.code == code


def test_an_activity_at_the_limits_is_read_or_refused_but_never_raises() -> None:
    """A text that libxml2 does not take, a hundred levels, a long attribute."""
    text = activity(
        description=f"<description><narrative>{'x' * 10_100_000}</narrative></description>"
    )
    deep = activity(extra="<x:a xmlns:x='u'>" + "<x:a>" * 96 + "</x:a>" * 97)
    long = activity(sector=f"<sector code='{'1' * 1_000_000}'/>")
    first, second, third = readings(file(text, deep, long))
    assert codes(first) == ["iati-unparsed"]
    assert codes(second) == []
    assert codes(third) == ["iati-doubted"]
    assert len(third.issues[0].message("fr")) < 400


# Reads a stream of the size asked for and says how many activities it had and how much it took.
MEASURED = """
import resource, sys
from tests.sources.iati.test_hostile_xml import Endless, HEAD
from tests.sources.iati.iati_files import activity
from coopdec_graph.sources.iati.splitting import split
one = activity().encode() + b"\\n"
times, each = int(sys.argv[1]), int(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = split(Endless(HEAD, one * each, times, b"</iati-activities>"))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(found), (after - before) * 1024)
"""


def measured(times: int, each: int) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(times), str(each)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    activities, taken = done.stdout.split()
    return int(activities), int(taken)


def test_a_hundred_thousand_activities_take_the_memory_of_three_numbers_each() -> None:
    few, base = measured(10, 1_000)
    many, taken = measured(100, 1_000)
    assert (few, many) == (10_000, 100_000)
    # Three eight-byte numbers, and room for arrays that grow by an eighth; 70 MB of XML went by.
    assert taken - base < 8 * MEGABYTE


def test_the_lines_of_a_long_activity_are_those_of_the_file() -> None:
    """libxml2 counts to 65,535; what is beyond is counted again."""
    filler = "<!-- -->\n" * 70_000
    found = readings(
        file(activity(), activity(title=f"<title>{filler}<narrative/></title>\n<titel/>"))
    )
    lines = [(issue.line, issue.field) for issue in found[1].issues]
    first = file(activity(), "").count("\n")
    assert lines == [(first + 70_003, "titel")]


def test_every_version_is_known() -> None:
    assert len(VERSIONS) == 8
    for version in VERSIONS:
        found = split(
            io.BytesIO(
                f"<iati-activities version='{version}'><iati-activity/></iati-activities>".encode()
            )
        )
        assert isinstance(found, Split) and found.root.version == version
