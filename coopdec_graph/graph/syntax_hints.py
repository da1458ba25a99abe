"""What to try when a query does not parse: simple rules over its tokens, each of them sound alone.

A rule looks at the token at fault and at those before it, and says what is wrong in words, or
nothing. The first rule that has something to say is heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from coopdec_graph.graph.sparql_tokens import Token
from coopdec_graph.graph.syntax_fault import CLOSING, Fault, Rule, filled, open_brackets
from coopdec_graph.graph.syntax_hints_of_terms import (
    bare_iri,
    bare_word,
    beginning,
    broken_iri,
    empty,
    equality,
    ill_written,
    misspelt,
    pasted,
    prefix,
    quotation,
    sql,
)
from coopdec_graph.graph.syntax_words import AGGREGATES, KEYWORDS
from coopdec_graph.language import Bilingual

__all__ = ["hint_for"]


def hint_for(fault: Fault) -> Bilingual | None:
    """What to try, or None when no rule knows."""
    return next((hint for rule in _RULES if (hint := rule(fault)) is not None), None)


def _grouping(fault: Fault) -> Bilingual | None:
    if fault.meaning == "The SELECT contains a variable that is unbound":
        return Bilingual(
            "À côté d'un COUNT, d'un SUM… ou d'un GROUP BY, toute variable de SELECT doit figurer"
            " dans GROUP BY, ou dans une fonction d'agrégation.",
            "Beside a COUNT, a SUM… or a GROUP BY, every variable of SELECT must stand in GROUP BY,"
            " or in an aggregate function.",
        )
    if fault.meaning == "SELECT * is not authorized with GROUP BY":
        return Bilingual(
            "Avec GROUP BY, nommez les variables : SELECT * n'est pas permis.",
            "With GROUP BY, name the variables: SELECT * is not allowed.",
        )
    if fault.meaning == "Duplicated variable name in SELECT":
        return Bilingual(
            "Deux colonnes portent le même nom : changez celui qui suit AS.",
            "Two columns have the same name: change the one after AS.",
        )
    return None


def _unclosed(fault: Fault) -> Bilingual | None:
    """At the end: what was opened and not closed, from the inside out."""
    opened = open_brackets(fault)
    if fault.token is not None or not opened:
        return None
    last = opened[-1]
    line = len(re.findall(r"\r\n|\r|\n", fault.query[: last.start])) + 1
    return filled(
        "Il manque « {closing} » : « {opening} » est ouvert à la ligne {line} et n'est pas fermé.",
        "“{closing}” is missing: “{opening}” is opened on line {line} and not closed.",
        closing=CLOSING[last.text],
        opening=last.text,
        line=str(line),
    )


def _unopened(fault: Fault) -> Bilingual | None:
    if fault.text not in CLOSING.values():
        return None
    opened = open_brackets(fault)
    if not opened:
        return filled(
            "« {sign} » ferme ce qui n'a pas été ouvert.",
            "“{sign}” closes what was not opened.",
            sign=fault.text,
        )
    if CLOSING[opened[-1].text] != fault.text:
        return filled(
            "« {opening} » doit être fermé avant : il manque « {closing} ».",
            "“{opening}” must be closed first: “{closing}” is missing.",
            opening=opened[-1].text,
            closing=CLOSING[opened[-1].text],
        )
    return None


def _aggregate(fault: Fault) -> Bilingual | None:
    """`SELECT COUNT(*)`, `SELECT (COUNT(*))`, `BIND(3 ?x)`: an expression without its name."""
    opened = open_brackets(fault)
    bare = fault.text.upper() in AGGREGATES and fault.after() == "(" and not opened
    inside = bool(opened) and opened[-1].text == "(" and _introduces(fault, opened[-1])
    unnamed = inside and (fault.kind == "variable" or fault.text == ")")
    if unnamed and fault.text == ")" and fault.before(2) == "(" and fault.before()[:1] in "?$":
        return Bilingual(
            "Une variable seule s'écrit sans parenthèses : SELECT DISTINCT ?x.",
            "A variable alone is written without brackets: SELECT DISTINCT ?x.",
        )
    if not (bare or unnamed):
        return None
    return Bilingual(
        "Une expression s'écrit entre parenthèses, avec son nom : (COUNT(*) AS ?nombre),"
        " BIND(2 * ?x AS ?double).",
        "An expression is written in brackets, with its name: (COUNT(*) AS ?number),"
        " BIND(2 * ?x AS ?double).",
    )


def _introduces(fault: Fault, bracket: Token) -> bool:
    """Whether a bracket of SELECT or BIND opens here, without AS so far."""
    place = next(n for n, token in enumerate(fault.tokens) if token is bracket)
    inside = [token.text.upper() for token in fault.tokens[place + 1 : fault.number]]
    opener = fault.tokens[place - 1].text.upper() if place else ""
    return bool(inside) and opener in ("SELECT", "DISTINCT", "BIND") and "AS" not in inside


def _select_list(fault: Fault) -> Bilingual | None:
    if fault.text == "," and _clause(fault) == "SELECT":
        return Bilingual(
            "Les variables de SELECT sont séparées par des espaces, sans virgule.",
            "The variables of SELECT are separated by spaces, without commas.",
        )
    if fault.before() in ("SELECT", "DISTINCT") and fault.kind in ("word", "name"):
        near = get_close_matches(fault.text.upper()[:20], ("DISTINCT", "REDUCED"), 1, 0.7)
        if not near:
            return filled(
                "Une variable commence par « ? » : ?{name}.",
                "A variable begins with “?”: ?{name}.",
                name=fault.text[:30],
            )
    return None


def _clause(fault: Fault) -> str:
    """The last keyword before the fault."""
    words = (token.text.upper() for token in reversed(fault.tokens[: fault.number]))
    return next((word for word in words if word in KEYWORDS or word == "{"), "")


def _bound_again(fault: Fault) -> Bilingual | None:
    if fault.kind == "variable" and fault.before() == "AS":
        return filled(
            "{name} sert déjà dans ce groupe : AS demande un nom nouveau.",
            "{name} is already in use in this group: AS wants a new name.",
            name=fault.text[:30],
        )
    if fault.kind == "blank":
        return filled(
            "Le nœud {name} sert déjà dans un autre groupe : prenez une variable.",
            "The node {name} is already in use in another group: take a variable.",
            name=fault.text[:30],
        )
    return None


def _order(fault: Fault) -> Bilingual | None:
    """Solution modifiers have one order (SPARQL 1.1 Query, 18.2.5)."""
    earlier = {token.text.upper() for token in fault.tokens[: fault.number]}
    late = {"GROUP": {"HAVING", "ORDER", "LIMIT", "OFFSET"}, "HAVING": {"ORDER", "LIMIT", "OFFSET"}}
    late["ORDER"] = {"LIMIT", "OFFSET"}
    late["WHERE"] = {"GROUP", *late["GROUP"]}
    if not late.get(fault.text.upper(), set()) & earlier:
        return None
    return Bilingual(
        "L'ordre est : WHERE, GROUP BY, HAVING, ORDER BY, puis LIMIT et OFFSET.",
        "The order is: WHERE, GROUP BY, HAVING, ORDER BY, then LIMIT and OFFSET.",
    )


def _companion(fault: Fault) -> Bilingual | None:
    """What a keyword must be followed by."""
    before = fault.before()
    if before in ("ORDER", "GROUP"):
        return filled("Il manque BY : {word} BY ?x.", "BY is missing: {word} BY ?x.", word=before)
    if before in ("LIMIT", "OFFSET"):
        return filled(
            "{word} est suivi d'un nombre entier : {word} 10.",
            "{word} is followed by a whole number: {word} 10.",
            word=before,
        )
    if before == "FILTER":
        return Bilingual(
            "La condition s'écrit entre parenthèses : FILTER(?x = 3).",
            "The condition is written in brackets: FILTER(?x = 3).",
        )
    if before == "PREFIX" or fault.before(2) == "PREFIX":
        return Bilingual(
            "Un préfixe se déclare ainsi : PREFIX nom: <http://…>",
            "A prefix is declared like this: PREFIX name: <http://…>",
        )
    if before in ("WHERE", "OPTIONAL", "UNION", "MINUS", "EXISTS") and fault.text != "{":
        return filled(
            "{word} est suivi d'une accolade : {word} {brace}.",
            "{word} is followed by a brace: {word} {brace}.",
            word=before,
            brace="{ … }",
        )
    if before == "FROM":
        return Bilingual(
            "FROM est suivi de l'IRI d'un graphe : FROM <http://…>.",
            "FROM is followed by the IRI of a graph: FROM <http://…>.",
        )
    return None


def _missing_dot(fault: Fault) -> Bilingual | None:
    """A fourth term where a triple has three."""
    terms = ("variable", "iri", "name", "string", "number", "blank", "word")
    if fault.kind not in terms:
        return None
    count = 0
    for token in reversed(fault.tokens[: fault.number]):
        if token.kind not in terms or token.text.upper() in KEYWORDS:
            opener = token.text
            break
        count += 1
    else:
        return None
    started = 3 if opener in "{.}" else 2 if opener == ";" else 0
    if not started or count != started:
        return None
    return Bilingual(
        "Le triplet précédent est complet : séparez-les par un point « . » (ou « ; » pour garder le"
        " même sujet).",
        "The triple before is complete: separate them by a dot “.” (or “;” to keep the subject).",
    )


def _surplus(fault: Fault) -> Bilingual | None:
    if fault.text == ";" and not open_brackets(fault):
        return Bilingual(
            "Une requête ne finit pas par « ; ».", "A query does not end with “;”."
        )  # fmt: skip
    return None


_RULES: Sequence[Rule] = (
    empty,
    pasted,
    prefix,
    broken_iri,
    _grouping,
    _unclosed,
    _unopened,
    quotation,
    equality,
    _bound_again,
    ill_written,
    _aggregate,
    sql,
    _order,
    _companion,
    _select_list,
    bare_iri,
    _surplus,
    misspelt,
    _missing_dot,
    bare_word,
    beginning,
)
