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
    "ActivityDate",
    "ActivityKind",
    "Agent",
    "AgentKind",
    "Allocation",
    "AllocationKind",
    "Classification",
    "Code",
    "FinancialItem",
    "FundingKind",
    "FundingLine",
    "Levy",
    "Location",
    "Narrative",
    "OtherIdentifier",
    "Participation",
    "RelatedActivity",
    "Role",
    "SecondaryTheme",
    "SourceMetadata",
    "SourcePage",
    "Text",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its language (BCP 47), None where the source does not say it."""

    value: str
    language: str | None = "fr"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list that others keep, as printed.

    `list` is the name of our mirror of that list (`dac`, `iati-aid-type`); None when we hold no
    list that has the code. `vocabulary` is the list's code where the source names it by one,
    `vocabulary_uri` its address; `labels` are what the source prints beside the code.
    """

    value: str
    list: str | None = None
    vocabulary: str | None = None
    vocabulary_uri: str | None = None
    labels: tuple[Text, ...] = ()


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


class ActivityDate(StrEnum):
    """The dates of an activity, by the property that carries each (IATI ActivityDateType 1 to 4)."""

    PLANNED_START = "plannedStart"
    ACTUAL_START = "actualStart"
    PLANNED_END = "plannedEnd"
    ACTUAL_END = "actualEnd"


class Classification(StrEnum):
    """What kind of aid an activity or a sum is, by the property that says it (IATI code lists)."""

    ACTIVITY_SCOPE = "activityScope"
    COLLABORATION_TYPE = "collaborationType"
    FLOW_TYPE = "flowType"
    FINANCE_TYPE = "financeType"
    AID_TYPE = "aidType"
    TIED_STATUS = "tiedStatus"
    BUDGET_TYPE = "budgetType"
    BUDGET_STATUS = "budgetStatus"
    DISBURSEMENT_CHANNEL = "disbursementChannel"


class AllocationKind(StrEnum):
    """What an activity or a sum is attributed to; notations of the scheme allocation-kind."""

    SECTOR = "sector"
    RECIPIENT_COUNTRY = "recipient-country"
    RECIPIENT_REGION = "recipient-region"
    POLICY_MARKER = "policy-marker"
    TAG = "tag"
    HUMANITARIAN_SCOPE = "humanitarian-scope"


class FundingKind(StrEnum):
    """What a sum is, in its programme; notations of the scheme funding-kind (ontology/schemes.ttl).

    ANNOUNCED is a sum that a page prints without saying whether it is planned, committed or paid.
    From INCOMING_FUNDS on they are IATI's transaction types, 1 to 13, in their order.
    """

    ANNOUNCED = "announced"
    BUDGET = "budget"
    PLANNED_DISBURSEMENT = "planned-disbursement"
    INCOMING_FUNDS = "incoming-funds"
    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    EXPENDITURE = "expenditure"
    INTEREST_PAYMENT = "interest-payment"
    LOAN_REPAYMENT = "loan-repayment"
    REIMBURSEMENT = "reimbursement"
    PURCHASE_OF_EQUITY = "purchase-of-equity"
    SALE_OF_EQUITY = "sale-of-equity"
    CREDIT_GUARANTEE = "credit-guarantee"
    INCOMING_COMMITMENT = "incoming-commitment"
    OUTGOING_PLEDGE = "outgoing-pledge"
    INCOMING_PLEDGE = "incoming-pledge"


class Narrative(StrEnum):
    """The prose of an activity, by the property that carries it (ontology/coopdec.ttl)."""

    CONTEXT = "context"
    HISTORY = "history"
    OBJECTIVE = "objective"
    LOCAL_OBJECTIVE = "localObjective"
    OBJECTIVE_IN_FRANCE = "objectiveInFrance"
    DESCRIPTION = "description"
    BENEFICIARIES = "beneficiaries"
    OTHER_DESCRIPTION = "otherDescription"


@dataclass(frozen=True, slots=True)
class Agent:
    """A body, or a heading that stands for bodies the source does not name (FINANCER_GROUP).

    `country` is an ISO 3166-1 alpha-2 code, absent when the printed country is unknown.
    `reference` is the organisation identifier that the source gives (org-id.guide), `type` its
    kind in IATI's list OrganisationType. A body that the source names by a reference alone has
    that reference as its name, and no language.
    """

    kind: AgentKind
    name: str
    country: str | None = None
    printed_country: str | None = None
    language: str | None = "fr"
    reference: str | None = None
    type: Code | None = None
    other_names: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Participation:
    """An agent in a role, ours or one of IATI's; `rank` is its place in the source's list, from 1.

    `activity` is the identifier that this activity has with the agent, `channel` the agent's CRS
    channel code.
    """

    agent: Agent
    role: Role | Code
    rank: int
    activity: str | None = None
    channel: Code | None = None


