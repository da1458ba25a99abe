"""Whatever is sent: an answer or one clear error, never a defect, and nothing a browser would run."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.reconciliation.release import BASE, publish, quads
from tests.service.reconciliation.schemas import valid
from tests.service.reconciliation.test_protocol import problem
from tests.service.test_escaping import HOSTILE, assert_harmless, literal

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.text(st.characters())
)
WORDS = st.sampled_from(
    ["query", "type", "limit", "properties", "pid", "v", "id", "ids", "date", "siren", "country"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
QUERY = st.fixed_dictionaries(
    {},
    optional={
        "query": st.text() | SCALARS,
        "type": st.sampled_from(["Place", "Theme", ""]) | JSON,
        "limit": st.integers() | SCALARS,
        "properties": st.lists(
            st.fixed_dictionaries(
                {
                    "pid": st.sampled_from(["date", "country", "siren", "level", "departement"]),
                    "v": st.text() | SCALARS | JSON,
                }
            ),
            max_size=3,
        )
        | JSON,
        "type_strict": st.just("any") | SCALARS,
    },
)
ASKED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("field", ["queries", "extend"])
@ASKED
@given(message=JSON | st.dictionaries(st.text(), QUERY, max_size=3))
def test_any_json_is_answered_or_refused(client, field, message):
    answer = client.post("/reconcile", data={field: json.dumps(message)})
    assert answer.status_code in (200, 400, 413), answer.text
    if answer.status_code == 200:
        schema = "reconciliation-result-batch" if field == "queries" else "data-extension-response"
        valid(answer.json(), schema)
    else:
        problem(answer, answer.status_code, answer.json()["code"])


@ASKED
@given(text=st.text(), path=st.sampled_from(["entity", "type", "property"]))
def test_any_text_has_suggestions_or_none(client, text, path):
    parameters = {"prefix": text.encode("utf-8", "replace")}
    assert client.get(f"/reconcile/suggest/{path}", params=parameters).status_code == 200
    for page in ("view", "preview"):
        answer = client.get(f"/reconcile/{page}", params={"id": text.encode("utf-8", "replace")})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"q"',
        '{"q": []}',
        '{"q": {}}',
        '{"q": {"query": 1}}',
        '{"q": {"query": null}}',
        '{"q": {"query": "a", "limit": 0}}',
        '{"q": {"query": "a", "limit": -1}}',
        '{"q": {"query": "a", "limit": 1.5}}',
        '{"q": {"query": "a", "limit": true}}',
        '{"q": {"query": "a", "limit": "5"}}',
        '{"q": {"query": "a", "limit": NaN}}',
        '{"q": {"query": "a", "type": 1}}',
        '{"q": {"query": "a", "type": [1]}}',
        '{"q": {"query": "a", "type_strict": "none"}}',
        '{"q": {"query": "a", "properties": {}}}',
        '{"q": {"query": "a", "properties": [{"pid": "x"}]}}',
        '{"q": {"query": "a", "properties": [{"v": "x"}]}}',
        '{"q": {"query": "a", "properties": [{"pid": "x", "v": null}]}}',
        '{"q": {"query": "a", "properties": [{"pid": "x", "v": {"name": "y"}}]}}',
        '{"q": {"query": "a"}, "bad": {"query": "b", "colour": "c"}}',
        "[" * 100_000,
        "9" * 10_000,
    ],
)
def test_a_malformed_batch_is_refused_whole(client, text):
    problem(client.post("/reconcile", data={"queries": text}), 400, "BadRequest")


def test_an_error_says_where_it_is(client):
    batch = {"good": {"query": "a"}, "b\ud800": {"query": "b", "limit": 0}}
    answer = client.post("/reconcile?lang=en", data={"queries": json.dumps(batch)})
    detail = problem(answer, 400, "BadRequest")
    assert detail == '"b\\ud800", limit: expected: a positive whole number.'


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"ids": []}',
        '{"ids": "x", "properties": []}',
        '{"ids": [1], "properties": []}',
        '{"ids": [], "properties": [{}]}',
        '{"ids": [], "properties": ["x"]}',
        '{"ids": [], "properties": [{"id": "x", "settings": []}]}',
    ],
)
def test_a_malformed_extension_is_refused(client, text):
    problem(client.post("/reconcile", data={"extend": text}), 400, "BadRequest")


def test_limits(client):
    def posted(field: str, message: object):
        return client.post("/reconcile", data={field: json.dumps(message)})

    queries = {str(n): {"query": "Rabat"} for n in range(101)}
    problem(posted("queries", queries), 413, "TooLarge")
    del queries["0"]
    assert posted("queries", queries).status_code == 200
    given = [{"pid": "country", "v": "FR"}] * 21
    problem(posted("queries", {"q": {"properties": given}}), 413, "TooLarge")
    values = {"properties": [{"pid": "country", "v": ["FR"] * 21}]}
    problem(posted("queries", {"q": values}), 413, "TooLarge")
    ids = [str(n) for n in range(1001)]
    problem(posted("extend", {"ids": ids, "properties": []}), 413, "TooLarge")
    problem(client.post("/reconcile", data={"queries": "x" * 1_000_000}), 413, "TooLarge")
    assert posted("extend", {"ids": ids[1:], "properties": [{"id": "iri"}]}).status_code == 200


def test_malformed_requests(client):
    both = {"queries": "{}", "extend": '{"ids": [], "properties": []}'}
    problem(client.get("/reconcile", params=both), 400, "BadRequest")
    problem(client.post("/reconcile", data=both), 400, "BadRequest")
    problem(client.post("/reconcile"), 415, "UnsupportedType")
    problem(client.post("/reconcile", data={"x": "y"}), 400, "BadRequest")
    problem(client.post("/reconcile", json={"queries": {}}), 415, "UnsupportedType")
    problem(client.get("/reconcile?queries={}&queries={}"), 400, "BadRequest")
    problem(client.post("/reconcile?queries={}", data={"queries": "{}"}), 400, "BadRequest")
    problem(client.get("/reconcile?queries=%ff"), 400, "BadRequest")
    problem(client.get("/reconcile/suggest/entity"), 400, "BadRequest")
    problem(client.get("/reconcile/suggest/entity?prefix=a&type=Person"), 400, "BadRequest")
    for number in ("-1", "x", "1.5", "1e3", "٣", "9" * 10):
        parameters = {"prefix": "a", "cursor": number}
        problem(client.get("/reconcile/suggest/type", params=parameters), 400, "BadRequest")
    assert client.get("/reconcile/flyout/x").status_code == 404


JSONP = ["f", "jQuery34108_1700000000000", "a.b.c", "$", "_.$x"]


@pytest.mark.parametrize("callback", JSONP)
@pytest.mark.parametrize(
    "path", ["/reconcile", "/reconcile/suggest/type?prefix=", "/reconcile/extend/properties"]
)
def test_jsonp(client, path, callback):
    plain = client.get(path).json()
    answer = client.get(path + ("&" if "?" in path else "?") + f"callback={callback}")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    found = re.fullmatch(r"/\*\*/(\S+?)\((.*)\);", answer.text)
    assert found and found[1] == callback
    assert json.loads(found[2]) == plain
    assert answer.text.isascii()


@pytest.mark.parametrize(
    "callback",
    [
        "",
        "alert(1)",
        "alert(1)//",
        "a;b",
        "a b",
        "a\nb",
        "a\u2028b",
        "é",
        "ａ",
        "a..b",
        ".a",
        "a.",
        "1a",
        "a[0]",
        "a-b",
        "<script>",
        "</script><script>alert(1)</script>",
        "a" * 101,
        "f\n",
    ],
)
def test_a_callback_that_is_no_name_is_refused(client, callback):
    queries = json.dumps({"q": {"query": "Rabat"}})
    for path, more in (
        ("/reconcile", {}),
        ("/reconcile", {"queries": queries}),
        ("/reconcile/suggest/entity", {"prefix": "r"}),
        ("/reconcile/extend/properties", {}),
    ):
        problem(client.get(path, params={"callback": callback, **more}), 400, "BadRequest")


def test_what_a_client_sends_stays_text_in_a_script(client):
    batch = {"</script>\u2028": {"query": "</script>"}}
    answer = client.get("/reconcile", params={"queries": json.dumps(batch), "callback": "f"})
    assert answer.text == '/**/f({"</script>\\u2028":{"result":[]}});'


def test_hostile_names_stay_text_in_the_preview(serve, tmp_path):
    body = f"<{BASE}id/collectivity/fr/x>"
    lines = [
        f"{body} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}def#FrenchCollectivity>",
        f"{body} <http://www.w3.org/2000/01/rdf-schema#label> {literal(HOSTILE)}",
        f"{body} <{BASE}def#inseeCode> {literal(HOSTILE)}",
        f"{body} <{BASE}def#level> <{BASE}scheme/level/%3Cb%3E>",
    ]
    text = "".join(f"{line} <{BASE}graph/test> .\n" for line in lines)
    publish(tmp_path / "out", quads() + text)
    with serve(tmp_path / "out") as client:
        answer = client.get("/reconcile/preview?id=id/collectivity/fr/x")
        assert answer.status_code == 200
        assert HOSTILE in assert_harmless(answer).text
        (found,) = client.get("/reconcile/suggest/entity?prefix=script").json()["result"]
        assert found["name"] == HOSTILE
