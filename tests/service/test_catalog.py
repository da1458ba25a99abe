"""`/catalog`: a DCAT-AP record that conforms, whose every address answers, and its page."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from coopdec_graph.publishing.documents import validate_catalog
from coopdec_graph.publishing.releases import Release, Releases
from tests.service.test_escaping import HOSTILE, Read
from tests.service.test_vocabulary import triples

BASE = "https://w3id.org/coopdec/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority/"
CATALOG, DATASET = URIRef(f"{BASE}catalog"), URIRef(f"{BASE}id/dataset")
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
RDF_FORMATS = ("ttl", "nt", "jsonld", "rdf")


def read(client: httpx.Client) -> Graph:
    answer = client.get("/catalog.ttl")
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def graph(client) -> Graph:
    return read(client)


@pytest.fixture(scope="module")
def release(data) -> Release:
    return Releases(data).current()


def root_of(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


# ---- Formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", TYPES)
def test_each_format_by_extension_and_accept(client, extension):
    accept = {"Accept": TYPES[extension].partition(";")[0]}
    named = client.get(f"/catalog.{extension}", headers={"Accept": "image/png"})
    asked = client.get("/catalog", headers=accept)
    for answer in (named, asked):
        assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[extension])
        assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
        assert '<http://data.europa.eu/r5r/>; rel="profile"' in answer.headers["link"]
        assert '</catalog.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    head = client.head("/catalog", headers=accept)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "link", "content-length"):
        assert head.headers[name] == asked.headers[name]


def test_data_is_the_answer_to_who_asks_for_nothing(client):
    assert client.get("/catalog").headers["content-type"] == TYPES["ttl"]


def test_what_it_has_not(client):
    refused = client.get("/catalog", headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (406, "NotAcceptable")
    unknown = client.get("/catalog.csv")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NotFound")


@pytest.mark.parametrize("extension", TYPES)
def test_who_has_it_is_not_sent_it_again(client, extension):
    first = client.get(f"/catalog.{extension}")
    tag = {"If-None-Match": first.headers["etag"]}
    for method in ("GET", "HEAD"):
        again = client.request(method, f"/catalog.{extension}", headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    other = client.get(f"/catalog.{extension}", headers={**tag, "Host": "data.example.org"})
    assert other.status_code == 200
    assert "data.example.org" in other.text and "data.example.org" not in first.text


# ---- DCAT-AP -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", RDF_FORMATS)
def test_the_record_conforms_to_dcat_ap(client, tmp_path: Path, extension):
    file = tmp_path / f"catalog.{extension}"
    file.write_bytes(client.get(f"/catalog.{extension}").content)
    assert validate_catalog(file).findings == ()


def test_every_format_says_the_same(client):
    found = []
    for extension in RDF_FORMATS:
        format = ox.RdfFormat.from_extension(extension)
        found.append(triples(client.get(f"/catalog.{extension}").content, format))
    assert found == [found[0]] * 4


def test_the_catalogue(graph):
    assert (CATALOG, RDF.type, DCAT.Catalog) in graph
    assert graph.value(CATALOG, DCAT.dataset) == DATASET
    assert set(graph.objects(CATALOG, DCAT.service)) == {
        URIRef(f"{CATALOG}#{name}") for name in ("sparql", "api", "reconciliation")
    }
    assert graph.value(CATALOG, DCAT.themeTaxonomy) == URIRef(f"{EU}data-theme")


def test_the_dataset_is_what_the_release_says(client, graph, store, release):
    assert (DATASET, RDF.type, DCAT.Dataset) in graph
    titles = {
        quad.object.value
        for quad in store
        if str(quad.subject) == f"<{DATASET}>" and str(quad.predicate) == f"<{DCTERMS.title}>"
    }
    assert {str(title) for title in graph.objects(DATASET, DCTERMS.title)} == titles
    assert {title.language for title in graph.objects(DATASET, DCTERMS.title)} == {"fr", "en"}
    assert {text.language for text in graph.objects(DATASET, DCTERMS.description)} == {"fr", "en"}
    assert graph.value(DATASET, DCAT.version) == Literal(release.id)
    publisher = graph.value(DATASET, DCTERMS.publisher)
    name = Literal("Ministère de l'Europe et des Affaires étrangères", lang="fr")
    assert graph.value(publisher, FOAF.name) == name
    assert graph.value(DATASET, DCTERMS.license) == URIRef(
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    )
    codes = {str(c).rpartition("/")[2] for c in graph.objects(DATASET, DCTERMS.spatial)}
    assert codes == {"BEN", "BFA", "FRA", "MAR", "PSE", "TGO"}
    period = graph.value(DATASET, DCTERMS.temporal)
    assert graph.value(period, DCAT.startDate) == Literal("1986-01-01", datatype=XSD.date)
    assert graph.value(period, DCAT.endDate) == Literal("2021-12-31", datatype=XSD.date)
    assert {str(t) for t in graph.objects(DATASET, DCAT.theme)} == {
        f"{EU}data-theme/{code}" for code in ("INTR", "REGI", "GOVE")
    }
    assert set(graph.objects(DATASET, DCTERMS.conformsTo)) == {
        URIRef(f"{BASE}def"),
        URIRef(f"{BASE}shapes"),
    }
    for theme in graph.objects(DATASET, DCAT.theme):
        assert {label.language for label in graph.objects(theme, SKOS.prefLabel)} == {"fr", "en"}
    statement = graph.value(DATASET, DCTERMS.provenance)
    said = {text.language: str(text) for text in graph.objects(statement, RDFS.label)}
    assert "8 pages of the source, of which 6 passed validation" in said["en"]
    assert "8 fiches de la source, dont 6 ont passé la validation" in said["fr"]
    assert not list(graph.subject_objects(DCAT.contactPoint))
    assert not list(graph.subject_objects(DCTERMS.accrualPeriodicity))


def test_every_address_of_the_record_answers(client, graph):
    root = root_of(client)
    found = {
        str(value)
        for predicate in (
            *(DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription),
            *(DCAT.landingPage, FOAF.homepage, RDFS.seeAlso),
        )
        for value in graph.objects(None, predicate)
    }
    assert len(found) == 20
    for address in sorted(found):
        assert address.startswith(root)
        assert client.get(address).status_code == 200, address
    # What stands below the base of the data leads to a document of this service.
    for iri in (CATALOG, DATASET, f"{BASE}def", f"{BASE}shapes"):
        path = str(iri).removeprefix(BASE)
        assert client.get(f"/{path}", follow_redirects=True).status_code == 200, iri


def test_each_download_is_of_the_type_it_says(client, graph):
    checked = 0
    for download in set(graph.subjects(DCAT.accessURL)):
        media_type = graph.value(download, DCAT.mediaType)
        if media_type is not None:
            kind = str(media_type).partition("media-types/")[2]
            answer = client.get(str(graph.value(download, DCAT.accessURL)))
            assert answer.headers["content-type"].partition(";")[0] == kind
            checked += 1
    assert checked == 1 + 2 * 6


def test_the_dump_has_its_size_and_digest(client, graph):
    dump = URIRef(f"{CATALOG}#dump")
    body = client.get(str(graph.value(dump, DCAT.downloadURL))).content
    checksum = graph.value(dump, SPDX.checksum)
    digest = hashlib.sha256(body).hexdigest()
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == digest
    size = Literal(str(len(body)), datatype=XSD.nonNegativeInteger)
    assert graph.value(dump, DCAT.byteSize) == size


def test_other_descriptions_lead_to_it(client):
    turtle = {"Accept": "text/turtle"}
    for path in ("/.well-known/void", "/sparql"):
        graph = Graph().parse(data=client.get(path, headers=turtle).text, format="turtle")
        assert URIRef(f"{root_of(client)}/catalog") in set(graph.objects(None, RDFS.seeAlso)), path


# ---- The day of the data -------------------------------------------------------------------------


def facts(*lines: str) -> bytes:
    graph = f"<{BASE}graph/provenance>"
    return "".join(f"{line} {graph} .\n" for line in lines).encode()


DCT, PROV_AT = "http://purl.org/dc/terms/", "<http://www.w3.org/ns/prov#generatedAtTime>"
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
TITLED = f"<{DATASET}> <{DCT}title> {json.dumps(HOSTILE)}@fr"


def published(folder: Path, *lines: str, **manifest: object) -> Path:
    releases = Releases(folder)
    with releases.writing():
        releases.publish({"graph.nq": facts(*lines)}, {"base": BASE, **manifest})
    return folder


def test_the_day_is_that_of_the_last_capture(serve, tmp_path):
    seen = [
        f"<{BASE}id/source/{number}> {A} <http://xmlns.com/foaf/0.1/Document>"
        for number in range(3)
    ]
    for number, time in enumerate(("2025-02-03T10:00:00+01:00", "2025-11-30T23:30:00+01:00")):
        seen.append(f'<{BASE}id/source/{number}> {PROV_AT} "{time}"^^<{XSD_TIME}>')
    with serve(published(tmp_path / "out", TITLED, *seen, as_of="2026-11-23")) as client:
        graph = read(client)
        page = client.get("/catalog.html", headers={"Accept-Language": "fr"}).text
    assert graph.value(DATASET, DCTERMS.modified) == Literal("2025-11-30", datatype=XSD.date)
    assert "<dt>Source vue pour la dernière fois</dt><dd>30 novembre 2025</dd>" in page


def test_without_captures_it_is_the_day_of_the_release(client, graph):
    assert graph.value(DATASET, DCTERMS.modified) == Literal("2026-11-23", datatype=XSD.date)
    page = client.get("/catalog.html", headers={"Accept-Language": "en"}).text
    assert "<dt>As of (no page says when it was seen)</dt><dd>23 November 2026</dd>" in page


def test_a_release_that_knows_nothing_of_itself_is_described_all_the_same(serve, tmp_path):
    with serve(published(tmp_path / "out", TITLED)) as client:
        graph = read(client)
        assert client.get("/catalog.html").status_code == 200
    for unknown in (DCTERMS.modified, DCTERMS.publisher, DCTERMS.license, DCTERMS.provenance):
        assert graph.value(DATASET, unknown) is None
    assert graph.value(DATASET, DCTERMS.title) == Literal(HOSTILE, lang="fr")


# ---- The page ------------------------------------------------------------------------------------


def embedded(page: str) -> dict:
    (block,) = Read(page).blocks
    return json.loads(block)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_in_both_languages(client, release, language):
    answer = client.get("/catalog", headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.headers["content-language"] == language
    expected = {
        "fr": ("Source à citer", "Licence Ouverte 2.0", "Bénin", "Partenariats, en CSV"),
        "en": ("Source to cite", "Licence Ouverte 2.0", "Benin", "Partnerships, as CSV"),
    }
    for text in (*expected[language], release.id, "Atlas français de la coopération"):
        assert text in answer.text
    other = {"fr": "Source to cite", "en": "Source à citer"}
    assert other[language] not in answer.text
    home = client.get("/", headers={"Accept": "text/html", "Accept-Language": language})
    assert '<a href="/catalog">' in home.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_search_engines_read(client, release, language):
    """What Google requires of a dataset, and what it recommends that a release knows."""
    answer = client.get("/catalog.html", headers={"Accept-Language": language})
    found = embedded(answer.text)
    assert (found["@context"], found["@type"]) == ({"@vocab": "https://schema.org/"}, "Dataset")
    assert found["name"].startswith({"fr": "Graphe des", "en": "Graph of"}[language])
    assert 50 <= len(found["description"]) <= 5_000
    assert found["license"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert (found["version"], found["dateModified"]) == (release.id, "2026-11-23")
    assert found["temporalCoverage"] == "1986-01-01/2021-12-31"
    assert found["creator"]["name"] == "Ministère de l'Europe et des Affaires étrangères"
    assert found["creditText"].startswith("Ministère de l'Europe")
    assert found["isAccessibleForFree"] is True
    assert len(found["keywords"]) >= 6
    assert "FRA" in {place["@id"].rpartition("/")[2] for place in found["spatialCoverage"]}
    assert found["includedInDataCatalog"]["@type"] == "DataCatalog"
    downloads = {each["contentUrl"]: each["encodingFormat"] for each in found["distribution"]}
    assert downloads[f"{root_of(client)}/dump.nq"] == "application/n-quads"
    assert all(client.get(address).status_code == 200 for address in downloads)
    # A document without a context elsewhere: it is read as it stands, and says the same.
    said = list(ox.parse(json.dumps(found), format=ox.RdfFormat.JSON_LD))
    schema = "https://schema.org/"
    assert f"<{DATASET}> <{RDF.type}> <{schema}Dataset>" in map(str, (q.triple for q in said))
    pointed = [quad for quad in said if quad.predicate.value == f"{schema}distribution"]
    assert len(pointed) == len(downloads) == 13


def test_a_hostile_title_stays_a_text(serve, tmp_path):
    with serve(published(tmp_path / "out", TITLED)) as client:
        page = client.get("/catalog.html").text
    read = Read(page)
    assert read.tags & {"img", "iframe", "object", "style", "b"} == set()
    assert "alert('x')" in read.text
    assert embedded(page)["name"] == HOSTILE
