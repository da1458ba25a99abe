"""What is decided of activities: linked by identifier alone, proposed by likeness, settled by people."""

from __future__ import annotations

from datetime import date

import pytest

from coopdec_graph.linking.activities.rules import PairDecision
from coopdec_graph.model import Activity
from tests.linking.activities.reports import decide, partnership, report, said, shown

ATLAS = "partnership/atlas-3203"
REPORT = "activity/iati-XM-PUBLIEUR-17"
OTHER = "activity/iati-XM-AUTRE-2019"


def alone(*activities: Activity) -> PairDecision:
    [decision] = decide(*activities)
    return decision


def test_a_declared_identifier_links_and_the_atlas_is_counted() -> None:
    # Nothing else agrees, but nothing speaks against it.
    bare = report(
        "XM-PUBLIEUR-17", {"en": "Water"}, doers=["Other"], budget=None, declares=["atlas-3203"]
    )
    decisions = decide(partnership("3203"), bare)
    assert shown(decisions) == [
        (REPORT, ATLAS, "accepted", "declared-identifier"),
        (REPORT, "counted as", ATLAS),
    ]
    assert decisions[0].confidence == 1.0
    assert decisions[0].features == (
        "identifier: declared",
        "parties: apart",
        "country: same",
        "dates: same",
    )


@pytest.mark.parametrize("identifier_type", ["A1", "A2", "A9"])
@pytest.mark.parametrize(
    ("number", "programme"),
    [("DOSSIER-17", "ministere"), ("PROJECT-1", "iati"), ("CO-DEC-2021-17", "ministere")],
)
def test_a_number_that_others_may_have_given_too_never_links(
    number: str, programme: str, identifier_type: str
) -> None:
    """Both an agency and a ministry may call a file of theirs "DOSSIER-17"."""
    given = {"declares": [number], "identifier_type": identifier_type}
    bearer = report(number, reporter="XM-AUTRE", programme=programme)
    decision = alone(bearer, report("XM-PUBLIEUR-17", **given))  # type: ignore[arg-type]
    assert (decision.decision, decision.method) == ("review", "concordant-facts")
    assert decision.features[0] == "identifier: number"
    facts = {"titles": {"fr": "Hôpital"}, "doers": ["Autre"], "budget": 7}
    assert decide(bearer, report("XM-PUBLIEUR-17", **facts, **given)) == []  # type: ignore[arg-type]


def test_a_title_that_may_be_in_another_language_is_no_doubt() -> None:
    """A table without languages made a certain pair a question."""
    silent = partnership("3203")
    titled = {"": "Drinking water supply for Rufisque district"}
    assert alone(silent, report("XM-PUBLIEUR-17", titled, declares=["atlas-3203"])).decision == (
        "accepted"
    )


@pytest.mark.parametrize("number", ["XM-AUTRE-17", "FR-RNA-W751000001-17", "360G-EXEMPLE-17"])
def test_a_number_whose_form_says_who_gave_it_links(number: str) -> None:
    bearer = report(number, reporter="XM-AUTRE")
    assert alone(bearer, report("XM-PUBLIEUR-17", declares=[number])).decision == "accepted"


def test_likeness_alone_never_links() -> None:
    decision = alone(partnership("3203"), report("XM-PUBLIEUR-17"))
    assert (decision.decision, decision.method) == ("review", "concordant-facts")
    assert decision.confidence == 0.852
    assert decision.reason.en == ("The facts agree, but neither gives an identifier of the other.")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"countries": ["MA"]}, "the countries differ"),
        ({"start": date(2023, 1, 1), "end": None}, "one ends before the other starts"),
        ({"start": date(2010, 1, 1), "end": date(2018, 12, 31)}, "one ends before"),
        ({"titles": {"fr": "Achat d'ordinateurs"}}, "the titles have nothing in common"),
    ],
)
def test_an_identifier_that_the_facts_contradict_waits(
    changed: dict[str, object], reason: str
) -> None:
    wrong = report("XM-PUBLIEUR-17", declares=["atlas-3203"], **changed)  # type: ignore[arg-type]
    decision = alone(partnership("3203"), wrong)
    assert (decision.decision, decision.confidence) == ("review", 0.5)
    assert reason in decision.reason.en and decision.reason.fr != decision.reason.en


def test_what_a_participant_calls_it_links_only_if_the_rest_agrees() -> None:
    """It may be the grant, or the programme, and not the project."""
    accepted = alone(partnership("3203"), report("XM-PUBLIEUR-17", parts=["atlas-3203"]))
    assert (accepted.decision, accepted.confidence) == ("accepted", 0.9)
    partly = report("XM-PUBLIEUR-17", {"en": "Water"}, doers=["Chinon"], parts=["atlas-3203"], budget=None)  # fmt: skip
    waiting = alone(partnership("3203"), partly)
    assert (waiting.decision, waiting.method) == ("review", "concordant-facts")
    assert "may be its contribution only" in waiting.reason.en
    grant = report("XM-PUBLIEUR-17", {"fr": "Programme national"}, doers=["Autre"], budget=9, start=None, end=None, parts=["atlas-3203"])  # fmt: skip
    assert decide(partnership("3203"), grant) == []


