"""The rules beyond the schema: each with activities that keep it, and one that breaks it alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from coopdec_graph.iati import ruleset_rules
from coopdec_graph.iati.code_rules import EMBEDDED
from coopdec_graph.iati.codelists import codes, is_complete, list_names, mapping
from coopdec_graph.iati.findings import Finding, Severity, rules
from coopdec_graph.iati.rules import check
from coopdec_graph.iati.rulesets import ruleset
from coopdec_graph.iati.versions import VERSIONS_WITH_LISTS
from tests.iati.schema_parts import parts
from tests.iati.test_every_part import changed
from tests.sources.iati.iati_files import activity, file

TODAY = date(2025, 1, 1)


def parsed(text: str, version: str = "2.03") -> etree._Element:
    return etree.fromstring(file(text, version=version).encode())[0]


def findings(text: str, version: str = "2.03", today: date | None = TODAY) -> tuple[Finding, ...]:
    return check(parsed(text, version), version, today)


def broken(text: str, version: str = "2.03", today: date | None = TODAY) -> list[str]:
    return [finding.rule for finding in findings(text, version, today)]


# ---- the catalogue -------------------------------------------------------------------------------


def test_each_rule_is_said_in_two_languages_with_the_same_marks() -> None:
    assert len(rules()) == 53
    for rule in rules().values():
        said = (rule.message.fr, rule.message.en)
        marks = [set(re.findall(r"{(\w+?)(?:_fr|_en)?}", text)) for text in said]
        assert marks[0] == marks[1], rule.id


# ---- the ruleset ---------------------------------------------------------------------------------

DATES = '<activity-date type="{0}" iso-date="{1}"/><activity-date type="{2}" iso-date="{3}"/>'
BUDGET = (
    '<budget><period-start iso-date="{0}"/><period-end iso-date="{1}"/>'
    '<value value-date="2021-01-01">1</value></budget>'
)
PLANNED = (
    '<planned-disbursement><period-start iso-date="{0}"/><period-end iso-date="{1}"/>'
    '<value value-date="2021-01-01">1</value></planned-disbursement>'
)
TRANSACTION = (
    '<transaction><transaction-type code="3"/><transaction-date iso-date="{0}"/>'
    '<value value-date="{1}">1</value>{2}</transaction>'
)
INDICATOR = (
    '<result type="1"><title><narrative>R</narrative></title>{0}<indicator measure="{1}">'
    "<title><narrative>I</narrative></title>{2}</indicator></result>"
)
PERIOD = '<period><period-start iso-date="{0}"/><period-end iso-date="{1}"/>{2}</period>'
REFERENCE = '<reference code="1" vocabulary="99"/>'


def recipients(*shares: str) -> str:
    return "".join(f'<recipient-country code="TG" percentage="{share}"/>' for share in shares)


# By kind and what it is about: an activity that keeps the rule, and one that does not.
RULESET: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "a start": (
        "ruleset-atleast_one",
        {"activity_date": '<activity-date type="2" iso-date="2021-01-01"/>'},
        {"activity_date": '<activity-date type="3" iso-date="2021-01-01"/>'},
    ),
    "a sector": (
        "ruleset-atleast_one",
        {"sector": "", "transaction": TRANSACTION.format("2021-01-01", "2021-01-01", '<sector code="14030"/>')},
        {"sector": ""},
    ),
    "a participating organisation": (
        "ruleset-atleast_one",
        {"participating_org": '<participating-org role="1"><narrative>X</narrative></participating-org>'},
        {"participating_org": '<participating-org role="1" type="10"/>'},
    ),
    "planned dates": (
        "ruleset-date_order",
        {"activity_date": DATES.format(1, "2021-01-01", 3, "2021-01-01")},
        {"activity_date": DATES.format(1, "2021-01-02", 3, "2021-01-01")},
    ),
    "actual dates": (
        "ruleset-date_order",
        {"activity_date": DATES.format(2, "2021-01-01+01:00", 4, "2021-01-01Z")},
        {"activity_date": DATES.format(2, "2021-01-02Z", 4, "2021-01-01")},
    ),
    "an actual start to come": (
        "ruleset-not-after-today",
        {"activity_date": '<activity-date type="2" iso-date="2025-01-01"/>'},
        {"activity_date": '<activity-date type="2" iso-date="2025-01-02"/>'},
    ),
    "an actual end to come": (
        "ruleset-not-after-today",
        {"activity_date": DATES.format(1, "2021-01-01", 4, "2025-01-01")},
        {"activity_date": DATES.format(1, "2021-01-01", 4, "2025-01-02")},
    ),
    "a reporting organisation's reference": (
        "ruleset-regex_matches",
        {"reporting_org": '<reporting-org ref="XM-EXEMPLE" type="10"><narrative>X</narrative></reporting-org>'},
        {"reporting_org": '<reporting-org ref="XM/EX" type="10"><narrative>X</narrative></reporting-org>'},
    ),
    "an identifier": (
        "ruleset-regex_matches",
        {"iati_identifier": "<iati-identifier> XM-EXEMPLE-1:é_2.3 </iati-identifier>"},
        {"iati_identifier": "<iati-identifier>XM-EXEMPLE-1?a</iati-identifier>"},
    ),
    "a participating organisation's reference": (
        "ruleset-regex_matches",
        {"participating_org": '<participating-org role="1" ref="XM EX"/>'},
        {"participating_org": '<participating-org role="1" ref="XM&amp;EX"/>'},
    ),
    "an empty reference": (
        "ruleset-regex_matches",
        {"participating_org": '<participating-org role="1" ref="X"/>'},
        {"participating_org": '<participating-org role="1" ref=""/>'},
    ),
    "a provider's reference": (
        "ruleset-regex_matches",
        {"transaction": TRANSACTION.format("2021-01-01", "2021-01-01", '<provider-org ref="X"/>')},
        {"transaction": TRANSACTION.format("2021-01-01", "2021-01-01", '<provider-org ref="X|Y"/>')},
    ),
    "a receiver's reference": (
        "ruleset-regex_matches",
        {"transaction": TRANSACTION.format("2021-01-01", "2021-01-01", '<receiver-org ref="X"/>')},
        {"transaction": TRANSACTION.format("2021-01-01", "2021-01-01", '<receiver-org ref="/"/>')},
    ),
    "shares of countries": (
        "ruleset-sum",
        {"recipient_country": recipients("33.3", "33.3", "33.4")},
        {"recipient_country": recipients("33.3", "33.3", "30")},
    ),
    "shares of countries and regions": (
        "ruleset-sum",
        {"recipient_country": recipients("50"), "recipient_region": '<recipient-region code="298" percentage="50"/>'},
        {"recipient_country": recipients("50"), "recipient_region": '<recipient-region code="298" percentage="55"/>'},
    ),
    "the day of a transaction": (
        "ruleset-not-after-today",
        {"transaction": TRANSACTION.format("2025-01-01", "2021-01-01", "")},
        {"transaction": TRANSACTION.format("2025-01-02", "2021-01-01", "")},
    ),
    "the day of a value": (
        "ruleset-not-after-today",
        {"transaction": TRANSACTION.format("2021-01-01", "2025-01-01", "")},
        {"transaction": TRANSACTION.format("2021-01-01", "2025-01-02", "")},
    ),
    "the period of a budget": (
        "ruleset-date_order",
        {"budget": BUDGET.format("2021-01-01", "2021-01-01")},
        {"budget": BUDGET.format("2021-01-02", "2021-01-01")},
    ),
    "the period of a planned disbursement": (
        "ruleset-date_order",
        {"planned_disbursement": PLANNED.format("2021-01-01", "2029-01-01")},
        {"planned_disbursement": PLANNED.format("2021-01-02", "2021-01-01")},
    ),
    "references of results": (
        "ruleset-no_more_than_one",
        {"result": INDICATOR.format(REFERENCE * 2, "5", "")},
        {"result": INDICATOR.format(REFERENCE, "5", REFERENCE)},
    ),
    "the period of an indicator": (
        "ruleset-date_order",
        {"result": INDICATOR.format("", "5", PERIOD.format("2021-01-01", "2021-01-02", ""))},
        {"result": INDICATOR.format("", "5", PERIOD.format("2021-01-03", "2021-01-02", ""))},
    ),
    "the value of a baseline": (
        "ruleset-atleast_one",
        {"result": INDICATOR.format("", "5", '<baseline year="2021"/>')},
        {"result": INDICATOR.format("", "1", '<baseline year="2021"/>')},
    ),
    "the value of a target": (
        "ruleset-atleast_one",
        {"result": INDICATOR.format("", "4", PERIOD.format("2021-01-01", "2021-01-02", '<target value="1"/>'))},
        {"result": INDICATOR.format("", "4", PERIOD.format("2021-01-01", "2021-01-02", "<target/>"))},
    ),
    "the actual value": (
        "ruleset-atleast_one",
        {"result": INDICATOR.format("", "2", PERIOD.format("2021-01-01", "2021-01-02", '<actual value="1"/>'))},
        {"result": INDICATOR.format("", "2", PERIOD.format("2021-01-01", "2021-01-02", "<actual/>"))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("about", RULESET)
def test_the_ruleset_of_2_03(about: str) -> None:
    rule, good, bad = RULESET[about]
    assert broken(activity(**good)) == []
    (finding,) = (f for f in findings(activity(**bad)) if f.severity is Severity.ERROR)
    assert (finding.rule, finding.severity) == (rule, Severity.ERROR)
    assert finding.line > 1


def cases(version: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for context, kinds in ruleset(version).items():
        for kind, said in kinds.items():
            for case in said["cases"]:
                yield f"{context} {kind}", case


def test_each_case_of_the_ruleset_that_is_about_activities_is_tried() -> None:
    about_organisations = ("-organisation", "-budget", "total-")
    wanted = [
        (name, path)
        for name, case in cases("2.03")
        if not any(word in name for word in about_organisations)
        for path in (case["paths"] if "regex" in case else [""])
    ]
    # An empty reference is tried besides, and shares in two ways.
    assert len(wanted) == len(RULESET) - 2 == 22


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_rulesets_of_version_2(version: str) -> None:
    bad = activity(
        iati_identifier="<iati-identifier>XM/1</iati-identifier>",
        activity_date=DATES.format(3, "2021-01-01", 4, "2026-01-01"),
        recipient_country=recipients("1"),
        sector="",
        budget=BUDGET.format("2021-01-02", "2021-01-01"),
        planned_disbursement=PLANNED.format("2021-01-02", "2021-01-01"),
        transaction=TRANSACTION.format("2026-01-01", "2026-01-01", ""),
    )
    errors = [f.rule for f in findings(bad, version) if f.severity is Severity.ERROR]
    assert sorted(errors) == [
        "ruleset-atleast_one",
        "ruleset-atleast_one",
        "ruleset-date_order",
        "ruleset-date_order",
        "ruleset-not-after-today",
        "ruleset-not-after-today",
        "ruleset-not-after-today",
        "ruleset-regex_matches",
        "ruleset-sum",
    ]


EARLIER = (
    '<iati-activity default-currency="EUR"><reporting-org ref="XM-EX">X</reporting-org>'
    "<iati-identifier>{0}</iati-identifier>{1}</iati-activity>"
)


@pytest.mark.parametrize("version", ["1.04", "1.05"])
@pytest.mark.parametrize(
    ("identifier", "more", "rules"),
    [
        ("XM-EX-1", "", []),
        ("EX-1", "", ["ruleset-startswith"]),
        (
            "XM-EX-1",
            '<activity-date type="start-actual" iso-date="2021-01-02"/>'
            '<activity-date type="end-actual" iso-date="2021-01-01"/>',
            ["ruleset-date_order"],
        ),
        (
            "XM-EX-1",
            '<activity-date type="start-planned" iso-date="2021-01-02"/>'
            '<activity-date type="end-planned" iso-date="2021-01-01"/>',
            ["ruleset-date_order"],
        ),
        ("XM-EX-1", '<activity-date type="end-actual" iso-date="2025-01-02"/>', ["ruleset-not-after-today"]),
        (
            "XM-EX-1",
            '<planned-disbursement><period-start iso-date="2021-01-02"/>'
            '<period-end iso-date="2021-01-01"/></planned-disbursement>',
            ["ruleset-date_order"],
        ),
    ],
)  # fmt: skip
def test_rulesets_of_version_1(version: str, identifier: str, more: str, rules: list[str]) -> None:
    assert broken(EARLIER.format(identifier, more), version) == rules


@pytest.mark.parametrize(
    ("shares", "rules"),
    [
        (["33.33", "33.33", "33.33"], ["ruleset-sum-rounded"]),
        (["33", "33", "33"], ["ruleset-sum-rounded"]),
        (["33.34", "33.34", "33.33"], ["ruleset-sum-rounded"]),
        (["33.33", "33.33", "33.32"], ["ruleset-sum"]),
        (["50", "40"], ["ruleset-sum"]),
        (["50.0", "49.9"], ["ruleset-sum-rounded"]),
        (["50.00", "49.9"], ["ruleset-sum"]),
        (["50.00", "49.98"], ["ruleset-sum"]),
        (["99.99"], ["ruleset-sum"]),
        (["0"], ["ruleset-sum"]),
        (["0", "100"], []),
        (["100.000"], []),
    ],
)
def test_a_sum_that_rounding_explains_is_a_doubt(shares: list[str], rules: list[str]) -> None:
    found = broken(activity(recipient_country=recipients(*shares)))
    assert found == rules


def test_what_refuses_an_activity_is_what_has_no_meaning_or_contradicts_itself() -> None:
    refusing = {rule.id for rule in rules().values() if rule.refuses}
    of_schema = {rule for rule in rules() if rule.startswith("schema-")}
    assert refusing == of_schema | {"ruleset-sum", "ruleset-date_order"}
    assert all(rules()[rule].severity is Severity.ERROR for rule in refusing)


def test_without_a_day_nothing_is_held_to_be_in_the_future() -> None:
    late = activity(activity_date=DATES.format(2, "2999-01-01", 4, "2999-01-02"))
    assert broken(late, today=None) == []
    assert broken(late) == ["ruleset-not-after-today"] * 2


@pytest.fixture
def own_ruleset(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Rules of kinds that no version has yet, in the form that IATI's schema of rulesets gives."""
    said: dict[str, Any] = {}
    monkeypatch.setattr(ruleset_rules, "ruleset", lambda version: said)
    ruleset_rules._cases.cache_clear()
    yield said
    monkeypatch.undo()
    ruleset_rules._cases.cache_clear()


