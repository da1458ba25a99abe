"""What the lists of IATI and of the DAC say of a body: its class tells, or `bodies.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.exporting.reading import Thing

__all__ = ["Known", "known", "names_of"]

_LOCAL_GOVERNMENT = "11"
# CRS channel of a local government of the donor. That of a recipient (12002) depends on the DAC's
# list of recipients, which we do not hold.
_DONOR_LOCAL_GOVERNMENT = "11002"


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
