"""From what somebody wrote to RDF terms: each value is checked before anything runs.

A value of a list is found by its code, its IRI or its name, and the term bound is the list's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rapidfuzz import process

from coopdec_graph.countries import countries
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Term
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import COUNTRY, SCHEME, SDG, matching_key
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, catalogue
from coopdec_graph.questions.kinds import LISTED, MOST_CHARACTERS, Kind, about, written
from coopdec_graph.questions.refusals import likeness, nearest_of, refused, shortened
from coopdec_graph.vocabulary import list_of_others

__all__ = [
    "Choice",
    "Choices",
    "UnknownQuestion",
    "bindings",
    "choices_of",
    "own_choices",
    "question_named",
    "term_of",
    "written_for",
]

_NO_QUESTION = Bilingual(
    "Il n'y a pas de question « {name} ».{nearest}", "There is no question “{name}”.{nearest}"
)
_NO_PARAMETER = Bilingual(
    "La question « {question} » n'a pas de paramètre « {name} ».{nearest}",
    "The question “{question}” has no parameter “{name}”.{nearest}",
)
_MISSING = Bilingual(
    "Il manque le paramètre « {name} » : {about}.", "The parameter “{name}” is missing: {about}."
)
_LONG = Bilingual(
    "La valeur de « {name} » a plus de {most} caractères.",
    "The value of “{name}” has more than {most} characters.",
)
_WRONG = Bilingual(
    "« {value} » ne convient pas à « {name} » : {about}.{nearest}",
    "“{value}” does not fit “{name}”: {about}.{nearest}",
)
_SEVERAL = Bilingual(
    "Plusieurs choses s'appellent « {value} ». Pour « {name} », écrivez l'un de : {offered}.",
    "Several things are called “{value}”. For “{name}”, write one of: {offered}.",
)

_MOST_NEAREST = 5
_MOST_SHOWN = 80
# Letters of the longest code.
_CODE = 3
# Where the part of an IRI that one may write begins.
_STARTS: Mapping[Kind, str] = {
    Kind.BODY: "/id/",
    Kind.COLLECTIVITY: "/id/collectivity/",
    Kind.DAC: "/scheme/dac/",
    Kind.DECISION: "/scheme/decision/",
    Kind.FINANCER: "/id/",
    Kind.FORM: "/scheme/form/",
    Kind.KIND: "#",
    Kind.LEVEL: "/scheme/level/",
    Kind.PARTNERSHIP: "/id/partnership/",
    Kind.PLACE: "/id/place/",
    Kind.POST: "/id/diplomatic-post/",
    Kind.PROGRAMME: "/scheme/programme/",
    Kind.SDG: "/sdg/",
    Kind.STATUS: "/scheme/status/",
    Kind.THEME: "/scheme/theme/",
}
# Lists that others keep, the same in every release.
_LISTS: Mapping[Kind, str] = {Kind.DAC: str(SCHEME["dac"]), Kind.SDG: str(SDG)}


class UnknownQuestion(UsageError):
    """No question of the catalogue has this name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list: what to write for it, the term it stands for, its other names."""

    value: str
    term: Term
    names: frozenset[str]


class Choices:
    """The values of one type, found by code, IRI or name."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._by_value: dict[str, Choice] = {}
        self._by_name: dict[str, list[Choice]] = {}
        for choice in choices:
            self._by_value[choice.value] = self._by_value[choice.term.value] = choice
            for key in {matching_key(name) for name in (choice.value, *choice.names)}:
                self._by_name.setdefault(key, []).append(choice)

    def found(self, text: str) -> Sequence[Choice]:
        """The one that is meant; several for a name that several have; none."""
        exact = self._by_value.get(text)
        if exact is not None:
            return [exact]
        # A name without a letter or digit has no key of its own.
        key = matching_key(text)
        # A sign beside a number makes it another one: -1 is no goal.
        if not key or (key.isdigit() and key != text.strip()):
            return []
        return self._by_name.get(key, [])

    def listed(self, most: int) -> list[tuple[str, str]]:
        """What to write for each value, with its names, in order; nothing where there are more."""
        choices = {choice.value: choice for choice in self._by_value.values()}
        if len(choices) > most:
            return []
        return sorted((value, ", ".join(sorted(one.names))) for value, one in choices.items())

    def nearest(self, text: str) -> list[str]:
        """What to write for the values with the nearest names."""
        key = matching_key(text[:_MOST_SHOWN])
        # A code is near to every word that has its letters.
        names = [name for name in self._by_name if len(name) > _CODE or len(key) <= _CODE]
        found = process.extract(key, names, scorer=likeness, limit=_MOST_NEAREST)
        values = (choice.value for key, _, _ in found for choice in self._by_name[key])
        return list(dict.fromkeys(values))[:_MOST_NEAREST]


