"""Measures `/api/v1` end to end over HTTP, beside the Oxigraph server asked the same in SPARQL.

Run: python bench/api.py [--quads N] [--requests N] [--data DIR]

One client on one kept connection; every request differs from the others of its kind, so that no
answer is one that was kept. Nothing here is a test. See bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice, product
from pathlib import Path
from urllib.parse import quote, urlencode

from questions import JSON
from release import publish
from servers import Server, coopdec, oxigraph

ALPHA3 = {"MA": "MAR", "SN": "SEN", "BJ": "BEN", "TG": "TGO", "VN": "VNM", "LB": "LBN", "MX": "MEX", "PL": "POL"}  # fmt: skip
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
YEARS = range(2006, 2022)
PREFIXES = (
    "PREFIX cd: <https://w3id.org/coopdec/def#> PREFIX dct: <http://purl.org/dc/terms/> "
    "PREFIX org: <http://www.w3.org/ns/org#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
# Words of the invented pages: of every one, of some, of one.
WORDS = (
    "enfants",
    "formation",
    "rue",
    "centres",
    "personnel",
    "protection sociale",
    "accueil jeunes",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: addresses of ours, and the peer's query for the same, if it has one."""

    name: str
    addresses: list[str]
    queries: list[str]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        corpus = publish(folder, options.quads)
        ours, peer = (stack.enter_context(start(corpus, folder)) for start in (coopdec, oxigraph))
        total = json.loads(_get(ours, "/api/v1/partnerships?limit=0"))["total"]
        print(
            f"{total} partnerships, {corpus.count} quads, one client, {options.requests} requests "
            f"of each kind, {os.cpu_count()} cores. Milliseconds, end to end.\n"
        )
        print("| what | median | 95 % | Oxigraph server, median | ratio |\n|---|---|---|---|---|")
        for kind in _kinds(ours, options.requests):
            _report(kind, ours, peer)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quads", type=int, default=3_000_000, help="size of the graph")
    parser.add_argument("--requests", type=int, default=100, help="of each kind")
    return parser.parse_args()


