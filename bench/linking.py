"""Measures how right `coopdec link-names` is beside two baselines, and how long it takes.

Run: python bench/linking.py [--names N] [--seed N] [--share N]

The gold list of ../shared/wikidata is asked plain and disguised, against an Oxigraph server that
holds the extract, then against one that lacks the items of a tenth of the names. The baselines get
the same names, taken apart by the same words, and the same places: they take the first label that is
the name, and the label that rapidfuzz (WRatio) scores best. See docs/link-names.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz import process as fuzzy
from rdflib import RDFS

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coopdec_graph.countries import countries  # noqa: E402
from coopdec_graph.graph.agents import country_iri  # noqa: E402
from coopdec_graph.graph.statements import Sink, n_quads, text  # noqa: E402
from coopdec_graph.linking.decisions import NameQuery  # noqa: E402
from coopdec_graph.linking.figures import wilson  # noqa: E402
from coopdec_graph.linking.linker import linker_of  # noqa: E402
from coopdec_graph.linking.names import key_of, parsed  # noqa: E402
from coopdec_graph.linking.wikidata import Named  # noqa: E402
from coopdec_graph.namespaces import CD, DEFAULT_BASE, Minter  # noqa: E402
from coopdec_graph.publishing.releases import Releases  # noqa: E402
from tests.linking import gold  # noqa: E402
from tests.linking.standins import wikidata_running  # noqa: E402

# What WRatio calls a match; lower links more, and more wrongly.
_SCORE = 90

Asked = Sequence[tuple[str, gold.Row, NameQuery]]
System = Callable[[Iterable[NameQuery]], gold.Linked]


def main() -> None:
    options = _options()
    if not gold.PLACES.exists():
        sys.exit("../shared/wikidata is absent: nothing to measure with.")
    asked = gold.queries(gold.gold(), seed=options.seed)
    gone = gold.removed(options.share)
    absent = gold.queries(gone, seed=options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "whole").mkdir()
        (folder / "poorer").mkdir()
        with (
            wikidata_running(folder / "whole", gold.places_without(())) as whole,
            wikidata_running(folder / "poorer", gold.places_without(gone)) as poorer,
        ):
            systems = _systems(whole, folder / "answers")
            poor_systems = _systems(poorer, folder / "answers")
            tables = gold.places_by_tables(asked)
            low, high = tables.interval
            print(
                f"== places by GeoNames alone: {tables.linked} of {tables.names} names,"
                f" precision {tables.precision:.4f} ({low:.4f} to {high:.4f})\n"
            )
            for title, system in systems.items():
                _report(title, system, poor_systems[title], asked, absent)
            queries = [query for _, _, query in asked][: options.names]
            _time(whole, folder / "timed", queries)
            _time_graph(whole, folder, queries)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--names", type=int, default=12_000, help="names of the timed run")
    parser.add_argument("--seed", type=int, default=1, help="of the disguises")
    parser.add_argument("--share", type=float, default=0.1, help="of the items taken out")
    return parser.parse_args()


def _systems(url: str, answers: Path) -> Mapping[str, System]:
    names = _names_by_country(url, answers)

    def linked(queries: Iterable[NameQuery]) -> gold.Linked:
        decisions = linker_of(url, answers).link(queries)
        return {query: decision.qid for query, decision in decisions.items()}

    return {
        "coopdec link-names": linked,
        "baseline: first label": lambda queries: {q: _first_label(q, names) for q in queries},
        "baseline: best score": lambda queries: {q: _best_score(q, names) for q in queries},
    }


def _names_by_country(url: str, answers: Path) -> Mapping[str, Mapping[str, str]]:
    """Per country, the first item of each name as it is compared."""
    client = linker_of(url, answers).wikidata
    found: dict[str, dict[str, str]] = defaultdict(dict)
    codes = sorted({row.iso2 for row in gold.gold()})
    for code, items in client.countries(codes).items():
        names: list[Named] = client.names_in(code, items) if items else []
        for name in sorted(names, key=lambda n: (not n.label, n.language != "fr")):
            found[code].setdefault(key_of(name.name), name.qid)
    return found


def _first_label(query: NameQuery, names: Mapping[str, Mapping[str, str]]) -> str | None:
    places = names[query.iso2]
    return next((places[f.key] for f in parsed(query.name).forms if f.key in places), None)


def _best_score(query: NameQuery, names: Mapping[str, Mapping[str, str]]) -> str | None:
    places = names[query.iso2]
    key = parsed(query.name).forms[-1].key
    best = fuzzy.extractOne(key, places.keys(), scorer=fuzz.WRatio, score_cutoff=_SCORE)
    return None if best is None else places[best[0]]


def _report(title: str, system: System, poorer: System, asked: Asked, absent: Asked) -> None:
    print(f"== {title}\n")
    cells = gold.tallies(asked, system(query for _, _, query in asked))
    print(gold.table(cells))
    linked = poorer(query for _, _, query in absent)
    for stratum in gold.STRATA:
        silent = [linked[query] is None for _, row, query in absent if row.stratum == stratum]
        if silent:
            low, high = wilson(sum(silent), len(silent))
            share = sum(silent) / len(silent)
            print(
                f"NIL accuracy, {stratum}: {share:.4f} ({low:.4f} to {high:.4f},"
                f" {len(silent)} names)"
            )
    print()


def _time(url: str, folder: Path, queries: Sequence[NameQuery]) -> None:
    cold = linker_of(url, folder)
    began = time.perf_counter()
    cold.link(queries)
    first = time.perf_counter() - began
    warm = linker_of(url, folder)
    began = time.perf_counter()
    warm.link(queries)
    second = time.perf_counter() - began
    requests = cold.wikidata.asker.requests
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"== {len(queries)} names: {first:.1f} s cold, {second:.1f} s from a warm cache;"
        f" {requests} requests, {1000 * requests / len(queries):.1f} per 1,000 names;"
        f" {memory:.0f} MiB at most (of this whole process)."
    )


def _time_graph(url: str, folder: Path, queries: Sequence[NameQuery]) -> None:
    """`coopdec link` over a graph of so many bodies, as a process of its own, cold then warm."""
    out = folder / "out"
    _publish_bodies(out, queries)
    command = [sys.executable, "-m", "coopdec_graph", "link", "--data", str(out)]
    command += ["--wikidata", url, "--cache", str(folder / "graph-answers")]
    for title in ("cold", "warm"):
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        assert status == 0, told
        print(
            f"== coopdec link, {len(queries)} bodies, {title}: {seconds:.1f} s,"
            f" {used.ru_maxrss / 1024:.0f} MiB at most of its largest process"
        )
        print("".join(f"   {line}\n" for line in told.splitlines()), end="")


def _publish_bodies(out: Path, queries: Sequence[NameQuery]) -> None:
    """A release that holds these bodies and nothing else: invented identifiers, names of the list."""
    mint = Minter()
    sink = Sink(mint.graph("source", "bench"))
    french = {country.alpha2 for country in countries() if country.is_french}
    for number, query in enumerate(queries):
        is_french = query.iso2 in french
        name = f"{number} {query.name}"
        iri = (
            mint.french_collectivity(name)
            if is_french
            else mint.foreign_collectivity(query.iso2, name)
        )
        sink.type(iri, CD.FrenchCollectivity if is_french else CD.ForeignCollectivity)
        sink.add(iri, RDFS.label, text(query.name))
        sink.add(iri, CD.country, country_iri("FR" if is_french else query.iso2))
    files = {"graph.nq": n_quads(sink), "issues.jsonl": b""}
    facts = {"base": DEFAULT_BASE, "as_of": "2026-01-01", "inputs": "bench"}
    Releases(out).folder.mkdir()
    with Releases(out).writing():
        Releases(out).publish(files, facts)


if __name__ == "__main__":
    main()
