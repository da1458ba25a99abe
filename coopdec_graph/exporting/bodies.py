"""What the lists of IATI and of the DAC say of a body: its class tells, or `bodies.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.exporting.reading import Thing
from coopdec_graph.exporting.recipients import countries_of
from coopdec_graph.reference.oda import is_oda_recipient

__all__ = ["Known", "channel_of", "known", "names_of"]

_LOCAL_GOVERNMENT = "11"
# CRS channels of local governments, of the donor and of a recipient of its assistance.
_DONOR_LOCAL_GOVERNMENT, _RECIPIENT_LOCAL_GOVERNMENT = "11002", "12002"


@dataclass(frozen=True, slots=True)
class Known:
    """Organisation identifier, IATI OrganisationType and CRS channel code, None where not known.

    `french` says that its money is France's.
    """

    ref: str | None = None
    type: str | None = None
    channel: str | None = None
    french: bool = False


def known(body: Thing) -> Known:
    """What is known of a body."""
    listed = _listed().get(body.iri.partition("/id/")[2])
    if listed is not None:
        return listed
    if body.has_type("cd:FrenchCollectivity"):
        return Known(None, _LOCAL_GOVERNMENT, _DONOR_LOCAL_GOVERNMENT, french=True)
    if body.has_type("cd:ForeignCollectivity"):
        return Known(None, _LOCAL_GOVERNMENT)
    return Known()


def channel_of(body: Thing, years: Collection[int]) -> str | None:
    """Its CRS channel code; a foreign collectivity has one if its country is on the DAC's list of
    recipients in each of the years.
    """
    places = [country for country in countries_of(body) if is_oda_recipient(country.alpha2, years)]
    if body.has_type("cd:ForeignCollectivity") and places:
        return _RECIPIENT_LOCAL_GOVERNMENT
    return known(body).channel


def names_of(body: Thing) -> Sequence[ox.Literal]:
    """The preferred names, else a form that a page prints."""
    return body.texts("skos:prefLabel") or body.texts("rdfs:label")[:1]


@cache
def _listed() -> Mapping[str, Known]:
    text = Path(__file__).with_name("bodies.toml").read_text("utf-8")
    return {
        entry["iri"]: Known(entry["ref"], entry["type"], entry["channel"], entry["french"])
        for entry in tomllib.loads(text)["body"]
    }
