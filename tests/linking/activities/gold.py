"""The list of activities of which it is known which are one project, and how the rules fare on it.

`gold.tsv`: a row is an activity, and rows with one `project` are that project as several report it.
Rules and points were made on the part `dev`; what is published is measured on `test`, which was written
after them and changed nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from coopdec_graph.linking.activities.compare import compared, key_of_activity
from coopdec_graph.linking.activities.groups import counted_of
from coopdec_graph.linking.activities.reading import reported_activities
from coopdec_graph.linking.activities.rules import PairDecision
from coopdec_graph.linking.people import HumanDecisions
from coopdec_graph.model import Activity
from tests.linking.activities.reports import key_of, linked, partnership, report

__all__ = ["Figures", "Row", "decisions_of", "figures", "rows_of"]

FILE = Path(__file__).with_name("gold.tsv")

Row = dict[str, str]


@dataclass(frozen=True)
class Figures:
    """Counts over the pairs of one part: those that are one project, those that are linked (over a
    third too), and those that wait, by what made them wait; each with how many are right."""

    one_project: int
    linked: tuple[int, int]
    alike: tuple[int, int]
    by_identifier: tuple[int, int]


def rows_of(part: str) -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in found if row["part"] == part]


def decisions_of(rows: Sequence[Row]) -> list[PairDecision]:
    """The decisions on the activities of these rows, whose bodies have their places."""
    graph, _ = linked(map(activity_of, rows))
    return compared(reported_activities(graph.split(b"\n")), HumanDecisions())


def figures(rows: Sequence[Row], decisions: Sequence[PairDecision]) -> Figures:
    true = {frozenset(pair) for pair in _projects(rows)}
    waiting = [one for one in decisions if one.decision == "review"]
    alike = [_keys(one) for one in waiting if one.method == "concordant-facts"]
    identified = [_keys(one) for one in waiting if one.method == "declared-identifier"]
    pairs = (_linked(rows, decisions), alike, identified)
    return Figures(len(true), *((len(some), len(true.intersection(some))) for some in pairs))


def _keys(decision: PairDecision) -> frozenset[str]:
    return frozenset(key_of_activity(one.iri).partition("/")[2] for one in decision.pair)


def _linked(rows: Sequence[Row], decisions: Sequence[PairDecision]) -> list[frozenset[str]]:
    """The pairs of activities for which one is counted."""
    counted = {
        key_of_activity(one).partition("/")[2]: key_of_activity(other).partition("/")[2]
        for one, other in counted_of(decisions)
    }
    keys = [key_of(activity_of(row)) for row in rows]
    return [
        frozenset(pair)
        for pair in combinations(keys, 2)
        if counted.get(pair[0], pair[0]) == counted.get(pair[1], pair[1])
    ]


def _projects(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for first, second in combinations(rows, 2):
        if first["project"] == second["project"]:
            yield key_of(activity_of(first)), key_of(activity_of(second))


def activity_of(row: Row) -> Activity:
    return _partnership(row) if row["source"] == "atlas" else _report(row)


def _partnership(row: Row) -> Activity:
    lines = [line.rpartition(":") for line in _cells(row["money"])]
    return partnership(
        row["identifier"],
        row["titles"].partition("@")[2],
        _cells(row["french"]),
        _cells(row["doers"]),
        row["countries"],
        int(row["start"]) if row["start"] else None,
        _day(row["end"]),
        [(name, int(amount)) for name, _, amount in lines],
    )


def _report(row: Row) -> Activity:
    titles = dict(tuple(text.split("@", 1)) for text in _cells(row["titles"]))
    currency, _, amount = row["money"].partition(" ")
    latitude, _, longitude = row["point"].partition(" ")
    says, _, said = row["says"].partition(" ")
    return report(
        row["identifier"],
        titles,
        row["source"],
        _cells(row["doers"]),
        _cells(row["payers"]),
        _cells(row["countries"]),
        _day(row["start"]),
        _day(row["end"]),
        int(amount),
        currency,
        (latitude, longitude) if longitude else None,
        declares=[said] if says == "declares" else [],
        parts=[said] if says == "part" else [],
        related=[("5", said)] if says == "third" else [],
    )


def _cells(text: str) -> list[str]:
    return text.split("|") if text else []


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
