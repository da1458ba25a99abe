"""The contents of a release's files: in memory or on disk, the same lines in the same order."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from coopdec_graph.graph.statements import merge_n_quads, n_quads
from coopdec_graph.publishing.contents import Lines, Measured, lines_of, measured, write_sorted

TERMS = st.sampled_from([URIRef(f"https://exemple.org/{name}") for name in ("a", "b", "é", "a/b")])
TEXTS = st.text(max_size=4).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
STATEMENTS = st.lists(st.tuples(TERMS, TERMS, TERMS, TEXTS.map(Literal)), max_size=5)


@given(st.lists(STATEMENTS, max_size=4), st.integers(1, 2_000))
def test_runs_that_are_merged_give_what_a_set_gives(parts: list[list[tuple]], run: int) -> None:
    documents = [n_quads(part) for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        target = write_sorted(Lines(tuple(documents)), Path(folder) / "sorted", run)
        assert target.read_bytes() == merge_n_quads(*documents)
        # The runs bear no name.
        assert list(Path(folder).iterdir()) == [target]


@pytest.mark.parametrize("content", [b"", b"\n", b"b\na\n\nb", b"b\na\n\nb\n", "é\n\r\n".encode()])
def test_a_file_and_bytes_are_the_same(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    lines = [line for line in content.split(b"\n") if line]
    assert list(lines_of(file)) == list(lines_of(content)) == lines
    told = Measured(len(content), hashlib.sha256(content).hexdigest(), content.count(b"\n"))
    assert measured(file) == measured(content) == told


def test_lines_are_walked_as_often_as_wished_without_the_unwanted() -> None:
    wanted = Lines((b"a\nb", Lines((b"c\na",))), wanted=lambda line: line != b"a")
    assert [list(wanted), list(wanted)] == [[b"b", b"c"]] * 2


def test_what_cannot_be_written_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_sorted([b"a"], tmp_path / "nowhere" / "sorted")
