"""Asks a server as fast as it answers, with a number of clients that each keep a connection.

wrk does it when it is installed: it takes so little of the machine that tiny answers are measured
right. Otherwise processes of our own do, which shows every server closer to the others than it is.
"""

from __future__ import annotations

import json
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

_SCRIPT = Path(__file__).with_name("load.lua")
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Measure:
    """One round of one load on one server."""

    answers: int
    rate: float  # answers per second
    median_ms: float
    p95_ms: float
    errors: int


def client_name() -> str:
    return "wrk" if shutil.which("wrk") else "Python processes"


def measure(address: str, requests: Path, clients: int, seconds: int) -> Measure:
    """Sends the requests of a file in turn, from its start; see `write_requests`."""
    by = _by_wrk if shutil.which("wrk") else _by_processes
    return by(address, requests, clients, seconds)


def write_requests(path: Path, requests: Sequence[bytes]) -> Path:
    path.write_bytes(b"\0".join(requests))
    return path


def _by_wrk(address: str, requests: Path, clients: int, seconds: int) -> Measure:
    options = ["-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", f"{_TIMEOUT_SECONDS}s"]
    command = ["wrk", *options, "-s", str(_SCRIPT), f"http://{address}", "--", str(requests)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = json.loads(printed.rstrip().rpartition("\n")[2])
    rate = told["requests"] / told["seconds"]
    return Measure(told["requests"], rate, told["median_ms"], told["p95_ms"], told["errors"])


def _by_processes(address: str, requests: Path, clients: int, seconds: int) -> Measure:
    with ProcessPoolExecutor(clients) as pool:
        jobs = [
            pool.submit(_ask_in_turn, address, requests, client, clients, seconds)
            for client in range(clients)
        ]
        answers = [job.result() for job in jobs]
    times = [elapsed for ok, _ in answers for elapsed in ok]
    rate = sum(len(ok) / sum(ok) for ok, _ in answers if ok)
    errors = sum(failed for _, failed in answers)
    cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else [0.0] * 19
    return Measure(len(times), rate, cuts[9] * 1000, cuts[18] * 1000, errors)


def _ask_in_turn(
    address: str, requests: Path, first: int, step: int, seconds: int
) -> tuple[list[float], int]:
    """The time of each answer of one client, and the number of answers that were errors."""
    own = requests.read_bytes().split(b"\0")[first::step]
    host, port = address.split(":")
    times: list[float] = []
    errors = 0
    with socket.create_connection((host, int(port)), timeout=_TIMEOUT_SECONDS) as connection:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            connection.sendall(own[len(times) % len(own)])
            response = HTTPResponse(connection)
            response.begin()
            response.read()
            times.append(time.perf_counter() - start)
            errors += response.status >= 400
    return times, errors
