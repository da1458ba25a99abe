"""Measures how right `coopdec link-names` is beside two baselines, and how long it takes.

Run: python bench/linking.py [--names N] [--seed N] [--share N]

The gold list of ../shared/wikidata is asked plain and disguised, against an Oxigraph server that
holds the extract, then against one that lacks the items of a tenth of the names. The baselines get
the same names, taken apart by the same words, and the same places: they take the first label that is
the name, and the label that rapidfuzz (WRatio) scores best. See docs/link-names.md.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coopdec_graph.linking.decisions import NameQuery  # noqa: E402
from coopdec_graph.linking.figures import wilson  # noqa: E402
from coopdec_graph.linking.linker import linker_of  # noqa: E402
from coopdec_graph.linking.names import key_of, parsed  # noqa: E402
from coopdec_graph.linking.wikidata import Named  # noqa: E402
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
            _time(whole, folder / "timed", [query for _, _, query in asked][: options.names])


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
    best = process.extractOne(key, places.keys(), scorer=fuzz.WRatio, score_cutoff=_SCORE)
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


if __name__ == "__main__":
    main()
