"""Which names are linked, which wait for a person, and why: a small world of invented places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.linking.asking import Asker
from coopdec_graph.linking.bodies import FrenchTable
from coopdec_graph.linking.cache import AnswerCache
from coopdec_graph.linking.decisions import Decision, Kind, NameQuery, Outcome
from coopdec_graph.linking.linker import Linker
from coopdec_graph.linking.wikidata import Wikidata, default_limits
from tests.linking.endpoints import Endpoint, endpoint


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture(scope="module")
def linker(server: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Linker:
    answers = AnswerCache(tmp_path_factory.mktemp("answers"))
    return Linker(Wikidata(Asker(server.url, answers, default_limits())), FrenchTable())


def decided(
    linker: Linker, name: str, iso2: str, kind: str = "", departement: str = ""
) -> Decision:
    query = NameQuery(name, iso2, kind, departement)
    return linker.link([query])[query]


@pytest.mark.parametrize(
    ("name", "iso2", "qid", "method"),
    [
        ("Modèleville", "TG", "Q101", "exact-name"),
        ("MODELEVILLE", "TG", "Q101", "exact-name"),
        ("Modelville", "tg", "Q101", "exact-name"),
        ("Commune de Modèleville", "TG", "Q101", "exact-name"),
        ("Région de Modèleville", "TG", "Q102", "exact-name"),
        ("Conseil de la Région de Modèleville", "TG", "Q102", "exact-name"),
        ("Conseil régional de Modèleville", "TG", "Q102", "exact-name"),
        ("Vieille Fictive", "TG", "Q103", "exact-name"),
        ("Ville de Fictiville", "TG", "Q103", "exact-name"),
        ("Préfecture de Fictiville", "TG", "Q104", "exact-name"),
        ("Ville de La Paix", "TG", "Q108", "exact-name"),
        ("Ville de Paix", "TG", "Q109", "exact-name"),
        ("Fondue", "TG", "Q107", "exact-name"),
        ("Future", "BJ", "Q112", "exact-name"),
        ("Modèlevlile", "TG", "Q101", "one-letter-off"),
        ("Mairie d'Exempleville", "BJ", "Q111", "exact-name"),
        ("Mantes la Jolie", "FR", "Q207253", "code-commune"),
        ("Mantes la Jollie", "FR", "Q207253", "one-letter-off-commune"),
        ("Conseil départemental des Yvelines", "FR", "Q12820", "code-departement"),
        ("Conseil régional d'Île-de-France", "FR", "Q13917", "code-region"),
        ("Cherbourg-en-Cotentin", "FR", "Q201", "code-commune"),
        ("Ville de Cherbourg-Octeville", "FR", "Q202", "code-commune"),
        ("Pointe-à-Pitre", "GP", "Q206", "exact-name"),
    ],
)
def test_linked(name: str, iso2: str, qid: str, method: str, linker: Linker) -> None:
    decision = decided(linker, name, iso2)
    assert (decision.outcome, decision.qid, decision.method) == (Outcome.ACCEPTED, qid, method)
    assert 0.8 <= decision.confidence <= 1
    assert qid in {candidate.qid for candidate in decision.candidates}
    assert decision.features and decision.reason.fr != decision.reason.en


@pytest.mark.parametrize(
    ("name", "iso2", "method", "candidates"),
    [
        ("Fictiville", "TG", "homonyms", {"Q103", "Q104"}),
        ("Région de Fictiville", "TG", "wrong-kind", {"Q103", "Q104"}),
        ("Province de Exempleville", "BJ", "wrong-kind", {"Q111"}),
        ("Disparue", "TG", "ended", {"Q105"}),
        ("Modèlevill", "BJ", "none", set()),
        ("Paiix", "TG", "near-name", {"Q109"}),
        ("Exempleville", "TG", "none", set()),
        ("Montagne d'Exemple", "TG", "none", set()),
        ("", "TG", "no-name", set()),
        ("Modèleville", "XX", "no-country", set()),
        ("Modèleville", "", "no-country", set()),
        ("Modèleville", "CI", "no-country", set()),
        ("Saint-Denis", "FR", "homonyms", set()),
        ("Mantes-la-Ville", "FR", "no-item", set()),
        ("Modèleville-sur-Rien", "FR", "none", set()),
        ("Rennes", "FR", "other-name", {"Q203"}),
        ("Roanne", "FR", "several-items", {"Q204", "Q205"}),
    ],
)
def test_not_linked(
    name: str, iso2: str, method: str, candidates: set[str], linker: Linker
) -> None:
    decision = decided(linker, name, iso2)
    assert decision.qid is None
    assert decision.outcome in (Outcome.REVIEW, Outcome.NIL)
    assert decision.method == method
    assert {candidate.qid for candidate in decision.candidates} == candidates
    assert decision.confidence < 0.999


def test_a_column_decides_what_the_name_leaves_open(linker: Linker) -> None:
    assert decided(linker, "Fictiville", "TG", "place").qid == "Q103"
    assert decided(linker, "Fictiville", "TG", "préfecture").qid == "Q104"
    assert decided(linker, "Fictiville", "TG", "nonsense").outcome is Outcome.REVIEW
    # The words of the name say more than the column.
    assert decided(linker, "Ville de Fictiville", "TG", "province").qid == "Q103"
    assert decided(linker, "Région de Modèleville", "TG").sought is Kind.SUBDIVISION


def test_a_departement_tells_french_homonyms_apart(linker: Linker) -> None:
    """No item bears these codes here: the reason says whom the name was taken for."""
    for departement, told in (("93", "93066"), ("Seine-Saint-Denis", "93066"), ("974", "97411")):
        assert told in decided(linker, "Saint-Denis", "FR", "", departement).reason.en
    assert "93066" in decided(linker, "Saint-Denis (93)", "FR").reason.en
    assert "97411" in decided(linker, "Saint-Denis", "RE").reason.en


def test_a_list_is_asked_for_in_few_requests(server: Endpoint, tmp_path: Path) -> None:
    asker = Asker(server.url, AnswerCache(tmp_path), default_limits())
    names = [NameQuery(f"Lieu {number}", "TG") for number in range(500)]
    decisions = Linker(Wikidata(asker), FrenchTable()).link(
        [*names, NameQuery("Modèleville", "TG")]
    )
    assert len(decisions) == 501
    # Countries, the names of one, what the items met are, where the one accepted is.
    assert asker.requests == 4


AGAIN = "ps:P17 wd:Q945"
ENDED = f'{AGAIN} ; pq:P582 "1960-01-01T00:00:00Z"^^xsd:dateTime'


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ("", "accepted"),
        (f"wd:Q601 p:P17 <urn:s> . <urn:s> {ENDED} .", "nil"),
        (f"wd:Q601 p:P17 <urn:s> , <urn:t> . <urn:s> {ENDED} . <urn:t> {AGAIN} .", "accepted"),
        ('wd:Q601 p:P31 <urn:s> . <urn:s> ps:P31 wd:Q91 ; pq:P582 "1960-01-01T00:00:00Z"^^xsd:dateTime .', "review"),
    ],
)  # fmt: skip
def test_what_has_ended_on_the_item_found_by_name(
    statements: str, outcome: str, tmp_path: Path
) -> None:
    """A town that was of a country and is no more, or that was a town and is something else."""
    triples = f"""
    @prefix p: <http://www.wikidata.org/prop/> .
    @prefix pq: <http://www.wikidata.org/prop/qualifier/> .
    @prefix ps: <http://www.wikidata.org/prop/statement/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wdt: <http://www.wikidata.org/prop/direct/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    wd:Q601 rdfs:label "Frontière"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
    {statements}
    """
    query = NameQuery("Frontière", "TG")
    with endpoint() as server:
        server.store.load(triples.encode(), format=ox.RdfFormat.TURTLE)
        asker = Asker(server.url, AnswerCache(tmp_path), default_limits())
        found = Linker(Wikidata(asker), FrenchTable()).link([query])[query]
    assert (found.outcome, found.qid) == (outcome, "Q601" if outcome == "accepted" else None)
