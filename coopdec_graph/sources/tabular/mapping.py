"""A mapping: what the columns of a list of projects are, as a file says it (`mapping_file`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from coopdec_graph.model import (
    ActivityDate,
    AgentKind,
    AllocationKind,
    Code,
    FundingKind,
    Role,
    SourceMetadata,
)
from coopdec_graph.sources.tabular.days import DayForm
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.tables import Layout

__all__ = [
    "TITLE",
    "AllocationFields",
    "TableMapping",
    "PartyFields",
    "PlaceFields",
    "SumFields",
    "TextField",
    "Values",
    "fields_of",
]

TITLE = "title"


@dataclass(frozen=True, slots=True)
class Values:
    """How values are written: forms of days, signs of numbers, words that stand for nothing."""

    days: tuple[DayForm, ...]
    decimal: str
    thousands: tuple[str, ...]
    nothing: frozenset[str]


@dataclass(frozen=True, slots=True)
class TextField:
    """A title (`TITLE`), or prose of a kind of Narrative."""

    kind: str
    field: Field


@dataclass(frozen=True, slots=True)
class PartyFields:
    """A body: `label` is what sums call it; without a role it is no participant."""

    label: str | None
    kind: AgentKind
    role: Role | Code | None
    name: Field | None
    reference: Field | None
    country: Field | None


@dataclass(frozen=True, slots=True)
class SumFields:
    """A sum; `provider` and `receiver` are labels of parties."""

    kind: FundingKind
    amount: Field
    currency: Field | None
    day: Field | None
    value_day: Field | None
    start: Field | None
    end: Field | None
    year: Field | None
    reference: Field | None
    description: Field | None
    provider: str | None
    receiver: str | None


@dataclass(frozen=True, slots=True)
class AllocationFields:
    """What the activity goes to: a code, or a label alone, of a list if we hold one."""

    kind: AllocationKind
    code: Field | None
    label: Field | None
    percentage: Field | None
    list: str | None
    vocabulary: Field | None
    vocabulary_uri: str | None


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """A place; `order` is that of the two numbers in the cell of `point`."""

    name: Field | None
    latitude: Field | None
    longitude: Field | None
    point: Field | None
    order: str
    code: Field | None
    code_type: Field | None


Group = PartyFields | SumFields | AllocationFields | PlaceFields


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping. `digest` is the SHA-256 of its file.

    `identifier` are the columns whose values together are the activity's own identifier. `ignored`
    and `personal` are names of columns that are not read; a row where one of `without_rows` is
    filled is left out whole.
    """

    digest: str
    metadata: SourceMetadata
    layout: Layout
    values: Values
    identifier: tuple[Field, ...]
    url: Field | None
    start_year: Field | None
    status: Field | None
    days: tuple[tuple[ActivityDate, Field], ...]
    texts: tuple[TextField, ...]
    parties: tuple[PartyFields, ...]
    sums: tuple[SumFields, ...]
    allocations: tuple[AllocationFields, ...]
    places: tuple[PlaceFields, ...]
    identifiers: tuple[Field, ...]
    ignored: tuple[str, ...]
    personal: tuple[str, ...]
    without_rows: tuple[str, ...]

    def groups(self) -> Iterator[tuple[Field, ...]]:
        """The fields that go together: of one party, sum, allocation, place, or on their own."""
        yield self.identifier
        alone = (self.url, self.start_year, self.status)
        for field in (*alone, *(field for _, field in self.days)):
            yield (field,) if field else ()
        yield from ((text.field,) for text in self.texts)
        yield from ((field,) for field in self.identifiers)
        groups: tuple[Group, ...] = (
            *self.parties,
            *self.sums,
            *self.allocations,
            *self.places,
        )
        yield from map(fields_of, groups)


def fields_of(group: Group) -> tuple[Field, ...]:
    """The fields of a group that the mapping gives."""
    held = (getattr(group, one.name) for one in fields(group))
    return tuple(field for field in held if isinstance(field, Field))
