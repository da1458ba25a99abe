"""One Atlas page as printed: every field, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from coopdec_graph.sources.atlas.funding import PrintedFunding

__all__ = ["AtlasRecord", "PrintedPartner", "PrintedTheme"]


@dataclass(frozen=True, slots=True)
class PrintedPartner:
    """A row of the foreign partners' table. `country` is the printed name, absent if unknown."""

    name: str
    country: str | None
    country_known: bool = True


@dataclass(frozen=True, slots=True)
class PrintedTheme:
    """A row of the other themes' table: labels from the top down, and a rank of importance."""

    labels: tuple[str, ...]
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class AtlasRecord:
    """What a page says. An absent value is None or empty: the page does not say."""

    title: str | None = None
    diplomatic_post: str | None = None
    contact_functions: tuple[str, ...] = ()
    first_agreement_year: int | None = None
    start_year: int | None = None
    end_date: date | None = None
    declared_status: str | None = None
    main_theme: tuple[str, ...] = ()
    secondary_themes: tuple[PrintedTheme, ...] = ()
    form: str | None = None
    duration_scheme: str | None = None
    project_owners: tuple[str, ...] = ()
    project_managers: tuple[str, ...] = ()
    foreign_partners: tuple[PrintedPartner, ...] = ()
    french_partners: tuple[str, ...] = ()
    funding: tuple[PrintedFunding, ...] = ()
    prose: Mapping[str, str] = field(default_factory=dict)
    communication_in_france: bool | None = None
    communication_in_partner_countries: bool | None = None
    evaluation_undertaken: bool | None = None
    foreign_contact_count: int | None = None
    foreign_contact_functions: tuple[str, ...] = ()
    volunteer_count: int | None = None

    def to_dict(self) -> dict[str, object]:
        """The record for JSON: stable keys, dates in ISO 8601, sums as numbers in euros."""
        facts = asdict(self)
        facts["end_date"] = self.end_date.isoformat() if self.end_date else None
        facts["funding"] = [line.to_dict() for line in self.funding]
        facts["foreign_partners"] = [
            {"name": partner.name, "country": partner.country} for partner in self.foreign_partners
        ]
        facts["prose"] = dict(self.prose)
        return facts
