"""A full activity of the latest version and one of version 1: everything the reader makes of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

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
    Location,
    Narrative,
    OtherIdentifier,
    Participation,
    RelatedActivity,
    SourcePage,
    Text,
)
from coopdec_graph.vocabulary import Concept, concepts_of_others
from tests.sources.iati.iati_files import codes, fates, reading, rules

LATEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2025-01-02T00:00:00Z"
    linked-data-default="https://exemple.example/activites/" xmlns:own="urn:exemple">
  <iati-activity default-currency="EUR" xml:lang="fr" hierarchy="2" humanitarian="0"
      last-updated-datetime="2024-12-12T08:00:00+01:00">
    <iati-identifier> FR-INSEE-78000-1
    </iati-identifier>
    <reporting-org ref="FR-INSEE-78000" type="11" secondary-reporter="1">
      <narrative>Commune de Modèleville</narrative><narrative xml:lang="en">Modeltown</narrative>
    </reporting-org>
    <title><narrative>Puits</narrative><narrative xml:lang="en">Wells</narrative></title>
    <description><narrative>Un puits, voir sacha@exemple.example</narrative></description>
    <description type="2"><narrative>De l'eau</narrative></description>
    <description type="3"><narrative>Les habitants</narrative></description>
    <description type="4"><narrative>Divers</narrative><narrative xml:lang="en">Other</narrative></description>
    <participating-org role="1" ref="FR-INSEE-78000" type="11" activity-id="FR-INSEE-78000-1"
        crs-channel-code="11002"><narrative>Commune de Modèleville</narrative></participating-org>
    <participating-org role="4" type="22"><narrative>ONG Fictive</narrative></participating-org>
    <participating-org role="2" ref="XM-EXEMPLE" type="10"/>
    <other-identifier ref="M-17" type="A1"><owner-org ref="FR-INSEE-78000"/></other-identifier>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2021-01-01"><narrative>2021T1</narrative></activity-date>
    <activity-date type="3" iso-date="2023-12-31Z"/>
    <contact-info type="1"><person-name><narrative>Sacha EXEMPLE</narrative></person-name></contact-info>
    <activity-scope code="4"/>
    <recipient-country code="TG" percentage="60.5"/>
    <recipient-region code="298" percentage="39.5"><narrative>Afrique de l'Ouest</narrative></recipient-region>
    <location ref="L1">
      <location-id vocabulary="G1" code="2363686"/>
      <name><narrative>Fictiville</narrative></name>
      <point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>6.130 1.22</pos></point>
      <exactness code="1"/>
    </location>
    <sector code="15112" percentage="100"/>
    <sector vocabulary="99" vocabulary-uri="https://exemple.example/t" code="eau" percentage="100"><narrative>Eau</narrative></sector>
    <tag vocabulary="1" code="c_8309"/>
    <humanitarian-scope type="1" vocabulary="1-2" code="EQ-2021-000001-TGO"/>
    <policy-marker code="1" significance="2"/>
    <collaboration-type code="1"/>
    <default-flow-type code="10"/>
    <default-finance-type code="110"/>
    <default-aid-type code="C01"/>
    <default-tied-status code="5"/>
    <budget type="1" status="2">
      <period-start iso-date="2021-01-01"/><period-end iso-date="2021-12-31"/>
      <value value-date="2021-01-01">1000.50</value>
    </budget>
    <planned-disbursement type="2">
      <period-start iso-date="2022-01-01"/>
      <value currency="XOF" value-date="2022-01-01">500</value>
      <provider-org ref="FR-INSEE-78000" provider-activity-id="FR-INSEE-78000-1" type="11"/>
      <receiver-org receiver-activity-id="XM-EXEMPLE-9"><narrative>ONG Fictive</narrative></receiver-org>
    </planned-disbursement>
    <transaction ref="T1" humanitarian="true">
      <transaction-type code="3"/>
      <transaction-date iso-date="2021-03-01"/>
      <value currency="USD" value-date="2021-03-02">-10</value>
      <description><narrative>Reprise</narrative></description>
      <receiver-org type="22"><narrative>ONG Fictive</narrative></receiver-org>
      <disbursement-channel code="1"/>
      <flow-type code="10"/>
      <finance-type code="110"/>
      <aid-type code="C01"/>
      <tied-status code="5"/>
    </transaction>
    <related-activity ref="FR-INSEE-78000-2" type="1"/>
    <own:note level="3">à part</own:note>
  </iati-activity>
</iati-activities>
"""

