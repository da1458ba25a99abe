"""The profiles in RDF: the Profiles Vocabulary (W3C, PROF)."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import DCTERMS, PROF, RDF, XSD

from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE, PROFILE
from coopdec_graph.service.facts import Facts
from coopdec_graph.service.profiles.catalogue import Profile, profiles

__all__ = ["PROF_PREFIX", "add_profile", "profile_facts"]

PROF_PREFIX = {"prof": str(PROF)}
_MAPPING = ox.NamedNode("http://www.w3.org/ns/dx/prof/role/mapping")


def profile_facts() -> Facts:
    """Every profile: what it is of, and how its terms map to ours."""
    facts = Facts()
    for profile in profiles():
        node = add_profile(facts, profile)
        _say(facts, node, DCTERMS.description, profile.description)
        if profile.iri in PROFILE:
            standard = ox.NamedNode(profile.bases[0])
            facts.add(node, PROF.isProfileOf, standard)
            facts.add(standard, RDF.type, ox.NamedNode(str(DCTERMS.Standard)))
        if profile.alignment is not None:
            _add_mapping(facts, node, f"{DEFAULT_BASE}alignment/{profile.alignment}")
    return facts


def add_profile(facts: Facts, profile: Profile) -> ox.NamedNode:
    """A profile with its token and title."""
    node = ox.NamedNode(profile.iri)
    token = ox.Literal(profile.token, datatype=ox.NamedNode(str(XSD.token)))
    facts.add(node, RDF.type, ox.NamedNode(str(PROF.Profile)))
    facts.add(node, PROF.hasToken, token)
    _say(facts, node, DCTERMS.title, profile.title)
    return node


def _add_mapping(facts: Facts, node: ox.NamedNode, alignment: str) -> None:
    resource = facts.blank()
    facts.add(node, PROF.hasResource, resource)
    facts.add(resource, RDF.type, ox.NamedNode(str(PROF.ResourceDescriptor)))
    facts.add(resource, PROF.hasRole, _MAPPING)
    facts.add(resource, PROF.hasArtifact, ox.NamedNode(alignment))


def _say(facts: Facts, node: ox.NamedNode, property: str, text: Bilingual) -> None:
    facts.add(node, property, *(ox.Literal(text.text(each), language=each) for each in LANGUAGES))
