"""A question as data for people and programs: its parameters, its texts, the query it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from coopdec_graph.engines.remote.text import bound
from coopdec_graph.graph.query import Term
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.questions.catalogue import Parameter, QuestionFile
from coopdec_graph.questions.kinds import about, pattern_of

__all__ = ["described", "example_address", "sparql_of", "sparql_text"]


def described(question: QuestionFile) -> dict[str, object]:
    """All that is known of a question, ready for JSON; texts in French and English."""
    return {
        "name": question.name,
        "title": question.title.to_dict(),
        "description": question.description.to_dict(),
        "who": question.who.value,
        "reading": question.reading.to_dict(),
        "view": question.view.value,
        "parameters": [_parameter(parameter) for parameter in question.parameters],
        "columns": list(question.columns),
        "example": dict(question.example),
        "address": example_address(question),
    }


def example_address(question: QuestionFile) -> str:
    """The path at which the service answers the example."""
    query = urlencode(question.example)
    return f"/api/v1/questions/{question.name}" + (f"?{query}" if query else "")


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "type": parameter.kind.value,
        "mode": parameter.mode.value,
        "default": parameter.default,
        "pattern": pattern_of(parameter.kind),
        "about": parameter.about.to_dict(),
        "value": about(parameter.kind).to_dict(),
    }


def sparql_of(question: QuestionFile, bindings: Mapping[str, Term]) -> str:
    """A query that anybody may send elsewhere: terms in the place of parameters, prefixes declared.

    It is shown, and gives the same rows; what runs is the question with its bindings.
    """
    return sparql_text(question.asked_with(bindings), bindings)


def sparql_text(query: str, bindings: Mapping[str, Term]) -> str:
    """The same, of any of our own queries."""
    used = (f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" in query)
    return "".join(used) + bound(query, bindings)
