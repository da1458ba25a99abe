"""`/doc` in each profile: what the views say, how one is asked for, what headers and lists tell.

`views/` has the graph expected of each view, one named graph per resource.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, PROF, RDF, XSD, Graph, Literal, Namespace, URIRef

from coopdec_graph.service.profiles.catalogue import profiles
from tests.service.test_dereferencing import PARSERS, TYPES
from tests.service.test_escaping import Read, assert_harmless, hostile  # noqa: F401

BASE = "https://w3id.org/coopdec/"
PROFILES = f"{BASE}profiles#"
ALTR = Namespace("http://www.w3.org/ns/dx/connegp/altr#")
ALT = "http://www.w3.org/ns/dx/connegp/altr"
PATH = "/doc/partnership/1econjwnk7"
RDF_FORMATS = ("ttl", "nt", "jsonld", "rdf")
VIEWS = Path(__file__).with_name("views")
TOKENS = ["coopdec", "schema.org", "eurio", "kohesio", "frapo", "dingo", "alt"]
OF_BODIES = TOKENS
OF_PLACES = ["coopdec", "schema.org", "kohesio", "alt"]
OF_CONCEPTS = ["coopdec", "schema.org", "alt"]
NO_OTHER = ["coopdec", "alt"]
# Every kind of resource, and the views it has.
KINDS = {
    "/doc/partnership/1econjwnk7": TOKENS,
    "/doc/partnership/atlas-3203": TOKENS,
    "/doc/collectivity/fr/mantes-la-jolie": OF_BODIES,
    "/doc/collectivity/ma/conseil-de-la-prefecture-de-rabat": OF_BODIES,
    "/doc/organisation/adeframs": OF_BODIES,
    "/doc/organisation/ministere-de-l-europe-et-des-affaires-etrangeres": OF_BODIES,
    "/doc/diplomatic-post/ambassade-de-france-a-rabat": OF_BODIES,
    "/doc/place/fr/commune/78361": OF_PLACES,
    "/doc/scheme/theme/eau-et-assainissement": OF_CONCEPTS,
    "/doc/scheme/theme": NO_OTHER,
    "/doc/funding/1econjwnk7/mantes-la-jolie/2019": NO_OTHER,
    "/doc/financer-group/1econjwnk7/collectivites-et-partenaires-etrangers": NO_OTHER,
    "/doc/participation/1econjwnk7/1": NO_OTHER,
    "/doc/period/1econjwnk7": NO_OTHER,
    "/doc/dataset": NO_OTHER,
    "/doc/correspondence/themes-dac-sdg": NO_OTHER,
}


def iri_of(path: str) -> str:
    below = path.removeprefix("/doc/")
    root = "alignment/" if below.startswith("correspondence/") else "id/"
    below = below.removeprefix("correspondence/")
    return BASE + (below if below.startswith("scheme/") else root + below)


def path_of(iri: str) -> str:
    return "/doc/" + iri.removeprefix(BASE).removeprefix("id/")


def expected_views() -> dict[tuple[str, str], set[ox.Triple]]:
    """By token and path."""
    found: dict[tuple[str, str], set[ox.Triple]] = {}
    for file in sorted(VIEWS.glob("*.trig")):
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TRIG):
            found.setdefault((file.stem, path_of(quad.graph_name.value)), set()).add(quad.triple)
    return found


EXPECTED = expected_views()


def canonical(triples) -> set[str]:
    """The graph, whatever its blank nodes are called."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def parsed(body: bytes, extension: str) -> set[str]:
    return canonical(quad.triple for quad in ox.parse(body, format=PARSERS[extension]))


def links(answer: httpx.Response) -> list[tuple[str, dict[str, str]]]:
    """The targets of `Link`, each with its parameters."""
    found = re.findall(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)(?:, |$)', answer.headers["link"])
    return [(target, dict(re.findall(r'([a-z]+)="([^"]*)"', more))) for target, more in found]


# ---- What the views say --------------------------------------------------------------------------


def test_every_view_of_every_kind_is_expected():
    wanted = {(token, path) for path, tokens in KINDS.items() for token in tokens}
    assert set(EXPECTED) == {(token, path) for token, path in wanted if token not in NO_OTHER}
    assert [profile.token for profile in profiles()] == TOKENS


@pytest.mark.parametrize("extension", RDF_FORMATS)
@pytest.mark.parametrize(("token", "path"), EXPECTED, ids=lambda value: value)
def test_a_view_says_exactly_this(client, token, path, extension):
    answer = client.get(f"{path}.{extension}", params={"_profile": token})
    assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[extension])
    assert parsed(answer.content, extension) == canonical(EXPECTED[token, path])


