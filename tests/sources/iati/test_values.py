"""Single values: what each form of them gives, and what is said of those that give nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from coopdec_graph.model import (
    ActivityDate,
    Agent,
    AgentKind,
    AllocationKind,
    Code,
    FundingKind,
    Narrative,
    Text,
)
from tests.sources.iati.iati_files import activity, codes, file, read, reading, readings, rules

TRANSACTION = (
    '<transaction><transaction-type code="{0}"/><transaction-date iso-date="2021-01-01"/>'
    '<value value-date="2021-01-01"{1}>{2}</value></transaction>'
)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("1000", "1000"),
        (" 1000.50\n", "1000.50"),
        ("-0.01", "-0.01"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0", "0"),
        ("000", "0"),
        ("123456789012345678.123456", "123456789012345678.123456"),
    ],
)
def test_amounts_are_exact(printed: str, amount: str) -> None:
    (item,) = read(activity(transaction=TRANSACTION.format("2", "", printed))).items
    assert (item.amount, item.currency, item.printed) == (Decimal(amount), "EUR", None)


@pytest.mark.parametrize(
    "printed", ["", "1,000", "1 000", "1e3", "NaN", "INF", "1.000,5", "dix", "٣"]
)
def test_what_is_no_amount_is_refused_by_the_schema(printed: str) -> None:
    found = reading(file(activity(transaction=TRANSACTION.format("2", "", printed))))
    assert rules(found) == ["schema-value"]
    assert found.activity is None


@pytest.mark.parametrize(
    ("default", "own", "currency", "said", "printed"),
    [
        ("EUR", None, "EUR", [], None),
        ("EUR", "USD", "USD", [], None),
        (None, "USD", "USD", [], None),
        (None, None, None, ["iati-doubted"], None),
        ("EUR", "ZZZ", "ZZZ", ["iati-doubted"], None),
        ("EUR", "usd", None, ["iati-currency", "iati-doubted"], "10 usd"),
        ("euros", None, None, ["iati-currency", "iati-doubted"], "10 euros"),
        ("EUR", "", "EUR", ["iati-doubted"], None),
    ],
)
def test_currencies(
    default: str | None, own: str | None, currency: str | None, said: list[str], printed: str | None
) -> None:
    """An amount keeps its currency, or has none: none is ever put in the place of another."""
    attributes = 'xml:lang="fr"' + (f' default-currency="{default}"' if default else "")
    value = "" if own is None else f' currency="{own}"'
    found = reading(file(activity(attributes, transaction=TRANSACTION.format("2", value, "10"))))
    assert found.activity is not None
    (item,) = found.activity.items
    assert (item.amount, item.currency, item.printed) == (10, currency, printed)
    assert sorted(codes(found)) == said


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2021-01-31", date(2021, 1, 31)),
        ("2021-01-31Z", date(2021, 1, 31)),
        ("2021-01-31+14:00", date(2021, 1, 31)),
        ("2021-01-31-11:00", date(2021, 1, 31)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_days(printed: str, day: date) -> None:
    found = read(activity(activity_date=f'<activity-date type="1" iso-date="{printed}"/>'))
    assert found.dates == {ActivityDate.PLANNED_START: day}


@pytest.mark.parametrize("printed", ["-0044-03-15", "12021-01-01"])
def test_days_that_no_calendar_here_has(printed: str) -> None:
    found = reading(file(activity(activity_date=f'<activity-date type="1" iso-date="{printed}"/>')))
    assert found.activity is not None and found.activity.dates == {}
    assert codes(found) == ["iati-value"]


def test_a_second_day_of_a_kind_is_noted() -> None:
    twice = "".join(
        f'<activity-date type="1" iso-date="{day}"><narrative>{day}</narrative></activity-date>'
        for day in ("2021-01-01", "2022-01-01")
    )
    found = reading(file(activity(activity_date=twice)))
    assert found.activity is not None
    assert found.activity.dates == {ActivityDate.PLANNED_START: date(2021, 1, 1)}
    assert found.activity.date_notes == ((ActivityDate.PLANNED_START, Text("2021-01-01", "fr")),)
    assert codes(found) == ["iati-repeated"]
    assert not found.refused


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2024-12-12T08:00:00Z", datetime(2024, 12, 12, 8, tzinfo=UTC)),
        (
            "2024-12-12T08:00:00.25+02:00",
            datetime(2024, 12, 12, 8, 0, 0, 250_000, timezone(timedelta(hours=2))),
        ),
        ("2024-12-12T08:00:00", datetime(2024, 12, 12, 8)),
        ("2024-12-12T24:00:00", None),
    ],
)
def test_when_an_activity_was_changed(printed: str, moment: datetime | None) -> None:
    attributes = f'xml:lang="fr" default-currency="EUR" last-updated-datetime="{printed}"'
    found = reading(file(activity(attributes)))
    assert found.activity is not None
    assert found.activity.source.modified == moment
    assert codes(found) == ([] if moment else ["iati-value"])


@pytest.mark.parametrize(
    ("printed", "flag"),
    [("1", True), ("true", True), (" 0 ", False), ("false", False), (None, None)],
)
def test_flags(printed: str | None, flag: bool | None) -> None:
    attributes = 'xml:lang="fr" default-currency="EUR"'
    if printed is not None:
        attributes += f' humanitarian="{printed}"'
    assert read(activity(attributes)).humanitarian is flag


# ---- texts and languages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "own", "narrative", "language"),
    [
        ("", "", "", None),
        ("", 'xml:lang="fr"', "", "fr"),
        ("", 'xml:lang="fr"', 'xml:lang="en-GB"', "en-GB"),
        ("", 'xml:lang="fr"', 'xml:lang=""', None),
        ('xml:lang="es"', "", "", "es"),
        ('xml:lang="es"', 'xml:lang="fr"', "", "fr"),
    ],
)
def test_the_language_of_a_text_is_the_nearest(
    root: str, own: str, narrative: str, language: str | None
) -> None:
    title = f"<title><narrative {narrative}>Puits</narrative></title>"
    found = reading(file(activity(f'{own} default-currency="EUR"', title=title), attributes=root))
    assert found.activity is not None
    assert found.activity.titles == (Text("Puits", language),)


def test_texts_are_as_printed_but_for_white_space_around_and_data_of_persons() -> None:
    title = (
        "<title><narrative> Puits  &amp; <![CDATA[<eau>]]><!-- non -->\n d'ici\t</narrative>"
        "<narrative/></title>"
    )
    description = (
        "<description><narrative>Écrire à sacha@exemple.example, sacha [at] exemple.example ou"
        " +33 1 02 03 04 05.</narrative></description>"
    )
    found = reading(file(activity(title=title, description=description)))
    assert found.activity is not None
    assert found.activity.titles == (Text("Puits  & <eau>\n d'ici", "fr"),)
    assert found.activity.narratives[Narrative.DESCRIPTION] == (
        Text("Écrire à [courriel retiré], [courriel retiré] ou [téléphone retiré].", "fr"),
    )
    assert sorted(codes(found)) == ["iati-doubted", "personal-data-removed"]
    assert rules(found) == ["text-empty"]


def test_narratives_of_a_kind_come_together() -> None:
    kinds = [None, "1", "9", "4"]
    text = "".join(
        f"<description{f' type={kind!r}' if kind else ''}><narrative>{n}</narrative></description>"
        for n, kind in enumerate(kinds)
    )
    found = reading(file(activity(description=text)))
    assert found.activity is not None
    assert found.activity.narratives == {
        Narrative.DESCRIPTION: (Text("0", "fr"), Text("1", "fr")),
        Narrative.OTHER_DESCRIPTION: (Text("2", "fr"), Text("3", "fr")),
    }
    assert rules(found) == ["code-unknown"]


# ---- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "country"),
    [
        ('type="11" ref="FR-INSEE-78000"', AgentKind.FRENCH_COLLECTIVITY, "FR"),
        ('type="11" ref="FR-RCS-1"', AgentKind.FRENCH_COLLECTIVITY, "FR"),
        ('type="11" ref="TG-1"', AgentKind.PUBLIC_ORGANISATION, None),
        ('type="11"', AgentKind.PUBLIC_ORGANISATION, None),
        ('type="10" ref="FR-6"', AgentKind.PUBLIC_ORGANISATION, None),
        ('type="15" ref="FR-6"', AgentKind.PUBLIC_ORGANISATION, None),
        ('type="21" ref="FR-RCS-1"', AgentKind.ORGANISATION, None),
        ('ref="FR-RCS-1"', AgentKind.ORGANISATION, None),
        ('type="999"', AgentKind.ORGANISATION, None),
        ('type="11" ref="FRANCE"', AgentKind.PUBLIC_ORGANISATION, None),
        ('type="11" ref="fr-insee-78000"', AgentKind.PUBLIC_ORGANISATION, None),
    ],
)
def test_what_kind_of_body_a_reference_and_a_type_make(
    said: str, kind: AgentKind, country: str | None
) -> None:
    org = (
        f'<participating-org role="1" {said}><narrative>Modèleville</narrative></participating-org>'
    )
    found = reading(file(activity(participating_org=org))).activity
    assert found is not None
    (part,) = found.participations
    assert (part.agent.kind, part.agent.country, part.agent.name) == (kind, country, "Modèleville")


@pytest.mark.parametrize(
    ("names", "kind", "name", "others"),
    [
        (["fr"], AgentKind.FRENCH_COLLECTIVITY, "fr", []),
        (["en", "fr-FR", "es"], AgentKind.FRENCH_COLLECTIVITY, "fr-FR", ["en", "es"]),
        (["en"], AgentKind.PUBLIC_ORGANISATION, "en", []),
        ([""], AgentKind.PUBLIC_ORGANISATION, "", []),
    ],
)
def test_a_french_collectivity_is_known_by_its_french_name(
    names: list[str], kind: AgentKind, name: str, others: list[str]
) -> None:
    narratives = "".join(f'<narrative xml:lang="{tag}">Ville ({tag})</narrative>' for tag in names)
    org = f'<participating-org role="1" type="11" ref="FR-INSEE-78000">{narratives}</participating-org>'
    found = reading(file(activity(participating_org=org))).activity
    assert found is not None
    agent = found.participations[0].agent
    assert (agent.kind, agent.name, agent.language) == (kind, f"Ville ({name})", name or None)
    assert [other.language for other in agent.other_names] == others
    assert agent.reference == "FR-INSEE-78000"


def test_a_reference_is_one_body_throughout_an_activity() -> None:
    """Where it stands alone, it has the name and type that are given it elsewhere; never others'."""
    found = read(
        activity(
            participating_org='<participating-org role="1" ref="FR-INSEE-78000" type="11">'
            "<narrative>Modèleville</narrative></participating-org>"
            '<participating-org role="2" ref="FR-INSEE-78001"/>'
            '<participating-org role="3" ref="FR-INSEE-78000"><narrative>La ville</narrative></participating-org>',
            transaction=TRANSACTION.format("3", "", "1").replace(
                "</transaction>",
                '<provider-org ref="FR-INSEE-78000"/><receiver-org><narrative>Autre</narrative></receiver-org></transaction>',
            ),
        )
    )
    first, other, second = (part.agent for part in found.participations)
    assert found.items[0].provider == first
    assert (first.kind, first.name) == (AgentKind.FRENCH_COLLECTIVITY, "Modèleville")
    assert (second.kind, second.name) == (AgentKind.FRENCH_COLLECTIVITY, "La ville")
    assert (other.kind, other.name, other.type) == (AgentKind.ORGANISATION, "FR-INSEE-78001", None)
    assert found.items[0].receiver == Agent(AgentKind.ORGANISATION, "Autre", language="fr")


