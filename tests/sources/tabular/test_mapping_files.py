"""Mapping files: each fault is one error that names the file, the key and what to do."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.model import AgentKind, Allocation, AllocationKind, Code, FundingKind, Role, Text
from coopdec_graph.sources import SOURCES, source_named
from coopdec_graph.sources.tabular import Tabular
from coopdec_graph.sources.tabular.mapping import TableMapping
from coopdec_graph.sources.tabular.mapping_file import parsed_mapping
from coopdec_graph.sources.tabular.settings import table_settings
from tests.sources.tabular.tables import MAPPING, write_csv

SHIPPED = {
    path.stem: path
    for path in Path("coopdec_graph/sources/tabular/mappings").resolve().glob("*.toml")
}


def load(text: str) -> TableMapping:
    return parsed_mapping(text.encode(), "ma.toml")


def error(text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load(text)
    return caught.value


def changed(old: str, new: str) -> str:
    assert MAPPING.count(old) >= 1, old
    return MAPPING.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        # The programme.
        ("", "programme.notation", "a text is needed"),
        (changed('notation = "exemple"', 'notation = "Mon prog"'), "programme.notation", "lower-case letters"),
        (changed('notation = "exemple"', 'notation = "atlas"'), "programme.notation", "a reader of its own"),
        (changed('notation = "exemple"', 'notation = "iati"'), "programme.notation", "a reader of its own"),
        (changed(', en = "Grants of the Fondation Exemple"', ""), "programme.title.en", "a text is needed"),
        (changed("https://exemple.org/licence", "CC BY"), "programme.licence", "an http address"),
        (changed("attribution =", "colour ="), "programme.colour", "unknown; known: attribution, licence"),
        # The table and its values.
        (MAPPING + "[table]\nheader = 0\n", "table.header", "a whole number from 1 to 100"),
        (MAPPING + "[table]\nheader = true\n", "table.header", "a whole number from 1 to 100"),
        (MAPPING + '[table]\nencoding = "klingon"\n', "table.encoding", "unknown encoding"),
        (MAPPING + '[table]\nencoding = "base64"\n', "table.encoding", "unknown encoding"),
        (MAPPING + '[table]\ndelimiter = ";;"\n', "table.delimiter", "a single character"),
        (MAPPING + "[table]\ndelimiter = '\"'\n", "table.delimiter", "cannot separate"),
        (MAPPING + "[table]\nsheet = 3\n", "table.sheet", "a text or a list of texts"),
        (changed('"DD/MM/YYYY"', '"jj/mm/aaaa"'), "values.dates", "YYYY, MM and DD"),
        (changed('"DD/MM/YYYY"', '"DD/MM"'), "values.dates", "YYYY, MM and DD"),
        (changed('"YYYY-MM-DD"', '"MM/DD/YYYY"'), "values.dates", "“01/02/2021” would be two days, one by DD/MM/YYYY, the other by MM/DD/YYYY; keep the form of the tables"),
        (changed('["DD/MM/YYYY", "YYYY-MM-DD"]', '["iso", "YYYY-DD-MM"]'), "values.dates", "“2021-02-01” would be two days"),
        (changed('decimal = ","', 'decimal = "d"'), "values.decimal", "a point or a comma"),
        (changed('thousands = " "', 'thousands = ","'), "values.decimal", "a point or a comma"),
        (changed('language = "fr"', 'language = "français !"'), "values.language", "a language is needed"),
        # Columns.
        (changed('identifier = "Numéro"', "identifier = 3"), "row.identifier", "the name of a column"),
        (changed('identifier = "Numéro"', 'identifier = ["Numéro", ""]'), "row.identifier", "the name of a column"),
        (changed('identifier = "Numéro"', "identifier = { columns = 3 }"), "row.identifier.columns", "a text or a list"),
        (changed('status = "Statut"', 'status = { constant = "x" }'), "row.status.column", "the name of a column"),
        (changed('status = "Statut"', 'status = { column = "Statut", colour = 1 }'), "row.status.colour", "unknown"),
        (changed('status = "Statut"', 'status = { column = "Statut", codes = 1 }'), "row.status.codes", "a table [ ]"),
        (changed('name = "Lieu"', 'name = "Lieu * *"'), "place.1.name", "only one * in a name"),
        (changed('planned-start = "Du"', 'begin = "Du"'), "dates.begin", "unknown; known: actual-end"),
        # Groups.
        (changed('is = "title"', 'is = "titre"'), "text.1.is", "“titre” is not of: title, context"),
        (changed('role = "funding"', 'role = "payer"'), "party.1.role", "“payer” is not of: funding"),
        (changed('kind = "organisation"', 'kind = "person"'), "party.1.kind", "is not of: french-collectivity"),
        (changed('kind = "organisation"', 'kind = "financer-group"'), "party.1.kind", "is not of"),
        (changed('name = { constant = "Fondation Exemple" }', ""), "party.1.name", "a name or a reference"),
        (changed('as = "payeur"\nrole = "funding"', ""), "party.1.role", "a role is needed, or a name (as)"),
        (changed('as = "collectivité"', 'as = "payeur"'), "sum.1.receiver", "is not of: payeur, payeur"),
        (changed('as = "collectivité"', 'as = "payeur"').replace('receiver = "collectivité"', ""), "party", "two parties"),
        (changed('provider = "payeur"', 'provider = "autre"'), "sum.1.provider", "is not of: payeur, collectivité"),
        (changed('amount = "Montant"', ""), "sum.1.amount", "the name of a column"),
        (changed('kind = "budget"', 'kind = "gift"'), "sum.2.kind", "is not of: announced, budget"),
        (changed('year = "Année"', 'year = "Année"\nstart = "Du"'), "sum.2.year", "a year, or a start and an end"),
        (changed('list = "dac"', 'list = "cad"'), "allocation.1.list", "unknown list"),
        (changed('list = "dac"', 'vocabulary-uri = "x"'), "allocation.1.vocabulary-uri", "an http address"),
        (changed('kind = "sector"\ncode', 'kind = "sector"\nother').replace("\nlabel =", "\nmore ="), "allocation.1.code", "a code or a label"),
        (changed('name = "Lieu"', 'latitude = "Lieu"'), "place.1.latitude", "go together"),
        (changed('name = "Lieu"\npoint = { column = "Position", separator = "|" }', 'code-type = "Lieu"'), "place.1.name", "a name, a position or a code"),
        (MAPPING + "[sums]\n", "sums", "unknown"),
        (MAPPING.replace("[[sum]]", "[sum]", 1).replace("[[sum]]", "[other]"), "sum", "tables [[sum]]"),
        # Contradictions.
        (changed('identifier = "Numéro"', "").replace('is = "title"', 'is = "history"'), "row.identifier", "an identifier is needed, or a title"),
        (changed('"Remarque" =', '"Montant" ='), "sum.1.amount", "also among those that are not read"),
        (changed('"Nom du contact"', '"Lieu"'), "place.1.name", "also among those that are not read"),
        (changed('"Remarque" = "de la main de l\'instructeur"', '"Remarque" = 3'), "ignored.Remarque", "a text is needed"),
        # Persons.
        (changed('column = "Description"', 'column = "Nom du contact"'), "text.2.column", "names a person (“contact”); put it into [personal]"),
        (changed('name = "Collectivité"', 'name = "Prénom et nom"'), "party.2.name", "names a person (“prenom”)"),
        (changed('name = "Lieu"', 'name = "E-mail"'), "place.1.name", "names a person (“e mail”)"),
        (changed('identifier = "Numéro"', 'identifier = { columns = ["Tél."] }'), "row.identifier.columns", "names a person (“tel”)"),
    ],
)  # fmt: skip
def test_each_fault_is_named(text: str, key: str, said: str) -> None:
    found = error(text)

    assert (found.values["file"], found.values["key"]) == ("ma.toml", key)
    assert said in found.text("en")
    assert found.text("fr").startswith(f"« ma.toml », clé « {key} » : ")
    assert found.exit_code == 2


@pytest.mark.parametrize("text", ["x", "[programme", "a = 1\na = 2", "x = " + "[" * 5_000])
def test_what_is_no_toml_is_refused(text: str) -> None:
    assert "is not TOML in UTF-8" in error(text).text("en")


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(UsageError, match="is not TOML in UTF-8"):
        parsed_mapping(b"\xff", "ma.toml")


def test_a_mapping_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ma.toml").write_bytes(b"#" * 300_000)

    with pytest.raises(UsageError, match="300000 bytes"):
        source_named(str(tmp_path / "ma.toml"))


def test_a_programme_of_its_own_is_a_candidate() -> None:
    metadata = load(MAPPING).metadata

    assert metadata.programme == "exemple"
    assert metadata.labels == (
        Text("Aides de la Fondation Exemple", "fr"),
        Text("Grants of the Fondation Exemple", "en"),
    )


def test_the_shipped_mappings_are_whole() -> None:
    """Every shipped file is a programme of the scheme, and reads every column that it may."""
    assert sorted(SHIPPED) == ["360giving", "kohesio"]
    for name, path in SHIPPED.items():
        source = SOURCES[name]
        assert isinstance(source, Tabular)
        assert source.content == path.read_bytes()
        assert (source.metadata.programme, source.metadata.labels) == (name, ())
        assert len([field for group in source.mapping.groups() for field in group]) >= 25


def test_the_roles_and_kinds_of_the_shipped_mappings() -> None:
    found = {
        name: [
            (party.kind, party.role.value if isinstance(party.role, Code | Role) else None)
            for party in source.mapping.parties
        ]
        for name, source in SOURCES.items()
        if isinstance(source, Tabular)
    }
    body = AgentKind.ORGANISATION
    assert found == {
        "360giving": [(body, "1"), (body, "4")],
        "kohesio": [(body, "4"), (body, "1"), (body, "3")],
    }
    sums = {
        n: [s.kind for s in x.mapping.sums] for n, x in SOURCES.items() if isinstance(x, Tabular)
    }
    assert sums == {
        "360giving": [FundingKind.COMMITMENT, FundingKind.DISBURSEMENT],
        # Two kinds: the Union's part is within the budget, so that no kind has both.
        "kohesio": [FundingKind.BUDGET, FundingKind.COMMITMENT],
    }


@pytest.mark.parametrize(
    ("code", "name", "allocated"),
    [
        ("CZ", "Czech Republic", Code("CZ", "country", labels=(Text("Czech Republic", "en"),))),
        ("EL", "Greece", Code("GR", "country", labels=(Text("Greece", "en"),))),
        ("", "Ireland", Code("IE", "country")),
        ("", "Czech Republic", Code("Czech Republic")),
    ],
)
def test_a_country_of_kohesio_is_that_of_its_code_and_its_name_only_without_one(
    tmp_path: Path, code: str, name: str, allocated: Code
) -> None:
    columns = ["Operation_Unique_Identifier", "Operation_Name_English", "CountryCode", "Country"]
    cells = ["https://linkedopendata.eu/entity/Q900001", "Atelier", code, name]
    table = write_csv(tmp_path / "k.csv", [columns, cells])
    (document,) = SOURCES["kohesio"].documents([table])
    activity = SOURCES["kohesio"].read(document).activity

    assert activity is not None
    kind = AllocationKind.RECIPIENT_COUNTRY
    assert activity.allocations == (Allocation(kind, 1, allocated),)


def test_columns_that_are_not_read_say_why() -> None:
    reasons = [
        reason
        for path in SHIPPED.values()
        for reason in tomllib.loads(path.read_text("utf-8"))["ignored"].values()
    ]
    assert len(reasons) >= 60
    assert all(re.match(r"\w", reason) for reason in reasons)


def test_words_of_persons_are_as_they_are_compared() -> None:
    from coopdec_graph.namespaces import matching_key

    words = table_settings().personal
    assert {matching_key(word) for word in words} == words
    assert len(words) >= 30


def test_words_of_totals_are_as_they_are_compared() -> None:
    from coopdec_graph.namespaces import matching_key

    settings = table_settings()
    for words in (settings.totals, settings.beside_totals, settings.somme):
        assert {matching_key(word) for word in words} == words
        assert not [word for word in words if " " in word]
    assert not (settings.totals | settings.somme) & settings.beside_totals
