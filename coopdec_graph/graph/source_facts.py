"""What a page says, as RDF: the `source` graph of a partnership and its separable prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rdflib import DCTERMS, ORG, PROV, SKOS, XSD, Literal, URIRef

from coopdec_graph.graph.agents import add_agent, add_foreign_contacts, add_post, agent_iri
from coopdec_graph.graph.allocations import add_allocations
from coopdec_graph.graph.codes import add_classifications, add_code
from coopdec_graph.graph.financial_items import add_financial_items, item_iris
from coopdec_graph.graph.programmes import add_programme
from coopdec_graph.graph.reported_facts import add_reported_facts
from coopdec_graph.graph.statements import Sink, Statement, decimal, literal, text, year
from coopdec_graph.model import (
    Activity,
    ActivityKind,
    Code,
    FundingKind,
    FundingLine,
    Participation,
    SourceMetadata,
)
from coopdec_graph.namespaces import CD, CURRENCY_EUR, SCHEME, XKOS, Minter, slug
from coopdec_graph.vocabulary import Concept

__all__ = ["funding_iris", "narrative", "source_facts"]

# No reasoning is assumed: an activity states its superclasses too (ontology/coopdec.ttl).
_KINDS: dict[ActivityKind, tuple[URIRef, ...]] = {
    ActivityKind.ACTIVITY: (),
    ActivityKind.PARTNERSHIP: (CD.Partnership, ORG.OrganizationalCollaboration),
}


def source_facts(
    activity: Activity, key: str, mint: Minter, terms: SourceMetadata
) -> Iterator[Statement]:
    """Every fact of the page but its prose. Absent values give no statement."""
    sink = Sink(mint.graph("source", key))
    subject = mint.activity(activity.kind, key)
    _add_activity(sink, subject, activity, key, mint)
    sink.add(subject, CD.programme, add_programme(sink, terms))
    _add_concepts(sink, subject, activity)
    _add_themes(sink, subject, activity, key, mint)
    _add_participations(sink, subject, activity, key, mint)
    add_foreign_contacts(sink, activity, key, mint)
    add_reported_facts(sink, subject, activity, key, mint)
    add_classifications(sink, subject, activity.classifications)
    add_allocations(sink, subject, activity.allocations, mint)
    add_financial_items(sink, subject, activity, key, mint)
    for line, iri in funding_iris(activity, key, mint):
        _add_funding_line(sink, subject, line, iri, key, mint)
    return iter(sink)


def narrative(activity: Activity, key: str, mint: Minter) -> Iterator[Statement]:
    """The prose, in a graph of its own: its authors' rights differ from those of facts."""
    sink = Sink(mint.graph("narrative", key))
    for kind, texts in activity.narratives.items():
        sink.add(mint.activity(activity.kind, key), CD[kind], *map(literal, texts))
    for item, iri in item_iris(activity, key, mint):
        sink.add(iri, DCTERMS.description, *map(literal, item.descriptions))
    return iter(sink)


def _add_activity(sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter) -> None:
    sink.type(subject, CD.Activity, *_KINDS[activity.kind])
    sink.add(subject, DCTERMS.identifier, Literal(key))
    sink.add(subject, DCTERMS.title, *map(literal, activity.titles))
    sink.add(subject, CD.firstAgreementYear, year(activity.first_agreement_year))
    sink.add(subject, CD.startYear, year(activity.start_year))
    if activity.end_date:
        sink.add(subject, CD.endDate, Literal(activity.end_date, datatype=XSD.date))
    sink.add(subject, CD.diplomaticPost, add_post(sink, activity, mint))
    sink.add(subject, CD.communicationInFrance, _plain(activity.communication_in_france))
    sink.add(
        subject,
        CD.communicationInPartnerCountries,
        _plain(activity.communication_in_partner_countries),
    )
    sink.add(subject, CD.evaluationUndertaken, _plain(activity.evaluation_undertaken))
    sink.add(subject, CD.volunteerCount, _plain(activity.volunteer_count))
    sink.add(subject, CD.foreignContactCount, _plain(activity.foreign_contact_count))
    sink.add(subject, PROV.wasDerivedFrom, mint.source(key, activity.source.digest))


def _plain(value: bool | int | None) -> Literal | None:
    return None if value is None else Literal(value)


