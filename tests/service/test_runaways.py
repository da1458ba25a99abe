"""A hundred runaway queries against two cores, while eight clients do ordinary reads."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

import httpx
import pytest

from tests.service.live_service import ROOT, build, serving
from tests.service.processes import memory_of, processor_of
from tests.service.runaways import RUNAWAYS

LIMIT = 2.0
MEMORY_MIB = 400
# What may come of a runaway: never a success, never a defect of ours.
ENDINGS = {400, 403, 413, 503, 504, 507}
READS = (
    "SELECT ?t { ?p a cd:Partnership ; dct:title ?t } LIMIT 5",
    "SELECT ?f (SUM(?a) AS ?n) { ?l cd:financer ?f ; cd:amount ?a } GROUP BY ?f",
    "ASK { ?p a cd:Partnership }",
    "DESCRIBE <https://w3id.org/coopdec/id/partnership/atlas-3203>",
)


@dataclass
class Reads:
    """How long each read took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]


def read_on(address: str, stop: Event, sender: Connection) -> None:
    """Eight clients that read one thing after another, in a process of their own."""
    reads = Reads()

    def one(number: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while not stop.is_set():
                number += 1
                started = time.perf_counter()
                answer = client.get("/sparql", params={"query": READS[number % len(READS)]})
                reads.seconds.append(time.perf_counter() - started)
                if answer.status_code != 200:
                    reads.failures.append(f"{answer.status_code} {answer.text}")
                time.sleep(0.02)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    sender.send(reads)


@contextmanager
def ordinary_reads(address: str) -> Iterator[Reads]:
    """Reads go on meanwhile; what is yielded is filled at the end."""
    context = multiprocessing.get_context("spawn")
    stop, (receiver, sender) = context.Event(), context.Pipe(duplex=False)
    process = context.Process(target=read_on, args=(address, stop, sender))
    process.start()
    reads = Reads()
    try:
        yield reads
    finally:
        stop.set()
        found = receiver.recv()
        reads.seconds, reads.failures = found.seconds, found.failures
        process.join()
        process.close()
        sender.close()
        receiver.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runaways")
    out = folder / "out"
    out.mkdir()
    build(out, ROOT / "data" / "atlas", out / "registry.csv")
    options = ("--timeout", str(LIMIT), "--memory", str(MEMORY_MIB))
    with serving(out, folder / "log", options=options) as client:
        yield client
    assert (folder / "log").read_text() == ""


def ended(client: httpx.Client, query: str) -> tuple[int, float, str]:
    """The status of a query, how long it took, and what was said; 0 when it was cut off."""
    # Encoding ten megabytes is the client's time.
    request = client.build_request("POST", "/sparql", data={"query": query})
    started = time.perf_counter()
    try:
        answer = client.send(request)
        status, text = answer.status_code, answer.text[:200]
    except httpx.RemoteProtocolError as error:
        status, text = 0, str(error)
    return status, time.perf_counter() - started, text


def test_there_are_a_hundred_of_them():
    assert len(RUNAWAYS) == len(set(RUNAWAYS)) >= 100


def test_runaways_die_in_time_and_ordinary_reads_do_not_notice(served):
    address, server = str(served.base_url), served.server
    with ordinary_reads(address) as idle:
        time.sleep(6)
    before = memory_of(server)
    with ordinary_reads(address) as busy, ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda query: ended(served, query), RUNAWAYS))
    for query, (status, seconds, text) in zip(RUNAWAYS, outcomes, strict=True):
        told = (status, round(seconds, 2), text, query[:200])
        assert seconds < LIMIT + 0.5, told
        # 0: a result that had begun was broken off. 200: it ended in time after all.
        assert status in ENDINGS | {0, 200}, told
    statuses = Counter(status for status, _, _ in outcomes)
    assert statuses[504] + statuses[507] + statuses[0] + statuses[413] >= 60, statuses
    assert busy.failures == idle.failures == []
    assert len(busy.seconds) > 1_000
    assert busy.p95 < 5 * max(idle.p95, 0.005), (busy.p95, idle.p95)
    time.sleep(0.5)
    ticks = processor_of(server)
    time.sleep(1)
    assert processor_of(server) - ticks < 10, "something still runs"
    assert memory_of(server) < before + 64 * 1024**2
