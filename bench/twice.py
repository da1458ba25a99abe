"""Measures how projects reported twice are found: how fast, in what memory, and how rightly.

Run: python bench/twice.py [--partnerships N] [--reports N] [--seed N]

Partnerships and reports are invented from a seed. A part of the reports are partnerships again: as an
identifier says, or as noisy copies without one. Others are made to mislead: another project of the
same parties, the next phase, the same title elsewhere, slices, identifiers of the wrong project. The
rest has nothing to do with any. See docs/reported-twice.md.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coopdec_graph.countries import countries  # noqa: E402
from coopdec_graph.linking.activities.compare import compared  # noqa: E402
from coopdec_graph.linking.activities.pairs import pairs_of  # noqa: E402
from coopdec_graph.linking.activities.reading import reported_activities  # noqa: E402
from coopdec_graph.linking.activities.rules import PairDecision  # noqa: E402
from coopdec_graph.linking.figures import wilson  # noqa: E402
from coopdec_graph.linking.people import HumanDecisions  # noqa: E402
from coopdec_graph.model import Activity  # noqa: E402
from tests.linking.activities.reports import graph_of, partnership, report  # noqa: E402

_FIELDS = [
    "Eau potable",
    "Assainissement",
    "Gestion des déchets",
    "Santé maternelle",
    "Alphabétisation",
]
_FIELDS += ["Formation professionnelle", "Filière maraîchère", "Éclairage public", "État civil"]
_FIELDS += ["Planification urbaine", "Tourisme durable", "Lecture publique", "Gouvernance locale"]
_AIMS = ["des écoles", "des quartiers périphériques", "en milieu rural", "des femmes", "des jeunes"]
_AIMS += ["des services municipaux", "du marché central", "des coopératives", "des élus"]
_ENGLISH = ["Water supply", "Sanitation", "Waste management", "Maternal health", "Literacy"]
_ENGLISH += ["Vocational training", "Market gardening", "Street lighting", "Civil registration"]
_ENGLISH += ["Urban planning", "Sustainable tourism", "Public libraries", "Local governance"]
_SYLLABLES = [
    "ba",
    "do",
    "fa",
    "gou",
    "ka",
    "lé",
    "ma",
    "nia",
    "ou",
    "ra",
    "sé",
    "ta",
    "zi",
    "ko",
    "mbé",
]
_REPORTERS = [f"XM-REP-{n:02}" for n in range(40)]

T = TypeVar("T")


@dataclass(frozen=True)
class _Project:
    number: int
    title: str
    french: str
    foreign: str
    country: str
    start: int
    amount: int

    def partnership(self) -> Activity:
        lines = [(self.french, self.amount // 3), ("", self.amount - self.amount // 3)]
        return partnership(
            str(self.number), self.title, [self.french], [self.foreign], self.country,
            self.start, date(self.start + 2, 12, 31), lines,
        )  # fmt: skip


class _World:
    """Invents projects, and reports of them, from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        codes = [country.alpha2 for country in countries() if country.alpha2 != "FR"]
        self._countries = self._random.sample(codes, 60)
        self._french = [self._town() for _ in range(900)]
        self._foreign = {code: [self._town() for _ in range(40)] for code in self._countries}

    def _town(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))).capitalize()

    def _title(self, town: str) -> str:
        some = self._random.choice
        return f"{some(_FIELDS)} {some(_AIMS)} à {town}"

    def project(self, number: int) -> _Project:
        # Few countries have most partnerships, as in the Atlas.
        rank = min(int(self._random.expovariate(1 / 12)), len(self._countries) - 1)
        country = self._countries[rank]
        foreign = self._random.choice(self._foreign[country])
        return _Project(
            number, self._title(foreign), self._random.choice(self._french), foreign, country,
            self._random.randint(2004, 2022), 500 * self._random.randint(8, 300),
        )  # fmt: skip

    def report(
        self, number: int, projects: Sequence[_Project]
    ) -> tuple[Activity, str, _Project | None]:
        """A report, how it was made, and the project it is of if that is a partnership."""
        some, project = self._random, self._random.choice(projects)
        kind = some.choices(list(_MADE), [weight for weight, _ in _MADE.values()])[0]
        reporter = some.choice(_REPORTERS)
        made = _MADE[kind][1](self, f"{reporter}-{number:06}", reporter, project)
        return made, kind, project if kind in _TRUE else None

    def declared(self, identifier: str, reporter: str, p: _Project) -> Activity:
        return self._of(p, identifier, reporter, _english(p), declares=[f"atlas-{p.number}"])

    def copied(self, identifier: str, reporter: str, p: _Project) -> Activity:
        titles = {"fr": self._noisy(p.title)} if self._random.random() < 0.7 else _english(p)
        doers = [p.french, p.foreign][: self._random.randint(1, 2)]
        return self._of(p, identifier, reporter, titles, doers)

    def same_parties(self, identifier: str, reporter: str, p: _Project) -> Activity:
        return self._of(
            p, identifier, reporter, {"fr": self._title(p.foreign)}, amount=777, shift=1
        )

    def next_phase(self, identifier: str, reporter: str, p: _Project) -> Activity:
        return self._of(p, identifier, reporter, {"fr": f"{p.title}, phase 2"}, shift=3)

    def elsewhere(self, identifier: str, reporter: str, p: _Project) -> Activity:
        town = self._random.choice(self._foreign[p.country])
        title = p.title.replace(p.foreign, town)
        return self._of(
            p, identifier, reporter, {"fr": title}, [self._random.choice(self._french), town]
        )

    def mistaken(self, identifier: str, reporter: str, p: _Project) -> Activity:
        """An identifier of a project of another country."""
        other = self.project(0)
        country = other.country if other.country != p.country else "FR"
        return report(identifier, {"fr": other.title}, reporter, [other.foreign], countries=[country],
                      declares=[f"atlas-{p.number}"])  # fmt: skip

    def unrelated(self, identifier: str, reporter: str, p: _Project) -> Activity:
        other = self.project(0)
        return self._of(other, identifier, reporter, {"fr": self._title(other.foreign)},
                        [self._town(), other.foreign], amount=555)  # fmt: skip

    def _of(
        self, p: _Project, identifier: str, reporter: str, titles: dict[str, str],
        doers: Sequence[str] | None = None, amount: int = 0, shift: int = 0, declares: Sequence[str] = (),
    ) -> Activity:  # fmt: skip
        start = date(p.start + shift, self._random.choice([1, 1, 3, 9]), 1)
        end = date(p.start + shift + 2, 12, 31)
        doers = [p.french, p.foreign] if doers is None else doers
        budget = p.amount + amount
        return report(identifier, titles, reporter, doers, (), [p.country], start, end, budget,
                      declares=declares)  # fmt: skip

    def _noisy(self, title: str) -> str:
        words = title.split()
        if self._random.random() < 0.5:
            words.insert(0, "Projet")
        if self._random.random() < 0.5:
            spot = self._random.randrange(len(words))
            words[spot] = words[spot][:-1] or words[spot]
        return " ".join(words)


