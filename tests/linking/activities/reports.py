"""Activities as sources report them, made in a line each, and the graph that they give.

Projects and their numbers are invented; towns are real, so that the reference tables place them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from coopdec_graph.graph.build import build, vocabulary_quads
from coopdec_graph.graph.derived_facts import preferred_names
from coopdec_graph.graph.statements import merge_n_quads, n_quads, quads_as_lines
from coopdec_graph.linking.activities.compare import compared, key_of_activity
from coopdec_graph.linking.activities.groups import counted_of
from coopdec_graph.linking.activities.reading import reported_activities
from coopdec_graph.linking.activities.reported import ReportedActivity
from coopdec_graph.linking.activities.rules import PairDecision
from coopdec_graph.linking.people import HumanDecision, HumanDecisions, Verdict
from coopdec_graph.model import (
    Activity,
    ActivityDate,
    ActivityKind,
    Agent,
    AgentKind,
    Allocation,
    AllocationKind,
    Code,
    FinancialItem,
    FundingKind,
    FundingLine,
    Location,
    OtherIdentifier,
    Participation,
    RelatedActivity,
    Role,
    SourceMetadata,
    SourcePage,
    Text,
)
from coopdec_graph.namespaces import Minter, identifier_key
from coopdec_graph.publishing.links import LinkOptions, LinkReport, linked_graph
from coopdec_graph.reference.rates import RateTable

__all__ = [
    "Said",
    "decide",
    "graph_of",
    "key_of",
    "linked",
    "partnership",
    "read",
    "report",
    "said",
    "shown",
]

MINT = Minter()
AS_OF = date(2026, 11, 23)
MINISTRY = Agent(AgentKind.PUBLIC_ORGANISATION, "Ministère de l'Europe et des Affaires étrangères")
Said = tuple[str, str, str]
Day = date | int | None


def partnership(
    number: str,
    title: str = "Accès à l'eau potable des écoles rurales",
    french: Iterable[str] = ("Chinon",),
    foreign: Iterable[str] = ("Ville de Rufisque",),
    country: str = "SN",
    start: int | None = 2019,
    end: date | None = date(2021, 12, 31),
    lines: Sequence[tuple[str, int]] = (("Chinon", 12000), ("", 30000)),
) -> Activity:
    """A partnership of the Atlas; a financer without a name is the ministry."""
    bodies = [(Agent(AgentKind.FRENCH_COLLECTIVITY, n), Role.FRENCH_COLLECTIVITY) for n in french]
    bodies += [
        (Agent(AgentKind.FOREIGN_COLLECTIVITY, name, country), Role.FOREIGN_PARTNER)
        for name in foreign
    ]
    funding = [
        FundingLine(rank, _financer(name), start, Decimal(amount))
        for rank, (name, amount) in enumerate(lines, start=1)
    ]
    return Activity(
        "atlas",
        _page(f"{number}.txt", number),
        ActivityKind.PARTNERSHIP,
        titles=(Text(title),),
        start_year=start,
        end_date=end,
        participations=tuple(Participation(a, r, i) for i, (a, r) in enumerate(bodies, start=1)),
        funding=tuple(funding),
    )


def _financer(name: str) -> Agent:
    return Agent(AgentKind.FRENCH_COLLECTIVITY, name) if name else MINISTRY


def report(
    identifier: str,
    titles: Mapping[str, str] | None = None,
    reporter: str = "XM-PUBLIEUR",
    doers: Iterable[str] = ("Chinon", "Ville de Rufisque"),
    payers: Iterable[str] = (),
    countries: Iterable[str] = ("SN",),
    start: Day = date(2019, 1, 1),
    end: date | None = date(2021, 12, 31),
    budget: int | None = 42000,
    currency: str = "EUR",
    point: tuple[str, str] | None = None,
    secondary: bool | None = None,
    declares: Iterable[str] = (),
    parts: Iterable[str] = (),
    related: Iterable[tuple[str, str]] = (),
    programme: str = "iati",
    identifier_type: str = "A9",
    linked_data: str | None = None,
) -> Activity:
    """An activity of another programme; `point` is latitude and longitude, `related` type and identifier.

    `reporter` is a reference of a body; without one (`""`), the programme names none. `parts` are what
    the participants, in this order, call the activity.
    """
    titles = {"fr": "Accès à l'eau potable des écoles rurales"} if titles is None else titles
    named = [(name, "1") for name in payers] + [(name, "4") for name in doers]
    given = [*parts, *[None] * len(named)]
    return Activity(
        programme,
        _page(f"{programme}.xml", identifier),
        titles=tuple(Text(value, language or None) for language, value in titles.items()),
        reporter=_reporter(reporter) if reporter else None,
        secondary_reporter=secondary,
        start_year=start if isinstance(start, int) else None,
        dates=_dates(start, end),
        participations=tuple(
            Participation(
                Agent(AgentKind.ORGANISATION, name),
                Code(role, "iati-organisation-role"),
                rank,
                activity=given[rank - 1],
            )
            for rank, (name, role) in enumerate(named, start=1)
        ),
        allocations=tuple(
            Allocation(AllocationKind.RECIPIENT_COUNTRY, rank, Code(code, "country"))
            for rank, code in enumerate(countries, start=1)
        ),
        items=() if budget is None else (_budget(budget, currency),),
        locations=() if point is None else (Location(1, (), Decimal(point[0]), Decimal(point[1])),),
        other_identifiers=tuple(
            OtherIdentifier(value, Code(identifier_type, "iati-other-identifier-type"))
            for value in declares
        ),
        related=tuple(
            RelatedActivity(value, Code(kind, "iati-related-activity-type"))
            for kind, value in related
        ),
        linked_data=linked_data,
    )


def _dates(start: Day, end: date | None) -> dict[ActivityDate, date]:
    dates = {ActivityDate.PLANNED_START: start, ActivityDate.PLANNED_END: end}
    return {kind: day for kind, day in dates.items() if isinstance(day, date)}


def _reporter(reference: str) -> Agent:
    return Agent(AgentKind.ORGANISATION, f"Publieur {reference}", reference=reference)


def _budget(amount: int, currency: str) -> FinancialItem:
    return FinancialItem(FundingKind.BUDGET, 1, Decimal(amount), currency)


def _page(name: str, identifier: str) -> SourcePage:
    digest = hashlib.sha256(f"{name} {identifier}".encode()).hexdigest()
    return SourcePage(name, digest, identifier)


def key_of(activity: Activity) -> str:
    return f"{activity.programme}-{identifier_key(activity.source.identifier or '')}"


def graph_of(activities: Iterable[Activity]) -> bytes:
    """The graph of a release without its links, as N-Quads."""
    return merge_n_quads(_vocabulary(), _statements(activities))


@cache
def _vocabulary() -> bytes:
    return quads_as_lines(vocabulary_quads(MINT))


def _statements(activities: Iterable[Activity]) -> bytes:
    pairs = [(key_of(activity), activity) for activity in activities]
    quads = [
        n_quads(build(activity, key, MINT, _terms(activity.programme), AS_OF, RateTable({})))
        for key, activity in pairs
    ]
    return merge_n_quads(n_quads(preferred_names(pairs, [], MINT)), *quads)


def _terms(programme: str) -> SourceMetadata:
    return SourceMetadata(programme, programme, None, None, None)


def read(*activities: Activity) -> list[ReportedActivity]:
    """What is compared of activities, places of bodies apart."""
    return reported_activities(_statements(activities).split(b"\n"))


def said(*rows: Said) -> HumanDecisions:
    return HumanDecisions(
        HumanDecision(one, other, Verdict(verdict), "Vu", "2026-02-03", "documentaliste")
        for one, other, verdict in rows
    )


def decide(*activities: Activity, people: HumanDecisions | None = None) -> list[PairDecision]:
    return compared(read(*activities), people or HumanDecisions())


def shown(decisions: Iterable[PairDecision]) -> list[tuple[str, ...]]:
    """Each decision as its activities, what was decided and how; then what is counted for what."""
    made = list(decisions)
    rows: list[tuple[str, ...]] = [
        (*(key_of_activity(one.iri) for one in made_one.pair), made_one.decision, made_one.method)
        for made_one in made
    ]
    for uncounted, counted in counted_of(made):
        rows.append((key_of_activity(uncounted), "counted as", key_of_activity(counted)))
    return rows


def linked(
    activities: Iterable[Activity], decisions: Path | None = None
) -> tuple[bytes, LinkReport]:
    """The graph with the links of its bodies and activities, by our tables and people's decisions."""
    return linked_again(graph_of(activities), LinkOptions(decisions=decisions))


def linked_again(graph: bytes, options: LinkOptions) -> tuple[bytes, LinkReport]:
    with TemporaryDirectory() as work:
        path, outcome = linked_graph(
            graph, options, MINT, AS_OF, lambda items, label, total: items, Path(work)
        )
        return path.read_bytes(), outcome
