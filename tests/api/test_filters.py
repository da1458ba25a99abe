"""Each filter finds what its query finds: the index is held against SPARQL, value by value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopdec_graph.index.reading import Index
from coopdec_graph.index.resources import Filter, resources
from coopdec_graph.questions.catalogue import catalogue
from tests.api.conftest import Get, Select

FILTERS = [(name, each) for name, resource in resources().items() for each in resource.filters]
GROUPS = "https://w3id.org/coopdec/id/financer-group/"


def values_of(index: Index, resource: str, filter: Filter) -> list[str]:
    """What may be asked: every value of the facet, or of the column, and one beyond them all."""
    if filter.link is not None:
        choices = index.facet(resource, filter.link).choices
        coded = filter.name in ("departement", "region")
        return [index.named(each).code or each if coded else each for each in choices]
    assert filter.column is not None
    records = (index.record(resource, iri) for iri in index.iris(resource))
    found = {record.values.get(filter.column) for record in records if record is not None}
    known = sorted(value for value in found if isinstance(value, str))
    beyond = {"date": "2099-12-31", "year": "2099"}.get(
        resources()[resource].column(filter.column).type, "99999999"
    )
    return [*known, beyond]


def iris(document: dict[str, Any]) -> list[str]:
    assert not document["truncated"]
    return sorted(row["iri"] for row in document["rows"])


@pytest.mark.parametrize(
    ("resource", "filter"), FILTERS, ids=[f"{name}-{each.name}" for name, each in FILTERS]
)
def test_a_filter_finds_what_its_query_finds(
    resource: str, filter: Filter, index: Index, get: Get, select: Select
) -> None:
    values = values_of(index, resource, filter)
    assert len(values) >= 1
    for value in values:
        document = get(resource, **{filter.name: value})
        assert iris(document) == sorted(row["iri"] for row in select(document["sparql"])), value
        assert document["total"] == len(document["rows"])
        if filter.link is not None:
            assert document["rows"], value


def test_every_filter_is_a_parameter_of_the_question_of_its_resource() -> None:
    assert len(FILTERS) == 57
    for name, resource in resources().items():
        asked = {parameter.name for parameter in catalogue()[name].parameters} - {"language"}
        assert asked == {each.name for each in resource.filters}


# Which lines each of them has is said in tests/questions/question_pages.py.
@pytest.mark.parametrize(
    ("resource", "parameters", "found"),
    [
        ("partnerships", {"country": "Maroc"}, ["atlas-901", "atlas-902"]),
        ("partnerships", {"country": "BJ", "theme": "culture-et-patrimoine"}, ["atlas-905"]),
        ("partnerships", {"theme": "environnement-climat-et-energie"}, ["atlas-901", "atlas-903"]),
        ("partnerships", {"departement": "Yvelines"}, ["atlas-901", "atlas-902", "atlas-904"]),
        ("partnerships", {"region": "11"}, ["atlas-901", "atlas-902", "atlas-904", "atlas-905"]),
        ("partnerships", {"from": "2019", "to": "2019"}, ["atlas-901"]),
        ("partnerships", {"ending_from": "2021-01-01"}, ["atlas-901", "atlas-902"]),
        ("partnerships", {"least": "2500", "most": "9000"}, ["atlas-904", "atlas-905"]),
        ("partnerships", {"owner": "Association Exemple"}, ["atlas-904"]),
        ("partnerships", {"computed_status": "termine"}, ["atlas-901", "atlas-904"]),
        ("collectivities", {"kind": "ForeignCollectivity", "country": "TG"}, ["tg/la-paix", "tg/modeleville"]),
        ("collectivities", {"partner_country": "MA", "kind": "FrenchCollectivity"}, ["fr/departement-des-yvelines", "fr/mantes-la-jolie"]),
        ("financers", {"kind": "FinancerGroup"}, ["financer-group/atlas-901/collectivites-et-partenaires-etrangers"]),
        ("financers", {"place": "fr/departement/78"}, ["collectivity/fr/departement-des-yvelines", "collectivity/fr/mantes-la-jolie", "collectivity/fr/ville-de-mantes-la-jolie"]),
        ("themes", {"broader": "environnement-climat-et-energie"}, ["eau-et-dechets"]),
        ("places", {"level": "commune", "departement": "78"}, ["fr/commune/78361"]),
        ("funding", {"financer_kind": "FrenchCollectivity", "country": "BJ"}, ["atlas-904/ville-de-mantes-la-jolie/2020", "atlas-904/ville-de-mantes-la-jolie/2022"]),
        ("funding", {"partnership": "atlas-902", "from": "2021"}, ["atlas-902/departement-des-yvelines/2021"]),
    ],
)  # fmt: skip
def test_filters_find_what_the_pages_say(
    resource: str, parameters: dict[str, str], found: list[str], get: Get
) -> None:
    assert sorted(row["id"] for row in get(resource, **parameters)["rows"]) == found


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chosen=st.data())
def test_filters_together_find_what_their_query_finds(
    chosen: st.DataObject, index: Index, get: Get, select: Select
) -> None:
    name = chosen.draw(st.sampled_from(sorted(resources())))
    filters = chosen.draw(
        st.lists(
            st.sampled_from(resources()[name].filters),
            min_size=2,
            max_size=4,
            unique_by=lambda each: each.name,
        )
    )
    asked = {f.name: chosen.draw(st.sampled_from(values_of(index, name, f))) for f in filters}
    document = get(name, **asked)
    assert iris(document) == sorted(row["iri"] for row in select(document["sparql"]))
