"""The second witness of a foreign place: its number in GeoNames, which items of Wikidata bear too.

A name that a single place of GeoNames bears has a number. Where the item that bears the number is
the one found by name, two sources agree; where it is another, a person decides. Where no item has
the name, the number alone may find it. Last, an accepted item gets the place it is: the one of
our tables if number or distance say so, else one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coopdec_graph.graph.distance import great_circle_km
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.asking import Unasked
from coopdec_graph.linking.decisions import Candidate, Decision, Kind, NameQuery, Outcome, filled
from coopdec_graph.linking.names import key_of, parsed
from coopdec_graph.linking.said import as_people_said
from coopdec_graph.linking.wikidata import Described, Facts, Wikidata
from coopdec_graph.reference.places import Place, place_with_key

__all__ = ["Numbers", "stands_alone"]

_DISAGREE = Bilingual(
    "Le nom mène à {qid}, le numéro GeoNames {number} de ce nom à {other} : une personne doit choisir.",
    "The name leads to {qid}, the GeoNames number {number} of that name to {other}: a person must choose.",
)
_UNHEARD = Bilingual("Non demandé : {reason}.", "Not asked: {reason}.")
_ELSEWHERE = Bilingual(
    "Une personne a choisi {key} ; rien ne dit que {qid}, qui porte ce nom, est ce lieu.",
    "A person chose {key}; nothing says that {qid}, which bears this name, is that place.",
)
_BY_NUMBER = Bilingual(
    "Aucun élément ne porte ce nom, mais {qid} est le seul à porter le numéro GeoNames {number} de « {name} », seul lieu de ce nom dans ce pays.",
    "No item bears this name, but {qid} is the only one with the GeoNames number {number} of “{name}”, the only place of this name in the country.",
)
# An item is the place of a table that bears its name if it is no further from it.
_NEAR_KM = 25.0
_BY_NUMBER_SCORE = 0.9
# Without Wikidata a bare name is taken for the town of that name if it has so many inhabitants: there
# may be hamlets of that name that GeoNames does not list. Measured: docs/link-names.md.
_TOWN = 15_000
_KINDS = {
    "settlement": frozenset({"settlement", "municipality", "admin"}),
    "subdivision": frozenset({"first", "second", "municipality", "admin"}),
}


@dataclass(frozen=True, slots=True)
class _Witness:
    """What Wikidata has of the numbers and of the items accepted by name; silent if it was not
    asked."""

    items: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    described: Mapping[str, Described] = field(default_factory=dict)
    countries: Mapping[str, Sequence[str]] = field(default_factory=dict)
    silent: bool = True


class Numbers:
    def __init__(self, wikidata: Wikidata) -> None:
        self._wikidata = wikidata

    def heard(
        self,
        decisions: Mapping[NameQuery, Decision],
        places: Mapping[NameQuery, Place],
        countries: Mapping[str, Sequence[str]],
    ) -> dict[NameQuery, Decision]:
        """The decisions on foreign names after the second witness.

        `places` are of GeoNames, `countries` the items of countries by ISO code. A link that the
        witness could not be asked about is not made: it might have spoken against it.
        """
        try:
            witness = replace(self._witness(decisions, places), countries=countries)
        except Unasked as error:
            witness = _Witness()
            decisions = {query: _unheard(one, error) for query, one in decisions.items()}
        return {
            query: _placed(
                _judged(decision, places.get(query), witness), places.get(query), witness
            )
            for query, decision in decisions.items()
        }

    def _witness(
        self, decisions: Mapping[NameQuery, Decision], places: Mapping[NameQuery, Place]
    ) -> _Witness:
        numbers = {str(place.geonames) for place in places.values()}
        coded = self._wikidata.coded("geonames", numbers)
        chosen = {query.item for query in decisions if query.item}
        facts = self._wikidata.facts({item.qid for item in coded} | chosen)
        items: dict[int, set[str]] = {}
        for item in coded:
            fact = facts.get(item.qid)
            if fact is None or not fact.is_over:
                followed = fact.merged if fact is not None and fact.merged else item.qid
                items.setdefault(int(item.code), set()).add(followed)
        found = {number: tuple(sorted(qids)) for number, qids in items.items()}
        accepted = {one.qid for one in decisions.values() if one.qid}
        accepted |= {qid for qids in found.values() for qid in qids if len(qids) == 1}
        return _Witness(found, facts, self._wikidata.described(accepted), silent=False)


def _unheard(decision: Decision, error: Unasked) -> Decision:
    """A link of the rules is unasked like the rest; what a person chose stands."""
    if decision.outcome is not Outcome.ACCEPTED or decision.query.item:
        return decision
    reason = filled(_UNHEARD, reason=error.reason)
    return replace(
        decision,
        outcome=Outcome.UNASKED,
        method="unasked",
        reason=reason,
        qid=None,
        confidence=0.0,
        candidates=(),
    )


def _judged(decision: Decision, place: Place | None, witness: _Witness) -> Decision:
    """The decision on the item, once the items that bear the number of the name are known."""
    borne = witness.items.get(place.geonames or 0, ()) if place is not None else ()
    items = tuple(qid for qid in borne if qid not in decision.query.refused)
    if place is None or not items:
        return decision
    if decision.outcome is Outcome.ACCEPTED:
        if decision.qid in items:
            features = {**decision.features, "geonames": "agrees"}
            return replace(decision, features=features, place=place)
        return decision if decision.query.item else _disagreeing(decision, place, items)
    open_name = decision.outcome is Outcome.NIL and decision.method == "none"
    if len(items) == 1 and (open_name or decision.query.place):
        return as_people_said(_by_number(decision, place, items[0], witness))
    if decision.outcome is Outcome.REVIEW:
        return replace(decision, features={**decision.features, "geonames": ", ".join(items)})
    return decision


def _disagreeing(decision: Decision, place: Place, items: Iterable[str]) -> Decision:
    met = {one.qid for one in decision.candidates}
    others = tuple(
        Candidate(qid, place.name, (), decision.confidence / 2) for qid in items if qid not in met
    )
    values = {"qid": decision.qid, "number": place.geonames, "other": ", ".join(items)}
    return replace(
        decision,
        outcome=Outcome.REVIEW,
        method="number-disagrees",
        reason=filled(_DISAGREE, **values),
        qid=None,
        confidence=round(decision.confidence / 2, 3),
        features={**decision.features, "geonames": "disagrees"},
        candidates=(*decision.candidates, *others),
    )


def _by_number(decision: Decision, place: Place, qid: str, witness: _Witness) -> Decision:
    described = witness.described.get(qid, Described((), None))
    if described.point is not None and place.point is not None and not _is_near(place, described):
        # It bears the number of another place.
        return decision
    facts = witness.facts.get(qid)
    kinds = facts.kinds if facts is not None else frozenset()
    country = witness.countries.get(place.country, ())
    if facts is None or not kinds & _KINDS[place.level] or not facts.countries & set(country):
        return decision
    reason = filled(_BY_NUMBER, qid=qid, number=place.geonames, name=place.name)
    return replace(
        decision,
        outcome=Outcome.ACCEPTED,
        method="geonames-id",
        reason=reason,
        qid=qid,
        confidence=_BY_NUMBER_SCORE,
        features={"geonames": place.geonames or 0, "name": "of GeoNames"},
        candidates=(Candidate(qid, place.name, tuple(sorted(kinds)), _BY_NUMBER_SCORE),),
        place=place,
    )


def _placed(decision: Decision, meant: Place | None, witness: _Witness) -> Decision:
    """The decision with the place that its item is; without an item, with the place of its name."""
    if decision.qid is None:
        alone = decision.outcome is Outcome.UNASKED and stands_alone(meant, decision.sought)
        return replace(decision, place=meant) if alone or decision.query.place else decision
    described = witness.described.get(decision.qid, Described((), None))
    if decision.query.place and meant is not None and not decision.query.item:
        return _beside_a_chosen_place(decision, meant, described)
    chosen = meant if decision.query.place else None
    place = chosen or decision.place or _of_table(decision, meant, described)
    place = place or _of_item(decision, described, witness.facts.get(decision.qid))
    if place.point is None and described.point is not None:
        place = replace(place, point=described.point, located_by=decision.qid)
    return replace(decision, place=place)


def _beside_a_chosen_place(decision: Decision, chosen: Place, described: Described) -> Decision:
    """The place that a person chose, with the item of the rules only if it is that place."""
    same = chosen.geonames in described.geonames if described.geonames else False
    if same or decision.place == chosen or _is_near(chosen, described):
        return replace(decision, place=chosen)
    return replace(
        decision,
        outcome=Outcome.REVIEW,
        method="place-chosen",
        reason=filled(_ELSEWHERE, key=chosen.key, qid=decision.qid),
        qid=None,
        confidence=round(decision.confidence / 2, 3),
        place=chosen,
    )


def stands_alone(place: Place | None, sought: Kind | None) -> bool:
    """Whether the one place of GeoNames that bears a name is meant, as far as the tables can tell."""
    if place is None:
        return False
    if place.level == "settlement":
        return (place.population or 0) >= _TOWN
    return sought is Kind.SUBDIVISION


def _of_table(decision: Decision, meant: Place | None, described: Described) -> Place | None:
    """The place of GeoNames whose number the item bears, or that lies where the item does.

    A number may be wrong: its place must lie where the item does or, where that is not known, bear
    the same name. Of an item that a person chose it is never a place that a person ruled out.
    """
    query = decision.query
    country = query.iso2.strip().lower()
    for number in described.geonames:
        place = place_with_key(f"{country}/geonames/{number}")
        ruled_out = place is not None and query.item and place.key in query.refused
        if place is not None and not ruled_out and _is_same(place, decision, described):
            return place
    return meant if meant is not None and _is_near(meant, described) else None


def _is_near(place: Place, described: Described) -> bool:
    if place.point is None or described.point is None:
        return False
    return great_circle_km(place.point[::-1], described.point[::-1]) <= _NEAR_KM


def _is_same(place: Place, decision: Decision, described: Described) -> bool:
    if place.point is not None and described.point is not None:
        return _is_near(place, described)
    names = {form.key for form in parsed(decision.query.name).forms}
    names |= {key_of(one.name) for one in decision.candidates if one.qid == decision.qid}
    return key_of(place.name) in names


def _of_item(decision: Decision, described: Described, facts: Facts | None) -> Place:
    """A place that only Wikidata knows: its item is its identity."""
    country = decision.query.iso2.strip().upper()
    met = next(one for one in decision.candidates if one.qid == decision.qid)
    number = described.geonames[0] if len(described.geonames) == 1 else None
    key = f"{country.lower()}/wikidata/{decision.qid}"
    kinds = frozenset(met.kinds) or (facts.kinds if facts is not None else frozenset())
    level = _level(decision.sought, kinds)
    return Place(key, met.name, level, country, geonames=number)


def _level(sought: Kind | None, kinds: frozenset[str]) -> str:
    if sought in (Kind.MUNICIPALITY, Kind.SUBDIVISION):
        return sought.value
    if "municipality" in kinds:
        return "municipality"
    return "settlement" if "settlement" in kinds or not kinds else "subdivision"
