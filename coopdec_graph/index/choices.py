"""What may be written for a parameter: the values that the index of a release has, by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from coopdec_graph.index.reading import Index
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.questions.kinds import LISTED, Kind
from coopdec_graph.questions.values import Choices, choices_of, own_choices
from coopdec_graph.vocabulary import thesaurus

__all__ = ["IndexChoices"]

# The entities of a resource, or (after the dot) the values of a facet of it.
_FROM: Mapping[Kind, Sequence[str]] = {
    Kind.BODY: ("partnerships.owner", "partnerships.collectivity"),
    Kind.COLLECTIVITY: ("collectivities",),
    Kind.DEPARTEMENT: ("places.departement",),
    # A collectivity may be asked what it pays even if that is nothing.
    Kind.FINANCER: ("financers", "collectivities"),
    Kind.FORM: ("partnerships.form",),
    Kind.KIND: ("collectivities.kind", "financers.kind"),
    Kind.LEVEL: ("places.level", "collectivities.level"),
    Kind.PARTNERSHIP: ("partnerships",),
    Kind.PLACE: ("places",),
    Kind.POST: ("partnerships.post",),
    Kind.PROGRAMME: ("partnerships.programme",),
    Kind.REGION: ("places.region",),
    Kind.STATUS: ("partnerships.status", "partnerships.computed_status"),
    Kind.THEME: ("themes",),
}
# These are written and bound by their code.
_CODED = frozenset({Kind.DEPARTEMENT, Kind.REGION})
# Schemes whose concepts may be asked for even if no entity has them.
_SCHEMES: Mapping[Kind, str] = {
    Kind.DECISION: "decision",
    Kind.FORM: "form",
    Kind.PROGRAMME: "programme",
    Kind.STATUS: "status",
    Kind.THEME: "theme",
}
_GROUP = PREFIXES["cd"] + "FinancerGroup"


class IndexChoices(Mapping[Kind, Choices]):
    """The list of each type of parameter, made when it is first asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: dict[Kind, Choices] = {}

    def __getitem__(self, kind: Kind) -> Choices:
        if kind not in self._made:
            own = own_choices(kind)
            self._made[kind] = own or choices_of(kind, self._named(kind))
        return self._made[kind]

    def __iter__(self) -> Iterator[Kind]:
        return iter(sorted(LISTED))

    def __len__(self) -> int:
        return len(LISTED)

    def _named(self, kind: Kind) -> Iterator[tuple[ox.NamedNode | ox.Literal, set[str]]]:
        """Each value with its names; a group of financers has none: its name is not its own."""
        groups = self._groups() if kind is Kind.FINANCER else frozenset()
        for iri in self._iris(kind):
            named = self._index.named(iri)
            names = set() if iri in groups else set(named.names.values())
            if kind not in _CODED:
                # The notation of a programme that only a mapping names is the end of its IRI.
                notation = {iri.rpartition("/")[2]} if kind is Kind.PROGRAMME else set()
                yield ox.NamedNode(iri), names | notation
            elif named.code is not None:
                # Facets show the IRI of the place: it may be written too.
                yield ox.Literal(named.code), {*names, iri}

    def _iris(self, kind: Kind) -> list[str]:
        found: set[str] = set()
        for source in _FROM.get(kind, ()):
            resource, _, facet = source.partition(".")
            if facet:
                found.update(self._index.facet(resource, facet).choices)
            else:
                found.update(self._index.iris(resource))
        if kind in _SCHEMES:
            concepts = thesaurus().concepts
            found.update(one.iri for one in concepts if one.scheme == _SCHEMES[kind])
        if kind is Kind.PROGRAMME:
            found.update(self._index.programmes())
        return sorted(found)

    def _groups(self) -> frozenset[str]:
        mask = self._index.having("financers", "kind", _GROUP)
        iris = self._index.iris("financers")
        return frozenset(iri for iri, group in zip(iris, mask.tolist(), strict=True) if group)
