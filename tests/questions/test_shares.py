"""How a sum is shared among sectors and countries, case by case; nothing of it is lost.

Each case is one activity with one commitment of 1000 euros, unless it says otherwise. Answers are
counted by hand, by docs/programmes.md.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.graph.build import build, vocabulary_quads
from coopdec_graph.graph.statements import n_quads
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.namespaces import Minter
from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.releases import Release
from coopdec_graph.publishing.remote import publish_to
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices
from coopdec_graph.reference.rates import RateTable
from tests.questions.test_answers import asked
from tests.questions.test_contributing import value_of
from tests.questions.test_programmes import VALUES, rows
from tests.remote.stores import Loop, embedded, oxigraph_running, remote_engine
from tests.sources.iati.iati_files import IATI, activity, file, reading

Lists = Mapping[Kind, Choices]
_KIND = "https://w3id.org/coopdec/scheme/allocation-kind/"
# By sector or country, "" for none: euros, sums without a value, and (of sectors) sums without a share.
Shares = Mapping[str, tuple[str, int, int]]


def _element(name: str, code: str, share: str, vocabulary: str = "") -> str:
    said = f' vocabulary="{vocabulary}"' if vocabulary else ""
    percentage = f' percentage="{share}"' if share else ""
    return f'<{name}{said} code="{code}"{percentage}/>'


def sector(code: str, share: str = "", vocabulary: str = "1") -> str:
    return _element("sector", code, share, vocabulary)


def country(code: str, share: str = "") -> str:
    return _element("recipient-country", code, share)


def region(code: str, share: str = "", vocabulary: str = "1") -> str:
    return _element("recipient-region", code, share, vocabulary)


def commitment(amount: str = "1000", own: str = "", currency: str = "EUR") -> str:
    return (
        '<transaction><transaction-type code="2"/><transaction-date iso-date="2021-03-01"/>'
        f'<value currency="{currency}" value-date="2021-03-01">{amount}</value>{own}</transaction>'
    )


@dataclass(frozen=True)
class Case:
    """What an activity says, and the rows that its sum gives."""

    said: str
    shares: Shares
    sums: str = commitment()
    # Whether a build publishes it. The ruleset of IATI 2.03 refuses countries and regions whose percentages
    # are not 100 together; version 1 and tables have no such rule.
    kept: bool = True

    def activity(self, key: str, name: str) -> str:
        return activity(
            iati_identifier=f"<iati-identifier>XM-EXEMPLE-{key}</iati-identifier>",
            # What the case is not about is left out.
            recipient_country=self.said if name == "value-by-country" else "",
            sector=self.said if name == "value-by-sector" else "",
            transaction=self.sums,
        )


def whole(of: str) -> Shares:
    return {of: ("1000", 0, 0)}


SECTORS = {
    "one": Case(sector("12220"), whole("12220")),
    "one with all": Case(sector("12220", "100"), whole("12220")),
    "by percentages": Case(
        sector("12220", "60") + sector("14030", "40"),
        {"12220": ("600", 0, 0), "14030": ("400", 0, 0)},
    ),
    "nothing of one, all of another": Case(
        sector("12220", "0") + sector("14030", "100"),
        {"12220": ("0", 0, 0), "14030": ("1000", 0, 0)},
    ),
    "two without percentages": Case(
        sector("12220") + sector("14030"),
        {"12220": ("0", 0, 1), "14030": ("0", 0, 1), "": ("1000", 0, 1)},
    ),
    "beside a code that is not in the list": Case(
        sector("12220") + sector("99999"), {"12220": ("0", 0, 1), "": ("1000", 0, 1)}
    ),
    "no code of the list": Case(sector("99999"), whole("")),
    "each vocabulary is a whole": Case(
        sector("13010") + sector("121", vocabulary="2"), whole("13010")
    ),
    "beside a vocabulary of the reporter's": Case(
        sector("13010") + sector("A-1", "100", "99"), whole("13010")
    ),
    "the vocabulary whose codes are in the list": Case(
        sector("99999") + sector("121", vocabulary="2"), whole("121")
    ),
    "five digits before three, although they are not shared": Case(
        sector("12220") + sector("14030") + sector("121", vocabulary="2"),
        {"12220": ("0", 0, 1), "14030": ("0", 0, 1), "": ("1000", 0, 1)},
    ),
    "five digits before three, with percentages": Case(
        sector("311", "100", "2") + sector("31110", "50") + sector("31120", "50"),
        {"31110": ("500", 0, 0), "31120": ("500", 0, 0)},
    ),
    "three digits among codes of five": Case(
        sector("12220", "50") + sector("122", "50"),
        {"12220": ("500", 0, 0), "122": ("500", 0, 0)},
    ),
    "percentages below 100": Case(sector("21010", "30"), {"21010": ("300", 0, 0), "": ("700", 0, 0)}),
    "rounded percentages": Case(
        sector("12220", "33.33") + sector("14030", "33.33") + sector("15110", "33.33"),
        dict.fromkeys(("12220", "14030", "15110"), ("333.3", 0, 0)) | {"": ("0.1", 0, 0)},
    ),
    "percentages above 100": Case(
        sector("12220", "80") + sector("14030", "60"),
        {"12220": ("800", 0, 0), "14030": ("600", 0, 0), "": ("-400", 0, 0)},
    ),
    "the share of a code that is not in the list": Case(
        sector("12220", "60") + sector("99999", "40"), {"12220": ("600", 0, 0), "": ("400", 0, 0)}
    ),
    "one of two has a percentage": Case(
        sector("12220", "60") + sector("14030"),
        {"12220": ("600", 0, 0), "14030": ("0", 0, 1), "": ("400", 0, 1)},
    ),
    "a code twice, with percentages": Case(sector("13010", "50") * 2, whole("13010")),
    "a code twice, without": Case(sector("13010") * 2, whole("13010")),
    "of the sum itself": Case(
        sector("12220", "100"), whole("16010"), commitment(own=sector("16010"))
    ),
    "of the sum itself, not in the list": Case(
        sector("12220", "100"), whole(""), commitment(own=sector("A-1", vocabulary="99"))
    ),
    "a correction": Case(
        sector("21010", "30"), {"21010": ("-150", 0, 0), "": ("-350", 0, 0)}, commitment("-500")
    ),
    "no value in euros": Case(
        sector("21010", "30"),
        {"21010": ("0", 1, 0), "": ("0", 1, 0)},
        commitment(currency="USD"),
    ),
}  # fmt: skip

COUNTRIES = {
    "one": Case(country("KE"), whole("KEN")),
    "by percentages": Case(
        country("KE", "60") + country("TG", "40"), {"KEN": ("600", 0, 0), "TGO": ("400", 0, 0)}
    ),
    "two without percentages": Case(country("KE") + country("TG"), whole("")),
    "beside a code that is not in the list": Case(country("KE") + country("ZZ"), whole("")),
    "no code of the list": Case(country("ZZ"), whole("")),
    "a code twice": Case(country("KE") * 2, whole("KEN")),
    "the share of a code that is not in the list": Case(
        country("KE", "70") + country("ZZ", "30"), {"KEN": ("700", 0, 0), "": ("300", 0, 0)}
    ),
    "one of two has a percentage": Case(
        country("KE", "60") + country("TG"), {"KEN": ("600", 0, 0), "": ("400", 0, 0)}, kept=False
    ),
    "beside regions that may lie in it": Case(
        country("KE") + region("Nord", "", "99") + region("Sud", "", "99"), whole("KEN")
    ),
    "beside a region of the DAC": Case(country("KE") + region("298"), whole("")),
    "beside a region without a vocabulary": Case(country("KE") + region("298", "", ""), whole("")),
    "beside a region of the United Nations": Case(country("KE") + region("014", "", "2"), whole("")),
    "beside a region with a percentage": Case(country("KE") + region("Nord", "40", "99"), whole(""), kept=False),
    "with a percentage beside a region that may lie in it": Case(
        country("KE", "100") + region("Nord", "100", "99"), whole("KEN"), kept=False
    ),
    "the share of a region": Case(
        country("KE", "60") + region("298", "40"), {"KEN": ("600", 0, 0), "": ("400", 0, 0)}
    ),
    "a region alone": Case(region("298", "100"), whole("")),
    "percentages below 100": Case(
        country("TD", "33.3") + country("CM", "33.3") + country("GA", "33.3"),
        dict.fromkeys(("TCD", "CMR", "GAB"), ("333", 0, 0)) | {"": ("1", 0, 0)},
    ),
    "percentages above 100": Case(
        country("KE", "80") + country("TG", "60"),
        {"KEN": ("800", 0, 0), "TGO": ("600", 0, 0), "": ("-400", 0, 0)},
        kept=False,
    ),
    "of the sum itself": Case(
        country("KE", "100"), whole("GHA"), commitment(own=country("GH"))
    ),
    "of the sum itself, a region": Case(
        country("KE", "100"), whole(""), commitment(own=region("298"))
    ),
    "no value in euros": Case(
        country("KE", "100"), {"KEN": ("0", 1, 0)}, commitment(currency="USD")
    ),
}  # fmt: skip
CASES: Mapping[str, Mapping[str, Case]] = {
    "value-by-sector": SECTORS,
    "value-by-country": COUNTRIES,
}
KEPT = {name: [case for case in cases.values() if case.kept] for name, cases in CASES.items()}


@pytest.fixture(scope="module")
def vocabulary() -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in vocabulary_quads(Minter()))
    return store


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{id}") for name in CASES for id, case in CASES[name].items()],
)  # fmt: skip
def test_what_each_sector_and_country_takes(name: str, case: Case, vocabulary: ox.Store) -> None:
    said, day = reading(file(case.activity("1", name))).activity, date(2022, 1, 1)
    assert said is not None
    lines = n_quads(build(said, "iati-1", Minter(), IATI.metadata, day, RateTable.load(None)))
    quads = [ox.Quad(*quad.triple) for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS)]
    vocabulary.extend(quads)
    try:
        found = rows(vocabulary, name)
    finally:
        for quad in quads:
            vocabulary.remove(quad)
    assert {(row[1], row[3]) for row in found} == {("commitment", "1")}
    columns = {row[0]: (Decimal(row[2]), *map(int, row[4:])) for row in found}
    width = 3 if name == "value-by-sector" else 2
    assert columns == {of: (Decimal(v), *rest)[:width] for of, (v, *rest) in case.shares.items()}
    assert len(columns) == len(found)


def test_many_sums_are_shared(vocabulary: ox.Store) -> None:
    """Ten thousand sums of two thousand activities: no step looks at each sum for each allocation."""
    stated = """
        PREFIX : <https://example.org/> PREFIX cd: <https://w3id.org/coopdec/def#>
        PREFIX country: <http://publications.europa.eu/resource/authority/country/>
        """ + "".join(
        f"""
        :a{n} a cd:Activity ; cd:programme <https://w3id.org/coopdec/scheme/programme/iati> .
        :s{n} cd:allocationOf :a{n} ; cd:allocationKind <{_KIND}sector> ; cd:printedCode "12220" ;
          cd:allocatedTo <https://w3id.org/coopdec/scheme/dac/12220> ; cd:percentage 30.0 .
        :c{n} cd:allocationOf :a{n} ; cd:allocationKind <{_KIND}recipient-country> ;
          cd:printedCode "KE" ; cd:allocatedTo country:KEN ; cd:percentage 30.0 .
        """
        + "".join(
            f"""
            :i{n}-{m} cd:itemOf :a{n} ; cd:amountInEuros 10.0 ;
              cd:fundingKind <https://w3id.org/coopdec/scheme/funding-kind/commitment> .
            """
            for m in range(5)
        )
        for n in range(2_000)
    )  # fmt: skip
    store = ox.Store()
    store.extend(vocabulary)
    store.bulk_load(stated.encode(), format=ox.RdfFormat.TURTLE)
    for name, of in (("value-by-sector", "12220"), ("value-by-country", "KEN")):
        found = sorted(row[:4] for row in rows(store, name))
        assert found == [
            ("", "commitment", "70000", "10000"),
            (of, "commitment", "30000", "10000"),
        ]


# Projects of Kohesio: the code and the name of a country; EL is the Union's code of Greece.
PROJECTS = [
    ("CZ", "Czech Republic"),
    ("CZ", "Czechia"),
    ("EL", "Greece"),
    ("", "Ireland"),
    ("", "Pays de l'exemple"),
]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """All cases together, and projects of Kohesio."""
    folder = tmp_path_factory.mktemp("shares")
    said = [
        case.activity(f"{name}-{number}", name)
        for name, cases in KEPT.items()
        for number, case in enumerate(cases)
    ]
    (folder / "a.xml").write_text(file(*said), "utf-8")
    with (folder / "k.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(
            ["Operation_Unique_Identifier", "Operation_Name_English", "CountryCode", "Country"]
            + ["NUTS2_Code", "NUTS2_Label", "NUTS3_Code", "NUTS3_Label", "Operation_Start_Date"]
            + ["Total_Eligible_Expenditure_amount", "Total_Eligible_Expenditure_Currency"]
        )
        for number, (code, name) in enumerate(PROJECTS):
            entity = f"https://linkedopendata.eu/entity/Q90{number}"
            writer.writerow(
                [entity, f"Atelier {number}", code, name, "CZ01", "Praha", "CZ010", "Praha"]
                + ["01/02/2020", "1000", "EUR"]
            )
    options = BuildOptions(programme="iati", sources=(("kohesio", folder / "k.csv"),))
    outcome = run([folder / "a.xml"], folder / "out", options, lambda items, label, total: items)
    assert len(outcome.records) == len(said) + len(PROJECTS)
    return outcome.release


@pytest.fixture(scope="module")
def engines(
    release: Release, loop: Loop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Engine]]:
    """The embedded engine, and one over Oxigraph's server."""
    with ExitStack() as stack:
        store = stack.enter_context(oxigraph_running(tmp_path_factory.mktemp("oxigraph")))
        publish_to(store.remote(), release, lambda items, label, total: items)
        made = (embedded(release), remote_engine(store.remote()))
        yield [stack.enter_context(loop.running(engine)) for engine in made]


