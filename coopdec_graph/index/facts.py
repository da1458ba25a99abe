"""What the graph says of each resource's entities, and what follows: read once for the index.

Nothing is invented here: a département of a partnership is that of the place of a French
collectivity that takes part in it, a theme it has is one it names or a broader one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyoxigraph as ox

from coopdec_graph.graph.query import rows
from coopdec_graph.index.resources import Resource, resources
from coopdec_graph.language import LANGUAGES
from coopdec_graph.namespaces import PREFIXES

__all__ = ["Entities", "Label", "Links", "read_entities", "read_labels", "read_prose"]

# What a decimal may be (XML Schema 1.1, 3.3.3).
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII).fullmatch

# By entity, the values of one facet.
Links = dict[str, set[str]]

_ANY_ORGANISATION = PREFIXES["org"] + "Organization"


@dataclass(slots=True)
class Label:
    """The names of a thing: one in each language it has, all others, and its code."""

    preferred: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    code: str | None = None


@dataclass(slots=True)
class Entities:
    """The entities of a resource: their values by column, and their links by facet."""

    values: dict[str, dict[str, str]]
    links: dict[str, Links]


def read_labels(store: ox.Store) -> dict[str, Label]:
    """The names of all that has one, by IRI."""
    found: dict[str, Label] = defaultdict(Label)
    for row in sorted(rows(store, "index/labels"), key=repr):
        value, rank, name = row["value"], row["rank"], row["name"]
        assert value is not None and rank is not None and isinstance(name, ox.Literal)
        label = found[value.value]
        if rank.value == "2":
            label.code = label.code or name.value
        elif rank.value == "0" and name.language in LANGUAGES:
            label.preferred.setdefault(name.language, name.value)
        else:
            label.others.add(name.value)
    # Not ours, and so not declared in our ontology.
    found[_ANY_ORGANISATION].preferred |= {"fr": "Organisme", "en": "Organisation"}
    return dict(found)


def read_prose(store: ox.Store) -> dict[str, list[str]]:
    """The texts of each partnership."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(store, "index/partnerships_texts"):
        entity, text = row["entity"], row["text"]
        assert entity is not None and text is not None
        found[entity.value].append(text.value)
    return found


def read_entities(store: ox.Store) -> dict[str, Entities]:
    """The entities of every resource, by its name."""
    found = {resource.name: _read(store, resource) for resource in resources().values()}
    _themes(found)
    _places(found)
    _partnerships(found)
    _collectivities(found)
    _money(found)
    return found


def _read(store: ox.Store, resource: Resource) -> Entities:
    values: dict[str, dict[str, str]] = {}
    links: dict[str, Links] = defaultdict(lambda: defaultdict(set))
    linked = {column.link for column in resource.columns if column.type.linked}
    linked |= {filter.link for filter in resource.filters if filter.link} | set(resource.facets)
    # Sorted: of two values where one is expected, the same is kept each time.
    for row in sorted(rows(store, f"index/{resource.name}"), key=repr):
        cells = {name: term.value for name, term in row.items() if term is not None}
        entity = cells.pop("entity")
        values[entity] = {**cells, **values.get(entity, {})}
        for name in linked & cells.keys():
            links[name][entity].add(cells[name])
    # A line of funding says all it leads to in its row.
    for row in rows(store, f"index/{resource.name}_links") if resource.name != "funding" else ():
        cells = {name: term.value for name, term in row.items() if term is not None}
        if cells["entity"] in values:
            links[cells["facet"]][cells["entity"]].add(cells["value"])
    return Entities(values, links)


def _closed(above: Mapping[str, Iterable[str]], of: Iterable[str]) -> dict[str, set[str]]:
    """Each of these with all that is above it, itself too."""
    closed: dict[str, set[str]] = {}
    for start in of:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += above.get(one, ())
        closed[start] = found
    return closed