def test_a_body_without_name_or_reference_is_noted() -> None:
    text = TRANSACTION.format("3", "", "1").replace(
        "</transaction>", '<receiver-org type="10"/></transaction>'
    )
    found = reading(file(activity(transaction=text)))
    assert found.activity is not None and found.activity.items[0].receiver is None
    assert sorted(codes(found)) == ["iati-doubted", "iati-nameless"]


@pytest.mark.parametrize(
    "reference", ["0612345678", "06 12 34 56 78", "+33612345678", "Dossier 06 12 34 56 78"]
)
def test_a_telephone_number_is_no_reference(reference: str) -> None:
    org = f'<participating-org role="1" ref="{reference}"><narrative>X</narrative></participating-org>'
    found = reading(file(activity(participating_org=org)))
    assert found.activity is not None
    assert found.activity.participations[0].agent == Agent(
        AgentKind.ORGANISATION, "X", language="fr"
    )
    assert codes(found) == ["iati-mailbox"]


@pytest.mark.parametrize("reference", ["BE-BCE_KBO-0414638616", "XM-DAC-7-PPR-0400001234"])
def test_a_body_without_a_name_is_named_by_its_reference(reference: str) -> None:
    org = f'<participating-org role="1" ref="{reference}"/>'
    found = reading(file(activity(participating_org=org)))
    assert found.activity is not None
    assert found.activity.participations[0].agent == Agent(
        AgentKind.ORGANISATION, reference, language=None, reference=reference
    )


