"""What an activity's page shows in tables: who takes part, who pays what, which sums are reported."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.language import Language
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.links import Link, best_names
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.terms import name_of_term
from coopdec_graph.service.values import amount, day

__all__ = ["Funding", "FundingRow", "Party", "SumRow", "funding_of", "parties_of", "sums_of"]


@dataclass(frozen=True, slots=True)
class Party:
    """One participation; `node` leads to its own page."""

    role: str
    member: Link
    place: str
    node: str | None


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One funding line; `line` leads to its own page. What could not be read is None."""

    financer: Link | None
    year: str | None
    amount: str | None
    line: str | None


@dataclass(frozen=True, slots=True)
class Funding:
    """The lines and the computed total, which is None when a line could not be read."""

    rows: tuple[FundingRow, ...]
    total: str | None


@dataclass(frozen=True, slots=True)
class SumRow:
    """A sum that a programme reports, in its own currency; `item` leads to its own page.

    `amount` is None where it could not be read. Sums of several kinds have no total.
    """

    kind: str
    amount: str | None
    day: str | None
    provider: Link | None
    receiver: Link | None
    item: str | None


def parties_of(
    queries: Queries, activity: ox.NamedNode, addresses: Addresses, language: Language
) -> tuple[Party, ...]:
    """The participations, by role and in the order of the page."""
    found = queries.rows("participations", entity=activity)
    roles = best_names(((_text(row["role"]), row["roleName"]) for row in found), language)
    parties: dict[str, tuple[int, int, Party]] = {}
    for row in found:
        node, role, member = (_text(row[name]) for name in ("participation", "role", "member"))
        name = Link(_text(row["name"]) or member, addresses.local(member), "fr")
        place = name_of_term(_text(row["country"]), language) or _text(row["printedCountry"])
        party = Party(roles.get(role, role), name, place, addresses.local(node))
        parties[node] = (_place(role), int(_text(row["rank"]) or 0), party)
    return tuple(party for _, _, party in sorted(parties.values(), key=lambda item: item[:2]))


def _place(role: str) -> int:
    """Partners first, the French side before the foreign one, then every other role."""
    partners = ("collectivite-francaise", "partenaire-etranger")
    name = role.rpartition("/")[2]
    return partners.index(name) if name in partners else len(partners)


def funding_of(
    queries: Queries, activity: ox.NamedNode, addresses: Addresses, language: Language
) -> Funding | None:
    """The funding lines in the order of the page; None for an activity without any."""
    found = {_text(row["line"]): row for row in queries.rows("funding", entity=activity)}
    if not found:
        return None
    lines = []
    for line, row in found.items():
        financer = _text(row["financer"])
        name = Link(_text(row["name"]) or financer, addresses.local(financer), "fr")
        paid = amount(_text(row["amount"]), language) if row["amount"] else None
        lines.append(
            FundingRow(
                name if financer else None, _text(row["year"]) or None, paid, addresses.local(line)
            )
        )
    total = queries.rows("total", entity=activity)
    return Funding(tuple(lines), amount(_text(total[0]["total"]), language) if total else None)


def sums_of(
    queries: Queries, activity: ox.NamedNode, addresses: Addresses, language: Language
) -> tuple[SumRow, ...]:
    """The sums of an activity of another programme than the Atlas, in the order of its source."""
    found = queries.rows("sums", entity=activity)
    kinds = best_names(((_text(row["kind"]), row["kindName"]) for row in found), language)
    items = {_text(row["item"]): row for row in found}
    return tuple(
        SumRow(
            kinds.get(_text(row["kind"]), ""),
            _sum(row["amount"], row["currency"], language),
            day(_text(row["day"]), language) if row["day"] else None,
            _body(row["provider"], row["providerName"], addresses),
            _body(row["receiver"], row["receiverName"], addresses),
            addresses.local(item),
        )
        for item, row in items.items()
    )


def _sum(value: Term | None, currency: Term | None, language: Language) -> str | None:
    if value is None:
        return None
    return amount(value.value, language, _text(currency).rpartition("/")[2])


def _body(iri: Term | None, name: Term | None, addresses: Addresses) -> Link | None:
    if iri is None:
        return None
    return Link(_text(name) or iri.value, addresses.local(iri.value), _tongue(name))


def _tongue(name: Term | None) -> str | None:
    return (name.language or None) if isinstance(name, ox.Literal) else None


def _text(term: Term | None) -> str:
    return "" if term is None else term.value
