"""Bodies as RDF: collectivities, organisations, groups of unnamed financers, diplomatic posts."""

from __future__ import annotations

from rdflib import DCTERMS, ORG, RDFS, Literal, URIRef

from coopdec_graph.graph.codes import add_code, country_iri
from coopdec_graph.graph.statements import Sink, literal, text
from coopdec_graph.model import Activity, Agent, AgentKind, Role
from coopdec_graph.namespaces import CD, CV, Minter

__all__ = ["add_agent", "add_foreign_contacts", "add_post", "agent_iri"]

# No reasoning is assumed: a body states its superclasses too (ontology/coopdec.ttl, CPOV and ORG).
_PUBLIC = (CV.PublicOrganisation, ORG.Organization)
_CLASSES: dict[AgentKind, tuple[URIRef, ...]] = {
    AgentKind.FRENCH_COLLECTIVITY: (CD.FrenchCollectivity, ORG.FormalOrganization, *_PUBLIC),
    AgentKind.FOREIGN_COLLECTIVITY: (CD.ForeignCollectivity, *_PUBLIC),
    AgentKind.PUBLIC_ORGANISATION: _PUBLIC,
    AgentKind.ORGANISATION: (ORG.Organization,),
    AgentKind.FINANCER_GROUP: (CD.FinancerGroup,),
}


def agent_iri(agent: Agent, key: str, mint: Minter) -> URIRef:
    """The IRI of a body; `key` is the partnership that scopes what has no identity outside it."""
    match agent.kind:
        case AgentKind.FRENCH_COLLECTIVITY:
            return mint.french_collectivity(agent.name)
        case AgentKind.FOREIGN_COLLECTIVITY if agent.country:
            return mint.foreign_collectivity(agent.country, agent.name)
        case AgentKind.FOREIGN_COLLECTIVITY:
            return mint.unplaced_collectivity(key, agent.name)
        case AgentKind.FINANCER_GROUP:
            return mint.financer_group(key, agent.name)
        case _ if agent.reference:
            return mint.referenced_organisation(agent.reference)
        case _:
            return mint.organisation(agent.name)


def add_agent(sink: Sink, agent: Agent, key: str, mint: Minter) -> URIRef:
    """The body with the name the page prints; its preferred name is chosen later, over all pages."""
    iri = agent_iri(agent, key, mint)
    sink.type(iri, *_CLASSES[agent.kind])
    sink.add(iri, RDFS.label, text(agent.name, agent.language), *map(literal, agent.other_names))
    if agent.reference:
        sink.add(iri, DCTERMS.identifier, Literal(agent.reference))
    if agent.country:
        sink.add(iri, CD.country, country_iri(agent.country))
    sink.add(iri, CD.printedCountry, text(agent.printed_country, agent.language))
    add_code(sink, iri, CD.organisationType, agent.type)
    return iri


def add_post(sink: Sink, activity: Activity, mint: Minter) -> URIRef | None:
    """The diplomatic post and the functions one can write to there; never who holds them."""
    if activity.diplomatic_post is None:
        return None
    post = mint.diplomatic_post(activity.diplomatic_post)
    sink.type(post, CD.DiplomaticPost, *_PUBLIC)
    sink.add(post, RDFS.label, text(activity.diplomatic_post))
    for function in activity.contact_functions:
        _add_contact(sink, post, activity.diplomatic_post, function, mint)
    return post


def add_foreign_contacts(sink: Sink, activity: Activity, key: str, mint: Minter) -> None:
    """The functions one can write to at the foreign partner; of several, the page may not tell which."""
    partners = activity.members(Role.FOREIGN_PARTNER)
    if len(partners) != 1:
        return
    partner = partners[0]
    for function in activity.foreign_contact_functions:
        name = f"{partner.country or key} {partner.name}"
        _add_contact(sink, agent_iri(partner, key, mint), name, function, mint)


def _add_contact(sink: Sink, body: URIRef, name: str, function: str, mint: Minter) -> None:
    contact = mint.contact_point(name, function)
    sink.type(contact, CV.ContactPoint)
    sink.add(contact, RDFS.label, text(function))
    sink.add(body, CV.contactPoint, contact)
