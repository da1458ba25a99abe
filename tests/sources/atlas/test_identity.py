"""Which partnership a file is of: its name, the address it was saved from, its sidecar."""

from datetime import datetime

import pytest

from coopdec_graph.issues import Issue
from tests.sources.atlas.atlas_pages import (
    CHROME,
    MANTES,
    NOTHING,
    codes,
    read_file,
    read_text,
    replaced,
)

URL = (
    "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId={}"
)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("3203.txt", "3203"),
        ("3203.html", "3203"),
        ("3203.HTM", "3203"),
        ("3203", "3203"),
        ("12.txt.html", "12"),
        ("../12.txt", "12"),
        ("folder/12.txt", "12"),
        ("0012.txt", None),
        ("0.txt", None),
        ("-1.txt", None),
        ("+1.txt", None),
        ("1e3.txt", None),
        ("１２.txt", None),
        ("١٢.txt", None),
        ("12.03.2019.txt", None),
        ("12 (1).txt", None),
        ("page.txt", None),
        ("9999999999.txt", None),
        (".txt", None),
    ],
)
def test_number_in_the_file_name(name, identifier):
    source = read_text(MANTES, name).activity.source
    url = URL.format(identifier) if identifier else None
    assert (source.name, source.identifier, source.url) == (name, identifier, url)


HTML = replaced(
    CHROME, CHROME.split("\n")[0], "{mark}"
)  # the page without the comment Chrome starts it with


@pytest.mark.parametrize(
    "mark",
    [
        f"<!-- saved from url=(0093){URL.format(77)} -->",
        f"<!--\n Page saved with SingleFile \n url: {URL.format(77)} \n"
        " saved date: Mon May 03 2021 10:15:00 GMT+0200 (heure d’été)\n-->",
        f'<html><head><link href="{URL.format(77)}" rel="canonical"></head>',
        f'<html><head><link rel="canonical" href="{URL.format(77)}"></head>',
        f"<html><head><link rel=canonical href={URL.format(77)}></head>",
    ],
    ids=["chrome", "singlefile", "canonical", "canonical-second", "canonical-unquoted"],
)
def test_number_in_the_saved_address(mark):
    source = read_text(HTML.replace("{mark}", mark), "page.html").activity.source
    assert (source.identifier, source.url) == ("77", URL.format(77))
    at = datetime.fromisoformat("2021-05-03T10:15:00+02:00") if "SingleFile" in mark else None
    assert source.captured == at


@pytest.mark.parametrize(
    "date", ["Mon Feb 31 2021 10:15:00 GMT+0200", "Mon Xyz 03 2021 10:15:00 GMT+0200", "yesterday"]
)
def test_impossible_capture_time_is_left_out(date):
    mark = f"<!--\n Page saved with SingleFile\n url: {URL.format(77)}\n saved date: {date}\n-->"
    source = read_text(HTML.replace("{mark}", mark), "page.html").activity.source
    assert (source.identifier, source.captured) == ("77", None)


def test_disagreement_is_refused():
    reading = read_text(CHROME, "3203.html")
    assert reading.issues == (
        Issue("identifiers-disagree", "3203.html", details={"claims": "3203, 990001"}),
    )
    assert (reading.activity, reading.record, reading.lines) == (None, NOTHING, ())


def with_sidecar(tmp_path, sidecar, name="page.txt"):
    (tmp_path / name).write_text(MANTES, "utf-8")
    target = tmp_path / name.replace(".txt", ".toml")
    target.write_bytes(sidecar if isinstance(sidecar, bytes) else sidecar.encode())
    return read_file(tmp_path / name)


def test_sidecar(tmp_path):
    text = f'project_id = 42\nurl = "{URL.format(42)}"\ncaptured = 2021-05-03T10:15:00+02:00\n'
    source = with_sidecar(tmp_path, text).activity.source
    assert (source.identifier, source.url) == ("42", URL.format(42))
    assert source.captured == datetime.fromisoformat("2021-05-03T10:15:00+02:00")


def test_sidecar_against_the_file_name(tmp_path):
    assert codes(with_sidecar(tmp_path, "project_id = 42", "43.txt")) == ["identifiers-disagree"]


@pytest.mark.parametrize(
    "sidecar",
    [
        "nonsense",
        b"\xff\xfe",
        b"project_id = 1\x00",
        "project_id = 0",
        "project_id = -4",
        "project_id = true",
        "project_id = 12.0",
        'project_id = "0012"',
        'project_id = "１２"',
        "project_id = [1]",
        "project_id = " + "9" * 6000,
        "captured = 2021-05-03",
        "captured = 2021-05-03T10:15:00",
        'captured = "yesterday"',
        'url = "javascript:alert(1)"',
        'url = "https://someone@example.org/"',
        "url = 5",
        'contact = "someone"',
        "a = " + "[" * 9000,
        "a = 1\n" * 5000,
        "#" * 30_000,
    ],
    ids=lambda sidecar: repr(sidecar[:24]),
)
def test_wrong_sidecar_is_refused(tmp_path, sidecar):
    reading = with_sidecar(tmp_path, sidecar)
    assert codes(reading) in (["sidecar-wrong"], ["page-too-large"])
    assert reading.activity is None
    assert "someone@" not in repr(reading)


def test_mailbox_as_a_sidecar_key_is_not_repeated(tmp_path):
    reading = with_sidecar(tmp_path, '"camille@example.org" = 1')
    assert codes(reading) == ["sidecar-wrong"]
    assert "camille@" not in repr(reading) + reading.issues[0].message("fr")