def _add_concepts(sink: Sink, subject: URIRef, activity: Activity) -> None:
    for predicate, concept in (
        (CD.declaredStatus, activity.declared_status),
        (CD.partnershipForm, activity.form),
        (CD.durationScheme, activity.duration_scheme),
        (CD.mainTheme, activity.main_theme),
    ):
        if concept is not None:
            sink.add(subject, predicate, _add_concept(sink, concept))


def _add_concept(sink: Sink, concept: Concept) -> URIRef:
    """A known concept is only pointed to; a candidate is described where it was found."""
    iri = URIRef(concept.iri)
    if concept.known:
        return iri
    sink.type(iri, SKOS.Concept)
    sink.add(iri, SKOS.prefLabel, text(concept.label))
    sink.add(iri, SKOS.inScheme, SCHEME[concept.scheme])
    sink.add(iri, CD.reviewStatus, SCHEME["review-status/candidate"])
    if concept.scheme == "theme":
        sink.add(iri, XKOS.depth, Literal(concept.depth))
    if concept.parent is not None:
        sink.add(iri, SKOS.broader, _add_concept(sink, concept.parent))
    return iri


def _add_themes(sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter) -> None:
    if activity.main_theme is not None:
        sink.add(subject, DCTERMS.subject, URIRef(activity.main_theme.iri))
    for secondary in activity.secondary_themes:
        node = mint.secondary_theme(key, secondary.rank)
        theme = _add_concept(sink, secondary.theme)
        sink.type(node, CD.SecondaryTheme)
        sink.add(node, CD.theme, theme)
        sink.add(node, CD.priority, _plain(secondary.priority))
        sink.add(node, CD.sourceRank, Literal(secondary.rank))
        sink.add(subject, CD.secondaryTheme, node)
        sink.add(subject, DCTERMS.subject, theme)


def _add_participations(
    sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter
) -> None:
    for number, participation in enumerate(activity.participations, start=1):
        node = mint.participation(key, number)
        member = add_agent(sink, participation.agent, key, mint)
        sink.type(node, ORG.Membership)
        sink.add(node, ORG.organization, subject)
        sink.add(node, ORG.member, member)
        sink.add(node, CD.sourceRank, Literal(participation.rank))
        if isinstance(participation.role, Code):
            _add_reported_role(sink, node, participation.role, participation)
        else:
            sink.add(node, ORG.role, SCHEME[f"role/{participation.role}"])
            sink.add(subject, ORG.hasMember, member)


def _add_reported_role(sink: Sink, node: URIRef, role: Code, participation: Participation) -> None:
    """A role in an activity that is no partnership: its parties are not members of anything."""
    add_code(sink, node, ORG.role, role)
    add_code(sink, node, CD.channel, participation.channel)
    if participation.activity:
        sink.add(node, CD.activityReference, Literal(participation.activity))


def funding_iris(
    activity: Activity, key: str, mint: Minter
) -> Iterator[tuple[FundingLine, URIRef]]:
    """Each funding line with its IRI: its natural key, numbered from the second like it on."""
    seen: Counter[tuple[str, str]] = Counter()
    for line in activity.funding:
        natural = (
            slug(line.financer.name) if line.financer else "unread",
            f"{line.year:04}" if line.year else "unread",
        )
        seen[natural] += 1
        yield line, mint.funding_line(key, *natural, seen[natural])


def _add_funding_line(
    sink: Sink, subject: URIRef, line: FundingLine, iri: URIRef, key: str, mint: Minter
) -> None:
    sink.type(iri, CD.FundingLine)
    sink.add(iri, CD.fundingKind, SCHEME[f"funding-kind/{FundingKind.ANNOUNCED}"])
    sink.add(iri, CD.fundedActivity, subject)
    if line.financer is not None:
        add_agent(sink, line.financer, key, mint)
        sink.add(iri, CD.financer, agent_iri(line.financer, key, mint))
    sink.add(iri, CD.year, year(line.year))
    sink.add(iri, CD.amount, decimal(line.amount))
    sink.add(iri, CD.currency, CURRENCY_EUR)
    sink.add(iri, CD.sourceRank, Literal(line.rank))
    sink.add(iri, CD.sourceText, text(line.printed))
    for levy in line.levies:
        node = mint.one_percent_levy(key, line.rank, levy.column)
        sink.type(node, CD.OnePercentLevy)
        sink.add(node, CD.columnRank, Literal(levy.column))
        sink.add(node, CD.amount, decimal(levy.amount))
        sink.add(iri, CD.onePercentLevy, node)