@pytest.mark.parametrize(
    "second",
    [
        report("XM-PUBLIEUR-2019-18"),
        report("XM-PUBLIEUR-2019-18", declares=["iati-XM-PUBLIEUR-2019-17"]),
        # A name instead of the reference, and none at all.
        report("XM-PUBLIEUR-2019-18", reporter=""),
    ],
)
def test_activities_of_one_reporter_are_never_proposed(second: Activity) -> None:
    assert decide(report("XM-PUBLIEUR-2019-17"), second) == []


def test_partnerships_of_the_atlas_are_never_proposed() -> None:
    assert decide(partnership("1"), partnership("2")) == []


@pytest.mark.parametrize("kind", ["1", "2", "3"])
def test_parts_of_a_whole_are_never_the_whole(kind: str) -> None:
    whole = report("XM-A-1", reporter="XM-A")
    part = report("XM-B-1", reporter="XM-B", related=[(kind, "XM-A-1")], declares=["iati-XM-A-1"])
    assert decide(whole, part) == []
    # A co-funded activity is another relation.
    cofunded = report("XM-B-1", reporter="XM-B", related=[("4", "XM-A-1")])
    assert [one.decision for one in decide(whole, cofunded)] == ["review"]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("phases", report("XM-PUBLIEUR-17", {"fr": "Accès à l'eau potable des écoles rurales, phase 2"}, start=date(2022, 1, 1), end=date(2023, 12, 31))),
        ("another project", report("XM-PUBLIEUR-17", {"fr": "Formation des élus"}, budget=9000, start=date(2020, 1, 1), end=date(2021, 6, 30))),
        ("another town", report("XM-PUBLIEUR-17", doers=["Blois", "Commune de Thiès"], budget=40000, start=date(2020, 1, 1), end=date(2021, 6, 30))),
        ("another country", report("XM-PUBLIEUR-17", countries=["ML"])),
        ("nothing in common", report("XM-PUBLIEUR-17", {"en": "Roads"}, doers=["Other"], countries=["UG"])),
    ],
)  # fmt: skip
def test_what_is_another_project_is_not_proposed(name: str, second: Activity) -> None:
    assert decide(partnership("3203"), second) == []


# ---- Several links together --------------------------------------------------------------------


def test_of_three_one_is_counted() -> None:
    decisions = decide(
        report("XM-PUBLIEUR-17", declares=["atlas-3203"]),
        report("XM-AUTRE-2019", reporter="XM-AUTRE", related=[("5", "XM-PUBLIEUR-17")]),
        partnership("3203"),
    )
    # The second is alike the partnership too, but that they are one is said already.
    assert shown(decisions) == [
        (OTHER, REPORT, "accepted", "declared-identifier"),
        (REPORT, ATLAS, "accepted", "declared-identifier"),
        (OTHER, "counted as", ATLAS),
        (REPORT, "counted as", ATLAS),
    ]


def test_without_the_atlas_who_takes_part_is_counted_then_the_lowest() -> None:
    first = report("XM-A-0001", reporter="XM-A", secondary=True)
    second = report("XM-B-0002", reporter="XM-B", related=[("5", "XM-A-0001")])
    assert shown(decide(first, second))[-1] == (
        "activity/iati-XM-A-0001", "counted as", "activity/iati-XM-B-0002",
    )  # fmt: skip
    neither = report("XM-A-0001", reporter="XM-A")
    assert shown(decide(neither, second))[-1] == (
        "activity/iati-XM-B-0002", "counted as", "activity/iati-XM-A-0001",
    )  # fmt: skip


def test_slices_of_one_project_wait() -> None:
    """One reporter has two activities: they cannot both be the whole partnership."""
    decisions = decide(
        partnership("3203"),
        report("XM-PUBLIEUR-17", declares=["atlas-3203"]),
        report("XM-PUBLIEUR-18", declares=["atlas-3203"]),
    )
    assert [(one.decision, one.method, one.confidence) for one in decisions] == [
        ("review", "declared-identifier", 0.5)
    ] * 2
    assert "other links would make it one project" in decisions[0].reason.en


def test_a_better_pair_of_one_source_answers_the_worse() -> None:
    """A reporter has the project and another one much like it: nobody is asked about that."""
    good = report("XM-PUBLIEUR-17")
    other = report(
        "XM-PUBLIEUR-18", doers=["Chinon"], budget=9000, start=date(2020, 1, 1), end=None
    )
    alone_ = [row[:3] for row in shown(decide(partnership("3203"), other))]
    assert alone_ == [("activity/iati-XM-PUBLIEUR-18", ATLAS, "review")]
    assert [row[:3] for row in shown(decide(partnership("3203"), good, other))] == [
        (REPORT, ATLAS, "review")
    ]
    # Of another reporter it may be the same project again.
    elsewhere = report("XM-AUTRE-2019", reporter="XM-AUTRE", doers=["Chinon"], budget=9000, start=date(2020, 1, 1), end=None)  # fmt: skip
    assert (OTHER, ATLAS, "review") in [
        row[:3] for row in shown(decide(partnership("3203"), good, elsewhere))
    ]