def _english(p: _Project) -> dict[str, str]:
    """What it is about and where, in another language than the Atlas's."""
    field = next(n for n, field in enumerate(_FIELDS) if p.title.startswith(field))
    return {"en": f"{_ENGLISH[field]} in {p.foreign}, {p.country}"}


_Maker = Callable[[_World, str, str, _Project], Activity]
_MADE: dict[str, tuple[int, _Maker]] = {
    "declared": (25, _World.declared),
    "copied": (15, _World.copied),
    "same parties": (10, _World.same_parties),
    "next phase": (5, _World.next_phase),
    "elsewhere": (5, _World.elsewhere),
    "mistaken": (2, _World.mistaken),
    "unrelated": (38, _World.unrelated),
}
_TRUE = frozenset({"declared", "copied"})


@dataclass(frozen=True)
class _Made:
    """A graph, the partnership of each report that is of one, and how each report was made."""

    graph: bytes
    truth: dict[str, str]
    kinds: dict[str, str]


def _made(partnerships: int, reports: int, seed: int) -> _Made:
    world = _World(seed)
    projects = [world.project(number) for number in range(1, partnerships + 1)]
    made = [world.report(number, projects) for number in range(reports)]
    graph = graph_of([*(one.partnership() for one in projects), *(one for one, _, _ in made)])
    keyed = [(f"iati-{one.source.identifier}", kind, project) for one, kind, project in made]
    truth = {key: f"atlas-{project.number}" for key, _, project in keyed if project is not None}
    return _Made(graph, truth, {key: kind for key, kind, _ in keyed})


def main() -> None:
    options = _options()
    # In a process of its own, so that what is measured here is the comparison.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        given = options.partnerships, options.reports, options.seed
        world = pool.submit(_made, *given).result()
    lines, truth = world.graph.split(b"\n"), world.truth
    compared_with = options.partnerships * options.reports
    print(
        f"{given[0]} partnerships, {given[1]} reports, {len(lines)} quads, {_peak()} MB with them"
    )
    read, seconds = _timed(lambda: reported_activities(lines))
    print(f"read: {seconds:.1f} s, {_peak()} MB")
    count, seconds = _timed(lambda: sum(1 for _ in pairs_of(read)))
    print(f"{count} pairs of {compared_with}: {seconds:.1f} s, {_peak()} MB")
    decisions, seconds = _timed(lambda: compared(read, HumanDecisions()))
    print(f"decided (pairs again): {seconds:.1f} s, {_peak()} MB")
    counted = Counter(_judged(decisions, truth, world.kinds))
    for (decision, kind, is_right), number in sorted(counted.items()):
        print(f"  {decision:9} {kind:13} {'right' if is_right else 'wrong'} {number}")
    for decision in ("accepted", "review"):
        right = sum(n for (what, _, ok), n in counted.items() if what == decision and ok)
        every = sum(n for (what, _, _), n in counted.items() if what == decision)
        low, high = wilson(right, every)
        print(
            f"{decision}: {right} right of {every} ({right / max(1, every):.4f}; {low:.4f} to {high:.4f})"
        )
    found = {ends for ends in map(_ends, decisions) if truth.get(ends[0]) == ends[1]}
    print(f"found, accepted or waiting: {len(found)} of {len(truth)}")


def _ends(decision: PairDecision) -> tuple[str, str]:
    first, second = (one.iri.rpartition("/")[2] for one in decision.pair)
    return first, second


def _judged(
    decisions: Sequence[PairDecision], truth: dict[str, str], kinds: dict[str, str]
) -> Iterator[tuple[str, str, bool]]:
    for decision in decisions:
        first, second = _ends(decision)
        # Two reports of one partnership are one project too.
        right = truth.get(first, first) == truth.get(second, second)
        yield decision.decision, kinds.get(first, "atlas"), right


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partnerships", type=int, default=12_000)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
