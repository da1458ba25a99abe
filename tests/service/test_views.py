"""The queries of the views over graphs made for one question each, and the JSON-LD they become."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.graph.query import run
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.resources import query_text
from coopdec_graph.service.profiles.catalogue import profiles
from coopdec_graph.service.profiles.compact import compact
from tests.service.test_profiles import canonical

ONTOLOGY = Path(__file__).parents[2] / "ontology"
BASE = "https://w3id.org/coopdec/"
VIEWS = {profile.token: profile for profile in profiles() if profile.query}
GRANTS = {
    "schema.org": "https://schema.org/MonetaryGrant",
    "eurio": "http://data.europa.eu/s66#Grant",
    "frapo": "http://purl.org/cerif/frapo/Grant",
    "dingo": "https://w3id.org/dingo#Grant",
}
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def store_of(turtle: str, *files: str) -> ox.Store:
    store = ox.Store()
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    store.load(f"@base <{BASE}> .\n{prefixes}{turtle}", format=ox.RdfFormat.TURTLE)
    for file in files:
        store.load(path=str(ONTOLOGY / file), format=ox.RdfFormat.TURTLE)
    return store


def view(store: ox.Store, token: str, path: str) -> set[ox.Triple]:
    bindings = {"entity": ox.NamedNode(BASE + path)}
    return set(run(store, query_text(f"construct/{VIEWS[token].query}"), bindings=bindings))


# ---- What is a grant -----------------------------------------------------------------------------

FUNDED = """
<id/a> a cd:Activity ; org:hasMember <id/member> .
<id/member> a org:Organization ; dct:spatial <id/place/1> .
<id/ministry> a org:Organization ; skos:prefLabel "M"@fr , "M"@en ; dct:spatial <id/place/2> .
<id/line> a cd:FundingLine ; cd:fundedActivity <id/a> ; cd:amount 5 ; cd:year "2020"^^xsd:gYear ;
  cd:currency <http://publications.europa.eu/resource/authority/currency/EUR> .
