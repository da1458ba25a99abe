"""Files that are not pages, or not readable: one clear issue each, quickly, never a traceback."""

import os
from itertools import cycle

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.sources import SOURCES
from tests.sources.atlas.atlas_pages import (
    MANTES,
    NOTHING,
    codes,
    read_bytes,
    read_file,
    read_text,
    read_within,
)

UTF8 = MANTES.encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "page-empty"),
        (b" \r\n\t\n", "page-empty"),
        ("\u00a0\n\u00a0".encode(), "page-empty"),
        (b"\xef\xbb\xbf", "page-empty"),
        (b"\xff\xfe", "page-empty"),
        (bytes(range(256)) * 50, "page-binary"),
        (b"a\x00b", "page-binary"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "page-binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "page-binary"),
        (UTF8 + b"\xed\xa0\x80", "page-encoding"),
        (UTF8 + b"\xc0\x80", "page-encoding"),
        (UTF8[:3000] + b"\xff" + UTF8[3000:], "page-encoding"),
        (MANTES.encode("utf-16")[:-1], "page-encoding"),
        (b"\xff\xfe" + MANTES.encode("utf-16-le") + b"\x00\xd8", "page-encoding"),
        (MANTES.encode("cp850", "replace"), "page-encoding"),
        (UTF8.decode("latin-1").encode(), "page-mojibake"),
        (UTF8.decode("cp1252", "replace").encode(), "page-mojibake"),
        (b"Bonjour", "page-not-atlas"),
        (b"<html><body>Bonjour", "page-not-atlas"),
    ],
)
def test_bytes_that_are_no_page(content, code):
    reading = read_within(2, content)
    assert codes(reading) == [code]
    assert (reading.activity, reading.record, reading.lines) == (None, NOTHING, ())
    assert reading.refused


def test_encoding_issue_names_the_line():
    reading = read_bytes(b"Titre\nx\n\xff\n")
    assert [dict(issue.details) for issue in reading.issues] == [{"line": 3}]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-32", []),
        ("utf-16-le", ["encoding-not-utf8"]),
        ("utf-16-be", ["encoding-not-utf8"]),
        ("cp1252", ["encoding-not-utf8"]),
    ],
)
def test_other_encodings(encoding, found):
    reading = read_bytes(MANTES.encode(encoding))
    assert codes(reading) == found
    assert reading.record == read_text(MANTES).record


def test_latin1_without_characters_of_its_own():
    text = MANTES.replace("œ", "oe").replace("’", "'")
    reading = read_bytes(text.encode("latin-1"))
    assert "encoding-not-utf8" in codes(reading)
    assert reading.record["declared_status"] == "En cours"


@pytest.mark.parametrize(
    "charset", ["rot13", "hex", "zlib", "undefined", "unicode_escape", "utf-7", "idna", "x" * 40]
)
def test_declared_charset_that_is_no_charset(charset):
    """A page that declared `rot13` or `undefined` ended in a traceback."""
    page = f'<html><head><meta charset="{charset}"></head><body>Titre<p>\xe9</p>'
    assert codes(read_bytes(page.encode("latin-1"))) == ["page-encoding"]


@pytest.mark.parametrize("ends", [["\r\n"], ["\r"], ["\n", "\r", "\r\n"]])
def test_line_endings(ends):
    marks = cycle(ends)
    mixed = "".join(line + next(marks) for line in MANTES.split("\n"))
    whole, again = read_text(MANTES), read_text(mixed)
    assert (again.record, again.issues) == (whole.record, whole.issues)
    assert again.lines == whole.lines


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "  ", "\t"])
def test_other_spaces(space):
    """Rows of tables printed with no-break spaces were kept as printed, unread."""
    reading = read_text(MANTES.replace(" ", space))
    whole = read_text(MANTES).record
    names = ("funding", "foreign_partners", "french_partners", "project_owners")
    if space != "\t":
        assert {n: reading.record[n] for n in names} == {n: whole[n] for n in names}
    assert reading.activity is not None


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u2060", "\u00ad"])
def test_characters_no_reader_sees(mark):
    text = mark + MANTES.replace("2016\n", f"20{mark}16\n").replace("Titre\n", f"Titre{mark}\n")
    assert read_text(text).record == read_text(MANTES).record
    assert codes(read_text(text)) == []


def test_named_paths_that_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "dangling.txt").symlink_to("nowhere.txt")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    assert {path.name: codes(read_file(path)) for path in tmp_path.iterdir()} == {
        "pipe.txt": ["page-not-a-file"],
        "folder.txt": ["page-not-a-file"],
        "loop.txt": ["page-inaccessible"],
        "dangling.txt": ["page-inaccessible"],
        "huge.txt": ["page-too-large"],
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_unreadable_file(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(MANTES, "utf-8")
    path.chmod(0)
    assert codes(read_file(path)) == ["page-inaccessible"]


def test_folder_of_odd_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "2.TXT").write_text("x")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "around").symlink_to(tmp_path)
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "note.pdf").write_text("x")
    found = [document.name for document in SOURCES["atlas"].documents([tmp_path, tmp_path])]
    assert found == ["folder.txt/2.TXT", "loop.txt", "pipe.txt"]


def test_path_that_does_not_exist(tmp_path):
    with pytest.raises(UsageError):
        list(SOURCES["atlas"].documents([tmp_path / "nowhere"]))


def test_fingerprint_of_odd_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    source = SOURCES["atlas"]
    prints = {source.fingerprint(document) for document in source.documents([tmp_path])}
    assert len(prints) == 2


def test_file_name_that_is_not_text(tmp_path):
    """Such a name went into the graph as lone surrogates, which no RDF file can hold."""
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(MANTES, "utf-8")
    [document] = SOURCES["atlas"].documents([tmp_path])
    reading = SOURCES["atlas"].read(document)
    assert reading.name == reading.activity.source.name == "caf?.txt"
