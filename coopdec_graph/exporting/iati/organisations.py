"""A body of the graph as an organisation of the standard: type, channel, reference, names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from coopdec_graph.exporting.bodies import channel_of, known, names_of
from coopdec_graph.exporting.iati.xml import add, add_narratives
from coopdec_graph.exporting.reading import Line, Member, Reader, Thing
from coopdec_graph.namespaces import SCHEME

__all__ = ["add_organisation", "add_owner", "add_participants"]

# OrganisationRole of the standard, by our role.
_FUNDING, _ACCOUNTABLE, _IMPLEMENTING = "1", "2", "4"
_ROLES: Mapping[str, str] = {
    str(SCHEME["role/maitre-d-ouvrage"]): _ACCOUNTABLE,
    str(SCHEME["role/maitre-d-oeuvre"]): _IMPLEMENTING,
    str(SCHEME["role/collectivite-francaise"]): _IMPLEMENTING,
    str(SCHEME["role/partenaire-etranger"]): _IMPLEMENTING,
}


def add_participants(
    activity: etree._Element,
    members: Iterable[Member],
    lines: Iterable[Line],
    years: Collection[int],
    reader: Reader,
) -> None:
    """Each body once per role: who takes part, in the order of the source, then who pays.

    The years decide on channel codes: those of a recipient country are for as long as it is one.
    """
    pairs = [(_ROLES[member.role], member.body) for member in members if member.role in _ROLES]
    pairs += [(_FUNDING, line.financer) for line in lines if line.financer is not None]
    for role, iri in dict.fromkeys(pairs):
        body = reader.shared(iri)
        channel = channel_of(body, years)
        add_organisation(activity, "participating-org", body, role=role, crs_channel_code=channel)


def add_organisation(
    parent: etree._Element, tag: str, body: Thing, **attributes: str | None
) -> None:
    """A body under a tag, with what the standard says of it there besides type and reference."""
    found = known(body)
    organisation = add(parent, tag, ref=found.ref, type=found.type, **attributes)
    add_narratives(organisation, names_of(body))


def add_owner(parent: etree._Element, body: Thing) -> None:
    """The body whose identifier `parent` is: the one organisation of the standard without a type."""
    add_narratives(add(parent, "owner-org", ref=known(body).ref), names_of(body))
