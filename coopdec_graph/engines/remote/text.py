"""The text of a query as another store is sent it.

Our own parser has accepted the query before any of this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from coopdec_graph.errors import QueryFailed
from coopdec_graph.graph.query import Term
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES

__all__ = ["bound", "for_virtuoso", "with_prefixes", "without_from"]

_BLANK = Bilingual(
    "Le paramètre « {name} » est un nœud anonyme : un autre magasin ne le connaît pas.",
    "The parameter “{name}” is a blank node: another store does not know it.",
)

# The declarations a query starts with (SPARQL 1.1, rule Prologue). Possessive: never backtracks.
_BLANKS = r"(?:\s++|\#[^\n\r]*+)*+"
_DECLARATION = re.compile(
    rf"{_BLANKS}(?:base{_BLANKS}<[^>]*+>|prefix{_BLANKS}(?P<prefix>[^\s:<\#]*+):{_BLANKS}<[^>]*+>"
    r"|version\s*+(?:\"[^\"]*+\"|'[^']*+'))",
    re.IGNORECASE,
)
_FROM = re.compile("(fr)o(m)", re.IGNORECASE | re.ASCII)
# What a variable's name may stand in without being one; our own query files have nothing else.
_TOKEN = re.compile(
    r"(?P<other>\#[^\n\r]*|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>)|[?$](?P<name>\w+)|\b(?P<select>select)\b|\b(?P<graph>graph)\b"
    r"|\b(?P<grouping>group\s+by)\b|\b(?P<grouped>having|order|limit|offset|values)\b"
    r"|(?P<open>\{)|(?P<mark>[^\s\w])",
    re.IGNORECASE | re.DOTALL,
)

_TARGET = re.compile(
    rf"{_BLANKS}(?:[?$](?P<variable>\w+)|(?P<constant><[^<>]*>|[^\s<{{?$\#]*:[^\s{{<]*)){_BLANKS}\{{"
)
_ABSOLUTE = re.compile(r"<[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# After a variable, `<'b>c'` and `<?b#>` are a comparison with a string, and one before a comment.
_AMBIGUOUS = re.compile(r"<(?:[^>]*'|(?![a-z][a-z0-9+.-]*:)[^>]*\#)", re.IGNORECASE)


def with_prefixes(query: str, base: str | None = None) -> str:
    """The query with the project's prefixes that it does not declare, declared on its first line.

    `base` too, unless it is None; a BASE of the query's own is resolved against it.
    """
    declared = set()
    place = 0
    while found := _DECLARATION.match(query, place):
        declared.add(found["prefix"])
        place = found.end()
    missing = (f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name not in declared)
    first = () if base is None else (f"BASE <{base}>",)
    return " ".join((*first, *missing, query))


def without_from(query: str) -> str | None:
    """The query with each "from" spelled otherwise; None when it has none.

    In a string, an IRI, a comment or a name nothing changes; a keyword stops being one. So a query
    has a FROM clause when this does not parse (as SERVICE is found, graph/query.py).
    """
    respelled = _FROM.sub(r"\1x\2", query)
    return None if respelled == query else respelled


def bound(query: str, bindings: Mapping[str, Term]) -> str:
    """One of our own query files with terms in the place of variables.

    A variable becomes its term inside every group; for what is around them (SELECT, GROUP BY), the
    first group starts with `VALUES ?name { term }`, and it still comes back in each row. An inner
    SELECT or GROUP BY clause no longer needs it, and has it no more: such a GROUP BY must have
    another variable. (A VALUES clause at the end, or a
    variable that an inner SELECT leaves unbound: with those Virtuoso 7 finds nothing.)
    """
    if not bindings:
        return query
    terms = {name: _term(name, term) for name, term in bindings.items()}
    values = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in terms.items())
    written: list[str] = []
    place, projecting, grouping, opened, brackets, depth = 0, False, False, False, 0, 0
    for token in _TOKEN.finditer(query):
        written.append(query[place : token.start()])
        text = token.group()
        place = token.end()
        brackets += {"(": 1, ")": -1}.get(text, 0)
        depth += {"{": 1, "}": -1}.get(text, 0)
        if token["grouping"] or token["grouped"] or text == "}":
            grouping = token["grouping"] is not None
        elif token["select"]:
            projecting = True
        elif token["open"]:
            # A CONSTRUCT has no rows for a value to come back in.
            if projecting and not opened:
                text += values
            projecting, opened = False, True
        elif token["name"] in terms and depth:
            text = "" if (projecting or grouping) and not brackets else terms[token["name"]]
        written.append(text)
    written.append(query[place:])
    return "".join(written)


def _term(name: str, term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        raise QueryFailed(_BLANK, name=name)
    return str(term)


def for_virtuoso(query: str, hidden: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The query as Virtuoso 7 understands it when the request names a default graph.

    `GRAPH ?g` then sees every graph of the store, the default one too: a filter keeps those of
    `hidden` out (inside the group, where Virtuoso, unlike SPARQL 1.1, 18.2.2.3, knows ?g; its own
    word for this, `define input:named-graph-exclude`, silences the default graph as well).
    `GRAPH <iri>` then sees nothing, unless the request names the graph: the second value is what
    to name. Beside a `GRAPH ?g`, which such names would restrict, it becomes a filter too.
    """
    targets = _targets(query)
    constants = [target["constant"] for target in targets if target["constant"]]
    if len(constants) == len(targets) and all(map(_ABSOLUTE.match, constants)):
        return query, tuple(dict.fromkeys(iri[1:-1] for iri in constants))
    unwanted = ", ".join(f"<{iri}>" for iri in hidden)
    written: list[str] = []
    place = 0
    for number, target in enumerate(targets):
        name, constant = target["variable"], target["constant"]
        written.append(query[place : target.start()])
        place = target.end()
        if constant:
            # The name is one that SELECT * shows: there is no way to hide it.
            name = f"coopdec_graph_{number}"
            comments = target.group().replace(constant, f"?{name} ", 1)
            written.append(f"{comments} FILTER(?{name} = {constant}) ")
        else:
            written.append(f"{target.group()} FILTER(?{name} NOT IN ({unwanted})) ")
    written.append(query[place:])
    return "".join(written), ()


def _targets(query: str) -> list[re.Match[str]]:
    """What each GRAPH keyword is followed by, up to its brace.

    Nothing when the tokens may be others than they seem: a query is never written wrongly.
    """
    found: list[re.Match[str]] = []
    for token in _TOKEN.finditer(query):
        if token["other"] and _AMBIGUOUS.match(token["other"]):
            return []
        if token["graph"] and (target := _TARGET.match(query, token.end())):
            found.append(target)
    return found