@pytest.mark.parametrize(
    ("kind", "case", "good", "bad"),
    [
        ("dependent", {"paths": ["sector", "tag"]}, "", '<tag vocabulary="1" code="c"/>'),
        ("unique", {"paths": ["tag/@code"]}, '<tag vocabulary="1" code="c"/>', '<tag vocabulary="1" code="c"/>' * 2),
        ("regex_no_matches", {"paths": ["tag/@code"], "regex": "x"}, '<tag vocabulary="1" code="c"/>', '<tag vocabulary="1" code="axb"/>'),
        ("atleast_one", {"paths": ["tag"], "condition": "sector/@code = '2'"}, "", None),
    ],
)  # fmt: skip
def test_other_kinds_of_rules(
    own_ruleset: dict[str, Any], kind: str, case: dict[str, Any], good: str, bad: str | None
) -> None:
    own_ruleset["//iati-activity"] = {kind: {"cases": [case]}}
    sector = "" if kind == "dependent" else '<sector code="14030"/>'
    assert broken(activity(sector=sector, tag=good)) == []
    if bad is not None:
        assert broken(activity(sector=sector, tag=bad)) == [f"ruleset-{kind}"]
    else:
        own_ruleset["//iati-activity"] = {kind: {"cases": [{**case, "condition": "sector"}]}}
        ruleset_rules._cases.cache_clear()
        assert broken(activity(sector=sector, tag=good)) == [f"ruleset-{kind}"]


