"""Measures the product beside named peers, in one run, as ratios of medians.

Run: python bench/run.py [PAGES]   (default 200; writes nothing but its table)

Nothing here is a test: times depend on the machine and its load. What it prints is pasted into
bench/README.md with the machine's description when a claim is made.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyshacl
from corpus import write
from rdflib import Dataset, Graph

from coopdec_graph.graph.query import evaluate
from coopdec_graph.graph.store import open_store
from coopdec_graph.pipeline import BuildOptions, Outcome, run
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.resources import resource_folder
from coopdec_graph.service.formats import engine_default
from coopdec_graph.validation import validate

QUERIES = {
    "one partnership's facts": (
        "SELECT ?p ?o WHERE { <https://w3id.org/coopdec/id/partnership/atlas-1> ?p ?o }"
    ),
    "euros by financer": """
        PREFIX cd: <https://w3id.org/coopdec/def#>
        SELECT ?f (SUM(?a) AS ?t) WHERE { ?l cd:financer ?f ; cd:amount ?a } GROUP BY ?f""",
    "partnerships with Morocco": """
        PREFIX cd: <https://w3id.org/coopdec/def#>
        PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?p ?t WHERE {
          ?p org:hasMember ?m ; dct:title ?t . ?m a cd:ForeignCollectivity ;
          cd:country <http://publications.europa.eu/resource/authority/country/MAR> }""",
}


def median_ms(work: Callable[[], object], times: int) -> float:
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        measured.append((time.perf_counter() - start) * 1000)
    return statistics.median(measured)


def report(name: str, ours: float, peer_name: str, peer: float) -> None:
    print(f"| {name} | {ours:.1f} | {peer_name} | {peer:.1f} | {peer / ours:.1f} |")


def build(pages: Path, out: Path) -> Outcome:
    return run([pages], out, BuildOptions(), lambda items, label, total: items)


def bench_builds(folder: Path, pages: Path) -> Outcome:
    out = folder / "out"
    outcomes: list[Outcome] = []
    first = median_ms(lambda: outcomes.append(build(pages, out)), 1)
    unchanged = median_ms(lambda: build(pages, out), 3)
    changed_page = pages / "1.txt"
    changed_page.write_text(changed_page.read_text("utf-8").replace("2333", "2334"), "utf-8")
    one = median_ms(lambda: build(pages, out), 1)
    report("build again, nothing changed", unchanged, "first build", first)
    report("build again, one page changed", one, "first build", first)
    return outcomes[0]


def bench_validation(quads: bytes) -> None:
    record = Dataset()
    record.parse(data=quads, format="nquads")
    data, vocabulary = Graph(), shipped_vocabulary()
    for subject, predicate, value, _ in record.quads():
        data.add((subject, predicate, value))
    shapes = Graph()
    for path in sorted(resource_folder("shapes").glob("*.ttl")):
        shapes.parse(path)
    ours = median_ms(lambda: validate(data, shipped_shapes(), vocabulary), 7)
    peer = median_ms(
        lambda: pyshacl.validate(data + vocabulary, shacl_graph=shapes, inference="none"), 3
    )
    report("validate one record", ours, "pyshacl.validate", peer)


def bench_queries(outcome: Outcome) -> None:
    store = open_store(outcome.release.store)
    graph = Graph()
    dataset = Dataset()
    dataset.parse(data=outcome.release.quads.read_bytes(), format="nquads")
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    for name, text in QUERIES.items():
        ours = median_ms(lambda text=text: evaluate(store, text, engine_default), 15)  # type: ignore[misc]
        peer = median_ms(lambda text=text: graph.query(text).serialize(format="json"), 5)  # type: ignore[misc]
        report(f"query: {name}", ours, "rdflib Graph.query", peer)


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "pages", pages)
        print(f"{pages} pages. Medians in milliseconds; ratio = peer / ours.\n")
        print("| what | ours | peer | peer's | ratio |\n|---|---|---|---|---|")
        outcome = bench_builds(folder, folder / "pages")
        bench_validation(outcome.records[0].quads)
        bench_queries(outcome)


if __name__ == "__main__":
    main()
