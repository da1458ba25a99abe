"""A result is freed by the thread that made it, and a sink that failed is left alone."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from coopdec_graph.results.writing import write
from tests.results.answers import format_named, values

# The engine complains on standard error where another thread frees a result of its own.
_SCRIPT = """
import sys, threading
import pyoxigraph as ox
from coopdec_graph.results.writing import write
from tests.results.answers import format_named

class Full:
    def write(self, data):
        if most != "9":
            raise OSError("full")
    def flush(self):
        pass

name, most, query = sys.argv[1], sys.argv[2], sys.argv[3]
kept = []
try:
    write(ox.Store().query(query), format_named(name), Full(), int(most) if most else None)
except Exception as error:
    kept.append(error)
assert len(kept) == 1 and kept[0].__traceback__ is not None
print(type(kept[0]).__name__)
thread = threading.Thread(target=kept.clear)
thread.start()
thread.join()
assert not kept
"""
WKT = '"POINT(1 2)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
BAD = '"POINT(1)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
GRAPH = "CONSTRUCT { <a:a> <a:b> ?o } WHERE { VALUES ?o { 1 2 3 } }"


@pytest.mark.parametrize(
    ("name", "most", "query", "error"),
    [
        *((name, "", values("1", "2"), "OSError") for name in ("json", "csv", "tsv", "xml")),
        *((name, "1", values("1", "2"), "TooManyRows") for name in ("xlsx", "parquet")),
        *((name, "", values("1", "2"), "OSError") for name in ("xlsx", "parquet")),
        ("tsv", "9", values(*['"' + "x" * 9_000 + '"'] * 12), "TooManyRows"),
        ("geojson", "", values(WKT, WKT), "OSError"),
        ("geojson", "1", values("1", "2"), "TooManyRows"),
        ("geojson", "", values("1", BAD), "NotWritable"),
        ("turtle", "", GRAPH, "OSError"),
        ("turtle", "1", GRAPH, "TooManyRows"),
        ("json", "", "ASK {}", "OSError"),
    ],
)
def test_an_exception_holds_no_result(name, most, query, error):
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, name, most, query],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{error}\n", "")


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml", "turtle", "rdfxml"])
@pytest.mark.parametrize("most", [None, 1_000])
def test_a_sink_that_failed_is_not_written_to_again(name, most):
    class Closing:
        calls = 0

        def write(self, data: bytes) -> int:
            self.calls += 1
            raise BrokenPipeError("gone")

        def flush(self) -> None:
            pass

    sink = Closing()
    rows = [f'"{number}{"x" * 5_000}"' for number in range(40)]
    terms = " ".join(rows)
    query = (
        values(*rows)
        if name in ("json", "csv", "tsv", "xml")
        else f"CONSTRUCT {{ <a:a> <a:b> ?o }} {{ VALUES ?o {{ {terms} }} }}"
    )
    with pytest.raises(BrokenPipeError, match="gone"):
        write(ox.Store().query(query), format_named(name), sink, most)
    assert sink.calls == 1