"""


def grants(token: str, more: str) -> list[str]:
    found = view(store_of(FUNDED + more), token, "id/a")
    kind = ox.NamedNode(GRANTS[token])
    return [each.subject.value for each in found if (each.predicate, each.object) == (TYPE, kind)]


@pytest.mark.parametrize("token", GRANTS)
@pytest.mark.parametrize(
    ("more", "granted"),
    [
        ("<id/line> cd:financer <id/ministry> .", True),
        # Whoever takes part pays a contribution of its own…
        ("<id/line> cd:financer <id/member> .", False),
        # … as may a body of the place of one, which may be the same under another name.
        ("<id/line> cd:financer <id/twin> . <id/twin> a org:Organization ; dct:spatial <id/place/1> .", False),
        # A heading is no body, and who cannot be read is nobody.
        ("<id/line> cd:financer <id/group> . <id/group> a cd:FinancerGroup .", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_grant_comes_from_a_body_that_takes_no_part(token, more, granted):
    assert grants(token, more) == ([f"{BASE}id/line"] if granted else [])


@pytest.mark.parametrize("token", GRANTS)
def test_an_amount_stands_once_and_only_if_read(token):
    paid = "<id/line> cd:financer <id/ministry> ."
    values = [each.object for each in view(store_of(FUNDED + paid), token, "id/a")]
    assert [value.value for value in values].count("5") == 1
    unread = FUNDED.replace("cd:amount 5 ; ", "").replace("cd:currency", "cd:sourceText 'x' ; rdfs:seeAlso")  # fmt: skip
    found = view(store_of(unread + paid), token, "id/a")
    assert not [each for each in found if "5" in str(each.object)]
    assert ox.NamedNode(GRANTS[token]) in {each.object for each in found}
    assert not [each for each in found if isinstance(each.subject, ox.BlankNode)]


# ---- Other programmes ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reported() -> ox.Store:
    """An activity of IATI, with the lists that it names."""
    lists = (f"lists/{name}.ttl" for name in ("dac", "iati", "sdg"))
    return store_of("", "examples/reported-activity.ttl", "schemes.ttl", *lists)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("schema.org", {"foundingDate": "2021-02-01", "dissolutionDate": "2023-11-30", "funder": "id/organisation/ref/XM-EXAMPLE", "location": "id/location/iati-XM-EXAMPLE-17/1"}),
        ("eurio", {"startDate": "2021-02-01", "endDate": "2023-11-30"}),
        ("kohesio", {"P20": "2021-02-01", "P33": "2023-11-30", "P838": "2023-12-31", "P888": "scheme/dac/14030"}),
        ("frapo", {"isSupportedBy": "id/organisation/ref/XM-EXAMPLE", "hasProjectIdentifier": "iati-XM-EXAMPLE-17"}),
        ("dingo", {"start_time": "2021-02-01", "end_time": "2023-11-30"}),
    ],
)  # fmt: skip
def test_an_activity_of_another_programme(reported, token, expected):
    path = "id/activity/iati-XM-EXAMPLE-17"
    found = view(reported, token, path)
    said = {
        each.predicate.value.removeprefix(VIEWS[token].vocabulary): each.object.value
        for each in found
        if each.subject.value == BASE + path
    }
    for name, value in expected.items():
        assert said[name].removeprefix(BASE) == value
    # Budgets and payments of one sum are not to be added up: no view has them.
    assert not [each for each in found if "30000" in str(each) or "12000" in str(each)]
    assert GRANTS.get(token) not in {getattr(each.object, "value", None) for each in found}


# ---- JSON-LD -------------------------------------------------------------------------------------

ROOT = ox.NamedNode("http://e.org/id")
VOCABULARY = "http://e.org/v#"
names = st.sampled_from([f"{VOCABULARY}p", f"{VOCABULARY}geo", f"{PREFIXES['geo']}asWKT", f"{PREFIXES['dct']}title", "http://e.org/other/q", TYPE.value])  # fmt: skip
texts = st.sampled_from(
    [ox.Literal(value, **more) for value in ("", "1", "a:b", "@id")
     for more in ({}, {"language": "fr"}, {"language": "en"}, {"datatype": ox.NamedNode(PREFIXES["xsd"] + "gYear")})]
)  # fmt: skip
nodes = st.sampled_from(
    [ROOT, *(ox.NamedNode(f"http://e.org/{n}") for n in "ab"), *(ox.BlankNode(n) for n in "xyz")]
)
classes = st.sampled_from([ox.NamedNode(f"{VOCABULARY}T"), ox.NamedNode(f"{PREFIXES['foaf']}U")])


@st.composite
def triples(draw):
    name = ox.NamedNode(draw(names))
    value = draw(classes if name == TYPE else texts | nodes)
    return ox.Triple(draw(nodes), name, value)


@given(st.lists(triples(), max_size=12, unique=True))
def test_the_document_says_what_the_graph_says(said):
    document = compact(said, ROOT.value, VOCABULARY)
    found = {quad.triple for quad in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)}
    assert canonical(found) == canonical(said)
    assert document["@id"] == ROOT.value


def test_a_document_is_as_short_as_it_may_be():
    amount, page = ox.BlankNode(), ox.NamedNode("http://e.org/page")
    said = [
        (ROOT, TYPE, ox.NamedNode(f"{VOCABULARY}Thing")),
        (ROOT, ox.NamedNode(f"{VOCABULARY}name"), ox.Literal("x", language="fr")),
        (ROOT, ox.NamedNode(f"{VOCABULARY}year"), ox.Literal("2020", datatype=ox.NamedNode("http://t"))),
        (ROOT, ox.NamedNode(f"{VOCABULARY}label"), ox.Literal("y", language="fr")),
        (ROOT, ox.NamedNode(f"{VOCABULARY}label"), ox.Literal("z")),
        (ROOT, ox.NamedNode(f"{VOCABULARY}amount"), amount),
        (amount, ox.NamedNode(f"{VOCABULARY}value"), ox.Literal("5")),
        (amount, ox.NamedNode(f"{VOCABULARY}of"), ROOT),
        (ROOT, ox.NamedNode(PREFIXES["dct"] + "source"), page),
    ]  # fmt: skip
    assert compact([ox.Triple(*each) for each in said], ROOT.value, VOCABULARY) == {
        "@context": {
            "@vocab": VOCABULARY,
            "dct": PREFIXES["dct"],
            "name": {"@language": "fr"},
            "year": {"@type": "http://t"},
        },
        "@id": ROOT.value,
        "@type": "Thing",
        "amount": {"of": {"@id": ROOT.value}, "value": "5"},
        "dct:source": {"@id": page.value},
        "label": [{"@value": "y", "@language": "fr"}, "z"],
        "name": "x",
        "year": "2020",
    }
