"""Which activities of a release are exported: those of a collectivity, a country, a programme."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.errors import ExportRefused
from coopdec_graph.graph.query import Term, rows
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES, SCHEME
from coopdec_graph.questions.catalogue import Mode, Parameter
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import term_of

__all__ = ["Wanted", "selected"]

_NOTHING = Bilingual(
    "Aucun partenariat ne convient : rien n'est écrit.",
    "No partnership fits: nothing is written.",
)
_PROPERTIES = {
    Kind.COLLECTIVITY: PREFIXES["org"] + "hasMember",
    Kind.COUNTRY: PREFIXES["dct"] + "spatial",
    Kind.PROGRAMME: PREFIXES["cd"] + "programme",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose, as they wrote it; None chooses nothing."""

    collectivity: str | None = None
    country: str | None = None
    programme: str | None = None

    def texts(self) -> dict[Kind, str]:
        """What was written, by its kind."""
        given = {
            Kind.COLLECTIVITY: self.collectivity,
            Kind.COUNTRY: self.country,
            Kind.PROGRAMME: self.programme,
        }
        return {kind: text for kind, text in given.items() if text is not None}


def selected(
    store: ox.Store, index: Index, wanted: Wanted, programme: str | None = None
) -> tuple[str, ...]:
    """The IRIs of the activities that fit all that was chosen, in order.

    `programme` is the notation of the only programme that counts where none was chosen.

    Raises UsageError for a value that the release does not know, with the nearest ones, and
    ExportRefused where no activity fits.
    """
    choices = IndexChoices(index)
    found = _having(store, PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["cd"] + "Activity"))
    for kind, text in wanted.texts().items():
        parameter = Parameter(kind.value, kind, Mode.OPTIONAL, Bilingual("", ""))
        found &= _having(store, _PROPERTIES[kind], term_of(parameter, text, choices))
    if programme is not None and wanted.programme is None:
        notation = ox.NamedNode(SCHEME[f"programme/{programme}"])
        found &= _having(store, _PROPERTIES[Kind.PROGRAMME], notation)
    if not found:
        raise ExportRefused(_NOTHING)
    return tuple(sorted(found))


def _having(store: ox.Store, property: str, value: Term) -> set[str]:
    found = rows(store, "export/activities", property=ox.NamedNode(property), value=value)
    return {row["activity"].value for row in found if row["activity"] is not None}