TOWN = Agent(
    AgentKind.FRENCH_COLLECTIVITY,
    "Commune de Modèleville",
    "FR",
    language="fr",
    reference="FR-INSEE-78000",
)


def code(value: str, codelist: str) -> Code:
    """A code as the reader gives it: with our mirror of its list where the mirror has it."""
    held = f"https://w3id.org/coopdec/scheme/{codelist}/{value}" in concepts_of_others()
    return Code(value, codelist if held else None)


def organisation_type(value: str) -> Code:
    return code(value, "iati-organisation-type")


def test_an_activity_of_the_latest_version() -> None:
    found = reading(LATEST)
    town = replace(TOWN, type=organisation_type("11"))
    ngo = Agent(AgentKind.ORGANISATION, "ONG Fictive", language="fr", type=organisation_type("22"))
    reporter = replace(town, other_names=(Text("Modeltown", "en"),))
    aid = (
        (Classification.FLOW_TYPE, code("10", "iati-flow-type")),
        (Classification.FINANCE_TYPE, code("110", "iati-finance-type")),
        (Classification.AID_TYPE, code("C01", "iati-aid-type")),
        (Classification.TIED_STATUS, code("5", "iati-tied-status")),
    )
    assert found.activity is not None
    source = found.activity.source
    assert len(source.digest) == 64
    assert found.activity == Activity(
        "iati",
        SourcePage(
            "file.xml#1",
            source.digest,
            "FR-INSEE-78000-1",
            publisher=reporter,
            modified=datetime.fromisoformat("2024-12-12T08:00:00+01:00"),
        ),
        titles=(Text("Puits", "fr"), Text("Wells", "en")),
        declared_status=Concept("iati-activity-status", "2", "Actif"),
        participations=(
            Participation(
                town,
                code("1", "iati-organisation-role"),
                1,
                "FR-INSEE-78000-1",
                code("11002", "iati-crs-channel-code"),
            ),
            Participation(ngo, code("4", "iati-organisation-role"), 2),
            Participation(
                Agent(
                    AgentKind.PUBLIC_ORGANISATION,
                    "XM-EXEMPLE",
                    language=None,
                    reference="XM-EXEMPLE",
                    type=organisation_type("10"),
                ),
                code("2", "iati-organisation-role"),
                3,
            ),
        ),
        narratives={
            Narrative.DESCRIPTION: (Text("Un puits, voir [courriel retiré]", "fr"),),
            Narrative.OBJECTIVE: (Text("De l'eau", "fr"),),
            Narrative.BENEFICIARIES: (Text("Les habitants", "fr"),),
            Narrative.OTHER_DESCRIPTION: (Text("Divers", "fr"), Text("Other", "en")),
        },
        reporter=reporter,
        secondary_reporter=True,
        dates={
            ActivityDate.PLANNED_START: date(2021, 1, 1),
            ActivityDate.PLANNED_END: date(2023, 12, 31),
        },
        classifications=(
            (Classification.ACTIVITY_SCOPE, code("4", "iati-activity-scope")),
            (Classification.COLLABORATION_TYPE, code("1", "iati-collaboration-type")),
            *aid,
        ),
        allocations=(
            Allocation(AllocationKind.RECIPIENT_COUNTRY, 1, Code("TG", "country"), Decimal("60.5")),
            Allocation(
                AllocationKind.RECIPIENT_REGION,
                2,
                Code(
                    "298",
                    code("298", "iati-region").list,
                    "1",
                    labels=(Text("Afrique de l'Ouest", "fr"),),
                ),
                Decimal("39.5"),
            ),
            Allocation(
                AllocationKind.SECTOR, 3, Code("15112", "dac", vocabulary="1"), Decimal(100)
            ),
            Allocation(
                AllocationKind.SECTOR,
                4,
                Code(
                    "eau",
                    vocabulary="99",
                    vocabulary_uri="https://exemple.example/t",
                    labels=(Text("Eau", "fr"),),
                ),
                Decimal(100),
            ),
            Allocation(AllocationKind.TAG, 5, Code("c_8309", vocabulary="1")),
            Allocation(
                AllocationKind.HUMANITARIAN_SCOPE,
                6,
                Code("EQ-2021-000001-TGO", vocabulary="1-2"),
                type=code("1", "iati-humanitarian-scope-type"),
            ),
            Allocation(
                AllocationKind.POLICY_MARKER,
                7,
                Code("1", code("1", "iati-policy-marker").list, vocabulary="1"),
                significance=code("2", "iati-policy-significance"),
            ),
        ),
        items=(
            FinancialItem(
                FundingKind.BUDGET,
                1,
                Decimal("1000.50"),
                "EUR",
                date(2021, 1, 1),
                start=date(2021, 1, 1),
                end=date(2021, 12, 31),
                classifications=(
                    (Classification.BUDGET_TYPE, code("1", "iati-budget-type")),
                    (Classification.BUDGET_STATUS, code("2", "iati-budget-status")),
                ),
            ),
            FinancialItem(
                FundingKind.PLANNED_DISBURSEMENT,
                2,
                Decimal(500),
                "XOF",
                date(2022, 1, 1),
                start=date(2022, 1, 1),
                provider=town,
                receiver=replace(ngo, type=None),
                classifications=((Classification.BUDGET_TYPE, code("2", "iati-budget-type")),),
                provider_activity="FR-INSEE-78000-1",
                receiver_activity="XM-EXEMPLE-9",
            ),
            FinancialItem(
                FundingKind.DISBURSEMENT,
                3,
                Decimal(-10),
                "USD",
                date(2021, 3, 2),
                day=date(2021, 3, 1),
                receiver=ngo,
                reference="T1",
                descriptions=(Text("Reprise", "fr"),),
                classifications=(
                    (
                        Classification.DISBURSEMENT_CHANNEL,
                        code("1", "iati-disbursement-channel"),
                    ),
                    *aid,
                ),
                humanitarian=True,
            ),
        ),
        locations=(
            Location(
                1,
                (Text("Fictiville", "fr"),),
                Decimal("6.130"),
                Decimal("1.22"),
                (("G1", "2363686"),),
                "L1",
            ),
        ),
        other_identifiers=(
            OtherIdentifier(
                "M-17",
                code("A1", "iati-other-identifier-type"),
                town,
            ),
        ),
        related=(RelatedActivity("FR-INSEE-78000-2", code("1", "iati-related-activity-type")),),
        date_notes=((ActivityDate.PLANNED_START, Text("2021T1", "fr")),),
        humanitarian=False,
        hierarchy=2,
        linked_data="https://exemple.example/activites/FR-INSEE-78000-1",
    )
    assert codes(found) == ["personal-data-removed"]
    # contact-info is three elements, an attribute and a text; exactness one of each of the first.
    left_out = {"personal-data": 5, "foreign-namespace": 3, "location-detail": 2}
    fate = fates(found)
    assert {rule: fate[f"ignored {rule}"] for rule in left_out} == left_out
    assert sum(count for name, count in fate.items() if name.startswith("ignored")) == 10
    assert [name for name in fate if name.startswith("issue")] == []
    assert "EXEMPLE\n" not in repr(found) and "Sacha" not in repr(found)


