"""Work spread over processes gives what it gives in one, in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from coopdec_graph.parallel import in_processes
from coopdec_graph.sources import SOURCES

PAGES = Path(__file__).parents[2] / "data" / "atlas"


def process_of(number: int) -> tuple[int, int]:
    if number == -1:
        raise ValueError("planted")
    return number, os.getpid()


def test_few_items_stay_in_this_process() -> None:
    assert list(in_processes(process_of, range(100), 100)) == [(n, os.getpid()) for n in range(100)]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores to use two processes")
def test_many_items_are_spread_and_keep_their_order() -> None:
    results = list(in_processes(process_of, range(300), 300))
    assert [number for number, _ in results] == list(range(300))
    assert os.getpid() not in {process for _, process in results}


def test_an_error_of_one_item_is_raised_here() -> None:
    with pytest.raises(ValueError, match="planted"):
        list(in_processes(process_of, [*range(200), -1], 201))


def test_pages_read_in_processes_are_the_same() -> None:
    source = SOURCES["atlas"]
    documents = list(source.documents([PAGES]))
    assert len(documents) == 8
    many = documents * 20
    assert (
        list(in_processes(source.read, many, len(many)))
        == [source.read(page) for page in documents] * 20
    )


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores to use two processes")
def test_items_are_taken_only_when_their_turn_comes() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(5_000):
            taken = number
            yield number

    results = in_processes(process_of, items(), 5_000)
    assert next(results)[0] == 0
    assert taken < 16 * 4 * (os.cpu_count() or 1)
    results.close()  # type: ignore[attr-defined]
