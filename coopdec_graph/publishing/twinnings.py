"""The twinnings of a release, as its graph has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pyoxigraph as ox

from coopdec_graph.graph.query import Term, rows
from coopdec_graph.linking.twinnings import Page, Party, Record
from coopdec_graph.namespaces import SCHEME, WIKIDATA

__all__ = ["french_items", "twinning_records"]

_FRENCH, _FOREIGN = (
    str(SCHEME["role/collectivite-francaise"]),
    str(SCHEME["role/partenaire-etranger"]),
)
_OVER = str(SCHEME["status/termine"])
_ITEM = re.compile(re.escape(str(WIKIDATA)) + r"(Q[1-9][0-9]{0,11})")
_YEAR = re.compile(r"[0-9]{4}")

_Row = Mapping[str, Term | None]


def twinning_records(store: ox.Store) -> list[Record]:
    """Every partnership whose form is a twinning, in the order of their IRIs."""
    facts = _grouped(rows(store, "twinning_records"))
    parties = _grouped(rows(store, "twinnings"))
    return [_record(iri, about, parties.get(iri, ())) for iri, about in sorted(facts.items())]


def french_items(store: ox.Store) -> dict[str, str]:
    """The items of the places of French bodies, whatever their partnerships; a name of each."""
    found = ((_qid(row["item"]), _text(row["name"])) for row in rows(store, "french_items"))
    return {qid: name for qid, name in found if qid is not None}


def _grouped(found: Iterable[_Row]) -> dict[str, list[_Row]]:
    groups: dict[str, list[_Row]] = {}
    for row in found:
        groups.setdefault(_text(row["partnership"]), []).append(row)
    return groups


def _record(iri: str, facts: Iterable[_Row], parties: Iterable[_Row]) -> Record:
    facts, parties = list(facts), list(parties)
    years = {_text(row["since"]) for row in facts if row["since"] is not None}
    year = years.pop() if len(years) == 1 else ""
    return Record(
        iri,
        _parties(parties, _FRENCH),
        _parties(parties, _FOREIGN),
        int(year) if _YEAR.fullmatch(year) else None,
        any(_text(row["status"]) == _OVER for row in facts),
        _page(facts),
    )


def _parties(found: Iterable[_Row], role: str) -> tuple[Party, ...]:
    bodies: dict[str, list[_Row]] = {}
    for row in found:
        if _text(row["role"]) == role:
            bodies.setdefault(_text(row["body"]), []).append(row)
    return tuple(_party(bodies[iri]) for iri in sorted(bodies))


def _party(about: Iterable[_Row]) -> Party:
    about = list(about)
    items = sorted({qid for row in about if (qid := _qid(row["item"])) is not None})
    # A body that no item is known of goes by its own name: its place says nothing to Wikidata.
    name = "placeName" if items and about[0]["placeName"] is not None else "name"
    return Party(_text(about[0][name]), tuple(items))


def _page(facts: Iterable[_Row]) -> Page | None:
    """The page consulted last, if a record has several."""
    pages = [
        Page(_text(row["address"]), _day(row["captured"]))
        for row in facts
        if row["address"] is not None
    ]
    return max(pages, key=lambda page: (page.consulted or date.min, page.address), default=None)


def _day(captured: Term | None) -> date | None:
    """The day of a capture where it was made, as the page's attribution names it."""
    try:
        return datetime.fromisoformat(_text(captured)).date()
    except ValueError:
        return None


def _qid(term: Term | None) -> str | None:
    found = _ITEM.fullmatch(_text(term))
    return None if found is None else found[1]


def _text(term: Term | None) -> str:
    return "" if term is None else term.value
