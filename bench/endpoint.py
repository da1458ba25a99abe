"""Measures `/sparql` beside the Oxigraph server and rdflib-endpoint, in one run, as ratios.

Run: python bench/endpoint.py [--quads N] [--rounds N] [--seconds N] [--clients N] [--only NAME …]

The servers hold the same triples and run side by side; one at a time is asked, in rounds that go
through all of them, so that what else the machine does hits all. Nothing here is a test: the
numbers depend on the machine and its load. See bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
from load import Measure, client_name, measure, write_requests
from questions import TURTLE, Query, loads, pools
from release import publish
from servers import OURS, PEERS, Server, coopdec

CHECKED = 3  # texts of each load whose answers are compared before anything is measured
# A server that is too slow to give so many answers is asked for longer, up to so many times.
FEWEST = 40
LONGEST = 4

Rounds = Mapping[tuple[str, str], Sequence[Measure]]  # by load and server


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        corpus = publish(folder, options.quads)
        starts = [coopdec, *(PEERS[peer] for peer in options.peers)]
        servers = [stack.enter_context(start(corpus, folder)) for start in starts]
        asked = _chosen(loads(pools(corpus.union)), options.only)
        for load, queries in asked.items():
            _check(load, queries, servers)
        print(
            f"{corpus.count} quads, {options.clients} clients ({client_name()}), "
            f"{options.rounds} rounds of {options.seconds} s, {os.cpu_count()} cores.\n"
        )
        rounds = _measure(asked, servers, folder, options)
    names = [server.name for server in servers]
    if options.rounds > 1:
        _report("First round discarded", rounds, names, 1)
    _report("All rounds", rounds, names, 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quads", type=int, default=200_000, help="size of the graph")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=3, help="of each load in each round")
    parser.add_argument("--clients", type=int, default=8, help="connections that ask at once")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="loads with this in their name")
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    return parser.parse_args()


def _chosen(every: dict[str, list[Query]], only: Sequence[str] | None) -> dict[str, list[Query]]:
    if not only:
        return every
    chosen = {load: of for load, of in every.items() if any(part in load for part in only)}
    if not chosen:
        raise SystemExit(f"No load has such a name. There are: {', '.join(every)}")
    return chosen


def _check(load: str, queries: Sequence[Query], servers: Sequence[Server]) -> None:
    """Ends the run when two servers answer with another number of rows, or all with none."""
    found = 0
    for query in queries[:CHECKED]:
        counts = {server.name: _rows(server, query) for server in servers}
        if len(set(counts.values())) > 1:
            raise SystemExit(f"{load}: the answers differ: {counts}\n{query.text}")
        found += counts[OURS]
    if not found:
        raise SystemExit(f"{load}: nobody finds anything")


def _rows(server: Server, query: Query) -> int:
    """The rows of an answer, the triples of a graph; 1 for yes or no."""
    status, kind, body = server.ask(query)
    if status != 200:
        raise SystemExit(f"{server.name} answers {status}: {body[:500]!r}\n{query.text}")
    if query.accept == TURTLE:
        # rdflib-endpoint gives a DESCRIBE in RDF/XML under another name, whatever is asked for.
        format = ox.RdfFormat.TURTLE if kind == TURTLE else ox.RdfFormat.RDF_XML
        return len(set(ox.parse(body, format=format)))
    answer = json.loads(body)
    return 1 if "boolean" in answer else len(answer["results"]["bindings"])


def _measure(
    asked: Mapping[str, Sequence[Query]],
    servers: Sequence[Server],
    folder: Path,
    options: argparse.Namespace,
) -> Rounds:
    rounds: dict[tuple[str, str], list[Measure]] = {}
    for number, (load, queries) in enumerate(asked.items(), 1):
        print(f"{number}/{len(asked)} {load}", file=sys.stderr)
        files = {
            server: write_requests(
                folder / f"{server.port}.requests", [server.request(query) for query in queries]
            )
            for server in servers
        }
        seconds = dict.fromkeys(servers, options.seconds)
        for _ in range(options.rounds):
            for server, file in files.items():
                measured = _one(server, file, options.clients, seconds[server])
                while measured.answers < FEWEST and seconds[server] < LONGEST * options.seconds:
                    seconds[server] *= 2
                    measured = _one(server, file, options.clients, seconds[server])
                rounds.setdefault((load, server.name), []).append(measured)
    return rounds


def _one(server: Server, requests: Path, clients: int, seconds: int) -> Measure:
    """One round. It begins and ends with a server at rest, so that the next has the machine."""
    measured = measure(server.address, requests, clients, seconds)
    server.settle()
    if measured.errors:
        raise SystemExit(f"{server.name}: {measured.errors} errors")
    return measured


def _report(title: str, rounds: Rounds, names: Sequence[str], skipped: int) -> None:
    """Two tables: answers per second with their ratios, and latencies; medians of the rounds."""
    loads = list(dict.fromkeys(load for load, _ in rounds))

    def median(load: str, name: str, of: Callable[[Measure], float]) -> float:
        return statistics.median(of(measured) for measured in rounds[load, name][skipped:])

    peers = [f"{name} | ours / {name}" for name in names if name != OURS]
    print(f"**{title}: answers per second**\n")
    _row("load", OURS, *peers)
    _row(*["---"] * (2 + 2 * len(peers)))
    for load in loads:
        rates = {name: median(load, name, lambda measured: measured.rate) for name in names}
        cells = [
            f"{rate:.1f} | {_ratio(rates[OURS], rate)}"
            for name, rate in rates.items()
            if name != OURS
        ]
        _row(load, f"{rates[OURS]:.1f}", *cells)
    print(f"\n**{title}: latency in ms, median / 95th percentile**\n")
    _row("load", *names)
    _row(*["---"] * (1 + len(names)))
    for load in loads:
        _row(
            load,
            *(
                f"{median(load, name, lambda measured: measured.median_ms):.2f} / "
                f"{median(load, name, lambda measured: measured.p95_ms):.2f}"
                for name in names
            ),
        )
    print()


def _ratio(ours: float, peer: float) -> str:
    return f"{ours / peer:.2f}" if peer else "it answered nothing"


def _row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
