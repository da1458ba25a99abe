"""The tables as files, and the script that makes them, on small invented sources."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coopdec_graph.resources import reference_file
from scripts.reference_data import french, history, packages, world
from scripts.reference_data.pbf import FrenchCity, cities_of_france
from scripts.reference_data.tables import csv_text, write_zip

ROOT = Path(__file__).parents[2]
MADE = ("french", "french_history", "world_countries", "world_subdivisions", "morocco")
# The tables of one run of the script; a new edition changes them here and in docs/reference.md.
DIGESTS = {
    "french": "f4543eb603e0dfcb",
    "french_history": "f5685eb28a747f5c",
    "world_countries": "c97365852675ac7e",
    "world_subdivisions": "11871666704f0b84",
    "morocco": "7aaf4f8d204b46cd",
    "world_cities": "c52e1d127fe5eabe",
}


@pytest.mark.parametrize("name", MADE)
def test_files_are_sorted_and_are_those_of_the_documented_run(name: str) -> None:
    content = reference_file(f"{name}.csv").read_bytes()
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert rows == sorted(rows) and {len(row) for row in rows} == {len(header)}
    assert len({tuple(row) for row in rows}) == len(rows)
    assert b"\r" not in content
    assert hashlib.sha256(content).hexdigest()[:16] == DIGESTS[name]


def test_members_of_the_archive_are_those_of_the_documented_run() -> None:
    """Their text, not the archive's bytes: another zlib compresses otherwise."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(reference_file("world_cities.zip")) as archive:
        names = archive.namelist()
        for name in names:
            digest.update(name.encode() + b"\0" + archive.read(name))
    assert len(names) == 246 and names == sorted(names)
    assert digest.hexdigest()[:16] == DIGESTS["world_cities"]


def test_the_tables_stay_small() -> None:
    sizes = [path.stat().st_size for path in reference_file("").iterdir() if path.is_file()]
    assert len(sizes) >= 7 and sum(sizes) < 16_000_000


def test_countries_csv_comes_out_of_its_script(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from scripts import make_countries as m;"
        "m.TARGET = Path(__import__('sys').argv[1]); m.main()"
    )
    out = tmp_path / "countries.csv"
    subprocess.run([sys.executable, "-c", code, str(out)], cwd=ROOT, check=True)
    assert out.read_bytes() == reference_file("countries.csv").read_bytes()


def test_a_package_with_another_digest_is_refused(tmp_path: Path) -> None:
    package = packages.Package("npm", "exemple", "1.0.0", "exemple-1.0.0.tgz", "0" * 64)
    (tmp_path / package.file).write_bytes(b"other")
    with pytest.raises(SystemExit, match="expected 0000"):
        packages.fetch(package, tmp_path)


def commune(code: str, name: str, kind: str = "commune-actuelle", **more: object) -> french.Json:
    place = {"departement": code[:2], "region": "11"}
    return {"code": code, "nom": name, "type": kind, **place, **more}


def test_rows_of_a_small_country() -> None:
    data = {
        "communes": [
            commune("99002", "Fictiville", siren="217803618", population=12),
            commune("99003", "Hameau-Modèle", "commune-deleguee", chefLieu="99002"),
        ],
        "epci": [
            {
                "code": "200069854",
                "nom": "CC  du Modèle",
                "type": "CC",
                "populationTotale": 12,
                "membres": [{"code": "99002"}],
            }
        ],
        "ept": [],
        "departements": [{"code": "99", "nom": "Modèle", "region": "11"}],
        "regions": [{"code": "11", "nom": "Exemplie"}, {"code": "987", "nom": "Au loin"}],
    }
    sirens = [{"level": "region", "insee": "11", "siren": "237500079", "name": "Exemplie"}]
    rows = french.french_rows(data, sirens, {"99002": (7, 48.5, 2.25)})
    assert csv_text(french.HEADER, rows).splitlines()[1:] == [
        "commune,99002,217803618,Fictiville,99,11,200069854,12,,,7,48.50000,2.25000",
        "commune-deleguee,99003,,Hameau-Modèle,99,11,,,,99002,,,",
        "departement,99,,Modèle,99,11,,,DEP,,,,",
        "epci,,200069854,CC du Modèle,99,11,,12,CC,,,,",
        "region,11,237500079,Exemplie,,,,,REG,,,,",
    ]


def test_a_wrong_siren_stops_the_script() -> None:
    data = {level: [] for level in ("epci", "ept", "departements", "regions")}
    bad = [commune("99002", "Fictiville", siren="217803619")]
    with pytest.raises(SystemExit, match="217803619 is not a SIREN"):
        list(french.french_rows({**data, "communes": bad}, [], {}))