def test_identifiers_hold_no_mailbox() -> None:
    org = '<participating-org role="1" ref="sacha@exemple.example"><narrative>X</narrative></participating-org>'
    found = reading(file(activity(participating_org=org)))
    assert found.activity is not None
    assert found.activity.participations[0].agent == Agent(
        AgentKind.ORGANISATION, "X", language="fr"
    )
    assert codes(found) == ["iati-mailbox"]
    identifier = "<iati-identifier>XM-EXEMPLE-sacha@exemple.example</iati-identifier>"
    found = reading(file(activity(iati_identifier=identifier)))
    assert found.activity is not None and found.activity.source.identifier is None
    assert "exemple.example" not in repr(found)


# ---- codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "code", "kind"),
    [
        *((version, str(n), kind) for version in ("2.01", "2.02", "2.03") for n, kind in enumerate(
            list(FundingKind)[3:13], start=1)),
        ("2.02", "11", FundingKind.INCOMING_COMMITMENT),
        ("2.03", "11", FundingKind.INCOMING_COMMITMENT),
        ("2.03", "12", FundingKind.OUTGOING_PLEDGE),
        ("2.03", "13", FundingKind.INCOMING_PLEDGE),
    ],
)  # fmt: skip
def test_types_of_transactions(version: str, code: str, kind: FundingKind) -> None:
    (item,) = read(activity(transaction=TRANSACTION.format(code, "", "1")), version).items
    assert item.kind is kind


