"""The bodies of a row, and what part they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_graph.model import Agent, AgentKind, Participation
from coopdec_graph.privacy import is_contact, scrub
from coopdec_graph.sources.tabular.lists import country_of
from coopdec_graph.sources.tabular.mapping import PartyFields, fields_of
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.row import RowCells

__all__ = ["Parties", "read_parties"]

_FRENCH = "FR"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part, and each body that a mapping gives a label, by the label."""

    participations: tuple[Participation, ...]
    by_label: dict[str, tuple[Agent, ...]]

    def only(self, label: str | None) -> Agent | None:
        """The body of a label; None where it has several: a sum does not say how they share it."""
        agents = self.by_label.get(label, ()) if label is not None else ()
        return agents[0] if len(agents) == 1 else None


def read_parties(row: RowCells, groups: tuple[PartyFields, ...]) -> Parties:
    participations: list[Participation] = []
    by_label: dict[str, tuple[Agent, ...]] = {}
    for group in groups:
        agents = tuple(dict.fromkeys(_agents(row, group)))
        if group.label is not None:
            by_label[group.label] = agents
        if group.role is not None:
            first = len(participations) + 1
            participations += [
                Participation(agent, group.role, rank) for rank, agent in enumerate(agents, first)
            ]
    return Parties(tuple(participations), by_label)


def _agents(row: RowCells, group: PartyFields) -> Iterator[Agent]:
    for number in row.columns.numbers(fields_of(group)):
        names = row.names(group.name, number)
        references = row.words(group.reference, number)
        country, printed = _country(row, group.country, number)
        if names and references and len(names) != len(references):
            assert group.reference is not None
            row.note("table-lists-differ", group.reference, None, number)
            references = []
        for position in range(max(len(names), len(references))):
            name = names[position] if names else None
            reference = references[position] if references else None
            if name is None and group.reference is not None and is_contact(reference or ""):
                row.note("table-value-personal", group.reference, None, number)
                continue
            yield _agent(group, name, reference, country, printed)


def _agent(
    group: PartyFields,
    name: str | None,
    reference: str | None,
    country: str | None,
    printed: str | None,
) -> Agent:
    """A body that has a reference alone is named by it, in no language."""
    language = group.name.language if group.name and name else None
    if group.kind is AgentKind.FRENCH_COLLECTIVITY:
        # The graph says so of each: its name is French, and so is it.
        language, country = "fr", country or _FRENCH
    # A country that is not known is printed in the language of the name, if that is known.
    shown = printed if language else None
    return Agent(group.kind, name or reference or "", country, shown, language, reference)


def _country(
    row: RowCells, field: Field | None, number: int | None
) -> tuple[str | None, str | None]:
    """The code of a country; where it is unknown, the country as printed."""
    printed = row.printed(field, number)
    if printed is None or field is None:
        return None, None
    found = country_of(row.translated(printed, field))
    if found is None:
        row.note("table-country-unknown", field, printed, number)
        return None, scrub(printed)
    return _FRENCH if found.is_french else found.alpha2, None
