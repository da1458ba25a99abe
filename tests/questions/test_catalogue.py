"""The grammar of a question's header: what is read, and one clear error for anything else."""

from __future__ import annotations

import re

import pytest

from coopdec_graph.questions.catalogue import (
    Mode,
    QuestionMalformed,
    View,
    Who,
    catalogue,
    read_question,
)
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.shown import described

GOOD = """\
#+ title_fr: Un titre
#+ title_en: A title
#+ description_fr: Ce qu'elle trouve.
#+ description_en: What it finds.
#+ who: journalist
#+ reading_fr: À lire ainsi.
#+ reading_en: Read it so.
#+ view: table
#+ parameter country: country, required | un pays | a country
#+ parameter year: year, default 2020 | une année | a year
#+ parameter words: text, optional | des mots | words
#+ example: country=MA&words=eau+%26%20f%C3%AAtes
SELECT ?country ?year ?words ?x { ?x dct:spatial ?country }
"""


def test_a_header_is_read() -> None:
    question = read_question("a-name", GOOD)
    assert (question.title.fr, question.title.en) == ("Un titre", "A title")
    assert (question.who, question.view) == (Who.JOURNALIST, View.TABLE)
    assert [(p.name, p.kind, p.mode, p.default) for p in question.parameters] == [
        ("country", Kind.COUNTRY, Mode.REQUIRED, None),
        ("year", Kind.YEAR, Mode.DEFAULT, "2020"),
        ("words", Kind.TEXT, Mode.OPTIONAL, None),
    ]
    assert question.parameters[2].about.en == "words"
    assert question.example == {"country": "MA", "words": "eau & fêtes"}
    assert question.columns == ("country", "year", "words", "x")
    assert question.query == "SELECT ?country ?year ?words ?x { ?x dct:spatial ?country }\n"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("#+ who: journalist\n", "", "who missing"),
        ("#+ view: table\n", "#+ view: table\n#+ view: table\n", "“view” twice"),
        ("view: table", "view: pie", "unknown value: pie"),
        ("who: journalist", "who: nobody", "unknown value: nobody"),
        ("#+ view: table\n", "#+ colour: red\n", "unknown line: #+ colour: red"),
        ("#+ view: table\n", "#+ view table\n", "unreadable line: #+ view table"),
        ("#+ view: table\n", "#+ view x: table\n", "unknown line: #+ view x: table"),
        ("country, required", "planet, required", "parameter “country”"),
        ("country, required", "country, perhaps", "parameter “country”"),
        ("| un pays | a country", "| un pays", "parameter “country”"),
        ("default 2020", "default MMXX", "default of “year”"),
        ("country, required", "country, default MA", "default of “country”"),
        ("parameter words: text", "parameter format: text", "parameter “format”"),
        ("parameter words: text", "parameter year: text", "“year” twice"),
        ("?words ?x {", "?x {", "SELECT lacks ?words"),
        ("country=MA&", "", "example: words=eau+%26%20f%C3%AAtes"),
        ("country=MA&", "country=MA&country=TG&", "example: country=MA&country=TG&"),
        ("country=MA&", "country=MA&other=1&", "example: country=MA&other=1&"),
        ("SELECT ?country ?year", "SELEC ?country ?year", "not valid SPARQL"),
        ("SELECT ?country ?year ?words ?x {", "ASK {", "the query is no SELECT"),
        ("title_fr: Un titre", "title_fr: {0} {fr}\n#+ bad: {x}", "unknown line: #+ bad: {x}"),
    ],
)
def test_a_malformed_header_is_one_clear_error(old: str, new: str, why: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(QuestionMalformed) as caught:
        read_question("a-name", GOOD.replace(old, new))
    assert why in caught.value.text("en")
    assert "a-name" in caught.value.text("fr")


def test_the_name_of_a_file_is_a_part_of_an_address() -> None:
    for name in ("A", "a b", "a/b", "a.b", "é"):
        with pytest.raises(QuestionMalformed):
            read_question(name, GOOD)


def test_every_file_is_read_and_says_all_in_two_languages() -> None:
    assert len(catalogue()) == 58
    for question in catalogue().values():
        for text in (question.title, question.description, question.reading):
            assert text.fr != text.en
        shown = described(question)
        assert set(question.example) <= set(question.columns)
        assert str(shown["address"]).startswith(f"/api/v1/questions/{question.name}")
        # A file ends with its order: rows that come in another each time cannot be compared.
        assert re.search(r"^ORDER BY ", question.query, re.MULTILINE)
        assert not re.search(r"\bNOW\(|\bRAND\(", question.query)