def _report(kind: Kind, ours: Server, peer: Server) -> None:
    took = _timed(ours, [(address, "application/json") for address in kind.addresses])
    line = f"| {kind.name} | {statistics.median(took):.1f} | {_high(took):.1f} |"
    if not kind.queries:
        print(f"{line} | |", flush=True)
        return
    # A few are enough to tell hundredfold differences.
    asked = [
        (f"{peer.path}?{urlencode({'query': PREFIXES + query})}", JSON)
        for query in kind.queries[: max(5, len(kind.queries) // 10)]
    ]
    theirs = statistics.median(_timed(peer, asked))
    print(f"{line} {theirs:.1f} | {theirs / statistics.median(took):.1f} |", flush=True)


def _high(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def _timed(server: Server, asked: Sequence[tuple[str, str]]) -> list[float]:
    """The time of each request. A status that is no 200 ends the run."""
    host, _, port = server.address.partition(":")
    connection = HTTPConnection(host, int(port), timeout=600)
    found = []
    for address, accept in asked:
        began = time.perf_counter()
        connection.request("GET", address, headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        found.append((time.perf_counter() - began) * 1000)
        if response.status != 200 or not body:
            raise SystemExit(f"{server.name}: {response.status} for {address}\n{body[:500]!r}")
    connection.close()
    return found


def _get(server: Server, address: str) -> bytes:
    host, _, port = server.address.partition(":")
    connection = HTTPConnection(host, int(port), timeout=600)
    connection.request("GET", address)
    return connection.getresponse().read()


def _kinds(ours: Server, n: int) -> Iterator[Kind]:
    """Each kind with its requests."""
    row = "?iri a cd:Partnership ; dct:title ?title"
    pages = _pages(ours, n)
    yield Kind("list, page after page", pages, [f"SELECT * {{ {row} OPTIONAL {{ ?iri cd:startYear ?y }} }} ORDER BY DESC(?y) LIMIT 50 OFFSET {50 * i}" for i in range(len(pages))])  # fmt: skip
    filters = list(islice(product(ALPHA3, YEARS, ("title", "-total_euros", "end_date")), n))
    yield Kind(
        "list: country, year, an order",
        [f"/api/v1/partnerships?country={c}&from={y}&sort={s}" for c, y, s in filters],
        [
            f"SELECT * {{ {row} ; dct:spatial <{COUNTRY}{ALPHA3[c]}> ; cd:startYear ?y FILTER(STR(?y) >= '{y}') }} ORDER BY ?title LIMIT 50"
            for c, y, _ in filters
        ],  # fmt: skip
    )
    facets = ("country", "theme", "status", "form", "start_year")
    yield Kind(
        "five facets, of a country from a year on",
        [f"/api/v1/partnerships?country={c}&from={y}&limit=0&facets={','.join(facets)}" for c, y, _ in filters[::3]],
        [f"SELECT ?f ?v (COUNT(DISTINCT ?iri) AS ?n) {{ VALUES (?p ?f) {{ (dct:spatial 'c') (dct:subject 't') (cd:declaredStatus 's') (cd:partnershipForm 'f') (cd:startYear 'y') }} ?iri a cd:Partnership ; dct:spatial <{COUNTRY}{ALPHA3[c]}> ; cd:startYear ?y ; ?p ?v FILTER(STR(?y) >= '{y}') }} GROUP BY ?f ?v" for c, y, _ in filters[::3]],
    )  # fmt: skip
    yield Kind(
        "every facet of everything from a year on",
        [f"/api/v1/partnerships?from={y}&limit=0&facets=*" for y in YEARS],
        [],
    )
    sectors = [f"secteur {number}" for number in range(1, n * 7, 7)]
    yield Kind("search: words of one title", *_search(sectors))
    yield Kind(
        "search: words of every page, in a country",
        [f"/api/v1/partnerships?q={quote(w)}&country={c}&from={y}" for w, (c, y, _) in zip(WORDS * n, filters, strict=False)],
        [],
    )  # fmt: skip
    yield Kind("search of everything", [f"/api/v1/search?q={quote(s)}" for s in sectors], [])
    for name, query in (
        ("partnerships", "CONSTRUCT WHERE {{ <{iri}> ?p ?o }}"),
        ("collectivities", "SELECT * {{ ?s ?p <{iri}> }}"),
        ("financers", "SELECT * {{ ?s ?p <{iri}> }}"),
    ):
        rows = json.loads(_get(ours, f"/api/v1/{name}?limit={n}&fields="))["rows"]
        yield Kind(
            f"profile: {name}",
            [f"/api/v1/{name}/{quote(row['id'])}" for row in rows],
            [query.format(iri=row["iri"]) for row in rows if name != "partnerships"],
        )
    yield Kind(
        "funding lines: country, years, dearest first",
        [f"/api/v1/funding?country={c}&from={y}&sort=-euros" for c, y, _ in filters[::3]],
        [f"SELECT * {{ ?l a cd:FundingLine ; cd:fundedActivity ?iri ; cd:year ?y ; cd:amount ?a . ?iri dct:spatial <{COUNTRY}{ALPHA3[c]}> FILTER(STR(?y) >= '{y}') }} ORDER BY DESC(?a) LIMIT 50" for c, y, _ in filters[::3]],
    )  # fmt: skip
    yield from _every_resource(ours, n)
    yield Kind("facets of funding lines", [f"/api/v1/funding?from={y}&limit=0&facets=*" for y in YEARS], [])  # fmt: skip


def _every_resource(ours: Server, n: int) -> Iterator[Kind]:
    """A list, all facets, a search and a profile of each resource, without a peer."""
    for name, told in json.loads(_get(ours, "/api/v1"))["resources"].items():
        rows = json.loads(_get(ours, f"/api/v1/{name}?limit={n}"))["rows"]
        sorts = [f"{sign}{sort}" for sort in told["sort"] for sign in ("", "-")]
        lists = [f"/api/v1/{name}?sort={sort}&limit={size}" for size in (40, 50) for sort in sorts]
        facets = [f"/api/v1/{name}?facets=*&limit=0&facet_limit={m}" for m in range(10, 30)]
        words = [f"/api/v1/{name}?q={quote(word)}" for word in ("ville", "exemple", "eau", *WORDS)]
        yield Kind(f"{name}: list", lists, [])
        yield Kind(f"{name}: every facet of everything", facets, [])
        yield Kind(f"{name}: search", words, [])
        if rows:
            profiles = [f"/api/v1/{name}/{quote(row['id'])}" for row in rows]
            yield Kind(f"{name}: profile", profiles, [])


def _search(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    queries = [
        f"SELECT * {{ ?iri a cd:Partnership ; dct:title ?t FILTER(CONTAINS(LCASE(STR(?t)), '{t}')) }}"
        for t in texts
    ]
    return [f"/api/v1/partnerships?q={quote(text)}" for text in texts], queries


def _pages(ours: Server, n: int) -> list[str]:
    found, address = [], "/api/v1/partnerships"
    while address and len(found) < n:
        found.append(address)
        address = json.loads(_get(ours, address))["next"]
    return found


if __name__ == "__main__":
    main()