def test_a_kind_of_rule_that_is_not_known_is_no_fault_of_a_file(
    own_ruleset: dict[str, Any],
) -> None:
    own_ruleset["//iati-activity"] = {"astonishing": {"cases": []}}
    with pytest.raises(KeyError, match="astonishing"):
        broken(activity())


# ---- code lists ----------------------------------------------------------------------------------

FULL = Path(__file__).parent / "files"
BELOW = "//iati-activity/"


def coded_paths(version: str) -> list[tuple[str, str, str]]:
    """Path, attribute and list of all that is coded in an activity."""
    paths = [
        (entry.path.removeprefix(BELOW), entry.codelist)
        for entry in mapping(version)
        if entry.path.startswith(BELOW)
    ]
    return [(*path.rpartition("/")[::2], codelist) for path, codelist in paths]


def own_vocabulary(element: etree._Element, version: str) -> None:
    """What the mapping's conditions ask for: the DAC's vocabulary, where codes are looked up."""
    if "vocabulary" in element.attrib and element.tag != "country-budget-items":
        dac = "DAC" if version[0] == "1" and element.tag == "sector" else "1"
        element.set("vocabulary", dac)


@pytest.mark.parametrize("version", VERSIONS_WITH_LISTS)
def test_each_coded_path_is_held_to_its_list(version: str) -> None:
    tried = 0
    for path, name, codelist in coded_paths(version):
        place = f"iati-activities/iati-activity/{path}" if path else "iati-activities/iati-activity"
        attribute = name.removeprefix("@")
        part = parts(version).get(place)
        if part is None or (name != "text()" and attribute not in part.attributes):
            continue  # the mapping names what the schema of the version does not have
        root, element = changed(version, place)
        own_vocabulary(element, version)
        if name == "text()":
            element.text = "sûrement-pas"
        else:
            element.set(attribute, "sûrement-pas")
        found = [
            f for f in check(root[0], version) if f.values.get("code") in ("sûrement-pas", "…")
        ]
        if codelist == "BudgetIdentifier":
            # The condition is on the item; its vocabulary stands on the element around it.
            assert found == []
            continue
        (finding,) = found
        expected = (
            "code-not-in-version"
            if codelist in EMBEDDED
            else "code-unknown"
            if is_complete(codelist)
            else "code-beyond-list"
        )
        assert (finding.rule, finding.values["list"]) == (expected, codelist), path
        assert finding.path.endswith(f"[{name}]" if attribute != "text()" else "channel-code")
        tried += 1
    assert tried == {"1.04": 58, "1.05": 58, "2.01": 58, "2.02": 67, "2.03": 88}[version]