def choices_of(kind: Kind, named: Iterable[tuple[Term, Iterable[str]]]) -> Choices:
    """The list of one type from terms and their names."""
    return Choices(Choice(written_for(kind, term), term, frozenset(names)) for term, names in named)


def written_for(kind: Kind, term: Term) -> str:
    """What one writes to mean a term: a country's code, the end of another IRI, a literal's text."""
    if kind is Kind.COUNTRY:
        return _codes().get(term.value, term.value)
    start = _STARTS.get(kind, "")
    return term.value.partition(start)[2] or term.value if start else term.value


@cache
def _codes() -> Mapping[str, str]:
    return {str(COUNTRY[country.alpha3]): country.alpha2 for country in countries()}


def own_choices(kind: Kind) -> Choices | None:
    """The list of a type whose values are the same in every release."""
    if kind in _LISTS:
        return _list(kind)
    return {Kind.COUNTRY: _countries, Kind.LANGUAGE: _languages}.get(kind, lambda: None)()


@cache
def _list(kind: Kind) -> Choices:
    return choices_of(kind, list_of_others(_LISTS[kind]).items())


@cache
def _countries() -> Choices:
    return Choices(
        Choice(
            country.alpha2,
            ox.NamedNode(str(COUNTRY[country.alpha3])),
            frozenset({country.alpha3, country.fr, country.en, *country.aliases}),
        )
        for country in countries()
    )


@cache
def _languages() -> Choices:
    return Choices(Choice(code, ox.Literal(code), frozenset()) for code in LANGUAGES)


def question_named(name: str) -> QuestionFile:
    """A question of the catalogue. Raises UnknownQuestion, which says the nearest names."""
    found = catalogue().get(name)
    if found is None:
        nearest = nearest_of(name, catalogue())
        raise refused(UnknownQuestion, _NO_QUESTION, nearest, name=shortened(name))
    return found


def bindings(
    question: QuestionFile, given: Mapping[str, str], lists: Mapping[Kind, Choices]
) -> dict[str, Term]:
    """The term of each parameter that has a value. Raises UsageError for the first that is wrong."""
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            nearest = nearest_of(name, known)
            raise refused(
                UsageError, _NO_PARAMETER, nearest, question=question.name, name=shortened(name)
            )
    bound: dict[str, Term] = {}
    for name, parameter in known.items():
        text = given.get(name, parameter.default)
        if text is not None:
            bound[name] = term_of(parameter, text, lists)
        elif parameter.mode is Mode.REQUIRED:
            raise _about(_MISSING, parameter)
    return bound


def term_of(parameter: Parameter, text: str, lists: Mapping[Kind, Choices]) -> Term:
    """The term that a text means for a parameter. Raises UsageError, with the nearest values."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(_LONG, name=parameter.name, most=MOST_CHARACTERS)
    term = written(parameter.kind, text)
    if term is not None:
        return term
    choices = lists.get(parameter.kind) if parameter.kind in LISTED else None
    found = choices.found(text) if choices else ()
    if len(found) == 1:
        return found[0].term
    if found:
        offered = ", ".join(sorted(choice.value for choice in found)[:_MOST_NEAREST])
        raise UsageError(_SEVERAL, value=shortened(text), name=parameter.name, offered=offered)
    nearest = choices.nearest(text) if choices else []
    raise _about(_WRONG, parameter, nearest, value=shortened(text))


def _about(
    message: Bilingual, parameter: Parameter, nearest: Sequence[str] = (), **values: object
) -> UsageError:
    """An error that says what one writes for a parameter, in the language of its reader."""
    kind = about(parameter.kind)
    told = Bilingual(message.fr.replace("{about}", kind.fr), message.en.replace("{about}", kind.en))
    return refused(UsageError, told, nearest, name=parameter.name, **values)
