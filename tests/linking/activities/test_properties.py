"""What holds of any activities: neither order nor company changes a decision."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.linking.activities.compare import compared
from coopdec_graph.linking.activities.groups import counted_of
from coopdec_graph.linking.activities.reported import ReportedActivity
from coopdec_graph.linking.people import HumanDecisions
from coopdec_graph.model import Activity
from tests.linking.activities.reports import partnership, read, report

_NOBODY = HumanDecisions()
_TITLES = [
    "Accès à l'eau potable des écoles rurales",
    "Accès à l'eau potable des écoles rurales, phase 2",
    "Eau potable pour les écoles rurales",
    "Formation des élus municipaux",
    "Jumelage",
]
_TOWNS = ["Chinon", "Ville de Rufisque", "Commune de Rufisque", "Blois", "Association Exemple"]
_YEARS = st.integers(2015, 2020)


@st.composite
def _partnerships(draw: st.DrawFn, number: int) -> Activity:
    start = draw(_YEARS)
    return partnership(
        str(number),
        draw(st.sampled_from(_TITLES)),
        draw(st.sampled_from([["Chinon"], ["Blois"], ["Chinon", "Blois"]])),
        draw(st.sampled_from([["Ville de Rufisque"], []])),
        start=start,
        end=draw(st.sampled_from([None, date(start + 2, 12, 31)])),
        lines=draw(st.sampled_from([[], [("Chinon", 12000), ("", 30000)]])),
    )


@st.composite
def _reports(draw: st.DrawFn, number: int) -> Activity:
    reporter = draw(st.sampled_from(["XM-A", "XM-B", "XM-C"]))
    start = draw(_YEARS)
    others = [f"iati-{name}-{n:04}" for name in ("XM-A", "XM-B") for n in range(10, 14)]
    known = ["atlas-0", "atlas-1", *others]
    return report(
        f"{reporter}-{number:04}",
        {draw(st.sampled_from(["fr", "en", ""])): draw(st.sampled_from(_TITLES))},
        reporter,
        draw(st.lists(st.sampled_from(_TOWNS), max_size=3, unique=True)),
        countries=draw(st.sampled_from([["SN"], ["SN", "ML"], ["ML"], []])),
        start=date(start, 1, 1),
        end=draw(st.sampled_from([None, date(start + 2, 12, 31)])),
        budget=draw(st.sampled_from([None, 42000, 30000, 77])),
        secondary=draw(st.sampled_from([None, True, False])),
        declares=draw(st.lists(st.sampled_from(known), max_size=2)),
        related=[
            ("1", name) for name in draw(st.lists(st.sampled_from(["XM-A-0010"]), max_size=1))
        ],
    )


@st.composite
def _collections(draw: st.DrawFn) -> list[ReportedActivity]:
    partnerships = [draw(_partnerships(n)) for n in range(draw(st.integers(0, 3)))]
    reports = [draw(_reports(n)) for n in range(10, 10 + draw(st.integers(0, 5)))]
    return read(*partnerships, *reports)


@settings(max_examples=50, deadline=None)
@given(_collections(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(activities: list[ReportedActivity], random) -> None:  # type: ignore[no-untyped-def]
    expected = compared(activities, _NOBODY)
    shuffled = list(activities)
    random.shuffle(shuffled)
    assert compared(shuffled, _NOBODY) == expected
    assert compared(activities, _NOBODY) == expected


@settings(max_examples=50, deadline=None)
@given(_collections())
def test_an_unrelated_activity_changes_no_decision(activities: list[ReportedActivity]) -> None:
    [stranger] = read(
        report("XM-LOIN-0001", {"en": "Roads of Gulu"}, "XM-LOIN", ["Gulu District"], countries=["UG"])
    )  # fmt: skip
    assert compared([*activities, stranger], _NOBODY) == compared(activities, _NOBODY)


@settings(max_examples=50, deadline=None)
@given(_collections())
def test_each_project_is_counted_once(activities: list[ReportedActivity]) -> None:
    decisions = compared(activities, _NOBODY)
    counted = dict(counted_of(decisions))
    # Nothing that is counted gives way, and each link leads to one activity that is counted.
    assert counted.keys().isdisjoint(counted.values())
    for decision in decisions:
        first, second = (one.iri for one in decision.pair)
        if decision.decision == "accepted":
            assert counted.get(first, first) == counted.get(second, second)
        assert first < second
    # No rule makes one project of two activities of one source.
    sources = {one.iri: one.source for one in activities}
    groups: dict[str, list[tuple[str, str]]] = {}
    for iri in sources:
        groups.setdefault(counted.get(iri, iri), []).append(sources[iri])
    assert all(len(group) == len(set(group)) for group in groups.values())