@dataclass(frozen=True, slots=True)
class Levy:
    """A cell of one of the three columns headed "Montant 1% Eau": `column` is 1, 2 or 3."""

    column: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FundingLine:
    """One row of funding as a page announces it, in euros (FundingKind.ANNOUNCED).

    What could not be read is None, and `printed` holds the row.
    """

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
class Allocation:
    """What an activity or a sum goes to: a sector, a country, a tag…, with its share in percent.

    `rank` counts from 1 within one activity or sum; `significance` is that of a policy marker,
    `type` that of a humanitarian scope.
    """

    kind: AllocationKind
    rank: int
    code: Code
    percentage: Decimal | None = None
    significance: Code | None = None
    type: Code | None = None


@dataclass(frozen=True, slots=True)
class FinancialItem:
    """A sum that a programme reports: a budget, a planned disbursement or a transaction.

    `rank` counts from 1 over the activity's items. `currency` is an ISO 4217 code, None where the
    source gives none. `start` and `end` are the period of a budget or planned disbursement, `day`
    the day of a transaction, `value_date` the day the amount's value is of. The money comes from
    and goes to activities by their identifiers. What is unread is None, `printed` holds the text.
    """

    kind: FundingKind
    rank: int
    amount: Decimal | None
    currency: str | None
    value_date: date | None = None
    start: date | None = None
    end: date | None = None
    day: date | None = None
    provider: Agent | None = None
    receiver: Agent | None = None
    reference: str | None = None
    descriptions: tuple[Text, ...] = ()
    classifications: tuple[tuple[Classification, Code], ...] = ()
    allocations: tuple[Allocation, ...] = ()
    printed: str | None = None
    provider_activity: str | None = None
    receiver_activity: str | None = None
    humanitarian: bool | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place of an activity; `gazetteer` are codes by the gazetteer's letter (`G1`: GeoNames).

    `latitude` and `longitude` are degrees of WGS 84, as printed.
    """

    rank: int
    names: tuple[Text, ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    gazetteer: tuple[tuple[str, str], ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class OtherIdentifier:
    """Another identifier of the activity; `type` is of IATI's list OtherIdentifierType."""

    value: str
    type: Code | None = None
    owner: Agent | None = None


@dataclass(frozen=True, slots=True)
class RelatedActivity:
    """An activity of the same programme, by its identifier; `type` as IATI's RelatedActivityType."""

    identifier: str
    type: Code


@dataclass(frozen=True, slots=True)
class SourceMetadata:
    """Who publishes a programme, and on what terms; written into the provenance graph.

    What each page has of its own (SourcePage) is None here. `labels` are the names, in French and in
    English, of a programme that the scheme of programmes does not have.
    """

    programme: str
    title: str
    publisher: str | None
    licence: str | None
    attribution: str | None
    labels: tuple[Text, ...] = ()

    @property
    def body(self) -> Agent | None:
        """The publisher as a body; a programme's publisher is a public organisation."""
        return Agent(AgentKind.PUBLIC_ORGANISATION, self.publisher) if self.publisher else None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Where an activity was read: `identifier` is the programme's own, `digest` a SHA-256.

    `publisher` and `licence` (an IRI) are this page's own, where the programme has no common ones.
    """

    name: str
    digest: str
    identifier: str | None = None
    url: str | None = None
    captured: datetime | None = None
    publisher: Agent | None = None
    licence: str | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A partnership, project or grant; `linked_data` is where its reporter has it as linked data."""

    programme: str
    source: SourcePage
    kind: ActivityKind = ActivityKind.ACTIVITY
    titles: tuple[Text, ...] = ()
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
    narratives: Mapping[Narrative, tuple[Text, ...]] = field(default_factory=dict)
    communication_in_france: bool | None = None
    communication_in_partner_countries: bool | None = None
    evaluation_undertaken: bool | None = None
    volunteer_count: int | None = None
    foreign_contact_count: int | None = None
    foreign_contact_functions: tuple[str, ...] = ()
    reporter: Agent | None = None
    secondary_reporter: bool | None = None
    dates: Mapping[ActivityDate, date] = field(default_factory=dict)
    classifications: tuple[tuple[Classification, Code], ...] = ()
    allocations: tuple[Allocation, ...] = ()
    items: tuple[FinancialItem, ...] = ()
    locations: tuple[Location, ...] = ()
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    related: tuple[RelatedActivity, ...] = ()
    date_notes: tuple[tuple[ActivityDate, Text], ...] = ()
    humanitarian: bool | None = None
    hierarchy: int | None = None
    linked_data: str | None = None

    @property
    def title(self) -> str | None:
        """The first title, in whatever language the source puts first."""
        return self.titles[0].value if self.titles else None

    def agents(self) -> tuple[Agent, ...]:
        """Every agent the activity names, once, in order of first appearance."""
        named: list[Agent | None] = [participation.agent for participation in self.participations]
        named += [line.financer for line in self.funding if line.financer]
        named += [self.reporter, self.source.publisher]
        named += [agent for item in self.items for agent in (item.provider, item.receiver)]
        named += [identifier.owner for identifier in self.other_identifiers]
        return tuple(dict.fromkeys(agent for agent in named if agent is not None))

    def members(self, role: Role) -> tuple[Agent, ...]:
        return tuple(p.agent for p in self.participations if p.role is role)