def _united(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


def _inverse(links: Mapping[str, Iterable[str]]) -> Links:
    found: Links = defaultdict(set)
    for one, others in links.items():
        for other in others:
            found[other].add(one)
    return found


def _counted(entities: Entities, name: str, counts: Mapping[str, set[str]]) -> None:
    """How many there are of each entity, as a value of it; none is 0."""
    for entity, values in entities.values.items():
        values[name] = str(len(counts.get(entity, ())))


def _themes(found: Mapping[str, Entities]) -> None:
    themes, partnerships = found["themes"], found["partnerships"]
    above = themes.links["broader"]
    themes.links["within"] = _closed(above, themes.values)
    themes.links["narrower"] = _inverse(above)
    for entity, values in themes.values.items():
        if "depth" in values:
            themes.links["depth"][entity] = {values["depth"]}
    within = themes.links["within"]
    subjects = partnerships.links["subject"]
    partnerships.links["theme"] = {
        entity: _united(within.get(theme, {theme}) for theme in own)
        for entity, own in subjects.items()
    }
    _counted(themes, "partnerships", _inverse(subjects))
    _counted(themes, "partnerships_below", _inverse(partnerships.links["theme"]))


def _places(found: Mapping[str, Entities]) -> None:
    """Where a body's place lies, the body lies."""
    places = found["places"]
    places.links["within"] = _closed(places.links["part_of"], places.values)
    for name in ("collectivities", "financers"):
        of_body = found[name].links["place"]
        for facet in ("within", "departement", "region"):
            found[name].links[facet] = _through(of_body, places.links[facet])


def _partnerships(found: Mapping[str, Entities]) -> None:
    partnerships, bodies = found["partnerships"], found["collectivities"]
    french, foreign = partnerships.links["french"], partnerships.links["foreign"]
    members = {
        entity: french.get(entity, set()) | foreign.get(entity, set())
        for entity in partnerships.values
    }
    partnerships.links["collectivity"] = members
    for facet, of, source in (
        ("departement", french, "departement"),
        ("region", french, "region"),
        ("place", members, "within"),
    ):
        partnerships.links[facet] = _through(of, bodies.links[source])
    _counted(found["places"], "partnerships", _inverse(partnerships.links["place"]))
    _counted(found["places"], "collectivities", _inverse(bodies.links["place"]))


def _collectivities(found: Mapping[str, Entities]) -> None:
    partnerships, bodies = found["partnerships"], found["collectivities"]
    of_body = _inverse(partnerships.links["collectivity"])
    _counted(bodies, "partnerships", of_body)
    for facet, source in (("partner_country", "country"), ("theme", "theme")):
        bodies.links[facet] = _through(of_body, partnerships.links[source])


def _money(found: Mapping[str, Entities]) -> None:
    """Lines lead to what their partnership leads to; sums count each line once."""
    partnerships, financers, funding = (found[n] for n in ("partnerships", "financers", "funding"))
    # Everything that pays is an organisation: another kind tells more.
    kinds = financers.links["kind"]
    for entity, own in kinds.items():
        kinds[entity] = own - {_ANY_ORGANISATION} or own
    of_line, payers = funding.links["partnership"], funding.links["financer"]
    for facet in ("country", "theme", "collectivity", "departement", "region", "status"):
        funding.links[facet] = _through(of_line, partnerships.links[facet])
    funding.links["financer_kind"] = _through(payers, kinds)
    partnerships.links["financer"] = _through(_inverse(of_line), payers)
    _summed(partnerships, funding, _inverse(of_line), total=None)
    paid = _inverse(payers)
    for entities in (financers, found["collectivities"]):
        _summed(entities, funding, paid, total="paid_euros")
    _counted(financers, "partnerships", _through(paid, of_line))
    for entity, values in financers.values.items():
        years = sorted(funding.values[line].get("year", "") for line in paid[entity])
        if any(years):
            values["first_year"], values["last_year"] = next(filter(None, years)), years[-1]


def _summed(entities: Entities, funding: Entities, lines: Links, total: str | None) -> None:
    """The number of each entity's lines, of those nobody could read, and what the others add up to."""
    for entity, values in entities.values.items():
        amounts = [funding.values[line].get("euros") for line in lines.get(entity, ())]
        read = [Decimal(amount) for amount in amounts if amount is not None and _NUMBER(amount)]
        values["lines"], values["unread_lines"] = str(len(amounts)), str(len(amounts) - len(read))
        if total is not None:
            values[total] = f"{sum(read, Decimal()):f}"


def _through(first: Mapping[str, set[str]], then: Mapping[str, set[str]]) -> Links:
    """What the things an entity leads to lead to."""
    return {entity: _united(then.get(one, set()) for one in own) for entity, own in first.items()}
