"""Each tool, over each way in, by the client of the official SDK."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError
from mcp_types import Tool

from coopdec_graph.publishing.releases import Release
from coopdec_graph.questions.catalogue import Mode, catalogue
from tests.mcp.clients import Connection
from tests.questions.answers import CASES
from tests.questions.test_values import HOSTILE, given_for
from tests.service.runaways import RUNAWAYS

BESIDE = ["search", "describe", "schema", "sparql"]
BASE = "https://w3id.org/coopdec/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"


def tools(connection: Connection) -> list[Tool]:
    return connection.loop.run(connection.client.list_tools()).tools


def test_every_question_is_a_tool(connection: Connection) -> None:
    found = tools(connection)
    assert [tool.name for tool in found] == [*BESIDE, *catalogue()]
    for tool in found:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations is not None and tool.annotations.read_only_hint
        others = tool.name in catalogue() and catalogue()[tool.name].asks_others
        assert tool.annotations.open_world_hint is others
        assert " / " in (tool.title or "") and " / " in (tool.description or "")


def test_parameters_are_typed(connection: Connection) -> None:
    schemas = {tool.name: tool.input_schema for tool in tools(connection)}
    for question in catalogue().values():
        schema = schemas[question.name]
        required = [p.name for p in question.parameters if p.mode is Mode.REQUIRED]
        assert schema["required"] == required
        assert set(schema["properties"]) == {*(p.name for p in question.parameters), "limit"}
        assert Draft202012Validator(schema).is_valid(dict(question.example))
    lines = schemas["funding-lines"]["properties"]
    assert lines["from"] == {
        "description": "première année (une année de quatre chiffres)"
        " / first year (a year of four digits)",
        "type": ["string", "integer"],
        "pattern": "^[1-9][0-9]{3}$",
        "examples": ["2019"],
    }
    assert lines["status"]["enum"] == ["en-cours", "termine"]
    assert schemas["departement-country-matrix"]["properties"]["language"]["enum"] == ["fr", "en"]


@pytest.mark.parametrize("name", [n for n, q in catalogue().items() if not q.asks_others])
def test_every_example_is_answered(name: str, connection: Connection) -> None:
    answer = connection.answer(name, **catalogue()[name].example)
    assert answer["question"] == name


@pytest.mark.parametrize("name", [name for name in CASES if not catalogue()[name].asks_others])
def test_a_tool_answers_as_the_question_does(
    name: str, connection: Connection, client: httpx.Client, release: Release
) -> None:
    given = CASES[name].given
    answer = connection.answer(name, **given)
    assert answer.pop("took_ms") >= 0
    document = client.get(f"/api/v1/questions/{name}", params=given).json()
    assert document.pop("took_ms") >= 0
    assert answer == document
    assert (answer["release"], answer["truncated"]) == (release.id, False)
    assert answer["total"] == len(answer["rows"]) == len(CASES[name].rows)
    # The query that is shown is one that the other tool takes.
    again = connection.answer("sparql", query=answer["sparql"])
    assert (again["columns"], again["rows"]) == (answer["columns"], answer["rows"])


def test_a_question_that_asks_others_is_refused(connection: Connection) -> None:
    """No list of endpoints was given; with one, tests/questions/test_twinnings.py."""
    error = connection.refusal("twinnings-missing-from-wikidata", country="MA")
    assert error["code"] == "QueryForbidden"
    assert error["message"]["en"].startswith("SERVICE is refused")


def test_the_text_of_an_answer_is_its_data(connection: Connection) -> None:
    result = connection.call("funding-lines", country="MA")
    assert [json.loads(block.text) for block in result.content] == [result.structured_content]


def test_rows_that_are_missing_are_told(connection: Connection) -> None:
    cut = connection.answer("funding-lines", limit=2)
    assert (len(cut["rows"]), cut["total"], cut["truncated"]) == (2, 9, True)
    whole = connection.answer("funding-lines", limit=9)
    assert (len(whole["rows"]), whole["total"], whole["truncated"]) == (9, 9, False)
    query = "SELECT ?line { ?line a cd:FundingLine } ORDER BY ?line"
    cut = connection.answer("sparql", query=query, limit=2)
    assert (len(cut["rows"]), cut["total"], cut["truncated"]) == (2, None, True)


def test_numbers_are_taken_for_years_and_amounts(connection: Connection) -> None:
    texts = connection.answer("funding-by-year", **{"from": "2020", "to": "2021"})
    numbers = connection.answer("funding-by-year", **{"from": 2020, "to": 2021})
    assert numbers["rows"] == texts["rows"] != []
    assert connection.answer("funding-lines", least=6000.5)["total"] == 2
    assert connection.answer("completeness", country=None)["total"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ({"country": "Marok"}, "UsageError", "Les plus proches"),
        ({"contry": "MA"}, "UsageError", "country"),
        ({"country": 12}, "UsageError", "doit être un texte"),
        ({"country": ["MA"]}, "UsageError", "doit être un texte"),
        ({"country": {"a": 1}}, "UsageError", "doit être un texte"),
        ({"country": True}, "UsageError", "doit être un texte"),
        ({"limit": 0}, "UsageError", "de 1 à 1000"),
        ({"limit": 1001}, "UsageError", "de 1 à 1000"),
        ({"limit": True}, "UsageError", "de 1 à 1000"),
        ({"limit": "3"}, "UsageError", "de 1 à 1000"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: dict[str, object], code: str, told: str, connection: Connection
) -> None:
    error = connection.refusal("completeness", **arguments)
    assert error["code"] == code
    assert told in error["message"]["fr"]


def test_what_is_missing_is_told(connection: Connection) -> None:
    error = connection.refusal("partnerships-with-country")
    assert "The parameter “country” is missing" in error["message"]["en"]
    assert "“query” is missing" in connection.refusal("sparql")["message"]["en"]


@pytest.mark.parametrize("value", [value for value in HOSTILE if "\ud800" not in value])
def test_hostile_values_are_refused_or_are_data(value: str, connection: Connection) -> None:
    """Neither a protocol error nor a row that the value does not have."""
    for name, parameter in (
        ("funding-lines", "text"),
        ("partnerships-with-country", "country"),
        ("shared-partners", "partner"),
        ("ending-between", "to"),
    ):
        given = given_for(catalogue()[name], parameter, value)
        result = connection.call(name, **given)
        assert result.is_error or result.structured_content["rows"] == []
    for name, parameter in (("describe", "iri"), ("sparql", "query")):
        assert connection.call(name, **{parameter: value}).is_error
    assert connection.answer("search", text=value)["truncated"] is False


def test_no_such_tool(connection: Connection) -> None:
    with pytest.raises(MCPError, match="The nearest: funding-by-year") as caught:
        connection.call("funding-by-yaer")
    assert caught.value.data["nearest"][0] == "funding-by-year"


def test_the_ontology_is_a_resource(connection: Connection) -> None:
    client, loop = connection.client, connection.loop
    listed = loop.run(client.list_resources()).resources
    assert [resource.uri for resource in listed] == ["coopdec://ontology"]
    content = loop.run(client.read_resource("coopdec://ontology")).contents[0]
    assert content.mime_type == "text/turtle" and "cd:Partnership a owl:Class" in content.text
    with pytest.raises(MCPError, match="coopdec://ontology"):
        loop.run(client.read_resource("coopdec://ontologie"))


# ---- search ------------------------------------------------------------------------------------


def found(connection: Connection, **asked: Any) -> list[tuple[str, str, bool]]:
    rows = connection.answer("search", **asked)["rows"]
    return [(row["iri"].removeprefix(BASE), row["name"], row["spelled_alike"]) for row in rows]


def test_names_and_titles_are_found_by_their_words(connection: Connection) -> None:
    assert found(connection, text="PREFECTURE rabat", type="ForeignCollectivity") == [
        ("id/collectivity/ma/conseil-de-la-prefecture-de-rabat",)
        + ("Conseil de la Préfecture de Rabat", False)
    ]
    assert found(connection, text="gouv rabat") == [
        ("id/partnership/atlas-902", "Gouvernance de Rabat", False)
    ]
    assert found(connection, text="Rabbat", type="Partnership") == [
        ("id/partnership/atlas-902", "Gouvernance de Rabat", True)
    ]
    assert found(connection, text="Rabbat", type="Activity") == [
        ("id/activity/iati-XM-EXAMPLE-1", "Local services of Rabat", True),
        ("id/partnership/atlas-902", "Gouvernance de Rabat", True),
    ]
    assert found(connection, text="zzzz") == []


def test_an_activity_of_another_programme_is_no_partnership(connection: Connection) -> None:
    rows = connection.answer("search", text="rabat", type="Activity")["rows"]
    assert {row["name"]: row["types"] for row in rows} == {
        "Local services of Rabat": ["Activity"],
        "Gouvernance de Rabat": ["Partnership", "Activity"],
    }


def test_words_that_no_name_has_are_found_in_texts(connection: Connection) -> None:
    """« préfectures » by its French stem in the name of a partner, « Maroc » in that of its country."""
    answer = connection.answer("search", text="prefectures maroc", language="fr")
    assert sorted((row["iri"].removeprefix(BASE), row["in_text"]) for row in answer["rows"]) == [
        ("id/partnership/atlas-901", True),
        ("id/partnership/atlas-902", True),
    ]
    assert found(connection, text="prefectures maroc", type="Place") == []


def test_a_search_says_what_tells_homonyms_apart(connection: Connection) -> None:
    answer = connection.answer("search", text="la paix", type="Collectivity", language="en")
    assert [(row["name"], row["about"].split(" · ")[0]) for row in answer["rows"]] == [
        ("La Paix", "Benin"),
        ("La Paix", "Togo"),
    ]
    cut = connection.answer("search", text="la paix", limit=1)
    assert (len(cut["rows"]), cut["truncated"], cut["total"] > 1) == (1, True, True)
    assert connection.refusal("search", text="paix", type="Town")["code"] == "UsageError"


# ---- describe ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "atlas-902",
        "partnership/atlas-902",
        "id/partnership/atlas-902",
        f"{BASE}id/partnership/atlas-902",
        f"<{BASE}id/partnership/atlas-902>",
    ],
)
def test_a_thing_is_described_however_it_is_written(written: str, connection: Connection) -> None:
    answer = connection.answer("describe", iri=written, language="en")
    assert answer["iri"] == f"{BASE}id/partnership/atlas-902"
    assert answer["total"] == len(answer["rows"]) > 10
    title = {
        "graph": f"{BASE}graph/source/atlas-902",
        "property": "dct:title",
        "property_name": "title",
        "value": "Gouvernance de Rabat",
        "name": None,
    }
    assert title in answer["rows"]
    named = {row["value"]: row["name"] for row in answer["rows"] if row["name"]}
    assert named[f"{COUNTRY}MAR"] == "Morocco"
    assert named[f"{BASE}id/collectivity/fr/departement-des-yvelines"] == "Département des Yvelines"
    mentioned = {row["property"] for row in answer["mentions"]["rows"]}
    assert {"cd:fundedActivity", "org:organization"} <= mentioned
    again = connection.answer("sparql", query=answer["sparql"])
    assert [row["value"] for row in again["rows"]] == [row["value"] for row in answer["rows"]]


def test_a_description_is_bounded(connection: Connection) -> None:
    answer = connection.answer("describe", iri="atlas-902", limit=1)
    assert (len(answer["rows"]), answer["truncated"], answer["total"] > 10) == (1, True, True)
    mentions = answer["mentions"]
    assert (len(mentions["rows"]), mentions["truncated"], mentions["total"] > 1) == (1, True, True)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("atlas-9002", f"<{BASE}id/partnership/atlas-902>"),
        ("collectivity/fr/mante-la-jolie", f"<{BASE}id/collectivity/fr/mantes-la-jolie>"),
        ("Département des Yvelines", f"<{BASE}id/collectivity/fr/departement-des-yvelines>"),
        ("scheme/status/en-court", f"<{BASE}scheme/status/en-cours>"),
        ("cd:montant", "cd:amount"),
        (f"{COUNTRY}MARR", f"<{COUNTRY}MAR>"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(
    written: str, nearest: str, connection: Connection
) -> None:
    error = connection.refusal("describe", iri=written)
    assert error["code"] == "UnknownTerms"
    assert error["nearest"][0] == nearest
    assert written in error["message"]["fr"] and nearest in error["message"]["en"]


# ---- schema ------------------------------------------------------------------------------------


def test_the_schema_tells_what_there_is(connection: Connection, client: httpx.Client) -> None:
    answer = connection.answer("schema")
    counted = client.get(
        "/sparql",
        params={"query": "SELECT (COUNT(*) AS ?n) { ?p a cd:Partnership }", "format": "csv"},
    ).text.split()
    classes = {found["term"]: found for found in answer["classes"]}
    assert classes["cd:Partnership"]["fr"] == "partenariat"
    assert classes["cd:Partnership"]["en"] == "partnership"
    assert classes["cd:Partnership"]["entities"] == int(counted[1]) == 5
    properties = {found["term"]: found for found in answer["properties"]}
    assert properties["cd:amount"]["classes"] == [
        "cd:FundingLine",
        "cd:FinancialItem",
        "cd:OnePercentLevy",
    ]
    assert properties["cd:amount"]["fr"] == "montant"
    assert answer["prefixes"]["cd"] == f"{BASE}def#"
    status = next(one for one in answer["schemes"] if one["iri"] == f"{BASE}scheme/status")
    assert status["concepts"] == 2 and f"{BASE}scheme/status/en-cours" in status["examples"]
    assert {"iri": f"{BASE}graph/source/", "family": True} == {
        key: value for key, value in answer["graphs"][-1].items() if key not in ("fr", "en")
    }
    for example in answer["examples"]:
        assert connection.answer("sparql", query=example["sparql"])["total"] is not None


# ---- sparql ------------------------------------------------------------------------------------


def test_the_three_forms_of_an_answer(connection: Connection, release: Release) -> None:
    select = "SELECT ?title ?year { ?p dct:title ?title ; cd:startYear ?year } ORDER BY ?title"
    answer = connection.answer("sparql", query=select)
    assert answer.pop("took_ms") >= 0
    assert answer == {
        "release": release.id,
        "form": "select",
        "sparql": select,
        "columns": ["title", "year"],
        "rows": answer["rows"],
        "boolean": None,
        "turtle": None,
        "total": len(answer["rows"]),
        "truncated": False,
    }
    assert {"title": "Gouvernance de Rabat", "year": 2020} in answer["rows"]
    assert connection.answer("sparql", query="ASK { ?p a cd:Partnership }")["boolean"] is True
    made = "CONSTRUCT { ?p foaf:name ?t } { ?p a cd:Partnership ; dct:title ?t }"
    graph = connection.answer("sparql", query=made)
    assert graph["form"] == "graph" and "Gouvernance de Rabat" in graph["turtle"]
    assert connection.answer("sparql", query=made, limit=1)["truncated"] is True


UNKNOWN = {
    "SELECT * { ?p cd:montant ?x }": "cd:amount",
    "SELECT * { ?p cd:titel ?x }": "dct:title",
    "PREFIX x: <https://w3id.org/coopdec/def#> SELECT * { ?p x:ammount ?x }": "cd:amount",
    "SELECT * { ?p <https://w3id.org/coopdec/def#ammount> ?x }": "cd:amount",
    "SELECT * { ?p foaf:name ?x }": "skos:prefLabel",
    "SELECT * { ?p rdf:typ ?x }": "rdf:type",
    "PREFIX schema: <http://schema.org/> SELECT * { ?p schema:sameAs ?x }": (
        "<https://schema.org/sameAs>"
    ),
    f"SELECT * {{ <{BASE}id/partnership/atlas-9001> ?p ?o }}": (
        f"<{BASE}id/partnership/atlas-901>"
    ),
    f"BASE <{BASE}id/> SELECT * {{ <partnership/atlas-9001> ?p ?o }}": (
        f"<{BASE}id/partnership/atlas-901>"
    ),
    f"PREFIX p: <{BASE}id/partnership/> SELECT * {{ p:atlas\\-9001 ?p ?o }}": (
        f"<{BASE}id/partnership/atlas-901>"
    ),
    f"SELECT * {{ ?p cd:declaredStatus <{BASE}scheme/status/en-court> }}": (
        f"<{BASE}scheme/status/en-cours>"
    ),
    f"SELECT * {{ GRAPH <{BASE}graph/vocabulaire> {{ ?s ?p ?o }} }}": f"<{BASE}graph/vocabulary>",
    f"SELECT * {{ ?c cd:country <{COUNTRY}MARR> }}": f"<{COUNTRY}MAR>",
    f"SELECT * {{ ?c cd:country <{COUNTRY}Maroc> }}": f"<{COUNTRY}MAR>",
}


@pytest.mark.parametrize("query", UNKNOWN)
def test_unknown_terms_are_refused_before_anything_runs(query: str, connection: Connection) -> None:
    error = connection.refusal("sparql", query=query)
    assert error["code"] == "UnknownTerms"
    assert UNKNOWN[query] in error["nearest"]
    assert [UNKNOWN[query] in one["nearest"] for one in error["unknown"]] == [True]


def test_every_unknown_term_is_told_apart(connection: Connection) -> None:
    error = connection.refusal("sparql", query="SELECT * { ?p cd:ammount ?x ; dct:titel ?y }")
    assert [(one["written"], one["nearest"][0]) for one in error["unknown"]] == [
        ("cd:ammount", "cd:amount"),
        ("dct:titel", "dct:title"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?p dct:title "cd:montant <https://w3id.org/coopdec/id/nobody>" }',
        "SELECT * { ?p dct:title '''a\n# cd:montant\n''' } # cd:montant <https://w3id.org/coopdec/x>",
        "ASK { ?place schema:sameAs wd:Q90 }",
        "ASK { ?place <http://www.wikidata.org/prop/direct/P31> <http://example.org/nothing> }",
        "CONSTRUCT { ?p foaf:name ?t ; cd:montant [ cd:montant 1 ] } WHERE { ?p dct:title ?t }",
        "SELECT * { ?p ?q ?o FILTER(STRSTARTS(STR(?q), STR(cd:))) } LIMIT 1",
        f"SELECT * {{ ?p a ?c FILTER(STRSTARTS(STR(?p), STR(<{BASE}id/>))) }} LIMIT 1",
        'SELECT (cd:distanceKm("POINT(2 48)"^^geo:wktLiteral, ?w) AS ?km) { ?g geo:asWKT ?w }',
        'SELECT * { ?p ?q ?o FILTER(DATATYPE(?o) = geo:wktLiteral || ?o = "1"^^xsd:int) } LIMIT 1',
        "SELECT * { ?p ?q ?o FILTER(DATATYPE(?o) = rdf:langString) } LIMIT 1",
        "SELECT (xsd:double(?a) AS ?d) { ?line cd:amount ?a }",
        "SELECT * { ?g geo:asWKT ?w FILTER(geof:isSimple(?w)) }",
        f"SELECT * {{ ?p dct:spatial <{COUNTRY}FJI> }}",
        f"SELECT * {{ GRAPH <{BASE}graph/source/atlas-901> {{ ?s ?p ?o }} }} LIMIT 1",
        f"DESCRIBE <{BASE}id/partnership/atlas-901>",
        "SELECT * { ?r sh:resultSeverity sh:Warning }",
        "SELECT * { ?a ?b ?c FILTER(?a<?c && ?c>?a) } LIMIT 1",
        f"ASK {{ <{BASE}def> a owl:Ontology }}",
    ],
)
def test_no_query_is_refused_that_names_what_there_is(query: str, connection: Connection) -> None:
    connection.answer("sparql", query=query)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * { ?s ?p 'never closed cd:montant }", "QuerySyntaxError"),
        ("SELECT * { ?s nope:x ?o }", "QuerySyntaxError"),
        ("SELECT * { ?s cd:montant ?o ", "QuerySyntaxError"),
        ("SELECT (nope(?o) AS ?x) { ?s ?p ?o }", "QuerySyntaxError"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "QueryForbidden"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s cd:montant ?o } }", "QueryForbidden"),
        ("INSERT DATA { cd:x cd:y cd:z }", "UpdateRefused"),
        ("DELETE WHERE { ?s ?p ?o }", "UpdateRefused"),
        ("LOAD <file:///etc/passwd>", "UpdateRefused"),
        ("", "QuerySyntaxError"),
    ],
)
def test_what_is_no_query_is_told_as_such(query: str, code: str, connection: Connection) -> None:
    assert connection.refusal("sparql", query=query)["code"] == code


def test_where_a_query_does_not_parse_is_told(connection: Connection) -> None:
    error = connection.refusal("sparql", query="SELECT * { ?s ?p ?o } LIMT 3")
    assert (error["line"], error["column"]) == (1, 23)
    assert error["hint"]["en"] == "Did you mean LIMIT?"


def test_a_query_that_takes_too_long_is_stopped(connection: Connection) -> None:
    error = connection.refusal("sparql", query=RUNAWAYS[0], timeout=1)
    assert error["code"] == "QueryTooSlow"
    assert connection.answer("completeness")["total"] == 3


def test_an_answer_that_is_too_large_is_refused(connection: Connection) -> None:
    doubled = "BIND('x' AS ?x0)" + "".join(
        f" BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(21)
    )
    error = connection.refusal("sparql", query=f"SELECT ?x21 {{ {doubled} }}")
    assert error["code"] == "ResultTooBig"


def test_a_query_of_a_million_bytes(connection: Connection) -> None:
    filled = "ASK {} #" + "é" * 499_996
    assert connection.answer("sparql", query=filled)["boolean"] is True
    error = connection.refusal("sparql", query=filled + "é")
    assert "1000000" in error["message"]["en"]


def test_triple_terms_are_written_as_sparql_writes_them(connection: Connection) -> None:
    query = 'SELECT (<<( <urn:a> <urn:b> "c" )>> AS ?t) {}'
    assert connection.answer("sparql", query=query)["rows"] == [{"t": "<<( urn:a urn:b c )>>"}]
