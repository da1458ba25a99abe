"""What other programmes report, from the model to statements: whole graphs, and the shapes' verdict."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from coopdec_graph.graph.build import build
from coopdec_graph.graph.provenance import dataset_description
from coopdec_graph.graph.statements import as_rdflib, n_quads
from coopdec_graph.model import (
    Activity,
    ActivityDate,
    Agent,
    AgentKind,
    Allocation,
    AllocationKind,
    Classification,
    Code,
    FinancialItem,
    FundingKind,
    FundingLine,
    Location,
    Narrative,
    OtherIdentifier,
    Participation,
    RelatedActivity,
    SourceMetadata,
    SourcePage,
    Text,
)
from coopdec_graph.namespaces import Minter, identifier_key
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.validation import Severity, validate

TERMS = SourceMetadata("iati", "IATI", None, None, None)
MINT = Minter("https://exemple.org/")
KEY = "iati-XM-EXAMPLE-17"
RATES = RateTable({("USD", date(2021, 6, 15)): Decimal("1.2108")}, "ab" * 32, "taux.csv")
AGENCY = Agent(
    AgentKind.PUBLIC_ORGANISATION,
    "Example Agency",
    language="en",
    reference="XM-EXAMPLE",
    type=Code("10", "iati-organisation-type"),
)
TOWN = Agent(AgentKind.FRENCH_COLLECTIVITY, "Ville-Exemple", "FR", reference="FR-X-1")


def activity(**more: object) -> Activity:
    facts: dict[str, object] = {
        "programme": "iati",
        "source": SourcePage(
            "a.xml#1", "0" * 64, "XM-EXAMPLE-17", publisher=AGENCY, licence="https://exemple.org/l"
        ),
        "titles": (Text("Water", "en"), Text("Eau"), Text("Agua", None)),
        "reporter": AGENCY,
    }
    return Activity(**{**facts, **more})  # type: ignore[arg-type]


def quads(one: Activity, rates: RateTable = RATES) -> list[str]:
    statements = build(one, KEY, MINT, TERMS, date(2026, 1, 1), rates)
    return n_quads(statements).decode().splitlines()


def about(lines: list[str], subject: str) -> set[str]:
    """Predicates and objects of one subject, IRIs shortened to their ends."""
    start = f"<https://exemple.org/id/{subject}> "
    short = (
        line.removeprefix(start).rpartition(" <")[0] for line in lines if line.startswith(start)
    )
    return {
        text.replace("https://w3id.org/coopdec/", "~").replace("https://exemple.org/", "/")
        for text in short
    }


CD, DCT, ORG = "<~def#", "<http://purl.org/dc/terms/", "<http://www.w3.org/ns/org#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DAY = "^^<http://www.w3.org/2001/XMLSchema#date>"
NUMBER = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
RANK = '"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_texts_keep_their_language_or_have_none() -> None:
    said = {Narrative.DESCRIPTION: (Text("Puits", "fr"), Text("Wells", "en"), Text("Pozos", None))}
    lines = quads(activity(narratives=said))

    titles = {fact for fact in about(lines, f"activity/{KEY}") if fact.startswith(f"{DCT}title>")}
    assert titles == {f'{DCT}title> "{t}' for t in ('Water"@en', 'Eau"@fr', 'Agua"')}
    prose = [line for line in lines if "/graph/narrative/" in line]
    assert [line.split("> ")[2].split(" <")[0] for line in prose] == [
        '"Pozos"', '"Puits"@fr', '"Wells"@en',
    ]  # fmt: skip


def test_a_body_is_known_by_its_reference_and_a_french_collectivity_by_its_name() -> None:
    parties = (
        Participation(AGENCY, Code("1", "iati-organisation-role"), 1, "17-B", Code("11001", "iati-crs-channel-code")),
        Participation(TOWN, Code("9"), 2),
    )  # fmt: skip
    lines = quads(activity(participations=parties))

    assert about(lines, "organisation/ref/XM-EXAMPLE") == {
        f"{TYPE} {ORG}Organization>",
        f"{TYPE} <http://data.europa.eu/m8g/PublicOrganisation>",
        f'{LABEL} "Example Agency"@en',
        f'{DCT}identifier> "XM-EXAMPLE"',
        f"{CD}organisationType> <~scheme/iati-organisation-type/10>",
    }
    assert about(lines, f"participation/{KEY}/1") == {
        f"{TYPE} {ORG}Membership>",
        f"{ORG}organization> </id/activity/{KEY}>",
        f"{ORG}member> </id/organisation/ref/XM-EXAMPLE>",
        f"{ORG}role> <~scheme/iati-organisation-role/1>",
        f"{CD}channel> <~scheme/iati-crs-channel-code/11001>",
        f'{CD}activityReference> "17-B"',
        f'{CD}sourceRank> "1{RANK}',
    }
    # A role that no list has is kept as printed; and nobody is a member of an activity.
    assert f'{CD}unlistedCode> "role 9"' in about(lines, f"participation/{KEY}/2")
    assert f"{ORG}member> </id/collectivity/fr/ville-exemple>" in about(
        lines, f"participation/{KEY}/2"
    )
    assert not [line for line in lines if "hasMember" in line]


def test_allocations_with_and_without_a_known_code() -> None:
    given = (
        Allocation(AllocationKind.SECTOR, 1, Code("14030", "dac", "1"), Decimal("60.5")),
        Allocation(
            AllocationKind.SECTOR,
            2,
            Code("A-12", None, "99", "https://exemple.net/l", (Text("Wells", "en"),)),
            Decimal("39.5"),
        ),
        Allocation(AllocationKind.RECIPIENT_COUNTRY, 1, Code("MA", "country")),
        Allocation(AllocationKind.RECIPIENT_COUNTRY, 2, Code("ZZ", "country")),
        Allocation(AllocationKind.TAG, 1, Code("6", "sdg", "2")),
        Allocation(
            AllocationKind.POLICY_MARKER,
            1,
            Code("2", "iati-policy-marker"),
            significance=Code("9"),
        ),
    )
    lines = quads(activity(allocations=given))

    country = "<http://publications.europa.eu/resource/authority/country/MAR>"
    assert {fact for fact in about(lines, f"activity/{KEY}") if fact.startswith("<~def#")} == {
        f"{CD}programme> <~scheme/programme/iati>",
        f"{CD}reportingOrganisation> </id/organisation/ref/XM-EXAMPLE>",
        f"{CD}sector> <~scheme/dac/14030>",
        f"{CD}recipientCountry> {country}",
        f"{CD}tag> <http://metadata.un.org/sdg/6>",
    }
    node = f"allocation/activity/{KEY}"
    assert about(lines, f"{node}/sector/2") == {
        f"{TYPE} {CD}Allocation>",
        f"{CD}allocationOf> </id/activity/{KEY}>",
        f"{CD}allocationKind> <~scheme/allocation-kind/sector>",
        f'{CD}printedCode> "A-12"',
        f'{CD}vocabularyCode> "99"',
        f'{CD}vocabularyUri> "https://exemple.net/l"^^<http://www.w3.org/2001/XMLSchema#anyURI>',
        f'{LABEL} "Wells"@en',
        f'{CD}percentage> "39.5"{NUMBER}',
        f'{CD}sourceRank> "2{RANK}',
    }
    assert f"{CD}allocatedTo> {country}" in about(lines, f"{node}/recipient-country/1")
    unknown = about(lines, f"{node}/recipient-country/2")
    assert not [fact for fact in unknown if "allocatedTo" in fact]
    assert f'{CD}unlistedCode> "significance 9"' in about(lines, f"{node}/policy-marker/1")


BUDGET = FinancialItem(
    FundingKind.BUDGET,
    1,
    Decimal("30000.00"),
    "EUR",
    start=date(2021, 1, 1),
    end=date(2021, 12, 31),
    classifications=((Classification.BUDGET_STATUS, Code("1", "iati-budget-status")),),
)
PAID = FinancialItem(
    FundingKind.DISBURSEMENT,
    2,
    Decimal("-12000"),
    "USD",
    value_date=date(2021, 6, 16),
    day=date(2021, 6, 20),
    provider=AGENCY,
    receiver=TOWN,
    reference="T-2",
    descriptions=(Text("Correction", "en"),),
    allocations=(Allocation(AllocationKind.SECTOR, 1, Code("14030", "dac")),),
)
UNREAD = FinancialItem(FundingKind.COMMITMENT, 3, None, None, printed="12 O00")


def test_sums_keep_their_kind_and_currency() -> None:
    lines = quads(activity(items=(BUDGET, PAID, UNREAD)))

    currency = "<http://publications.europa.eu/resource/authority/currency/"
    assert about(lines, f"financial-item/{KEY}/1") == {
        f"{TYPE} {CD}FinancialItem>",
        f"{CD}itemOf> </id/activity/{KEY}>",
        f"{CD}fundingKind> <~scheme/funding-kind/budget>",
        f'{CD}amount> "30000.00"{NUMBER}',
        f"{CD}currency> {currency}EUR>",
        f'<http://www.w3.org/ns/dcat#startDate> "2021-01-01"{DAY}',
        f'<http://www.w3.org/ns/dcat#endDate> "2021-12-31"{DAY}',
        f"{CD}budgetStatus> <~scheme/iati-budget-status/1>",
        f'{CD}sourceRank> "1{RANK}',
        f'{CD}amountInEuros> "30000.00"{NUMBER}',
    }
    assert about(lines, f"financial-item/{KEY}/2") == {
        f"{TYPE} {CD}FinancialItem>",
        f"{CD}itemOf> </id/activity/{KEY}>",
        f"{CD}fundingKind> <~scheme/funding-kind/disbursement>",
        f'{CD}amount> "-12000"{NUMBER}',
        f"{CD}currency> {currency}USD>",
        f'{CD}valueDate> "2021-06-16"{DAY}',
        f'{DCT}date> "2021-06-20"{DAY}',
        f"{CD}provider> </id/organisation/ref/XM-EXAMPLE>",
        f"{CD}receiver> </id/collectivity/fr/ville-exemple>",
        f'{DCT}identifier> "T-2"',
        f'{DCT}description> "Correction"@en',
        f"{CD}sector> <~scheme/dac/14030>",
        f'{CD}sourceRank> "2{RANK}',
        f'{CD}amountInEuros> "-9910.80"{NUMBER}',
    }
    assert about(lines, f"financial-item/{KEY}/3") == {
        f"{TYPE} {CD}FinancialItem>",
        f"{CD}itemOf> </id/activity/{KEY}>",
        f"{CD}fundingKind> <~scheme/funding-kind/commitment>",
        f'{CD}sourceText> "12 O00"',
        f'{CD}sourceRank> "3{RANK}',
    }
    # Never a line of a partnership: what counts those does not meet them.
    assert not [line for line in lines if "FundingLine" in line or "fundedActivity" in line]


def test_a_conversion_says_its_rate_its_day_and_its_table() -> None:
    lines = quads(activity(items=(PAID,)))

    assert about(lines, f"derivation/{KEY}/euros/2") == {
        f"{TYPE} {CD}Derivation>",
        f"{TYPE} <http://www.w3.org/ns/prov#Activity>",
        f"{CD}derivedSubject> </id/financial-item/{KEY}/2>",
        f"{CD}derivedProperty> {CD}amountInEuros>",
        f"{CD}method> <~scheme/method/converted-at-reference-rate>",
        f'{CD}rate> "1.2108"{NUMBER}',
        f'{CD}asOf> "2021-06-15"{DAY}',
        "<http://www.w3.org/ns/prov#used> </id/rate-table/abababababababab>",
    }
    converted = [line for line in lines if "amountInEuros>" in line and "derivation" not in line]
    assert len(converted) == 1
    assert converted[0].endswith(f"<https://exemple.org/graph/derived/{KEY}> .")


@pytest.mark.parametrize(
    "item",
    [
        FinancialItem(FundingKind.COMMITMENT, 1, Decimal(1), "USD"),  # no day
        FinancialItem(FundingKind.COMMITMENT, 1, Decimal(1), "USD", day=date(2021, 7, 1)),
        FinancialItem(FundingKind.COMMITMENT, 1, Decimal(1), "XOF", day=date(2021, 6, 15)),
        FinancialItem(FundingKind.COMMITMENT, 1, Decimal(1), None, day=date(2021, 6, 15)),
        FinancialItem(FundingKind.COMMITMENT, 1, None, "EUR", day=date(2021, 6, 15)),
    ],
)
def test_without_a_rate_there_are_no_euros(item: FinancialItem) -> None:
    assert not [line for line in quads(activity(items=(item,))) if "amountInEuros" in line]


def test_places_identifiers_and_relations() -> None:
    one = activity(
        locations=(
            Location(1, (Text("Rabat", None),), Decimal("34.0"), Decimal("-6.8"), (("G1", "2538475"), ("A1", "x"))),
            Location(2, reference="KH-PNH"),
        ),
        other_identifiers=(OtherIdentifier("2021-17", Code("A1", "iati-other-identifier-type"), AGENCY),),
        related=(RelatedActivity("XM-EXAMPLE-9", Code("1", "iati-related-activity-type")),),
    )  # fmt: skip
    lines = quads(one)

    assert about(lines, f"location/{KEY}/1") == {
        f"{TYPE} {DCT}Location>",
        f'{LABEL} "Rabat"',
        f'{CD}geonamesId> "2538475"',
        f'{DCT}identifier> "A1:x"',
        f"<http://www.opengis.net/ont/geosparql#hasGeometry> </id/geometry/{KEY}/1>",
        f'{CD}sourceRank> "1{RANK}',
    }
    assert (
        '<http://www.opengis.net/ont/geosparql#asWKT> "POINT(-6.8 34.0)"'
        "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
    ) in about(lines, f"geometry/{KEY}/1")
    assert about(lines, f"other-identifier/{KEY}/1") == {
        f"{TYPE} <http://www.w3.org/ns/adms#Identifier>",
        '<http://www.w3.org/2004/02/skos/core#notation> "2021-17"',
        f"{CD}identifierType> <~scheme/iati-other-identifier-type/A1>",
        f"{CD}identifierOwner> </id/organisation/ref/XM-EXAMPLE>",
    }
    assert about(lines, f"related-activity/{KEY}/1") == {
        f"{TYPE} {CD}RelatedActivity>",
        f'{CD}relatedIdentifier> "XM-EXAMPLE-9"',
        f"{CD}relationType> <~scheme/iati-related-activity-type/1>",
    }


def test_the_period_is_that_of_the_actual_days_before_the_planned_ones() -> None:
    days = {
        ActivityDate.PLANNED_START: date(2021, 1, 1),
        ActivityDate.ACTUAL_START: date(2021, 2, 1),
        ActivityDate.PLANNED_END: date(2023, 12, 31),
    }
    lines = quads(activity(dates=days))

    assert about(lines, f"period/{KEY}") == {
        f"{TYPE} {DCT}PeriodOfTime>",
        f'<http://www.w3.org/ns/dcat#startDate> "2021-02-01"{DAY}',
        f"{CD}startPrecision> <~scheme/precision/day>",
        f'<http://www.w3.org/ns/dcat#endDate> "2023-12-31"{DAY}',
        f"{CD}endPrecision> <~scheme/precision/day>",
    }


def test_a_page_has_its_own_publisher_and_licence() -> None:
    captured = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
    source = SourcePage(
        "a.xml#1",
        "0" * 64,
        "17",
        captured=captured,
        publisher=AGENCY,
        licence="https://exemple.org/l",
    )
    lines = quads(activity(source=source))  # fmt: skip

    assert about(lines, f"source/{KEY}-000000000000") == {
        f"{TYPE} <http://www.w3.org/ns/prov#Entity>",
        f"{TYPE} <http://xmlns.com/foaf/0.1/Document>",
        f"{DCT}publisher> </id/organisation/ref/XM-EXAMPLE>",
        f"{DCT}license> </l>",
        f'{DCT}identifier> "17"',
        '<http://www.w3.org/ns/prov#generatedAtTime> "2026-11-20T09:00:00+00:00"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime>",
    }


def test_a_rich_activity_breaks_no_rule() -> None:
    one = activity(
        items=(BUDGET, PAID, UNREAD),
        participations=(Participation(TOWN, Code("9"), 1),),
        allocations=(Allocation(AllocationKind.SECTOR, 1, Code("A-12"), Decimal(100)),),
    )
    statements = build(one, KEY, MINT, TERMS, date(2026, 1, 1), RATES)
    report = validate(as_rdflib(statements), shipped_shapes(), shipped_vocabulary())

    assert report.by_severity(Severity.VIOLATION) == ()
    rules = {finding.shape.rpartition("#")[2] for finding in report.findings}
    assert rules == {
        "Allocation-known", "FinancialItem-currencyGiven", "FinancialItem-sourceText",
        "Source-generatedAtTimeGiven",
    }  # fmt: skip


def test_a_line_of_a_page_is_announced() -> None:
    line = FundingLine(1, TOWN, 2021, Decimal(5))
    facts = about(quads(activity(funding=(line,))), f"funding/{KEY}/ville-exemple/2021")

    assert f"{CD}fundingKind> <~scheme/funding-kind/announced>" in facts


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("3203", "3203"),
        ("GB-1-2000_a.b", "GB-1-2000_a.b"),
        ("GB 1/2000", "GB-1-2000~"),
        ("GB-1/2000", "GB-1-2000~"),
        ("é", "x~"),
        ("-1", "1~"),
        ("../x", "..-x~"),
    ],
)
def test_an_identifier_as_part_of_an_iri(identifier: str, key: str) -> None:
    made = identifier_key(identifier)

    assert made.startswith(key)
    assert Path(made).name == made


def test_identifiers_with_the_same_plain_characters_stay_apart() -> None:
    identifiers = ["GB-1-2000", "GB 1/2000", "GB-1/2000", "GB 1 2000", "é", "è", ""]

    assert len({identifier_key(identifier) for identifier in identifiers}) == len(identifiers)


ATLAS = SourceMetadata("atlas", "Atlas", "Ministère Exemple", "https://exemple.org/l", "Ministère")
VOID = "<http://rdfs.org/ns/void#"


def test_the_dataset_of_one_programme() -> None:
    lines = n_quads(dataset_description([ATLAS], MINT)).decode().splitlines()

    assert about(lines, "dataset") == {
        f"{TYPE} {VOID}Dataset>",
        f"{CD}programme> <~scheme/programme/atlas>",
        f'{DCT}title> "Graphe des partenariats : Atlas"@fr',
        f'{DCT}title> "Graph of partnerships: Atlas"@en',
        f"{DCT}publisher> </id/organisation/ministere-exemple>",
        f"{DCT}license> </l>",
        f'{DCT}rights> "Ministère"@fr',
    }
    assert len(lines) == 7


def test_a_dataset_of_two_programmes_has_a_part_on_the_terms_of_each() -> None:
    lines = n_quads(dataset_description([ATLAS, TERMS], MINT)).decode().splitlines()

    assert about(lines, "dataset") == {
        f"{TYPE} {VOID}Dataset>",
        f'{DCT}title> "Graphe des partenariats : Atlas ; IATI"@fr',
        f'{DCT}title> "Graph of partnerships: Atlas ; IATI"@en',
        f'{DCT}rights> "Ministère"@fr',
        f"{VOID}subset> </id/dataset/atlas>",
        f"{VOID}subset> </id/dataset/iati>",
    }
    assert about(lines, "dataset/atlas") == {
        f"{TYPE} {VOID}Dataset>",
        f"{CD}programme> <~scheme/programme/atlas>",
        f'{DCT}title> "Atlas"@fr',
        f'{DCT}title> "Atlas"@en',
        f"{DCT}publisher> </id/organisation/ministere-exemple>",
        f"{DCT}license> </l>",
        f'{DCT}rights> "Ministère"@fr',
    }
    assert about(lines, "dataset/iati") == {
        f"{TYPE} {VOID}Dataset>",
        f"{CD}programme> <~scheme/programme/iati>",
        f'{DCT}title> "IATI"@fr',
        f'{DCT}title> "IATI"@en',
    }


def test_what_else_a_programme_says_is_kept() -> None:
    agency = Agent(
        AgentKind.ORGANISATION,
        "Example Agency",
        language="en",
        reference="XM-EXAMPLE",
        other_names=(Text("Agence Exemple"), Text("Agencia", None)),
    )
    source = SourcePage(
        "a.xml#1", "0" * 64, "17", modified=datetime.fromisoformat("2026-11-20T09:00:00+00:00")
    )
    one = activity(
        source=source,
        reporter=agency,
        humanitarian=True,
        hierarchy=2,
        dates={ActivityDate.ACTUAL_START: date(2021, 2, 1)},
        date_notes=((ActivityDate.ACTUAL_START, Text("late", "en")),),
        allocations=(
            Allocation(
                AllocationKind.HUMANITARIAN_SCOPE,
                1,
                Code("EX-1", None, "1-2"),
                type=Code("1", "iati-humanitarian-scope-type"),
            ),
        ),
        items=(
            FinancialItem(
                FundingKind.DISBURSEMENT,
                1,
                Decimal(1),
                "EUR",
                provider_activity="A-1",
                receiver_activity="B-2",
                humanitarian=False,
            ),
        ),
    )
    lines = quads(one)

    boolean = "^^<http://www.w3.org/2001/XMLSchema#boolean>"
    said = about(lines, f"activity/{KEY}")
    assert {
        fact for fact in said if any(n in fact for n in ("humanit", "hierarchy", "dateNote"))
    } == {
        f'{CD}humanitarian> "true"{boolean}',
        f'{CD}hierarchy> "2{RANK}',
        f'{CD}dateNote> "actualStart: late"@en',
    }
    labels = {
        fact for fact in about(lines, "organisation/ref/XM-EXAMPLE") if fact.startswith(LABEL)
    }
    assert labels == {
        f'{LABEL} "Example Agency"@en', f'{LABEL} "Agence Exemple"@fr', f'{LABEL} "Agencia"',
    }  # fmt: skip
    assert f"{CD}scopeType> <~scheme/iati-humanitarian-scope-type/1>" in about(
        lines, f"allocation/activity/{KEY}/humanitarian-scope/1"
    )
    item = about(lines, f"financial-item/{KEY}/1")
    assert {
        f'{CD}providerActivity> "A-1"',
        f'{CD}receiverActivity> "B-2"',
        f'{CD}humanitarian> "false"{boolean}',
    } <= item
    assert (
        f'{DCT}modified> "2026-11-20T09:00:00+00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    ) in about(lines, f"source/{KEY}-000000000000")


def test_every_field_of_the_model_reaches_the_graph() -> None:
    """A field that a reader fills and no statement says would be lost without a word."""
    folder = Path(__file__).parents[2] / "coopdec_graph" / "graph"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    kinds = (Activity, Agent, Allocation, Code, FinancialItem, Location, OtherIdentifier)
    kinds += (Participation, RelatedActivity, SourcePage)
    fields = {(kind.__name__, name) for kind in kinds for name in kind.__dataclass_fields__}
    assert {(kind, name) for kind, name in fields if f".{name}" not in text} == set()
    assert len(fields) > 70