def test_the_lists_of_a_version_are_those_whose_codes_change_with_it_or_stay_by_it() -> None:
    for codelist in sorted(EMBEDDED):
        assert any(codelist in list_names(version) for version in VERSIONS_WITH_LISTS), codelist
    assert codes("2.03", "ActivityStatus").keys() == {"1", "2", "3", "4", "5", "6"}


@pytest.mark.parametrize(
    ("language", "rules"),
    [("fr", []), ("FR", []), ("fr-CA", []), ("mfe", ["code-beyond-list"]), ("", [])],
)
def test_a_language_is_known_by_its_first_part(language: str, rules: list[str]) -> None:
    text = f'<title><narrative xml:lang="{language}">Puits</narrative></title>'
    assert broken(activity(title=text)) == rules


def test_a_withdrawn_code_is_said_to_be_so() -> None:
    withdrawn = [
        code.code for code in codes("2.03", "Sector").values() if code.status == "withdrawn"
    ]
    assert len(withdrawn) > 5
    assert broken(activity(sector=f'<sector code="{withdrawn[0]}"/>')) == ["code-withdrawn"]


def test_a_code_of_another_vocabulary_is_not_looked_up() -> None:
    sector = '<sector vocabulary="3" code="nimporte"/>'
    assert broken(activity(sector=sector)) == []
    assert broken(activity(sector=sector.replace("3", "1", 1))) == ["code-unknown"]