@pytest.fixture(scope="module")
def lists(release: Release) -> Lists:
    return IndexChoices(Index(release.index))


@pytest.mark.parametrize("name", VALUES)
def test_cases_together_add_up_to_their_sum(
    name: str, engines: list[Engine], loop: Loop, lists: Lists
) -> None:
    """Each row is the sum of that row of each case; what the cases of the other question have is whole."""
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for case in KEPT[name]:
        for of, (value, _, _) in case.shares.items():
            expected[of] += Decimal(value)
    other = KEPT[next(each for each in VALUES if each != name)]
    expected[""] += sum(Decimal(v) for case in other for v, _, _ in case.shares.values())
    for engine in engines:
        found = asked(engine, loop, name, {"programme": "iati"}, lists)
        key = "sector" if name == "value-by-sector" else "where"
        values = {
            (row[key] or "").strip("<>").rpartition("/")[2]: Decimal(
                value_of(row["value_in_euros"])
            )
            for row in found
        }
        assert values == expected
        assert len(values) == len(found)


@pytest.mark.parametrize("name", VALUES)
def test_rows_of_a_kind_add_up_to_the_sums_of_that_kind(
    name: str, engines: list[Engine], loop: Loop, lists: Lists
) -> None:
    for engine in engines:
        added: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in asked(engine, loop, name, {}, lists):
            added[value_of(row["of"]), value_of(row["kind"])] += Decimal(
                value_of(row["value_in_euros"])
            )
        sums = {
            (value_of(row["of"]), value_of(row["kind"])): Decimal(value_of(row["amounts"]))
            for row in asked(engine, loop, "sums-by-kind", {}, lists)
            if value_of(row["currency"]) == "EUR"
        }
        assert added == sums
        # Two cases are in dollars, one is a correction of -500.
        number = sum(map(len, KEPT.values()))
        assert sums == {
            ("iati", "commitment"): Decimal(1000 * (number - 3) - 500),
            ("kohesio", "budget"): Decimal(5000),
        }


def test_the_name_of_a_country_is_no_second_one_and_regions_of_nuts_leave_it_all(
    engines: list[Engine], loop: Loop, lists: Lists
) -> None:
    for engine in engines:
        found = asked(engine, loop, "value-by-country", {"programme": "kohesio"}, lists)
        assert [
            tuple(value_of(row[c]) for c in ("code", "value_in_euros", "items")) for row in found
        ] == [("", "1000", "1"), ("CZ", "2000", "2"), ("GR", "1000", "1"), ("IE", "1000", "1")]
        unlisted = asked(engine, loop, "unlisted-codes", {"programme": "kohesio"}, lists)
        countries = [row for row in unlisted if value_of(row["what"]) == "recipient-country"]
        assert [value_of(row["code"]) for row in countries] == ["Pays de l'exemple"]