EARLIER = """\
<iati-activities version="1.05">
  <iati-activity xml:lang="en" default-currency="USD" version="1.05">
    <title>Wells</title>
    <title xml:lang="fr">Puits</title>
    <reporting-org ref="XM-EXEMPLE" type="10">Exemple</reporting-org>
    <iati-identifier>XM-EXEMPLE-2</iati-identifier>
    <other-identifier owner-ref="XM-AUTRE" owner-name="Autre">A-2</other-identifier>
    <description type="1">A well.</description>
    <activity-status code="4" xml:lang="en">Post-completion</activity-status>
    <activity-date type="start-planned" iso-date="2011-01-01">Q1 2011</activity-date>
    <activity-date type="end-actual">end of 2012</activity-date>
    <participating-org role="Funding" ref="XM-EXEMPLE" type="10">Exemple</participating-org>
    <participating-org role="Implementing">ONG Fictive</participating-org>
    <recipient-country code="TG">Togo</recipient-country>
    <recipient-region>West Africa</recipient-region>
    <location percentage="100">
      <coordinates latitude="6.1" longitude="1.2" precision="2"/>
      <gazetteer-entry gazetteer-ref="GEO">2363686</gazetteer-entry>
      <location-type code="PPL"/>
      <name>Fictiville</name>
    </location>
    <sector vocabulary="DAC" code="15112" percentage="100">Decentralisation</sector>
    <sector vocabulary="WB" code="BZ">Public administration</sector>
    <policy-marker vocabulary="DAC" code="1" significance="1">Gender</policy-marker>
    <default-aid-type code="C01">Project</default-aid-type>
    <budget type="1">
      <period-start iso-date="2011-01-01">January</period-start>
      <period-end>December</period-end>
      <value value-date="2011-01-01">100</value>
    </budget>
    <planned-disbursement updated="2011-02-01">
      <period-start iso-date="2011-01-01"/>
      <value currency="EUR" value-date="2011-01-01">50</value>
    </planned-disbursement>
    <transaction ref="1">
      <value value-date="2011-03-01">70</value>
      <transaction-type code="C">Commitment</transaction-type>
      <transaction-date iso-date="2011-03-01">March</transaction-date>
      <provider-org ref="XM-EXEMPLE" provider-activity-id="XM-EXEMPLE-1">Exemple</provider-org>
      <description>First</description>
    </transaction>
    <activity-website>http://exemple.example/</activity-website>
    <related-activity ref="XM-EXEMPLE-1" type="1">Programme</related-activity>
  </iati-activity>
</iati-activities>
"""


