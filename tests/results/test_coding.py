"""Content codings: which is chosen, and that the bytes are what they claim to be."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.results.coding import CODINGS, LEAST_BYTES, CodedSink
from coopdec_graph.service.codings import accepted_codings

DECODERS = {
    None: bytes,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


def _coded(pieces: list[bytes], codings: tuple[str, ...], least: int = LEAST_BYTES):
    """What is passed on, and the coding that was known when the first of it was."""
    passed: list[tuple[bytes, str | None]] = []
    sink = CodedSink(lambda data: passed.append((data, sink.coding)), codings, least)
    for piece in pieces:
        assert sink.write(piece) == len(piece)
        sink.flush()
    sink.close()
    assert {coding for _, coding in passed} <= {sink.coding}
    return b"".join(data for data, _ in passed), sink.coding


@given(
    pieces=st.lists(st.binary(max_size=700), max_size=6),
    coding=st.sampled_from([None, *CODINGS]),
    least=st.sampled_from([0, 1, LEAST_BYTES]),
)
def test_a_body_is_the_same_when_decoded(pieces, coding, least):
    body, used = _coded(pieces, (coding,) if coding else (), least)
    whole = b"".join(pieces)
    assert used == (coding if len(whole) >= least else None)
    assert DECODERS[used](body) == whole
    assert (body, used) == _coded([whole[:5], whole[5:]], (coding,) if coding else (), least)


def test_a_large_body_passes_through_as_it_comes():
    for coding in CODINGS:
        passed: list[bytes] = []
        sink = CodedSink(passed.append, (coding,))
        # Each piece differs, so that a compressor has to write.
        for number in range(2_000):
            sink.write(b"".join(b"%d," % (n * n * number) for n in range(500)))
        assert sum(map(len, passed)) > 100_000
        sink.close()


def test_gzip_names_no_time():
    body, used = _coded([b"x" * 2_000], ("br", "gzip"))
    assert (used, body[:4], body[4:8]) == ("gzip", b"\x1f\x8b\x08\x00", b"\0\0\0\0")


CHOICES = [
    (None, ()),
    ("", ()),
    ("identity", ()),
    ("gzip", ("gzip",)),
    ("x-gzip", ("gzip",)),
    ("GZIP", ("gzip",)),
    ("gzip, deflate, br, zstd", ("zstd", "gzip")),
    ("gzip, zstd;q=0.9", ("gzip", "zstd")),
    ("gzip;q=0.1", ("gzip",)),
    ("br", ()),
    ("*", ("zstd", "gzip")),
    ("*;q=0.5, gzip", ("gzip", "zstd")),
    ("*, zstd;q=0", ("gzip",)),
    ("gzip;q=0", ()),
    ("*;q=0", ()),
    ("identity;q=0.5, gzip;q=0.4", ()),
    ("identity;q=0.5, *;q=0.4", ()),
    ("identity;q=0.5, gzip;q=0.5", ("gzip",)),
    ("identity;q=0, gzip;q=0.1", ("gzip",)),
    ("identity;q=0", ()),
    ("gzip;q=nonsense, zstd", ("zstd",)),
    ("\x00, ;;;, gzip", ("gzip",)),
]


@pytest.mark.parametrize(("header", "expected"), CHOICES)
def test_the_choice_of_a_coding(header, expected):
    assert accepted_codings(header) == expected


def test_a_small_body_is_coded_only_if_it_must_be():
    assert _coded([b"x"], ("gzip",), 0)[1] == "gzip"