@pytest.mark.parametrize("path", KINDS)
def test_the_views_a_resource_has(client, path):
    for profile in profiles():
        answer = client.get(path, params={"profile": profile.token})
        if profile.token in KINDS[path]:
            assert answer.status_code == 200
            assert answer.headers["content-profile"].startswith(f"<{profile.iri}>")
            continue
        assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")
        assert answer.json()["offered"] == KINDS[path]
        assert profile.token in answer.json()["detail"]


def test_the_native_view_is_what_was_always_there(client):
    plain = client.get(PATH, headers={"Accept": "application/n-triples"})
    named = client.get(PATH, params={"profile": "coopdec", "_mediatype": "application/n-triples"})
    assert sorted(named.text.splitlines()) == sorted(plain.text.splitlines())
    assert plain.headers["content-profile"] == f"<{PROFILES}coopdec>"


def test_turtle_begins_with_the_resource_and_has_short_names(client):
    for token, prefix in (("eurio", "eurio"), ("kohesio", "lodt"), ("frapo", "frapo")):
        lines = client.get(PATH, params={"profile": token}).text.splitlines()
        assert any(line.startswith(f"@prefix {prefix}: ") for line in lines)
        first = next(line for line in lines if not line.startswith("@prefix"))
        assert first.startswith(f"<{iri_of(PATH)}> ")


def test_json_ld_reads_like_json_and_needs_no_other_document(client):
    params = {"profile": "schema.org", "_mediatype": "application/ld+json"}
    found = client.get(PATH, params=params).json()
    assert found["@context"]["@vocab"] == "https://schema.org/"
    assert (found["@id"], found["@type"]) == (iri_of(PATH), "Project")
    assert (found["foundingDate"], found["dissolutionDate"]) == ("2019", "2021-12-31")
    assert [grant["@type"] for grant in found["funding"]] == ["MonetaryGrant"] * 3
    assert {grant["amount"]["value"] for grant in found["funding"]} == {"7000"}
    again = client.get(PATH, params=params).text
    assert json.dumps(json.loads(again)) == json.dumps(found)


# ---- How one is asked for ------------------------------------------------------------------------


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.token)
def test_a_profile_by_each_of_its_names(client, profile):
    for name in profile.names:
        written = [f"<{name}>", name]
        for text in written:
            for parameter in ("_profile", "profile"):
                asked = client.get(PATH, params={parameter: text})
                assert asked.headers["content-profile"].startswith(f"<{profile.iri}>"), text
            header = client.get(PATH, headers={"Accept-Profile": text})
            assert header.headers["content-profile"].startswith(f"<{profile.iri}>"), text


SCHEMA, EURIO, NONE = "<https://schema.org/>", "<http://data.europa.eu/s66>", "<urn:x:none>"


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (f"{SCHEMA}, {EURIO}", "schema.org"),
        (f"{EURIO},{SCHEMA}", "eurio"),
        (f"{SCHEMA};q=0.4, {EURIO};q=0.7", "eurio"),
        (f"{SCHEMA}; q=0.400 , {EURIO} ;Q=0.3", "schema.org"),
        (f"{NONE}, {EURIO};q=0.1", "eurio"),
        (f"{SCHEMA};q=0, {EURIO};q=0.1", "eurio"),
        (f"{NONE};q=1, *;q=0.1", "coopdec"),
        (f'"https://schema.org/", {EURIO}', "schema.org"),
        ("dingo", "dingo"),
        (f"{SCHEMA};q=0", "coopdec"),
        ("*", "coopdec"),
        ("", "coopdec"),
        ("<<<>", "coopdec"),
        (f"{EURIO}, <<", "eurio"),
        (f"{EURIO};q=abc", "eurio"),
        (",", "coopdec"),
    ],
)
def test_accept_profile(client, header, token):
    answer = client.get(PATH, headers={"Accept-Profile": header})
    expected = next(profile.iri for profile in profiles() if profile.token == token)
    assert answer.status_code == 200
    assert answer.headers["content-profile"].partition(",")[0] == f"<{expected}>"


def test_several_lines_of_a_header_are_one_list(client):
    headers = [("Accept-Profile", f"{SCHEMA};q=0.2"), ("Accept-Profile", EURIO)]
    answer = client.get(PATH, headers=headers)
    assert answer.headers["content-profile"].startswith(f"<{PROFILES}eurio>")