@pytest.mark.parametrize(
    ("version", "code", "refused"),
    [("2.01", "11", False), ("2.02", "12", False), ("2.03", "14", True), ("2.03", "D", True)],
)
def test_a_type_of_transaction_that_the_version_lacks(
    version: str, code: str, refused: bool
) -> None:
    """One of a later version has a meaning; one of none refuses the activity."""
    found = reading(file(activity(transaction=TRANSACTION.format(code, "", "1")), version=version))
    assert "code-not-in-version" in rules(found)
    assert found.refused is refused
    assert found.activity is not None and bool(found.activity.items) is not refused


@pytest.mark.parametrize("version", ["1.01", "1.03", "1.05"])
def test_types_of_transactions_of_version_1(version: str) -> None:
    types = ["IF", "C", "D", "E", "IR", "LR", "R", "QP", "QS", "CG"]
    text = "".join(
        f'<transaction><transaction-type code="{code}"/><value value-date="2011-01-01">1</value>'
        '<transaction-date iso-date="2011-01-01"/></transaction>'
        for code in types
    )
    element = f'<iati-activity default-currency="EUR"><iati-identifier>X</iati-identifier>{text}</iati-activity>'
    assert [item.kind for item in read(element, version).items] == list(FundingKind)[3:13]
    found = reading(file(element.replace('"CG"', '"commitment"'), version=version))
    assert found.refused
    assert "iati-transaction-type" in codes(found)