def test_of_two_that_are_nearly_as_alike_both_are_asked() -> None:
    nearer = report("XM-PUBLIEUR-18", budget=None)
    decisions = decide(partnership("3203"), report("XM-PUBLIEUR-17"), nearer)
    assert [one.confidence for one in decisions] == [0.852, 0.667]


# ---- People ------------------------------------------------------------------------------------


def test_a_person_links_what_only_looks_alike() -> None:
    people = said((ATLAS, REPORT, "same"))
    [decision, *_] = decisions = decide(
        partnership("3203"), report("XM-PUBLIEUR-17"), people=people
    )
    assert shown(decisions) == [
        (REPORT, ATLAS, "accepted", "human-review"),
        (REPORT, "counted as", ATLAS),
    ]
    assert (decision.role, decision.confidence) == ("documentaliste", 1.0)
    assert decision.reason.fr == "Relecture : Vu"


def test_a_person_links_what_nothing_suggests() -> None:
    people = said((REPORT, ATLAS, "same"))
    second = report("XM-PUBLIEUR-17", {"en": "Roads"}, doers=["Other"], countries=["UG"])
    assert shown(decide(partnership("3203"), second, people=people)) == [
        (REPORT, ATLAS, "accepted", "human-review"),
        (REPORT, "counted as", ATLAS),
    ]


def test_a_person_takes_a_link_away() -> None:
    people = said((ATLAS, REPORT, "different"))
    second = report("XM-PUBLIEUR-17", declares=["atlas-3203"])
    decisions = decide(partnership("3203"), second, people=people)
    assert shown(decisions) == [(REPORT, ATLAS, "refused", "human-review")]


def test_a_doubt_of_a_person_stops_a_link() -> None:
    people = said((ATLAS, REPORT, "unsure"))
    second = report("XM-PUBLIEUR-17", declares=["atlas-3203"])
    [decision] = decide(partnership("3203"), second, people=people)
    assert (decision.decision, decision.method) == ("review", "declared-identifier")
    assert (decision.role, decision.confidence) == ("documentaliste", 0.5)


def test_a_refusal_holds_over_a_third() -> None:
    """A = B and B = C by identifiers, but a person said that A is not C: the rules' links wait."""
    people = said((ATLAS, OTHER, "different"))
    decisions = decide(
        partnership("3203"),
        report("XM-PUBLIEUR-17", declares=["atlas-3203"]),
        report("XM-AUTRE-2019", reporter="XM-AUTRE", related=[("5", "XM-PUBLIEUR-17")]),
        people=people,
    )
    assert [row[2:] for row in shown(decisions)] == [
        ("review", "declared-identifier"),
        ("refused", "human-review"),
        ("review", "declared-identifier"),
    ]


def test_a_person_settles_slices() -> None:
    people = said((ATLAS, "activity/iati-XM-PUBLIEUR-18", "different"))
    decisions = decide(
        partnership("3203"),
        report("XM-PUBLIEUR-17", declares=["atlas-3203"]),
        report("XM-PUBLIEUR-18", declares=["atlas-3203"]),
        people=people,
    )
    assert [one.decision for one in decisions] == ["accepted", "refused"]


def test_what_was_said_of_activities_that_are_not_there_changes_nothing() -> None:
    people = said(("partnership/atlas-9", REPORT, "same"), (ATLAS, "activity/iati-X", "different"))
    activities = partnership("3203"), report("XM-PUBLIEUR-17")
    assert decide(*activities, people=people) == decide(*activities)


def test_what_was_said_of_two_answers_what_follows_of_a_third() -> None:
    """A = B and A is not C: nobody is asked whether B is C."""
    third = report("XM-AUTRE-2019", reporter="XM-AUTRE")
    activities = partnership("3203"), report("XM-PUBLIEUR-17"), third
    assert [one.decision for one in decide(*activities)] == ["review"] * 3
    told = said((ATLAS, REPORT, "same"), (OTHER, ATLAS, "different"))
    assert [one.decision for one in decide(*activities, people=told)] == ["refused", "accepted"]
    assert told.have_settled(REPORT, OTHER) and not told.have_settled(REPORT, "activity/iati-X")
    # Only likeness is answered so: an identifier that says the contrary waits for a person.
    saying = report("XM-AUTRE-2019", reporter="XM-AUTRE", related=[("5", "XM-PUBLIEUR-17")])
    decisions = decide(*activities[:2], saying, people=told)
    assert [one.decision for one in decisions] == ["review", "refused", "accepted"]