def test_the_address_comes_before_the_header(client):
    headers = {"Accept-Profile": EURIO}
    answer = client.get(PATH, params={"profile": "nobody,schema.org"}, headers=headers)
    assert answer.headers["content-profile"].startswith(f"<{PROFILES}schema.org>")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"profile": "nobody"}, 406),
        ({"_profile": "nobody,<urn:x>"}, 406),
        ({"_profile": "eurio", "profile": "eurio"}, 400),
        ({"profile": ["eurio", "dingo"]}, 400),
        ({"profile": ""}, 400),
        ({"profile": "<<"}, 400),
        ({"profile": "eurio;q=0"}, 400),
        ({"profile": "eurio", "_mediatype": "text/html"}, 406),
        ({"profile": "eurio", "_mediatype": "image/png,text/csv"}, 406),
        ({"_mediatype": "image/png"}, 406),
    ],
)
def test_what_cannot_be_given(client, params, status):
    for accept, kind in (("*/*", "application/problem+json"), ("text/html", "text/html")):
        answer = client.get(PATH, params=params, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
            status,
            kind,
        )
        head = client.head(PATH, params=params, headers={"Accept": accept})
        assert (head.status_code, head.content) == (status, b"")
    header = client.get(PATH, headers={"Accept-Profile": NONE})
    assert (header.status_code, header.json()["offered"]) == (406, TOKENS)


def test_nothing_is_known_of_the_unknown_in_any_profile(client):
    for token in (*TOKENS, "nobody"):
        assert client.get("/doc/partnership/nobody", params={"profile": token}).status_code == 404


@pytest.mark.parametrize(
    ("params", "extension", "accept", "kind"),
    [
        ({"_mediatype": "application/ld+json"}, "", "text/turtle", "application/ld+json"),
        ({"_mediatype": "application/ld json"}, "", "*/*", "application/ld+json"),
        ({"_mediatype": "text/csv, application/n-triples"}, "", "*/*", "application/n-triples"),
        ({"_mediatype": "application/json"}, "", "*/*", "application/ld+json"),
        ({"_mediatype": "application/n-triples"}, ".ttl", "*/*", "text/turtle"),
        ({}, "", "application/rdf+xml", "application/rdf+xml"),
        # A view has no page, so that a browser gets its Turtle as text.
        ({}, "", "text/html,application/xml;q=0.9,*/*;q=0.8", "text/plain"),
        ({"_mediatype": "text/turtle"}, "", "text/html,*/*;q=0.8", "text/turtle"),
        ({}, ".jsonld", "text/html,*/*;q=0.8", "application/ld+json"),
    ],
)
def test_the_format_of_a_view(client, params, extension, accept, kind):
    asked = {"_profile": "eurio", **params}
    answer = client.get(PATH + extension, params=asked, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind
    if kind == "text/plain":
        assert answer.text.startswith("@prefix")


def test_the_native_profile_and_the_list_have_a_page(client):
    for token in ("coopdec", "alt"):
        answer = client.get(PATH, params={"profile": token}, headers={"Accept": "text/html"})
        assert answer.headers["content-type"] == TYPES["html"]
        named = client.get(PATH, params={"profile": token, "_mediatype": "text/html"})
        assert named.headers["content-type"] == TYPES["html"]


def test_a_thing_leads_to_the_same_view(client):
    seen = client.get("/id/partnership/1econjwnk7", params={"_profile": "eurio"})
    assert seen.headers["location"] == f"{PATH}?_profile=eurio"
    followed = client.get(
        "/id/partnership/1econjwnk7", headers={"Accept-Profile": EURIO}, follow_redirects=True
    )
    assert followed.headers["content-profile"].startswith(f"<{PROFILES}eurio>")


# ---- Headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("token", TOKENS)
def test_links(client, path, token):
    if token not in KINDS[path]:
        return
    answer = client.get(path, params={"_profile": token})
    found = links(answer)
    by_token = {profile.token: profile for profile in profiles()}
    own, native = by_token[token], by_token["coopdec"]
    assert (own.iri, {"rel": "profile"}) in found
    turtle = {"type": "text/turtle", "profile": native.iri}
    assert (path, {"rel": "canonical", **turtle}) in found
    others = {
        target: more["profile"]
        for target, more in found
        if more["rel"] == "alternate" and "profile" in more
    }
    assert others == {
        f"{path}?_profile={each}": by_token[each].iri
        for each in KINDS[path]
        if each not in (token, "coopdec")
    }
    for target, iri in others.items():
        view = client.get(target)
        assert view.headers["content-profile"].startswith(f"<{iri}>")
    named = {
        more["token"]: more["anchor"]
        for target, more in found
        if target == str(PROF.Profile) and more["rel"] == "type"
    }
    assert named == {each: by_token[each].iri for each in KINDS[path]}
    assert (f"{path}.ttl", {"rel": "alternate", "type": "text/turtle"}) in found
    # A proxy takes 8 KiB of headers.
    assert len(answer.headers["link"]) < 4_000
    content = [f"<{own.iri}>", *([f"<{own.bases[0]}>"] if own.query else [])]
    assert answer.headers["content-profile"] == ", ".join(content)


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "text/html"])
def test_what_a_client_has_is_not_sent_again(client, token, accept):
    headers = {"Accept": accept, "Accept-Language": "fr"}
    asked = {"params": {"_profile": token}, "headers": headers}
    first = client.get(PATH, **asked)
    varies = {"Accept", "Accept-Encoding", "Accept-Profile"}
    page = first.headers["content-type"] == TYPES["html"]
    varies |= {"Accept-Language"} if page else set()
    assert set(first.headers["vary"].split(", ")) == varies
    assert first.headers["cache-control"] == "no-cache"
    head = client.head(PATH, **asked)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "vary", "link", "content-type", "content-profile", "content-length"):
        assert head.headers[name] == first.headers[name], name
    same = {**headers, "If-None-Match": first.headers["etag"]}
    for method in ("GET", "HEAD"):
        again = client.request(method, PATH, params={"_profile": token}, headers=same)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert set(again.headers["vary"].split(", ")) == varies
    others = [
        {"Accept": "application/n-triples"},
        {"Accept-Encoding": "gzip", "Host": "data.example.org"},
        *([{"Accept-Language": "en"}] if page else []),
    ]
    for other in others:
        changed = client.get(PATH, params={"_profile": token}, headers={**same, **other})
        assert changed.status_code == 200, other