def test_an_activity_of_version_1() -> None:
    found = reading(EARLIER)
    activity = found.activity
    assert activity is not None and not found.refused
    funder = Agent(
        AgentKind.PUBLIC_ORGANISATION,
        "Exemple",
        language="en",
        reference="XM-EXEMPLE",
        type=organisation_type("10"),
    )
    assert activity.titles == (Text("Wells", "en"), Text("Puits", "fr"))
    assert activity.source.identifier == "XM-EXEMPLE-2"
    assert activity.reporter == funder
    assert activity.other_identifiers == (
        OtherIdentifier(
            "A-2",
            None,
            Agent(AgentKind.ORGANISATION, "Autre", language="en", reference="XM-AUTRE"),
        ),
    )
    assert activity.narratives == {Narrative.DESCRIPTION: (Text("A well.", "en"),)}
    assert activity.declared_status is not None and activity.declared_status.path == "4"
    assert activity.dates == {ActivityDate.PLANNED_START: date(2011, 1, 1)}
    assert activity.date_notes == (
        (ActivityDate.PLANNED_START, Text("Q1 2011", "en")),
        (ActivityDate.ACTUAL_END, Text("end of 2012", "en")),
    )
    assert [(p.agent.name, p.role, p.rank) for p in activity.participations] == [
        ("Exemple", code("1", "iati-organisation-role"), 1),
        ("ONG Fictive", code("4", "iati-organisation-role"), 2),
    ]
    assert [
        (a.kind, a.code.value, a.code.vocabulary, a.code.list) for a in activity.allocations
    ] == [
        (AllocationKind.RECIPIENT_COUNTRY, "TG", None, "country"),
        (AllocationKind.SECTOR, "15112", "1", "dac"),
        (AllocationKind.SECTOR, "BZ", "WB", None),
        (AllocationKind.POLICY_MARKER, "1", "1", code("1", "iati-policy-marker").list),
    ]
    assert activity.locations == (
        Location(
            1,
            (Text("Fictiville", "en"),),
            Decimal("6.1"),
            Decimal("1.2"),
            (("G1", "2363686"),),
        ),
    )
    assert [(i.kind, i.amount, i.currency, i.start, i.end, i.day) for i in activity.items] == [
        (FundingKind.BUDGET, 100, "USD", date(2011, 1, 1), None, None),
        (FundingKind.PLANNED_DISBURSEMENT, 50, "EUR", date(2011, 1, 1), None, None),
        (FundingKind.COMMITMENT, 70, "USD", None, None, date(2011, 3, 1)),
    ]
    # It has the type that the activity gives its reference elsewhere.
    assert activity.items[2].provider == funder
    assert activity.items[2].provider_activity == "XM-EXEMPLE-1"
    assert activity.related == (
        RelatedActivity("XM-EXEMPLE-1", code("1", "iati-related-activity-type")),
    )
    assert codes(found) == [
        "iati-code-missing",  # the region in words alone
        "iati-code-without-equivalent",  # the World Bank's sectors
        "iati-day-missing",  # "December"
    ]
    assert rules(found) == []
    fate = fates(found)
    assert fate["issue iati-code-missing"] == 2  # the element and its text
    assert sum(count for name, count in fate.items() if name.startswith("issue")) == 2
    assert fate["ignored label-of-code"] == 4
    assert fate["ignored words-beside-date"] == 3
