"""The bodies that an activity names: who reports it, takes part in it, pays, receives."""

from __future__ import annotations

from coopdec_graph.model import Agent, AgentKind, Code, OtherIdentifier, Participation
from coopdec_graph.sources.iati.coding import code
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.nodes import Node
from coopdec_graph.sources.iati.values import texts, words

__all__ = ["body", "other_identifiers", "participations"]

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
    french = kind is not None and kind.value == _LOCAL and (reference or "").startswith(_FRENCH)
    return Agent(
        _kind(kind, french),
        names[0].value if names else reference or "",
        country="FR" if french else None,
        language=names[0].language if names else None,
        reference=reference,
        type=kind,
        other_names=names[1:],
    )


def _kind(kind: Code | None, french: bool) -> AgentKind:
    """A register's country is not that of the body; only local authorities of France are known."""
    if french:
        return AgentKind.FRENCH_COLLECTIVITY
    public = kind is not None and kind.value in _PUBLIC
    return AgentKind.PUBLIC_ORGANISATION if public else AgentKind.ORGANISATION


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
    language = node.language if name else None
    return Agent(
        AgentKind.ORGANISATION, name or reference or "", language=language, reference=reference
    )
