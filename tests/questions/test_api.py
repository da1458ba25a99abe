"""`/api/v1/questions` over HTTP: the list, answers in every format, errors, validators."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote, quote_plus

import httpx
import openpyxl
import pyarrow.parquet
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from coopdec_graph.engines.base import Answer, Engine, Lane, Question
from coopdec_graph.errors import ResultTooBig
from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.publishing.releases import Release
from coopdec_graph.questions.catalogue import QuestionFile, catalogue
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.question_answers import plain_rows
from coopdec_graph.service.questions import questions_router
from tests.questions.answers import CASES, short
from tests.questions.test_values import HOSTILE, Lists, given_for, parameters
from tests.remote.stores import Loop

PATH = "/api/v1/questions"
PROBLEM = "application/problem+json"


def test_the_list_says_all_that_a_form_needs(client: httpx.Client) -> None:
    response = client.get(PATH)
    shown = response.json()["questions"]
    assert [question["name"] for question in shown] == list(catalogue())
    first = shown[0]
    assert set(first["title"]) == set(first["description"]) == set(first["reading"]) == {"fr", "en"}
    assert client.get(PATH, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_every_example_is_answered(client: httpx.Client) -> None:
    """The addresses that the list gives; those that name a page of the Atlas find nothing here."""
    for question in client.get(PATH).json()["questions"]:
        response = client.get(question["address"])
        assert response.status_code == 200, response.text
        assert response.json()["columns"] == question["columns"]


@pytest.mark.parametrize("name", CASES)
def test_answers_in_json(name: str, client: httpx.Client, release: Release) -> None:
    case = CASES[name]
    answer = client.get(f"{PATH}/{name}", params=case.given).json()
    assert answer["release"] == release.id
    assert (answer["total"], answer["truncated"]) == (len(case.rows), False)
    assert [len(row) for row in answer["rows"]] == [len(row) for row in case.rows]
    for row, expected in zip(answer["rows"], case.rows, strict=True):
        assert list(row) == answer["columns"]
        for value, text in zip(row.values(), expected, strict=True):
            assert plain(value).startswith(text.removesuffix("*"))
    again = client.get("/sparql", params={"query": answer["sparql"], "format": "csv"})
    assert again.text == client.get(f"{PATH}/{name}.csv", params=case.given).text
    if case.nothing is not None:
        assert client.get(f"{PATH}/{name}", params=case.nothing).json()["rows"] == []


def plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else short(str(value))


def test_numbers_and_booleans_are_such(client: httpx.Client) -> None:
    shares = client.get(f"{PATH}/funding-shares", params={"identifier": "atlas-901"}).json()["rows"]
    assert [(row["euros"], row["share"]) for row in shares] == [
        (5000, 0.313),
        (1000, 0.063),
        (10000, 0.625),
    ]
    owners = client.get(f"{PATH}/project-owners").json()["rows"]
    assert [row["french"] for row in owners] == [True, False, True, False]
    started = client.get(f"{PATH}/years-since-first-agreement").json()["rows"]
    assert [(row["first"], row["years"]) for row in started] == [(2016, 3), (2020, 0)]


def timeless(answer: httpx.Response) -> str:
    """A body without what tells how long it took."""
    if answer.headers["Content-Type"] != "application/json":
        return answer.content.hex()
    return json.dumps({k: v for k, v in answer.json().items() if k != "took_ms"})


def test_formats_by_extension_and_by_accept(client: httpx.Client) -> None:
    name = f"{PATH}/partners-map"
    kinds = {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "tsv": "text/tab-separated-values; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "parquet": "application/vnd.apache.parquet",
        "geojson": "application/geo+json",
    }
    for extension, kind in kinds.items():
        by_extension = client.get(f"{name}.{extension}")
        by_accept = client.get(name, headers={"Accept": kind.partition(";")[0]})
        by_name = client.get(name, params={"format": extension})
        assert by_extension.headers["Content-Type"] == kind
        assert by_extension.headers["Vary"] == "Accept, Accept-Encoding"
        assert by_accept.headers["ETag"] == by_extension.headers["ETag"] == by_name.headers["ETag"]
        bodies = {timeless(answer) for answer in (by_accept, by_name, by_extension)}
        assert len(bodies) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{name}.xlsx").content)).active
    assert sheet is not None and sheet["C2"].value == "Commune de Fès"
    table = pyarrow.parquet.read_table(io.BytesIO(client.get(f"{name}.parquet").content))
    assert table.column("partnerships").to_pylist() == [1]
    features = client.get(f"{name}.geojson").json()["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-5.00028, 34.03313]}
    assert client.get(name, params={"format": "csv-bom"}).content.startswith(b"\xef\xbb\xbf")
    head = client.head(f"{name}.csv")
    assert (head.status_code, head.content) == (200, b"")


def test_a_browser_gets_json(client: httpx.Client) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    response = client.get(f"{PATH}/completeness", headers=accept)
    assert response.headers["Content-Type"] == "application/json"


def test_large_documents_are_coded(client: httpx.Client) -> None:
    for coding in ("gzip", "zstd"):
        response = client.get(f"{PATH}/funding-lines", headers={"Accept-Encoding": coding})
        assert response.headers["Content-Encoding"] == coding
        assert response.json()["total"] == 9


@pytest.mark.parametrize("extension", ["json", "csv", "parquet"])
def test_an_answer_that_has_not_changed(client: httpx.Client, extension: str) -> None:
    address = f"{PATH}/completeness.{extension}"
    first = client.get(address, params={"country": "MA"})
    tag = first.headers["ETag"]
    same = client.get(address, params={"country": "Maroc"}, headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    others = [{"country": "TG"}, {}, {"country": "MA", "limit": "1"}]
    tags = [client.get(address, params=given).headers["ETag"] for given in others]
    assert len({tag, *tags}) == 4
    other = client.get(f"{PATH}/diplomatic-posts.{extension}", params={"country": "MA"})
    assert other.headers["ETag"] != tag


def test_a_cut_answer_says_so_and_how_many_there_are(client: httpx.Client) -> None:
    response = client.get(f"{PATH}/funding-lines", params={"limit": "2"})
    answer = response.json()
    assert (len(answer["rows"]), answer["total"], answer["truncated"]) == (2, 9, True)
    assert response.headers["X-Truncated"] == "rows"
    cut = client.get(f"{PATH}/funding-lines.csv", params={"limit": "2"})
    assert cut.headers["X-Truncated"] == "rows"
    assert len(list(csv.reader(io.StringIO(cut.text)))) == 3
    whole = client.get(f"{PATH}/funding-lines", params={"limit": "9"})
    assert whole.json()["truncated"] is False and "X-Truncated" not in whole.headers


class Uncountable:
    """An engine that refuses what rows are counted by, as it does beyond its limit."""

    def __init__(self, engine: Engine) -> None:
        self.limits = engine.limits
        self._engine = engine

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        if question.formats.get(Form.SELECT) == "tsv":
            raise ResultTooBig(Bilingual("trop", "too many"))
        return await self._engine.ask(question, lane)


def test_a_total_beyond_the_limit_is_not_known(here: Engine, loop: Loop, lists: Lists) -> None:
    async def answered() -> httpx.Response:
        engine = Uncountable(here)
        app = FastAPI()
        app.include_router(questions_router(Asking(engine, "r", lists)))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(f"{PATH}/funding-lines", params={"limit": "2"})

    answer = loop.run(answered()).json()
    assert (len(answer["rows"]), answer["total"], answer["truncated"]) == (2, None, True)


def test_a_year_with_a_time_zone_stays_a_text() -> None:
    year = {"type": "literal", "value": "2020Z", "datatype": f"{PREFIXES['xsd']}gYear"}
    body = json.dumps({"head": {"vars": ["year"]}, "results": {"bindings": [{"year": year}]}})
    assert plain_rows(body.encode()) == [{"year": "2020Z"}]


@pytest.mark.parametrize(
    ("address", "status", "message"),
    [
        ("fundng-by-year", 404, "no question “fundng-by-year”. The nearest: funding-by-year"),
        ("completeness.pdf", 404, "no question “completeness.pdf”. The nearest: completeness"),
        ("completeness?land=MA", 400, "no parameter “land”"),
        ("completeness?country=Marok", 400, "The nearest: MA"),
        ("completeness?country=MA&country=TG", 400, "“country” is given more than once"),
        ("completeness?country=%FF", 400, "not percent-encoded UTF-8"),
        ("completeness?country=", 400, "“” does not fit “country”"),
        ("completeness?limit=0", 400, "“limit” is a number of rows, from 1 to 1000000"),
        ("completeness?limit=1e3", 400, "“limit”"),
        ("completeness?limit=%D9%A3", 400, "“limit”"),
        ("partnerships-with-country", 400, "“country” is missing: a country"),
        ("completeness.geojson", 406, "format=json, format=csv"),
        ("completeness?format=turtle", 406, "format=json, format=csv"),
    ],
)
def test_problems(address: str, status: int, message: str, client: httpx.Client) -> None:
    response = client.get(f"{PATH}/{address}", headers={"Accept-Language": "en"})
    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    body = response.json()
    assert message in body["detail"]
    assert body["status"] == status and body["instance"] == f"{PATH}/{address.partition('?')[0]}"
    french = client.get(f"{PATH}/{address}", params=None).json()["detail"]
    assert french != body["detail"]
    if "nearest" in message:
        assert body["nearest"]


def test_signs_in_addresses_arrive_once_decoded(client: httpx.Client) -> None:
    title = "Éducation + santé & « droits »"
    for encoded in (quote(title, safe=""), quote_plus(title)):
        answer = client.get(f"{PATH}/funding-lines?text={encoded}").json()
        assert answer["parameters"] == {"text": title}
        assert answer["total"] == 4
    # A plus that is not encoded is a space: no title has these words.
    raw = quote(title, safe="+")
    assert client.get(f"{PATH}/funding-lines?text={raw}").json()["total"] == 0


@pytest.mark.parametrize(("name", "parameter"), parameters())
def test_no_hostile_value_ends_in_a_defect(name: str, parameter: str, client: httpx.Client) -> None:
    question: QuestionFile = catalogue()[name]
    for value in HOSTILE:
        if "\ud800" in value or len(value) > 10_000:
            continue
        response = client.get(f"{PATH}/{name}", params=given_for(question, parameter, value))
        assert response.status_code in (200, 400), (value, response.text)
        if response.status_code == 200:
            answer = response.json()
            assert answer["parameters"][parameter] == value
            assert answer["rows"] == []
        else:
            assert response.headers["Content-Type"] == PROBLEM


def test_openapi_types_the_parameters_of_each_question(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for question in catalogue().values():
        operation = paths[f"{PATH}/{question.name}"]["get"]
        declared = {p["name"]: p for p in operation["parameters"]}
        assert set(declared) == {p.name for p in question.parameters} | {"format", "limit", "lang"}
        content = operation["responses"]["200"]["content"]
        assert ("application/geo+json" in content) is question.has_positions
        schema = content["application/json"]["schema"]
        row = schema["properties"]["rows"]["items"]
        assert list(row["properties"]) == list(question.columns)
    year = paths[f"{PATH}/funding-by-year"]["get"]["parameters"][1]
    assert year["schema"] == {"type": "string", "pattern": "^[1-9][0-9]{3}$"}
    assert (year["name"], year["required"], year["example"]) == ("from", False, "2019")


def test_documents_fit_their_schema(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for name, case in CASES.items():
        operation = paths[f"{PATH}/{name}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        answer = json.loads(client.get(f"{PATH}/{name}", params=case.given).content)
        Draft202012Validator(schema).validate(answer)
