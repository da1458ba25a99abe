"""From what a page prints to the programme-neutral model: who is who, which concept is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coopdec_graph.countries import country_named
from coopdec_graph.model import (
    Activity,
    ActivityKind,
    Agent,
    AgentKind,
    FundingLine,
    Levy,
    Narrative,
    Participation,
    Role,
    SecondaryTheme,
    SourcePage,
    Text,
)
from coopdec_graph.namespaces import matching_key
from coopdec_graph.sources.atlas.funding import PrintedFunding
from coopdec_graph.sources.atlas.record import AtlasRecord, PrintedPartner
from coopdec_graph.sources.atlas.settings import PROGRAMME, atlas_settings
from coopdec_graph.vocabulary import Concept, thesaurus

__all__ = ["concept_path", "interpret"]

_NARRATIVES = {
    "context": Narrative.CONTEXT,
    "history": Narrative.HISTORY,
    "objective": Narrative.OBJECTIVE,
    "local_objective": Narrative.LOCAL_OBJECTIVE,
    "objective_in_france": Narrative.OBJECTIVE_IN_FRANCE,
    "description": Narrative.DESCRIPTION,
    "beneficiaries": Narrative.BENEFICIARIES,
}


def interpret(record: AtlasRecord, source: SourcePage) -> Activity:
    """The activity a record describes. Nothing is added: absent stays absent."""
    cast = _Cast(record)
    return Activity(
        programme=PROGRAMME,
        source=source,
        kind=ActivityKind.PARTNERSHIP,
        titles=() if record.title is None else (Text(record.title),),
        first_agreement_year=record.first_agreement_year,
        start_year=record.start_year,
        end_date=record.end_date,
        declared_status=_concept("status", record.declared_status),
        form=_concept("form", record.form),
        duration_scheme=_concept("duration", record.duration_scheme),
        main_theme=concept_path("theme", record.main_theme),
        secondary_themes=tuple(_secondary_themes(record)),
        diplomatic_post=record.diplomatic_post,
        contact_functions=record.contact_functions,
        participations=tuple(cast.participations()),
        funding=tuple(cast.funding_line(line) for line in record.funding),
        narratives={_NARRATIVES[name]: (Text(text),) for name, text in record.prose.items()},
        communication_in_france=record.communication_in_france,
        communication_in_partner_countries=record.communication_in_partner_countries,
        evaluation_undertaken=record.evaluation_undertaken,
        volunteer_count=record.volunteer_count,
        foreign_contact_count=record.foreign_contact_count,
        foreign_contact_functions=record.foreign_contact_functions,
    )


def _concept(scheme: str, label: str | None) -> Concept | None:
    return None if label is None else thesaurus().find(scheme, label)


def concept_path(scheme: str, labels: Sequence[str]) -> Concept | None:
    """The concept at the end of a path of labels, top first; None for an empty path."""
    concept: Concept | None = None
    for label in labels:
        concept = thesaurus().find(scheme, label, concept)
    return concept


def _secondary_themes(record: AtlasRecord) -> Iterator[SecondaryTheme]:
    for rank, printed in enumerate(record.secondary_themes, start=1):
        theme = concept_path("theme", printed.labels)
        if theme is not None:
            yield SecondaryTheme(rank, theme, printed.priority)


class _Cast:
    """The bodies of one page. A name that returns in another list is the same body."""

    def __init__(self, record: AtlasRecord) -> None:
        self._record = record
        self._french = [
            Agent(AgentKind.FRENCH_COLLECTIVITY, n, "FR") for n in record.french_partners
        ]
        self._foreign = [_foreign(partner) for partner in record.foreign_partners]
        self._by_name = {
            matching_key(agent.name): agent for agent in (*self._foreign, *self._french)
        }

    def participations(self) -> Iterator[Participation]:
        record = self._record
        yield from _ranked(Role.FRENCH_COLLECTIVITY, self._french)
        yield from _ranked(Role.FOREIGN_PARTNER, self._foreign)
        yield from _ranked(Role.PROJECT_OWNER, map(self._agent, record.project_owners))
        yield from _ranked(Role.PROJECT_MANAGER, map(self._agent, record.project_managers))

    def funding_line(self, line: PrintedFunding) -> FundingLine:
        levies = tuple(Levy(column, amount) for column, amount in line.levies)
        financer = self._financer(line.financer) if line.financer else None
        return FundingLine(line.rank, financer, line.year, line.amount, levies, line.printed)

    def _agent(self, name: str) -> Agent:
        """A body by its printed name: a partner of this page, or an organisation of no known kind."""
        key = matching_key(name)
        if key in atlas_settings().public_organisations:
            return Agent(AgentKind.PUBLIC_ORGANISATION, name)
        return self._by_name.get(key) or Agent(AgentKind.ORGANISATION, name)

    def _financer(self, name: str) -> Agent:
        if matching_key(name) in atlas_settings().financer_groups:
            return Agent(AgentKind.FINANCER_GROUP, name)
        return self._agent(name)


def _ranked(role: Role, agents: Iterable[Agent]) -> Iterator[Participation]:
    for rank, agent in enumerate(agents, start=1):
        yield Participation(agent, role, rank)


def _foreign(partner: PrintedPartner) -> Agent:
    country = country_named(partner.country) if partner.country else None
    code = country.alpha2 if country else None
    return Agent(AgentKind.FOREIGN_COLLECTIVITY, partner.name, code, partner.country)