@pytest.mark.parametrize(
    ("element", "kind", "code"),
    [
        ('<sector code="15112"/>', "SECTOR", Code("15112", "dac", "1")),
        ('<sector vocabulary="1" code="15112"/>', "SECTOR", Code("15112", "dac", "1")),
        ('<sector code="99998"/>', "SECTOR", Code("99998", None, "1")),
        ('<sector vocabulary="77" code="15112"/>', "SECTOR", Code("15112", None, "77")),
        ('<sector vocabulary="3" code="15112"/>', "SECTOR", Code("15112", None, "3")),
        ('<sector vocabulary="7" code="6"/>', "SECTOR", Code("6", "sdg", "7")),
    ],
)
def test_sectors_are_kept_whatever_their_code_and_vocabulary(
    element: str, kind: str, code: Code
) -> None:
    (allocation,) = read(activity(sector=element)).allocations
    assert (allocation.kind, allocation.code) == (AllocationKind[kind], code)


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<tag vocabulary="2" code="6"/>', Code("6", "sdg", "2")),
        ('<tag vocabulary="2" code="18"/>', Code("18", None, "2")),
        ('<tag vocabulary="99" code="eau"/>', Code("eau", None, "99")),
        ('<tag vocabulary="6" code="x"/>', Code("x", None, "6")),
    ],
)
def test_tags(element: str, code: Code) -> None:
    _, allocation = read(activity(tag=element)).allocations
    assert (allocation.kind, allocation.code, allocation.percentage) == (
        AllocationKind.TAG,
        code,
        None,
    )


@pytest.mark.parametrize(
    ("code", "held"),
    [("TG", "country"), ("FR", "country"), ("XK", None), ("ZZ", None), ("tg", None)],
)
def test_countries(code: str, held: str | None) -> None:
    element = f'<recipient-country code="{code}"/>'
    found = reading(file(activity(recipient_country=element))).activity
    assert found is not None
    assert found.allocations[0].code.value == code
    if code != "XK":
        assert found.allocations[0].code.list == held


def test_a_status_that_the_version_lacks_is_kept_as_a_candidate() -> None:
    found = reading(file(activity(activity_status='<activity-status code="9"/>')))
    assert (codes(found), rules(found)) == (["iati-against-standard"], ["code-not-in-version"])
    assert not found.refused
    assert found.activity is not None
    status = found.activity.declared_status
    assert status is not None and (status.path, status.known) == ("candidate/9", False)


# ---- what refuses and what does not --------------------------------------------------------------

BACKWARDS = (
    '<activity-date type="1" iso-date="2022-01-01"/><activity-date type="3" iso-date="2021-01-01"/>'
)
PERIOD = (
    '<result type="1"><title><narrative>R</narrative></title><indicator measure="5"><title>'
    '<narrative>I</narrative></title><period><period-start iso-date="2022-01-01"/>'
    '<period-end iso-date="2021-01-01"/></period></indicator></result>'
)