def test_points_only_where_two_sources_agree(capsys: pytest.CaptureFixture[str]) -> None:
    def city(geonames: int, name: str, insee: str = "", people: int = 900, latitude: float = 45.0):
        return FrenchCity(geonames, name, insee, "69", people, latitude, 4.8)

    communes = [
        commune("69001", "Grandeville", population=1000),
        commune("69002", "Demi-Lune", population=1000),
        commune("69003", "Autreville", population=1000),
        commune("69004", "Petit-Lieu", population=10),
        commune("69005", "Loin", population=1000),
    ]
    coded = [
        city(1, "Grandeville", "69001"),
        city(2, "Demi-Lune", "69001"),
        city(5, "Loin", "69005"),
    ]
    names = ("Grandeville", "Demi-Lune", "Autreville", "Petit-Lieu")
    newer = [city(number, name) for number, name in enumerate(names, 1)]
    newer += [city(5, "Loin", latitude=46.0), city(6, "Loin", latitude=47.0)]
    points = french.points_of_france(communes, coded, newer)
    # Demi-Lune by its unique name, not by the code of Grandeville; Petit-Lieu has too few people.
    assert {code: point[0] for code, point in points.items()} == {
        "69001": 1,
        "69002": 2,
        "69003": 3,
    }
    printed = capsys.readouterr().out
    assert "dropped 1: INSEE code of no current commune of that name (69001 Demi-Lune)" in printed
    assert "dropped 1: not at the same place in the newer gazetteer (69005 Loin)" in printed


def test_history_joins_days_and_editions() -> None:
    register = [
        {"id": "a", "type": "COM", "code": "99001", "nom": "Avant", "successeur": "b"}
        | {"dateFin": "1990-05-01", "raisonFin": "changement de nom"},
        {"id": "b", "type": "COM", "code": "99001", "nom": "Après", "dateDebut": "1990-05-01"}
        | {"raisonDebut": "changement de nom"},
        {"id": "c", "type": "COM", "code": "99002", "nom": "Toujours"},
        {"id": "d", "type": "COM", "code": "99003", "nom": "Partie"},
    ]
    first = [commune("99001", "Après"), commune("99002", "Toujours"), commune("99003", "Partie")]
    last = [commune("99001", "APRES", anciensCodes=["99003"]), commune("99002", "Toujours")]
    rows = history.commune_history(register, {2019: first, 2026: last})
    assert csv_text(history.HEADER, rows).splitlines()[1:] == [
        "commune,99001,,APRES,1990-05-01,,2019,2026,,changement de nom",
        "commune,99001,,Avant,,1990-05-01,,,99001,changement de nom",
        "commune,99003,,Partie,,,2019,2019,99001,",
    ]


def test_the_heir_of_a_group_is_named_only_when_it_is_one() -> None:
    def group(code: str, *members: str) -> french.Json:
        return {"code": code, "nom": f"CC {code}", "membres": [{"code": m} for m in members]}

    first = [group("A", "1", "2"), group("B", "3", "4")]
    last = [group("C", "1", "2", "3"), group("D", "4")]
    rows = history.group_history("epci", {2025: first, 2026: last})
    assert {row[1]: row[8] for row in rows} == {"A": "C", "B": None, "C": None, "D": None}


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def test_protocol_buffers() -> None:
    def message(geonames: int, name: bytes, insee: bytes, country: bytes, moved: int) -> bytes:
        texts = ((2, name), (3, country), (6, insee))
        body = varint(1 << 3) + varint(geonames * 2) + varint(9 << 3) + varint(300)
        body += b"".join(varint(n << 3 | 2) + varint(len(t)) + t for n, t in texts)
        step = moved * 2 if moved >= 0 else -moved * 2 - 1
        body += varint(10 << 3) + varint(step) + varint(11 << 3) + varint(step)
        return varint(len(body)) + body

    content = message(9, b"Loin", b"", b"MA", 100_000)
    content += message(7, "Modèle".encode(), b"99002", b"FR", -50_000)
    assert list(cities_of_france(content)) == [
        FrenchCity(7, "Modèle", "99002", "99", 300, 0.5, 0.5)
    ]


def test_cities_keep_names_that_people_write() -> None:
    cities = "Londres-Modèle\t5\t2\t1\t900\t1.5\t2.5\nParis\t6\t\t2\t9\t1\t2\n".encode()
    divisions = (
        b"North\tXX-N\tXX.01\t1\tRegion\t\t1\t\t1\nSouth\tXX-S\tXX.02\t2\tRegion\t\t1\t\t1\n"
    )
    other = ["LON", "la ba te", "LONDRES MODELE", "Lontra", "Λονδίνο", "لندن", "Lon|dra"]
    names = {"5": {"alternatenames": other}}
    members = world.city_members(cities, divisions, ["XX", "FR"], names, frozenset({"FR"}))
    assert members == {
        "XX.csv": ",".join(world.CITIES)
        + "\n5,Londres-Modèle,XX.02,900,1.50000,2.50000,Lontra|لندن\n",
        "ids.csv": "geonames,country\n5,XX\n",
    }


def test_the_same_members_give_the_same_archive(tmp_path: Path) -> None:
    for name in ("first.zip", "second.zip"):
        write_zip(tmp_path / name, {"b.csv": "2\n", "a.csv": "1\n"})
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
