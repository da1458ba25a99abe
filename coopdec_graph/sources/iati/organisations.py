"""The bodies that an activity names: who reports it, takes part in it, pays, receives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coopdec_graph.model import (
    Activity,
    Agent,
    AgentKind,
    Code,
    OtherIdentifier,
    Participation,
    Text,
)
from coopdec_graph.sources.iati.coding import code
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.nodes import Node
from coopdec_graph.sources.iati.values import language_of, texts, words

__all__ = ["body", "other_identifiers", "participations", "united"]

# IATI's list OrganisationType: Government, Local Government, Other Public Sector.
_LOCAL = "11"
_PUBLIC = ("10", "11", "15")
# What registration agencies of France put before their numbers (org-id.guide).
_FRENCH = "FR-"


def body(node: Node | None) -> Agent | None:
    """The body that an element names; None, and noted, where it has neither name nor reference."""
    if node is None:
        return None
    reference, names = node.identifier("ref"), texts(node)
    kind = code(node, "OrganisationType", "type")
    if not names and reference is None:
        node.refuse("iati-nameless")
        return None
    return _agent(reference, kind, names)


def _agent(reference: str | None, kind: Code | None, names: tuple[Text, ...]) -> Agent:
    """A body by what is said of it; a French collectivity by its French name, if it has several."""
    local = kind is not None and kind.value == _LOCAL and (reference or "").startswith(_FRENCH)
    french = next((name for name in names if local and _is_french(name)), None)
    first = french or (names[0] if names else Text(reference or "", None))
    return Agent(
        _kind(kind, french is not None),
        first.value,
        country="FR" if french else None,
        language=first.language,
        reference=reference,
        type=kind,
        other_names=tuple(name for name in names if name is not first),
    )


def _is_french(name: Text) -> bool:
    return (name.language or "").partition("-")[0].lower() == "fr"


def _kind(kind: Code | None, french: bool) -> AgentKind:
    """A register's country is not that of the body; only local authorities of France are known."""
    if french:
        return AgentKind.FRENCH_COLLECTIVITY
    public = kind is not None and kind.value in _PUBLIC
    return AgentKind.PUBLIC_ORGANISATION if public else AgentKind.ORGANISATION


def united(activity: Activity) -> Activity:
    """The activity with each body as all of it names it.

    One reference is one body: where it stands without name or type, it has those that the activity
    gives it elsewhere, the first ones.
    """
    said: dict[str, list[Agent]] = {}
    for agent in activity.agents():
        if agent.reference and agent is not activity.source.publisher:
            said.setdefault(agent.reference, []).append(agent)
    known = {
        agent: _filled(agent, alike) for alike in said.values() if len(alike) > 1 for agent in alike
    }
    return _with_bodies(activity, known) if known else activity


def _filled(agent: Agent, alike: Sequence[Agent]) -> Agent:
    kind = agent.type or next((other.type for other in alike if other.type), None)
    names = _names(agent) or next((names for other in alike if (names := _names(other))), ())
    return _agent(agent.reference, kind, names)


def _names(agent: Agent) -> tuple[Text, ...]:
    """None where the reference stands for the name."""
    if agent.name == agent.reference and agent.language is None:
        return ()
    return (Text(agent.name, agent.language), *agent.other_names)


def _with_bodies(activity: Activity, known: Mapping[Agent, Agent]) -> Activity:
    def of(agent: Agent | None) -> Agent | None:
        return known.get(agent, agent) if agent else None

    source = activity.source
    return replace(
        activity,
        source=replace(source, publisher=of(source.publisher)),
        reporter=of(activity.reporter),
        participations=tuple(
            replace(part, agent=known.get(part.agent, part.agent))
            for part in activity.participations
        ),
        items=tuple(
            replace(item, provider=of(item.provider), receiver=of(item.receiver))
            for item in activity.items
        ),
        other_identifiers=tuple(
            replace(other, owner=of(other.owner)) for other in activity.other_identifiers
        ),
    )


def participations(activity: Node, dialect: Dialect) -> tuple[Participation, ...]:
    """Who takes part, in the order of the file. A part without a role is not one, and is noted."""
    parts: list[Participation] = []
    for node in activity.children("participating-org"):
        agent, role = body(node), code(node, "OrganisationRole", "role", dialect)
        reference = node.identifier("activity-id")
        channel = code(node, "CRSChannelCode", "crs-channel-code")
        if agent is not None and role is not None:
            parts.append(Participation(agent, role, len(parts) + 1, reference, channel))
    return tuple(parts)


def other_identifiers(activity: Node) -> tuple[OtherIdentifier, ...]:
    """Version 1 has the identifier as text, and its owner in attributes."""
    found = []
    for node in activity.children("other-identifier"):
        value = node.identifier("ref") or node.identifier_text()
        kind = code(node, "OtherIdentifierType", "type")
        owner = _owner_of_version_1(node) or body(node.child("owner-org"))
        if value is not None:
            found.append(OtherIdentifier(value, kind, owner))
    return tuple(found)


def _owner_of_version_1(node: Node) -> Agent | None:
    reference, name = node.identifier("owner-ref"), words(node, "owner-name")
    if reference is None and name is None:
        return None
    language = language_of(node) if name else None
    return Agent(
        AgentKind.ORGANISATION, name or reference or "", language=language, reference=reference
    )