def test_each_profile_and_format_has_a_tag_of_its_own(client):
    tags = set()
    asked = [(profile, kind) for profile in profiles() for kind in ("text/turtle", "text/html")]
    for profile, kind in asked:
        answer = client.get(PATH, headers={"Accept-Profile": f"<{profile.iri}>", "Accept": kind})
        tags.add(answer.headers["etag"])
    assert len(tags) == len(asked)


def test_an_unknown_thing_is_never_unchanged(client):
    headers = {"If-None-Match": "*"}
    assert client.get("/doc/partnership/nobody", headers=headers).status_code == 404
    assert client.get(PATH, headers=headers).status_code == 304


def test_a_coding(client):
    answer = client.get(PATH, params={"profile": "dingo"}, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert parsed(answer.content, "ttl") == canonical(EXPECTED["dingo", PATH])


# ---- The list of alternates ----------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_the_list_leads_to_every_view_in_every_format(client, path):
    answer = client.get(path, params={"_profile": "alt"})
    graph = Graph().parse(data=answer.text, format="turtle")
    about = URIRef(iri_of(path))
    by_iri = {profile.iri: profile for profile in profiles()}
    found = []
    for view in graph.objects(about, ALTR.hasRepresentation):
        assert graph.value(view, RDF.type) == ALTR.Representation
        kind = str(graph.value(view, DCTERMS.format))
        conforms = set(map(str, graph.objects(view, DCTERMS.conformsTo)))
        (iri,) = conforms & set(by_iri)
        assert conforms == set(by_iri[iri].conforms)
        shown = client.get(str(view))
        assert shown.headers["content-type"].partition(";")[0] == kind
        assert shown.headers["content-profile"].startswith(f"<{iri}>")
        found.append((by_iri[iri].token, kind))
        assert (URIRef(iri), RDF.type, PROF.Profile) in graph
        token = Literal(by_iri[iri].token, datatype=XSD.token)
        assert graph.value(URIRef(iri), PROF.hasToken) == token
    pages = {"coopdec", "alt"}
    kinds = ["text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"]
    assert sorted(found) == sorted(
        (token, kind)
        for token in KINDS[path]
        for kind in [*kinds, *(["text/html"] if token in pages else [])]
    )
    (default,) = graph.objects(about, ALTR.hasDefaultRepresentation)
    plain = client.get(path)
    assert client.get(str(default)).text == plain.text
    for extension in RDF_FORMATS:
        other = client.get(f"{path}.{extension}", params={"_profile": "alt"})
        assert parsed(other.content, extension) == parsed(answer.content, "ttl")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_the_list(client, language):
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = client.get(PATH, params={"_profile": "alt"}, headers=headers)
    assert answer.headers["content-language"] == language
    page = assert_harmless(answer)
    for profile in profiles():
        assert profile.title.text(language) in page.text
        assert f"/profiles#{profile.token}" in page.links
    root = str(client.base_url).rstrip("/")
    leads = [link for link in page.links if "_mediatype=" in link]
    assert len(leads) == 4 * len(TOKENS) + 2
    for link in leads:
        assert link.startswith(f"{root}{PATH}?_profile=")
        assert client.get(link).status_code == 200


# ---- The profiles themselves ---------------------------------------------------------------------


def test_the_profiles_are_described(client):
    graph = Graph().parse(data=client.get("/profiles.ttl").text, format="turtle")
    for profile in profiles():
        node = URIRef(profile.iri)
        assert (node, RDF.type, PROF.Profile) in graph
        assert graph.value(node, PROF.hasToken) == Literal(profile.token, datatype=XSD.token)
        for property in (DCTERMS.title, DCTERMS.description):
            assert {text.language for text in graph.objects(node, property)} == {"fr", "en"}
        if profile.query is None:
            continue
        assert graph.value(node, PROF.isProfileOf) == URIRef(profile.bases[0])
        resource = graph.value(node, PROF.hasResource)
        assert graph.value(resource, PROF.hasRole) == URIRef(f"{PROF}role/mapping")
        mapping = str(graph.value(resource, PROF.hasArtifact))
        answer = client.get("/" + mapping.removeprefix(BASE))
        assert answer.headers["content-type"] == TYPES["ttl"]
        assert f"<{mapping}>" in answer.text
    assert len(set(graph.subjects(RDF.type, PROF.Profile))) == len(TOKENS)


@pytest.mark.parametrize("extension", TYPES)
def test_the_profiles_in_each_format(client, extension):
    named = client.get(f"/profiles.{extension}")
    asked = client.get("/profiles", headers={"Accept": TYPES[extension].partition(";")[0]})
    for answer in (named, asked):
        assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[extension])
        again = client.get(answer.url, headers={**answer.request.headers, "If-None-Match": answer.headers["etag"]})  # fmt: skip
        assert again.status_code == 304
    if extension != "html":
        assert parsed(named.content, extension) == parsed(client.get("/profiles").content, "ttl")
    assert client.get("/profiles.csv").status_code == 404
    assert client.get("/profiles", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_the_profiles(client, language):
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = client.get("/profiles", headers=headers)
    page = assert_harmless(answer)
    for profile in profiles():
        assert f'<section id="{profile.token}">' in answer.text
        for text in (profile.title.text(language), profile.description.text(language)):
            assert text in page.text
    for link in page.links:
        if link.startswith("/alignment/"):
            shown = client.get(link, headers=headers)
            assert shown.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("extension", RDF_FORMATS)
def test_an_alignment_of_terms_dereferences(client, extension):
    accept = {"Accept": TYPES[extension].partition(";")[0]}
    answer = client.get("/alignment/frapo", headers=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[extension])
    expected = Path(__file__).parents[2] / "ontology" / "alignments" / "frapo.ttl"
    assert parsed(answer.content, extension) == parsed(expected.read_bytes(), "ttl")
    assert client.get("/alignment/frapo", headers={"Accept": "image/png"}).status_code == 406
    for path in ("/alignment/themes-dac-sdg", "/alignment/statuses-iati", "/alignment/nobody"):
        assert client.get(path, headers=accept).status_code == 303


# ---- What pages tell search engines --------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_the_page_of_a_resource_has_its_view_in_schema_org(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    page = assert_harmless(answer)
    assert "script-src" not in answer.headers["content-security-policy"]
    if "schema.org" not in KINDS[path]:
        assert page.blocks == []
        assert not any("_profile=" in link for link in page.links)
        return
    (block,) = page.blocks
    assert parsed(block.encode(), "jsonld") == canonical(EXPECTED["schema.org", path])
    views = [token for token in KINDS[path] if token != "coopdec"]
    shown = [link for link in page.links if "?_profile=" in link]
    assert shown == [f"{path}?_profile={token}" for token in views]


def test_links_of_a_page_at_its_own_extension(client):
    page = Read(client.get(f"{PATH}.html").text)
    assert {f"{PATH}.ttl", f"{PATH}.jsonld"} <= set(page.links)


def test_hostile_texts_in_every_view(hostile):  # noqa: F811
    for path in ("/doc/partnership/atlas-1", "/doc/collectivity/fr/x"):
        for token in TOKENS[1:-1]:
            bodies = [
                parsed(hostile.get(f"{path}.{each}", params={"profile": token}).content, each)
                for each in RDF_FORMATS
            ]
            assert bodies[0] == bodies[1] == bodies[2] == bodies[3]
            assert "alert('x')" in "".join(bodies[0])
        (block,) = assert_harmless(hostile.get(path, headers={"Accept": "text/html"})).blocks
        assert json.loads(block)["name"].startswith("<script>alert('x')</script>")
