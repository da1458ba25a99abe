"""The domain, whatever programme it comes from: activities, who takes part, who pays what.

Values are as the source prints them, or absent. Nothing here knows RDF or a page's layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from coopdec_graph.vocabulary import Concept

__all__ = [
    "Activity",
    "ActivityKind",
    "Agent",
    "AgentKind",
    "FundingLine",
    "Levy",
    "Narrative",
    "Participation",
    "Role",
    "SecondaryTheme",
    "SourcePage",
]


class ActivityKind(StrEnum):
    """What an activity is called in its programme; the local name of its class."""

    ACTIVITY = "Activity"
    PARTNERSHIP = "Partnership"


class AgentKind(StrEnum):
    FRENCH_COLLECTIVITY = "french-collectivity"
    FOREIGN_COLLECTIVITY = "foreign-collectivity"
    PUBLIC_ORGANISATION = "public-organisation"
    ORGANISATION = "organisation"
    FINANCER_GROUP = "financer-group"


class Role(StrEnum):
    """Notations of the role scheme (ontology/schemes.ttl)."""

    FRENCH_COLLECTIVITY = "collectivite-francaise"
    FOREIGN_PARTNER = "partenaire-etranger"
    PROJECT_OWNER = "maitre-d-ouvrage"
    PROJECT_MANAGER = "maitre-d-oeuvre"


class Narrative(StrEnum):
    """The prose of an activity, by the property that carries it (ontology/coopdec.ttl)."""

    CONTEXT = "context"
    HISTORY = "history"
    OBJECTIVE = "objective"
    LOCAL_OBJECTIVE = "localObjective"
    OBJECTIVE_IN_FRANCE = "objectiveInFrance"
    DESCRIPTION = "description"
    BENEFICIARIES = "beneficiaries"


@dataclass(frozen=True, slots=True)
class Agent:
    """A body, or a heading that stands for bodies the source does not name (FINANCER_GROUP).

    `country` is an ISO 3166-1 alpha-2 code, absent when the printed country is unknown.
    """

    kind: AgentKind
    name: str
    country: str | None = None
    printed_country: str | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """An agent in a role; `rank` is its place in the source's list, from 1."""

    agent: Agent
    role: Role
    rank: int


@dataclass(frozen=True, slots=True)
class Levy:
    """A cell of one of the three columns headed "Montant 1% Eau": `column` is 1, 2 or 3."""

    column: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FundingLine:
    """One row of funding, in euros. What could not be read is None, and `printed` holds the row."""

    rank: int
    financer: Agent | None
    year: int | None
    amount: Decimal | None
    levies: tuple[Levy, ...] = ()
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class SecondaryTheme:
    rank: int
    theme: Concept
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Where an activity was read: `identifier` is the programme's own, `digest` a SHA-256."""

    name: str
    digest: str
    identifier: str | None = None
    url: str | None = None
    captured: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A partnership, project or grant of one programme."""

    programme: str
    source: SourcePage
    kind: ActivityKind = ActivityKind.ACTIVITY
    title: str | None = None
    first_agreement_year: int | None = None
    start_year: int | None = None
    end_date: date | None = None
    declared_status: Concept | None = None
    form: Concept | None = None
    duration_scheme: Concept | None = None
    main_theme: Concept | None = None
    secondary_themes: tuple[SecondaryTheme, ...] = ()
    diplomatic_post: str | None = None
    contact_functions: tuple[str, ...] = ()
    participations: tuple[Participation, ...] = ()
    funding: tuple[FundingLine, ...] = ()
    narratives: Mapping[Narrative, str] = field(default_factory=dict)
    communication_in_france: bool | None = None
    communication_in_partner_countries: bool | None = None
    evaluation_undertaken: bool | None = None
    volunteer_count: int | None = None
    foreign_contact_count: int | None = None
    foreign_contact_functions: tuple[str, ...] = ()

    def agents(self) -> tuple[Agent, ...]:
        """Every agent the activity names, once, in order of first appearance."""
        named = [participation.agent for participation in self.participations]
        named += [line.financer for line in self.funding if line.financer]
        return tuple(dict.fromkeys(named))

    def members(self, role: Role) -> tuple[Agent, ...]:
        return tuple(p.agent for p in self.participations if p.role is role)