# ---- what the schema says in words ---------------------------------------------------------------

VALUE = '<value value-date="2021-01-01">1</value>'
ORG = '<participating-org role="1" ref="XM-EXEMPLE">{0}</participating-org>'
SECTORED = TRANSACTION.format("2021-01-01", "2021-01-01", '<sector code="14030"/>')
BARE = TRANSACTION.format("2021-01-01", "2021-01-01", "")
TOGO = TRANSACTION.format("2021-01-01", "2021-01-01", '<recipient-country code="TG"/>')

# By rule: activities that keep it, and activities that break it and nothing else.
GUIDANCE: dict[str, tuple[list[str], list[str]]] = {
    "identifier-prefix": (
        [
            activity(),
            activity(
                iati_identifier="<iati-identifier>ANCIEN-1</iati-identifier>",
                other_identifier='<other-identifier ref="ANCIEN" type="B1"/>',
            ),
        ],
        [
            activity(iati_identifier="<iati-identifier>AUTRE-1</iati-identifier>"),
            activity(
                iati_identifier="<iati-identifier>ANCIEN-1</iati-identifier>",
                other_identifier='<other-identifier ref="ANCIEN" type="A1"/>',
            ),
        ],
    ),
    "sector-sum": (
        [
            activity(sector='<sector code="14030"/>'),
            activity(sector='<sector code="14030" percentage="100"/>'),
            activity(sector='<sector code="14030" percentage="0.1"/><sector vocabulary="1" code="14031" percentage="99.9"/>'),
            activity(
                sector='<sector code="14030" percentage="100"/>'
                '<sector vocabulary="99" code="1" percentage="100"><narrative>x</narrative></sector>'
            ),
        ],
        [
            activity(sector='<sector code="14030" percentage="99"/>'),
            activity(sector='<sector code="14030" percentage="50"/><sector vocabulary="1" code="14031" percentage="50.1"/>'),
        ],
    ),
    "sector-share-missing": (
        [activity(sector='<sector code="14030"/><sector vocabulary="2" code="140"/>')],
        [
            activity(sector='<sector code="14030"/><sector code="14031"/>'),
            activity(sector='<sector code="14030" percentage="100"/><sector code="14031"/>'),
        ],
    ),
    "recipient-share-missing": (
        [activity(recipient_country='<recipient-country code="TG"/>')],
        [
            activity(recipient_country='<recipient-country code="TG"/><recipient-country code="BJ"/>'),
            activity(
                recipient_country='<recipient-country code="TG" percentage="100"/>',
                recipient_region='<recipient-region code="298"/>',
            ),
        ],
    ),
    "budget-item-sum": (
        [
            activity(country_budget_items='<country-budget-items vocabulary="2"><budget-item code="1"/></country-budget-items>'),
            activity(
                country_budget_items='<country-budget-items vocabulary="2"><budget-item code="1" percentage="40"/>'
                '<budget-item code="2" percentage="60"/></country-budget-items>'
            ),
        ],
        [
            activity(
                country_budget_items='<country-budget-items vocabulary="2"><budget-item code="1" percentage="40"/>'
                '<budget-item code="2" percentage="40"/></country-budget-items>'
            ),
        ],
    ),
    "share-range": (
        [activity(capital_spend='<capital-spend percentage="0"/>'), activity(capital_spend='<capital-spend percentage="100"/>')],
        [activity(capital_spend='<capital-spend percentage="-1"/>'), activity(capital_spend='<capital-spend percentage="100.01"/>')],
    ),
    "sector-twice": ([activity(sector="", transaction=SECTORED * 2)], [activity(transaction=SECTORED)]),
    "sector-not-everywhere": ([activity(transaction=BARE)], [activity(sector="", transaction=SECTORED + BARE)]),
    "sector-repeated": (
        [
            activity(
                sector="",
                transaction=TRANSACTION.format("2021-01-01", "2021-01-01", '<sector code="14030"/><sector vocabulary="2" code="140"/>'),
            )
        ],
        [
            activity(
                sector="",
                transaction=TRANSACTION.format("2021-01-01", "2021-01-01", '<sector code="14030"/><sector vocabulary="1" code="14031"/>'),
            )
        ],
    ),
    "recipient-twice": (
        [activity(transaction=TOGO * 2)],
        [activity(recipient_country='<recipient-country code="TG"/>', transaction=TOGO)],
    ),
    "recipient-not-everywhere": ([activity(transaction=TOGO)], [activity(transaction=TOGO + BARE)]),
    "recipient-repeated": (
        [activity(transaction=TOGO)],
        [
            activity(
                transaction=TRANSACTION.format(
                    "2021-01-01", "2021-01-01", '<recipient-country code="TG"/><recipient-region code="298"/>'
                )
            )
        ],
    ),
    "budget-too-long": (
        [
            activity(budget=BUDGET.format("2021-01-01", "2021-12-31")),
            activity(budget=BUDGET.format("2020-02-29", "2021-02-28")),
            activity(budget=BUDGET.format("2021-01-01", "2022-01-01")),
        ],
        [
            activity(budget=BUDGET.format("2021-01-01", "2022-01-02")),
            activity(budget=BUDGET.format("2021-07-01", "2023-06-30")),
        ],
    ),
    "currency-missing": (
        [
            activity('xml:lang="fr"', transaction=BARE.replace("<value ", '<value currency="EUR" ')),
            activity('xml:lang="fr"'),
        ],
        [
            activity('xml:lang="fr"', transaction=BARE),
            activity('xml:lang="fr" default-currency=" "', budget=BUDGET.format("2021-01-01", "2021-01-01")).replace(' default-currency=" "', ""),
            activity('xml:lang="fr"', fss='<fss extraction-date="2021-01-01"><forecast year="2021">1</forecast></fss>'),
        ],
    ),
    "language-missing": (
        [
            activity(
                'default-currency="EUR"',
                title='<title><narrative xml:lang="fr">x</narrative></title>',
                description='<description><narrative xml:lang="fr">x</narrative></description>',
                reporting_org='<reporting-org ref="XM-EXEMPLE" type="10"><narrative xml:lang="en">X</narrative></reporting-org>',
            )
        ],
        [
            activity(
                'default-currency="EUR"',
                description='<description><narrative xml:lang="fr">x</narrative></description>',
                reporting_org='<reporting-org ref="XM-EXEMPLE" type="10"><narrative xml:lang="en">X</narrative></reporting-org>',
            )
        ],
    ),
    "text-empty": (
        [activity()],
        [
            activity(title="<title><narrative/></title>"),
            activity(title="<title><narrative> \n</narrative></title>"),
            activity(participating_org=ORG.format("<narrative></narrative>")),
        ],
    ),
    "organisation-unnamed": (
        [activity(transaction=TRANSACTION.format("2021-01-01", "2021-01-01", '<provider-org ref="X"/>'))],
        [
            activity(transaction=TRANSACTION.format("2021-01-01", "2021-01-01", '<provider-org type="10"/>')),
            activity(other_identifier='<other-identifier ref="1" type="A1"><owner-org/></other-identifier>'),
        ],
    ),
    "budget-not-provided": (
        [activity('xml:lang="fr" default-currency="EUR" budget-not-provided="1"')],
        [
            activity(
                'xml:lang="fr" default-currency="EUR" budget-not-provided="1"',
                budget=BUDGET.format("2021-01-01", "2021-01-01"),
            )
        ],
    ),
    "significance-missing": (
        [
            activity(policy_marker='<policy-marker code="1" significance="0"/>'),
            activity(policy_marker='<policy-marker vocabulary="99" vocabulary-uri="http://x" code="1"/>'),
        ],
        [activity(policy_marker='<policy-marker code="1"/>'), activity(policy_marker='<policy-marker vocabulary="1" code="1"/>')],
    ),
    "marker-narrative": (
        [activity(policy_marker='<policy-marker vocabulary="99" code="1"><narrative>x</narrative></policy-marker>')],
        [activity(policy_marker='<policy-marker code="1" significance="0"><narrative>x</narrative></policy-marker>')],
    ),
    "own-vocabulary-unexplained": (
        [activity(sector='<sector vocabulary="99" vocabulary-uri="http://x" code="1"/>')],
        [
            activity(sector='<sector vocabulary="99" code="1"/>'),
            activity(sector='<sector vocabulary="98" code="1"/>'),
            activity(tag='<tag vocabulary="99" code="1"/>'),
            activity(recipient_region='<recipient-region vocabulary="99" code="1"/>'),
        ],
    ),
    "aid-type-repeated": (
        [activity(default_aid_type='<default-aid-type code="C01"/>')],
        [
            activity(default_aid_type='<default-aid-type code="C01"/><default-aid-type vocabulary="1" code="D01"/>'),
            activity(transaction=TRANSACTION.format("2021-01-01", "2021-01-01", '<aid-type code="C01"/>' * 2)),
        ],
    ),
    "indicator-not-a-number": (
        [
            activity(result=INDICATOR.format("", "1", '<baseline year="2021" value="-1.5"/>')),
            activity(result=INDICATOR.format("", "5", '<baseline year="2021" value="bien"/>')),
        ],
        [activity(result=INDICATOR.format("", "1", '<baseline year="2021" value="beaucoup"/>'))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", GUIDANCE)
def test_what_the_schema_says_in_words(rule: str) -> None:
    good, bad = GUIDANCE[rule]
    assert [broken(text) for text in good] == [[]] * len(good)
    assert [broken(text) for text in bad] == [[rule]] * len(bad)
    assert rules()[rule].severity is not Severity.ERROR


@pytest.mark.parametrize("version", ["1.01", "1.02", "1.03", "1.04", "1.05"])
def test_what_holds_of_version_1_too(version: str) -> None:
    bare = "<iati-activity><title>x</title></iati-activity>"
    assert broken(bare, version) == ["identifier-missing"]
    text = EARLIER.format(
        "XM-EX-1", "<transaction><value value-date='2021-01-01'>1</value></transaction>"
    )
    assert broken(text.replace(' default-currency="EUR"', ""), version) == ["currency-missing"]
    text = EARLIER.format("XM-EX-1", '<recipient-country code="TG" percentage="101"/>')
    assert broken(text, version) == ["share-range"]


def test_each_rule_of_the_catalogue_is_broken_by_some_test() -> None:
    of_schema = {rule for rule in rules() if rule.startswith("schema-")}
    tried = set(GUIDANCE) | {rule for rule, _, _ in RULESET.values()}
    tried |= {
        "ruleset-dependent",
        "ruleset-unique",
        "ruleset-regex_no_matches",
        "ruleset-startswith",
    }
    tried |= {"code-not-in-version", "code-unknown", "code-beyond-list", "code-withdrawn"}
    tried |= {"identifier-missing", "ruleset-sum-rounded"}
    of_files = {"identifier-repeated", "reporter-differs", "file-unreadable"}
    of_files |= {"version-unknown", "file-empty"}
    assert set(rules()) - of_schema - of_files == tried


# ---- what is said ----------------------------------------------------------------------------------


def test_a_schema_error_keeps_the_other_rules_out() -> None:
    bad = activity(activity_status="", sector="")
    assert broken(bad) == ["schema-unexpected"]


def test_an_activity_is_checked_apart_from_its_neighbours() -> None:
    text = file(activity(), activity(sector="", participating_org='<participating-org role="1"/>'))
    first, second = etree.fromstring(text.encode())
    assert [f.rule for f in check(first, "2.03")] == []
    assert [f.rule for f in check(second, "2.03")] == ["ruleset-atleast_one"] * 2


def test_nothing_of_the_contacts_is_quoted() -> None:
    contact = (
        '<contact-info type="Sacha EXEMPLE"><website>http://[Sacha EXEMPLE</website></contact-info>'
    )
    said = [f.message("fr") + repr(f) for f in findings(activity(contact_info=contact))]
    assert [f.rule for f in findings(activity(contact_info=contact))] == ["schema-private"]
    contact = '<contact-info type="Sacha EXEMPLE"/>'
    said += [f.message("fr") + repr(f) for f in findings(activity(contact_info=contact))]
    assert len(said) == 2
    assert "EXEMPLE" not in "".join(said).replace("XM-EXEMPLE", "")


def test_what_is_quoted_is_short_and_has_no_mailbox() -> None:
    long = activity(sector=f'<sector code="{"9" * 5000}"/>')
    (finding,) = findings(long)
    assert len(finding.message("en")) < 250
    mailed = activity(sector='<sector code="sacha@exemple.example"/>')
    (finding,) = findings(mailed)
    assert "exemple.example" not in finding.message("fr")


def test_messages_are_ready_for_json() -> None:
    for text in (activity(sector=""), activity(activity_status="")):
        for finding in findings(text):
            json.dumps(
                [finding.rule, finding.severity, finding.line, finding.path, dict(finding.values)]
            )
            assert "{" not in finding.message("fr") + finding.message("en")
