"""The list of the views of a resource: every profile in every format, and where each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, Namespace

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import HTML, Format, formats_of
from coopdec_graph.service.facts import Facts
from coopdec_graph.service.profiles.catalogue import Profile, alternates, native
from coopdec_graph.service.profiles.description import add_profile
from coopdec_graph.service.profiles.links import address_of_view

__all__ = ["ALTR", "Alternate", "alternate_facts", "alternates_of", "formats_of_view"]

ALTR = Namespace("http://www.w3.org/ns/dx/connegp/altr#")


@dataclass(frozen=True, slots=True)
class Alternate:
    """A profile, and the address of each of its formats."""

    profile: Profile
    addresses: tuple[tuple[Format, str], ...]


def formats_of_view(profile: Profile) -> tuple[Format, ...]:
    """Only what this service tells itself has a page."""
    formats = formats_of(Form.GRAPH)
    if profile in (native(), alternates()):
        return formats
    return tuple(format for format in formats if format is not HTML)


def alternates_of(path: str, offered: Sequence[Profile]) -> tuple[Alternate, ...]:
    """The addresses below `path`, which is that of the document."""
    return tuple(
        Alternate(
            profile,
            tuple(
                (format, address_of_view(path, profile, format))
                for format in formats_of_view(profile)
            ),
        )
        for profile in offered
    )


def alternate_facts(about: ox.NamedNode, listed: Sequence[Alternate]) -> Facts:
    """The list in the data model of the specification (Alternate Representations)."""
    facts = Facts()
    _, default = listed[0].addresses[0]
    facts.add(about, ALTR.hasDefaultRepresentation, ox.NamedNode(default))
    for alternate in listed:
        add_profile(facts, alternate.profile)
        for format, address in alternate.addresses:
            view = ox.NamedNode(address)
            facts.add(about, ALTR.hasRepresentation, view)
            facts.add(view, RDF.type, ox.NamedNode(str(ALTR.Representation)))
            facts.add(view, DCTERMS.format, ox.Literal(format.media_type))
            conforms = map(ox.NamedNode, alternate.profile.conforms)
            facts.add(view, DCTERMS.conformsTo, *conforms)
    return facts