@pytest.mark.parametrize(
    ("elements", "refused", "rule"),
    [
        ({"activity_date": BACKWARDS}, True, "ruleset-date_order"),
        (
            {"recipient_country": '<recipient-country code="TG" percentage="90"/>'},
            True,
            "ruleset-sum",
        ),
        ({"result": PERIOD}, False, "ruleset-date_order"),
        ({"result": PERIOD.replace("<title>", "<titel>", 1)}, True, None),
        ({"sector": ""}, False, "ruleset-atleast_one"),
        (
            {"participating_org": '<participating-org role="1" ref="a/b"/>'},
            False,
            "ruleset-regex_matches",
        ),
        (
            {"participating_org": '<participating-org role="9" ref="a"/>'},
            False,
            "code-not-in-version",
        ),
        (
            {"activity_date": '<activity-date type="9" iso-date="2022-01-01"/>'},
            False,
            "ruleset-atleast_one",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(
    elements: dict[str, str], refused: bool, rule: str | None
) -> None:
    found = readings(file(activity(**elements)))[0] if rule else None
    if rule is None:
        broken = activity(**{"result": elements["result"].replace("</title>", "</titel>", 1)})
        found = reading(file(broken))
        assert found.refused and found.activity is None
        return
    assert found is not None
    assert rule in rules(found)
    assert found.refused is refused
    assert found.activity is not None


def test_the_same_finding_at_several_places_is_one_issue() -> None:
    texts = "".join(f"<description><narrative>{n}</narrative></description>" for n in range(30))
    found = reading(file(activity('default-currency="EUR"', description=texts)))
    assert rules(found) == ["language-missing"]
    (issue,) = found.issues
    assert (issue.line, issue.field) == (4, "reporting-org/narrative")
    assert "(32 fois dans l'activité)" in issue.message("fr")
    assert "(32 times in the activity)" in issue.message("en")
    sectors = '<sector vocabulary="1" code="1"/><sector vocabulary="2" code="2"/>'
    two = reading(file(activity(sector=sectors + '<sector vocabulary="77" code="3"/>')))
    assert sorted(rules(two)) == ["code-unknown", "code-unknown"]


def test_a_finding_refuses_wherever_one_of_its_places_is_published() -> None:
    """A period of a result that runs backwards is left out; a budget's of the same days is not."""
    budget = (
        '<budget><period-start iso-date="2022-01-01"/><period-end iso-date="2021-01-01"/>'
        '<value value-date="2021-01-01">1</value></budget>'
    )
    both = reading(file(activity(budget=budget, result=PERIOD)))
    assert both.refused
    assert sorted(codes(both)) == ["iati-against-standard", "iati-breaks-standard"]
    assert not reading(file(activity(result=PERIOD))).refused


def test_days_to_come_are_those_after_the_file_was_made() -> None:
    late = activity(activity_date='<activity-date type="2" iso-date="2024-01-01"/>')
    made = 'generated-datetime="{0}T00:00:00Z"'
    assert rules(reading(file(late))) == []
    assert rules(reading(file(late, attributes=made.format("2024-01-01")))) == []
    found = reading(file(late, attributes=made.format("2023-12-31")))
    assert rules(found) == ["ruleset-not-after-today"]
    assert not found.refused
    changed = late.replace(
        "<iati-activity ", '<iati-activity last-updated-datetime="2023-12-31T00:00:00" '
    )
    assert rules(reading(file(changed))) == ["ruleset-not-after-today"]


# ---- places --------------------------------------------------------------------------------------

POINT = '<location><point srsName="{0}"><pos>{1}</pos></point></location>'
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.mark.parametrize(
    ("system", "printed", "place"),
    [
        (WGS84, "6.13 1.22", ("6.13", "1.22")),
        (WGS84, " -90  180 ", ("-90", "180")),
        (WGS84, "90.1 1", None),
        (WGS84, "1 180.5", None),
        (WGS84, "1", None),
        (WGS84, "1 2 3", None),
        (WGS84, "1,5 2", None),
        (WGS84, "", None),
        (WGS84, "NaN NaN", None),
        ("http://www.opengis.net/def/crs/EPSG/0/2154", "6.13 1.22", None),
    ],
)
def test_points(system: str, printed: str, place: tuple[str, str] | None) -> None:
    found = reading(file(activity(location=POINT.format(system, printed))))
    assert found.activity is not None
    (location,) = found.activity.locations
    if place is None:
        assert (location.latitude, location.longitude) == (None, None)
        assert codes(found) == ["iati-value"]
    else:
        assert (location.latitude, location.longitude) == tuple(map(Decimal, place))
        assert codes(found) == []


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("https://exemple.example/1", "https://exemple.example/1"),
        ("urn:exemple:1", None),
        ("http://exemple.example/a@b", None),
        ("http://exemple.example/a%3E", "http://exemple.example/a%3E"),
    ],
)
def test_addresses_of_linked_data(printed: str, address: str | None) -> None:
    attributes = f'xml:lang="fr" default-currency="EUR" linked-data-uri="{printed}"'
    found = reading(file(activity(attributes)))
    assert found.activity is not None and found.activity.linked_data == address
    assert codes(found) == ([] if address else ["iati-value"])
