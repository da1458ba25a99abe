"""What a reader sees on the pages, in both languages."""

from __future__ import annotations

import html
import re

import pytest

PAGE = "/doc/partnership/1econjwnk7"


def text_of(client, path: str, language: str) -> str:
    """The visible text of a page; no-break spaces as spaces."""
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = client.get(path, headers=headers)
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    body = answer.text.partition("<main")[2]
    visible = html.unescape(re.sub(r"<[^>]+>", " ", f"<main{body}"))
    return re.sub(r"\s+", " ", visible)


def test_a_partnership_in_french(client):
    text = text_of(client, PAGE, "fr")
    expected = (
        "Qui participe Mantes la Jolie , France — Collectivité française"
        " Conseil de la Préfecture de Rabat , Maroc — Partenaire étranger"
        " Mantes la Jolie , France — Maître d’ouvrage"
        " Conseil de la Préfecture de Rabat , Maroc — Maître d’ouvrage ADEFRAMS — Maître d’ouvrage"
        " Qui paie combien Financeur Année Montant"
        " Ministère de l'Europe et des Affaires étrangères 2019 7 000 €"
        " Ministère de l'Europe et des Affaires étrangères 2020 7 000 €"
        " Ministère de l'Europe et des Affaires étrangères 2021 7 000 €"
        " Mantes la Jolie 2019 5 000 € Mantes la Jolie 2020 10 500 € Mantes la Jolie 2021 5 500 €"
        " Collectivités et partenaires étrangers 2019 2 333 €"
        " Collectivités et partenaires étrangers 2020 2 333 €"
        " Collectivités et partenaires étrangers 2021 2 333 €"
        " Total (calculé) 48 999 €"
    )
    assert expected in text
    assert "date de fin 31 décembre 2021" in text


def test_a_partnership_in_english(client):
    text = text_of(client, PAGE, "en")
    for expected in (
        "Who takes part Mantes la Jolie , France — French local authority",
        "Conseil de la Préfecture de Rabat , Morocco — Foreign partner",
        "Who pays how much Financer Year Amount",
        "Mantes la Jolie 2020 €10,500",
        "Total (computed) €48,999",
        "end date 31 December 2021",
    ):
        assert expected in text


def test_properties_stand_in_the_order_people_read(client):
    page = client.get(PAGE, headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    names = re.findall(r"<dt>(?:<a [^>]*>)?([^<]+)", page)
    wanted = ["titre", "année de début", "date de fin", "participants", "thème principal", "type"]
    assert [name for name in names if name in wanted][: len(wanted)] == wanted


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_raw_name_is_left_where_there_is_a_label(client, store, language):
    """A property on a page is a word, never `dct:title` or an address."""
    kinds = ("partnership", "collectivity", "funding", "participation", "source", "period", "derivation",
             "diplomatic-post", "contact-point", "validation-result", "dataset", "financer-group",
             "organisation")  # fmt: skip
    subjects = sorted({q.subject.value for q in store if hasattr(q.subject, "value")})
    raw = []
    for kind in kinds:
        start = f"https://w3id.org/coopdec/id/{kind}"
        iri = next(s for s in subjects if s.startswith(start))
        path = iri.replace("https://w3id.org/coopdec/id/", "/doc/")
        page = client.get(path, headers={"Accept": "text/html", "Accept-Language": language}).text
        names = re.findall(r"<dt>(?:<a [^>]*>)?([^<]+)", page)
        assert names, path
        raw += [(path, n) for n in names if re.fullmatch(r"\w+:\w+", n) or "/" in n]
        linked = re.findall(r"<dd><a [^>]*>([^<]+)", page)
        raw += [
            (path, n) for n in linked if re.fullmatch(r"(dct|prov|org|cv|foaf|owl|skos|sh):\w+", n)
        ]
    assert raw == []


def test_home_counts_and_lists(client):
    text = text_of(client, "/", "fr")
    assert "6 partenariats" in text or "partenariats 6" in text
    assert "Mantes la Jolie Conseil de la Préfecture de Rabat 2019 48 999 €" in text
    assert "€48,999" in text_of(client, "/", "en")


def test_the_language_is_chosen_by_the_header_or_the_address(client):
    for sent, language in (
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("fr;q=0.2, en-US;q=0.9", "en"),
        ("de, en;q=0.5", "en"),
        ("de", "fr"),
        ("en;q=0", "fr"),
        ("*", "fr"),
        ("", "fr"),
    ):
        answer = client.get("/", headers={"Accept-Language": sent})
        assert (sent, answer.headers["content-language"]) == (sent, language)
        assert "Accept-Language" in answer.headers["vary"]
    answer = client.get("/?lang=en", headers={"Accept-Language": "fr"})
    assert answer.headers["content-language"] == "en"


def test_the_form_shows_rows_yes_a_graph_and_an_error(client):
    def page(query: str) -> str:
        return text_of(client, f"/sparql?query={query}", "fr")

    assert "Résultat 1 ligne n 1" in page("SELECT (1 AS ?n) {}")
    assert "Résultat 0 ligne n" in page("SELECT ?n { FILTER(false) }")
    assert "Résultat oui" in page("ASK {}")
    assert "<a:a> <a:b> <a:c> ." in page("CONSTRUCT { <a:a> <a:b> <a:c> } WHERE {}")
    assert "La requête n'a pas été exécutée" in page("SELECT")
    assert "SERVICE est refusé" in page("SELECT * { SERVICE <a:a> {} }")
    for query, status in (("SELECT", 400), ("ASK{}", 200)):
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
        assert answer.status_code == status


def test_a_long_result_is_cut_and_says_so(client):
    query = "SELECT * { VALUES ?n { " + " ".join(map(str, range(1_200))) + " } }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert "Les 1000 premières lignes ; téléchargez le résultat entier." in answer.text
    assert answer.text.count("<tr><td>") == 1_000


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_vocabulary_pages(client, language):
    headers = {"Accept": "text/html", "Accept-Language": language}
    ontology = client.get("/def", headers=headers)
    title = {"fr": "Ontologie de la coopération décentralisée", "en": "Decentralised cooperation"}
    assert ontology.status_code == 200
    assert title[language] in ontology.text
    shapes = text_of(client, "/shapes", language)
    sentence = {
        "fr": "partenariat erreur Le partenariat doit réunir au moins une collectivité française.",
        "en": "partnership error",
    }
    assert sentence[language] in shapes
    ids = re.findall(r'<tr id="([^"]+)"', client.get("/shapes", headers=headers).text)
    assert len(ids) == len(set(ids)) > 100
