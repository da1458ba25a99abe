"""A body of the graph as an organisation of the standard: type, channel, reference, names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from lxml import etree

from coopdec_graph.exporting.iati.xml import add, add_narratives
from coopdec_graph.exporting.reading import Line, Member, Reader, Thing
from coopdec_graph.namespaces import SCHEME

__all__ = ["add_organisation", "add_owner", "add_participants"]

_LOCAL_GOVERNMENT = "11"
# CRS channel of a local government of the donor. That of a recipient (12002) depends on the DAC's
# list of recipients, which we do not hold.
_DONOR_LOCAL_GOVERNMENT = "11002"

# OrganisationRole of the standard, by our role.
_FUNDING, _ACCOUNTABLE, _IMPLEMENTING = "1", "2", "4"
_ROLES: Mapping[str, str] = {
    str(SCHEME["role/maitre-d-ouvrage"]): _ACCOUNTABLE,
    str(SCHEME["role/maitre-d-oeuvre"]): _IMPLEMENTING,
    str(SCHEME["role/collectivite-francaise"]): _IMPLEMENTING,
    str(SCHEME["role/partenaire-etranger"]): _IMPLEMENTING,
}


@dataclass(frozen=True, slots=True)
class _Known:
    ref: str | None = None
    type: str | None = None
    channel: str | None = None


def add_participants(
    activity: etree._Element, members: Iterable[Member], lines: Iterable[Line], reader: Reader
) -> None:
    """Each body once per role: who takes part, in the order of the source, then who pays."""
    pairs = [(_ROLES[member.role], member.body) for member in members if member.role in _ROLES]
    pairs += [(_FUNDING, line.financer) for line in lines if line.financer is not None]
    for role, body in dict.fromkeys(pairs):
        add_organisation(activity, "participating-org", reader.shared(body), role)


def add_organisation(
    parent: etree._Element, tag: str, body: Thing, role: str | None = None
) -> None:
    """A body under a tag; with a role it takes the channel code that only such elements have."""
    known = _known(body)
    channel = None if role is None else known.channel
    organisation = add(
        parent, tag, ref=known.ref, type=known.type, role=role, crs_channel_code=channel
    )
    add_narratives(organisation, _names(body))


def add_owner(parent: etree._Element, body: Thing) -> None:
    """The body whose identifier `parent` is: the one organisation of the standard without a type."""
    add_narratives(add(parent, "owner-org", ref=_known(body).ref), _names(body))


def _names(body: Thing) -> Sequence[ox.Literal]:
    """The preferred names, else a form that a page prints."""
    return body.texts("skos:prefLabel") or body.texts("rdfs:label")[:1]


def _known(body: Thing) -> _Known:
    listed = _listed().get(body.iri.partition("/id/")[2])
    if listed is not None:
        return listed
    if body.has_type("cd:FrenchCollectivity"):
        return _Known(None, _LOCAL_GOVERNMENT, _DONOR_LOCAL_GOVERNMENT)
    if body.has_type("cd:ForeignCollectivity"):
        return _Known(None, _LOCAL_GOVERNMENT)
    return _Known()


@cache
def _listed() -> Mapping[str, _Known]:
    text = Path(__file__).with_name("organisations.toml").read_text("utf-8")
    return {
        entry["iri"]: _Known(entry.get("ref"), entry.get("type"), entry.get("channel"))
        for entry in tomllib.loads(text)["organisation"]
    }
