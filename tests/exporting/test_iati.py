"""`coopdec export iati`: what each fact becomes, what is left out, and that the standard takes it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from coopdec_graph.exporting.base import Publisher, Settings
from coopdec_graph.exporting.delivery import ActivitiesLeftOut
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.iati.schemas import schema_errors
from coopdec_graph.publishing.releases import Release, Releases
from tests.exporting.conftest import Export, Made
from tests.pipeline.commands import PAGES, build

BASE = "https://w3id.org/coopdec/"
MINISTRY = "Ministère de l'Europe et des Affaires étrangères"


def activities(path: Path) -> Mapping[str, etree._Element]:
    """The activities of a valid file by the end of their identifiers."""
    document = etree.parse(str(path))
    assert schema_errors(document, "2.03") == ()
    found = document.getroot().findall("iati-activity")
    return {
        str(one.findtext("iati-identifier")).removeprefix("coopdec-graph-"): one for one in found
    }


def told(element: etree._Element) -> tuple[dict[str, str], list[str]]:
    """The attributes of an element and its narratives in French."""
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    texts = [str(n.text) for n in element.findall("narrative") if n.get(lang, "fr") == "fr"]
    return {str(name): str(value) for name, value in element.attrib.items()}, texts


def all_told(activity: etree._Element, path: str) -> list[tuple[dict[str, str], list[str]]]:
    return [told(element) for element in activity.findall(path)]


def attributes(activity: etree._Element, path: str) -> list[dict[str, str]]:
    return [told(element)[0] for element in activity.findall(path)]


@pytest.fixture
def iati(made: Made) -> Mapping[str, etree._Element]:
    path, outcome = made("iati")
    assert outcome.activities == 4
    return activities(path)


def test_the_whole_of_an_activity(iati: Mapping[str, etree._Element]) -> None:
    """Every element of one activity, in the order of the schema."""
    activity = iati["atlas-901"]
    assert told(activity)[0] == {
        "{http://www.w3.org/XML/1998/namespace}lang": "fr",
        "default-currency": "EUR",
        "linked-data-uri": f"{BASE}id/partnership/atlas-901",
    }
    order = list(dict.fromkeys(str(child.tag) for child in activity))
    assert order == [
        "iati-identifier", "reporting-org", "title", "description", "participating-org",
        "other-identifier", "activity-status", "activity-date", "recipient-country", "location",
        "sector", "tag", "collaboration-type", "default-flow-type", "default-finance-type",
        "default-aid-type", "budget", "planned-disbursement", "document-link",
    ]  # fmt: skip
    assert activity.findtext("iati-identifier") == "coopdec-graph-atlas-901"
    assert all_told(activity, "reporting-org") == [
        ({"ref": "coopdec-graph", "type": "90", "secondary-reporter": "1"}, ["coopdec-graph"])
    ]
    title = "Éducation + santé & « droits »"
    assert all_told(activity, "title") == [({}, [title])]
    # The page has no prose.
    assert all_told(activity, "description") == [({"type": "1"}, [title])]
    local = {"type": "11"}
    french = {**local, "crs-channel-code": "11002"}
    ministry = {"ref": "FR-6", "type": "10"}
    partner = {**local, "crs-channel-code": "12002"}
    rabat, group = "Conseil de la Préfecture de Rabat", "Collectivités et partenaires étrangers"
    assert all_told(activity, "participating-org") == [
        ({**french, "role": "4"}, ["Mantes la Jolie"]),
        ({**french, "role": "2"}, ["Mantes la Jolie"]),
        ({**partner, "role": "4"}, [rabat]),
        ({**partner, "role": "2"}, [rabat]),
        ({**partner, "role": "4"}, ["Commune de Fès"]),
        ({**ministry, "role": "1", "crs-channel-code": "11001"}, [MINISTRY]),
        ({**french, "role": "1"}, ["Mantes la Jolie"]),
        ({"role": "1"}, [group]),
    ]
    assert attributes(activity, "other-identifier") == [
        {"ref": "atlas-901", "type": "A1"},
        {"ref": "901", "type": "A9"},
    ]
    assert all_told(activity, "other-identifier/owner-org") == [({"ref": "FR-6"}, [MINISTRY])]
    assert attributes(activity, "activity-status") == [{"code": "2"}]
    assert all_told(activity, "activity-date") == [
        ({"type": "1", "iso-date": "2019-01-01"}, ["2019 (seule l'année est connue)"]),
        ({"type": "3", "iso-date": "2021-12-31"}, []),
    ]
    assert attributes(activity, "recipient-country") == [{"code": "MA", "percentage": "100"}]
    themes = f"{BASE}scheme/theme"
    own = {"vocabulary": "99", "vocabulary-uri": themes}
    assert all_told(activity, "sector") == [
        ({"vocabulary": "1", "code": "15112", "percentage": "100"}, []),
        (
            {**own, "code": "gouvernance-locale-et-appui-institutionnel", "percentage": "100"},
            ["Gouvernance locale et appui institutionnel"],
        ),
    ]
    tags = all_told(activity, "tag")
    assert [tag for tag in tags if tag[0]["vocabulary"] == "99"] == [
        ({**own, "code": "eau-et-dechets"}, ["Eau et déchets"]),
        (
            {**own, "code": "education-emploi-formation-professionnelle"},
            ["Education, emploi, formation professionnelle"],
        ),
    ]
    assert {"vocabulary": "2", "code": "16"} in [tag for tag, _ in tags]
    address = "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html"
    assert attributes(activity, "document-link") == [
        {"url": f"{address}?criteres.prjId=901", "format": "text/html"}
    ]
    assert attributes(activity, "document-link/category") == [{"code": "A12"}]


def test_money(iati: Mapping[str, etree._Element]) -> None:
    """Each line is a planned disbursement, each year a budget; nothing was paid."""

    def sums(key: str, tag: str) -> list[tuple[str, str, str, str | None]]:
        return [
            (
                one.find("period-start").get("iso-date"),  # type: ignore[union-attr]
                one.find("period-end").get("iso-date"),  # type: ignore[union-attr]
                str(one.findtext("value")),
                one.findtext("provider-org/narrative"),
            )
            for one in iati[key].findall(tag)
        ]

    first, second = ("2019-01-01", "2019-12-31"), ("2020-01-01", "2020-12-31")
    assert sums("atlas-901", "budget") == [(*first, "12000", None), (*second, "4000", None)]
    assert sums("atlas-901", "planned-disbursement") == [
        (*first, "7000", MINISTRY),
        (*second, "3000", MINISTRY),
        (*first, "5000", "Mantes la Jolie"),
        (*second, "1000", "Collectivités et partenaires étrangers"),
    ]
    # The amount of 2021 cannot be read: that year has no sum.
    assert sums("atlas-902", "budget") == [(*second, "4000", None)]
    assert sums("atlas-902", "planned-disbursement") == [(*second, "4000", MINISTRY)]
    for activity in iati.values():
        assert [str(e.tag) for e in activity.iter("transaction", "receiver-org")] == []
        values = [value.attrib for value in activity.iter("value")]
        assert {(str(v["currency"]), str(v["value-date"])[4:]) for v in values} <= {
            ("EUR", "-01-01")
        }


def test_several_countries_have_no_share(iati: Mapping[str, etree._Element]) -> None:
    activity = iati["atlas-905"]
    assert activity.findall("recipient-country") == []
    assert attributes(activity, "activity-scope") == [{"code": "3"}]
    assert attributes(activity, "location") == [{"ref": "BJ"}, {"ref": "TG"}]
    assert attributes(activity, "location/location-id") == [
        {"vocabulary": "A4", "code": "BJ"},
        {"vocabulary": "A4", "code": "TG"},
    ]
    assert all_told(activity, "location/name") == [({}, ["Bénin"]), ({}, ["Togo"])]


def test_places_of_foreign_partners_only(iati: Mapping[str, etree._Element]) -> None:
    activity = iati["atlas-901"]
    assert attributes(activity, "location") == [
        {"ref": "ma/wikidata/Q966104"},
        {"ref": "ma/geonames/2548885"},
    ]
    assert attributes(activity, "location/location-id") == [{"vocabulary": "G1", "code": "2548885"}]
    assert activity.findtext("location/point/pos") == "34.03313 -5.00028"
    assert attributes(activity, "location/point") == [
        {"srsName": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    ]


def test_prose_by_type(tmp_path: Path, made: Made) -> None:
    """The pages of the repository, of which each has prose."""
    build(PAGES, tmp_path / "built")
    path, outcome = made("iati", of=Releases(tmp_path / "built").current())
    found = activities(path)
    assert (outcome.activities, outcome.left_out) == (6, ())
    mantes = next(one for key, one in found.items() if not key.startswith("atlas-"))
    texts = [(kind["type"], text[0][:30]) for kind, text in all_told(mantes, "description")]
    assert texts == [
        ("1", "Deux lieux ont été choisis par"),
        ("2", "Donner aux travailleurs sociau"),
        ("2", "Pour Mantes-la-Jolie, commune "),
        ("3", "Le projet s’adresse en premier"),
        ("4", "Mantes-la-Jolie entretient des"),
        ("4", "Signée en 2016, la convention "),
    ]
    # A page without a number of its own has no address.
    assert mantes.findall("document-link") == []
    assert attributes(mantes, "other-identifier") == [
        {"ref": str(mantes.findtext("iati-identifier"))[14:], "type": "A1"}
    ]
    assert [one for one in found.values() if one.findall("contact-info")] == []


def test_what_cannot_be_said_is_left_out_and_named(export: Export, tmp_path: Path) -> None:
    """903 has no start: the standard demands one."""
    out = tmp_path / "f.xml"
    done = export("iati", "--out", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-2:] == [
        f"Laissée de côté {BASE}id/partnership/atlas-903 : sans année de début",
        f"4 activité(s) dans {out}.",
    ]
    assert "atlas-903" not in out.read_text("utf-8")
    strict = export("iati", "--out", tmp_path / "g.xml", "--strict", COOPDEC_LANG="en")
    assert strict.returncode == 1
    assert strict.stderr.splitlines()[-2:] == [
        f"Left out {BASE}id/partnership/atlas-903: without a start year",
        "1 of 5 activities cannot be exported: nothing is written.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["f.xml"]


def test_nothing_that_can_be_said(made: Made) -> None:
    with pytest.raises(ActivitiesLeftOut) as refused:
        made("iati", Wanted(collectivity="Chinon"))
    assert [one.activity for one in refused.value.left_out] == [f"{BASE}id/partnership/atlas-903"]


def test_the_publisher_and_the_day(made: Made) -> None:
    who = Publisher("FR-RCS-123", "Éditeur d'exemple", "22")
    path, _ = made("iati", Wanted(country="BJ"), Settings(publisher=who, as_of=date(2026, 11, 25)))
    root = etree.parse(str(path)).getroot()
    assert dict(root.attrib) == {
        "version": "2.03",
        "linked-data-default": f"{BASE}id/partnership/",
        "generated-datetime": "2026-11-25T00:00:00Z",
    }
    assert [one.findtext("iati-identifier") for one in root] == [
        "FR-RCS-123-atlas-904",
        "FR-RCS-123-atlas-905",
    ]
    assert all_told(root[0], "reporting-org") == [
        (
            {"ref": "FR-RCS-123", "type": "22", "secondary-reporter": "1"},
            ["Éditeur d'exemple"],
        )
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--publisher-ref", "FR/6"), "« FR/6 » n'est pas un identifiant d'organisation"),
        (("--publisher-ref", "FR 6"), "« FR 6 » n'est pas un identifiant d'organisation"),
        (("--publisher-ref", ""), "«  » n'est pas un identifiant d'organisation"),
        (("--publisher-name", " "), "Le nom «   » est vide"),
        (("--publisher-name", "a\x1bb"), "Le nom « a\\x1bb » est vide"),
        (("--publisher-type", "12"), "« 12 » n'est pas un type d'organisation de l'IATI."),
        (("--as-of", "2026-02-30"), "« 2026-02-30 » n'est pas une date AAAA-MM-JJ."),
        (("--candidates",), "L'option --candidates ne va pas avec le format iati."),
        (("--country", "Marroc"), "« Marroc » ne convient pas à « country »"),
    ],
)
def test_what_is_refused(
    export: Export, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    done = export("iati", "--out", tmp_path / "f.xml", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_options_of_a_publisher_go_with_formats_that_have_one(
    export: Export, tmp_path: Path
) -> None:
    done = export("nq", "--out", tmp_path / "f.nq", "--publisher-ref", "X")
    assert done.returncode == 2
    assert done.stderr == "L'option --publisher-ref ne va pas avec le format nq.\n"


def test_the_same_release_gives_the_same_bytes(made: Made, release: Release) -> None:
    once, again = (made("iati", name=name)[0].read_bytes() for name in ("a", "b"))
    assert once == again
    assert b"generated-datetime" not in once
