"""`coopdec link --export` as a user runs it, and the rules behind it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.asking import Asker
from coopdec_graph.linking.cache import NoAnswers
from coopdec_graph.linking.quickstatements import quickstatements
from coopdec_graph.linking.twinnings import Checked, Page, Party, Record, Status, check
from coopdec_graph.linking.twins import Known, Said, Twins
from coopdec_graph.linking.wikidata import default_limits
from tests.linking import endpoints
from tests.linking.endpoints import Endpoint, Handler, endpoint
from tests.linking.standins import wikidata_running
from tests.linking.twinning_pages import TWINS, linked_release
from tests.pipeline.commands import coopdec, files_of

ATLAS = (
    "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId="
)
PARTNERSHIP = "https://w3id.org/coopdec/id/partnership/"

LINES = [
    ["Q960", "P190", "Q201", "P580", "+1991-00-00T00:00:00Z/9", "S854", f'"{ATLAS}103"'],
    ["Q13917", "P190", "Q111", "S854", f'"{ATLAS}108"'],
    ["Q111", "P190", "Q13917", "S854", f'"{ATLAS}108"'],
    [
        "Q207253", "P190", "Q101", "P580", "+1987-00-00T00:00:00Z/9",
        "S854", f'"{ATLAS}101"', "S813", "+2026-11-20T00:00:00Z/11",
    ],
    [
        "Q101", "P190", "Q207253", "P580", "+1987-00-00T00:00:00Z/9",
        "S854", f'"{ATLAS}101"', "S813", "+2026-11-20T00:00:00Z/11",
    ],
]  # fmt: skip
LEFT_OUT = (
    "5 statements to look through; nothing is submitted. Twinnings left out: 2 already in Wikidata,"
    " 4 doubtful (ended, deprecated, namesakes), 1 without a page to cite, 2 not checkable, 0 not asked.\n"
)

NEITHER = "Wikidata has it neither way."
NOBODY_TWINS = "Wikidata has it, no twinning of the Atlas joins these two places."
MANTES, CHERBOURG = ["Mantes-la-Jolie", "Q207253"], ["Cherbourg-en-Cotentin", "Q201"]
YVELINES, REGION = ["Yvelines", "Q12820"], ["Île-de-France", "Q13917"]
MODELEVILLE, EXEMPLEVILLE = ["Modèleville", "Q101"], ["Exempleville", "Q111"]
REPORT = [
    ["status", "french", "french_item", "foreign", "foreign_item", "partnership", "since", "reason"],
    ["missing", *MANTES, *MODELEVILLE, "atlas-101", "1987", NEITHER],
    ["present", *MANTES, *EXEMPLEVILLE, "atlas-102", "1990", "Wikidata has it both ways."],
    [
        "inverse-missing", *CHERBOURG, "Fondue", "Q960", "atlas-103", "1991",
        "Wikidata has it on Q201, not on Q960.",
    ],
    ["ended", *CHERBOURG, *MODELEVILLE, "atlas-104", "1992", "Wikidata says that it has ended."],
    [
        "ended-in-atlas", *YVELINES, "La Paix", "Q108", "atlas-105", "",
        "The Atlas says that it is completed, Wikidata does not have its end.",
    ],
    [
        "missing", *YVELINES, "Paix", "Q109", "atlas-106", "",
        "Wikidata has it neither way; the Atlas says that it is completed: nothing is proposed.",
    ],
    [
        "not-checkable", "Roanne", "", *MODELEVILLE, "atlas-107", "1993",
        "Without a Wikidata item: Roanne.",
    ],
    ["missing", *REGION, *EXEMPLEVILLE, "atlas-108", "", NEITHER],
    ["present", *REGION, "Future", "Q112", "atlas-108", "", "Wikidata has it both ways."],
    [
        "not-checkable", "Cherbourg-en-Cotentin · Mantes-la-Jolie", "", "La Paix · Paix", "",
        "atlas-109", "",
        "The record names several authorities on each side, not who is twinned with whom.",
    ],
    [
        "missing", *REGION, "région de Modèleville", "Q102", "atlas-110", "1994",
        "Wikidata has it, at deprecated rank: nothing is proposed.",
    ],
    ["missing", *MANTES, *MODELEVILLE, "atlas-112", "1999", NEITHER],
    ["missing", *CHERBOURG, *EXEMPLEVILLE, "KEY", "1995", NEITHER],
    ["not-in-atlas", *MANTES, "Neuf cents elliv [2J", "Q900", "", "", NOBODY_TWINS],
    ["not-in-atlas", *MANTES, "'=Nine hundred one", "Q901", "", "", NOBODY_TWINS],
]  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture(scope="module")
def data(world: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = linked_release(tmp_path_factory.mktemp("twinnings"), world.url)
    world.store.load(TWINS.encode(), format=ox.RdfFormat.TURTLE)
    return release


@pytest.fixture
def server(world: Endpoint) -> Iterator[Endpoint]:
    """The endpoint, whose bad behaviour ends with the test."""
    world.asked.clear()
    yield world
    world.behaviour = endpoints.good


def export(
    kind: str, data: Path, folder: Path, *arguments: object, language: str = "en"
) -> subprocess.CompletedProcess[str]:
    variables = {"COOPDEC_LANG": language, "XDG_CACHE_HOME": str(folder / "cache")}
    return coopdec("link", "--data", data, "--export", kind, *arguments, **variables)


def text_of(rows: list[list[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


def with_short_names(report: str) -> str:
    """A report with the keys of partnerships; one that is no number of the Atlas is drawn."""
    return re.sub(r"\t(?!atlas-)[a-z0-9]{10}\t", "\tKEY\t", report.replace(PARTNERSHIP, ""))


# ---- the command -------------------------------------------------------------------------------


def test_quickstatements(server: Endpoint, data: Path, tmp_path: Path) -> None:
    done = export("quickstatements", data, tmp_path, "--wikidata", server.url, "--strict")
    assert (done.returncode, done.stdout, done.stderr) == (0, text_of(LINES), LEFT_OUT)
    # The items, the one that an item was merged into, the names of other twins.
    assert len(server.asked) == 3


def test_twin_towns(server: Endpoint, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "towns.tsv"
    before = files_of(data)
    done = export("twin-towns", data, tmp_path, "--wikidata", server.url, "--out", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert with_short_names(out.read_text("utf-8")) == text_of(REPORT)
    assert done.stderr == (
        "15 twinnings: ended 1, ended-in-atlas 1, inverse-missing 1, missing 6, not-checkable 2,"
        " not-in-atlas 2, present 2.\n"
    )
    assert files_of(data) == before, "nothing is published"


def test_in_french(server: Endpoint, data: Path, tmp_path: Path) -> None:
    done = export("twin-towns", data, tmp_path, "--wikidata", server.url, language="fr")
    assert "Wikidata ne l'a dans aucun sens.\n" in done.stdout
    assert "Sans élément Wikidata : Roanne.\n" in done.stdout
    assert done.stderr.startswith("15 jumelages : ended 1, ")


def test_what_was_exported_and_submitted_is_not_exported_again(data: Path, tmp_path: Path) -> None:
    """Each line is what Wikidata lacks: once there, nothing is left, and the check agrees."""
    with endpoint() as server:
        server.store.load(TWINS.encode(), format=ox.RdfFormat.TURTLE)
        first = export("quickstatements", data, tmp_path / "1", "--wikidata", server.url)
        for line in first.stdout.splitlines():
            subject, _, value, *_ = line.split("\t")
            server.store.add(
                ox.Quad(
                    ox.NamedNode(f"http://www.wikidata.org/entity/{subject}"),
                    ox.NamedNode("http://www.wikidata.org/prop/direct/P190"),
                    ox.NamedNode(f"http://www.wikidata.org/entity/{value}"),
                )
            )
        second = export("quickstatements", data, tmp_path / "2", "--wikidata", server.url)
    assert len(first.stdout.splitlines()) == 5 and second.stdout == ""
    assert "0 statements" in second.stderr and "6 already in Wikidata" in second.stderr


def test_an_endpoint_that_is_down_exports_nothing(
    server: Endpoint, data: Path, tmp_path: Path
) -> None:
    server.behaviour = endpoints.status(403)
    arguments = ("--wikidata", server.url)
    lines = export("quickstatements", data, tmp_path, *arguments)
    assert (lines.returncode, lines.stdout) == (0, "")
    assert "11 not asked." in lines.stderr and "403. Run the command again." in lines.stderr
    assert export("quickstatements", data, tmp_path, *arguments, "--strict").returncode == 1
    report = export("twin-towns", data, tmp_path, *arguments).stdout.splitlines()[1:]
    assert {row.split("\t")[0] for row in report} == {"not-checked", "not-checkable"}
    assert report[0].endswith("\t1987\tNot asked: the endpoint answered 403.")


def test_half_an_answer_exports_half(server: Endpoint, data: Path, tmp_path: Path) -> None:
    """The item that another was merged into cannot be asked about: nobody knows its statements."""

    def unwilling(handler: Handler, query: str) -> None:
        (endpoints.status(403) if "P190" in query and "Q960" in query else endpoints.good)(
            handler, query
        )

    server.behaviour = unwilling
    done = export("quickstatements", data, tmp_path, "--wikidata", server.url)
    assert done.stdout == text_of(LINES[1:])
    assert "1 not asked." in done.stderr


def test_offline(server: Endpoint, data: Path, tmp_path: Path) -> None:
    empty = export("quickstatements", data, tmp_path, "--wikidata", "offline")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "11 not asked." in empty.stderr and "offline" in empty.stderr
    report = export("twin-towns", data, tmp_path, "--wikidata", "offline")
    assert report.stdout.count("not-checked\t") == 11
    assert server.asked == []


def test_an_answer_of_the_day_is_not_asked_for_again(
    server: Endpoint, data: Path, tmp_path: Path
) -> None:
    arguments = ("--wikidata", server.url)
    first = export("quickstatements", data, tmp_path, *arguments)
    count = len(server.asked)
    assert export("quickstatements", data, tmp_path, *arguments).stdout == first.stdout
    assert len(server.asked) == count
    for file in (tmp_path / "cache").rglob("*.json"):
        held = re.sub(
            r'"asked":([0-9]+)', lambda m: f'"asked":{int(m[1]) - 90_000}', file.read_text()
        )
        file.write_text(held)
    # 25 hours old: what was missing then may be there now, whatever --cache-days says.
    export("quickstatements", data, tmp_path, *arguments, "--cache-days", "30")
    assert len(server.asked) == 2 * count


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "x.tsv"), "--out goes with --export only."),
        (("--export", "quickstatements", "--decisions", "d.csv"), "links nothing"),
        (("--export", "quickstatements", "--wikidata", "file:///etc/passwd"), "not the address"),
        (("--export", "quickstatement"), "quickstatement"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, data: Path, tmp_path: Path) -> None:
    done = coopdec("link", "--data", data, *arguments, cwd=tmp_path, COOPDEC_LANG="en")
    assert done.returncode == 2 and said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_published_yet(tmp_path: Path) -> None:
    done = export("twin-towns", tmp_path / "none", tmp_path, "--wikidata", "offline")
    assert done.returncode == 2 and "holds no published graph" in done.stderr


def test_the_file_before_stays_when_writing_fails(
    server: Endpoint, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    done = export(
        "quickstatements", data, tmp_path, "--wikidata", server.url, "--out", tmp_path / "out"
    )
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


# ---- what Wikidata says --------------------------------------------------------------------------

WHOLE = """
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/P190> <urn:s1> .
<urn:s1> <http://www.wikidata.org/prop/statement/P190> <http://www.wikidata.org/entity/Q2> .
<urn:s1> <http://www.wikidata.org/prop/qualifier/P582> "2001-00-00T00:00:00Z" .
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/P190> <urn:s2> .
<urn:s2> <http://www.wikidata.org/prop/statement/P190> <http://www.wikidata.org/entity/Q3> .
<urn:s2> <http://www.wikidata.org/prop/qualifier/P582> "2001-00-00T00:00:00Z" .
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/P190> <urn:s3> .
<urn:s3> <http://www.wikidata.org/prop/statement/P190> <http://www.wikidata.org/entity/Q3> .
"""
TRUTHY = """
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P190> <http://www.wikidata.org/entity/Q2> .
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P190> <http://www.wikidata.org/entity/Q3> .
<http://www.wikidata.org/entity/Q4> <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q1> .
"""


@pytest.mark.parametrize(
    ("triples", "of_the_second"), [(TRUTHY, Said.RUNNING), (TRUTHY + WHOLE, Said.ENDED)]
)
def test_truthy_statements_alone_and_whole_ones_beside_them(
    triples: str, of_the_second: Said, tmp_path: Path
) -> None:
    """Twinned a second time: one statement that holds is enough."""
    with wikidata_running(tmp_path, [triples.encode()]) as url:
        asker = Asker(url, NoAnswers(), default_limits())
        known = Twins(asker, date(2026, 11, 23)).of(["Q4"])
    assert known.said == {("Q1", "Q2"): of_the_second, ("Q1", "Q3"): Said.RUNNING}
    assert known.current("Q4") == "Q1" and known.unasked == {}


def test_items_merged_in_a_circle_are_asked_once() -> None:
    with endpoint() as server:
        server.store.load(
            b"@prefix wd: <http://www.wikidata.org/entity/> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
            b"wd:Q1 owl:sameAs wd:Q2 . wd:Q2 owl:sameAs wd:Q1 .",
            format=ox.RdfFormat.TURTLE,
        )
        known = Twins(Asker(server.url, NoAnswers(), default_limits())).of(["Q1"])
        assert len(server.asked) == 2 and known.said == {}


def test_a_twinning_that_may_be_on_a_namesake_is_not_proposed(data: Path, tmp_path: Path) -> None:
    """The municipality of a town whose settlement the Atlas leads to; or its name is not told."""
    more = (
        "@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        'wd:Q207253 wdt:P190 wd:Q970 . wd:Q970 rdfs:label "MODELEVILLE"@en .'
    )
    with endpoint() as server:
        server.store.load((TWINS + more).encode(), format=ox.RdfFormat.TURTLE)
        arguments = ("--wikidata", server.url)
        lines = export("quickstatements", data, tmp_path / "1", *arguments)
        report = export("twin-towns", data, tmp_path / "1", *arguments)
        server.behaviour = endpoints.after(2, endpoints.status(403))
        unnamed = export("quickstatements", data, tmp_path / "2", *arguments, "--strict")
    assert lines.stdout == text_of(LINES[:3])
    assert report.stdout.splitlines()[1].endswith(
        "\t1987\tWikidata may have it on another item of the same name, Q970: nothing is proposed."
    )
    # Who has no other twin has no namesake among them.
    assert (unnamed.returncode, unnamed.stdout) == (1, text_of(LINES[:1]))


# ---- the rules -----------------------------------------------------------------------------------

VILLE, ALIAS, AILLEURS = (
    Party("Ville", ("Q1",)),
    Party("Ville de Ville", ("Q1",)),
    Party("A", ("Q2",)),
)


@pytest.mark.parametrize(
    ("french", "foreign", "status"),
    [
        ((), (AILLEURS,), Status.NOT_CHECKABLE),
        ((VILLE,), (Party("B", ("Q3", "Q4")),), Status.NOT_CHECKABLE),
        ((VILLE,), (Party("V", ("Q1",)),), Status.NOT_CHECKABLE),
        ((VILLE, ALIAS), (AILLEURS,), Status.MISSING),
    ],
)
def test_who_is_twinned_with_whom(
    french: tuple[Party, ...], foreign: tuple[Party, ...], status: Status
) -> None:
    found = check([Record("p", french, foreign)], Known())
    assert [one.status for one in found] == [status]
    assert bool(found[0].proposed) is (status is Status.MISSING)


def test_two_items_that_were_merged_into_one_are_no_pair() -> None:
    found = check([Record("p", (VILLE,), (AILLEURS,))], Known(merged={"Q1": "Q2"}))
    assert [(one.status, one.proposed) for one in found] == [(Status.NOT_CHECKABLE, ())]


def test_an_end_in_one_direction_proposes_nothing() -> None:
    for said in (
        {("Q1", "Q2"): Said.ENDED},
        {("Q2", "Q1"): Said.ENDED, ("Q1", "Q2"): Said.RUNNING},
    ):
        found = check([Record("p", (VILLE,), (AILLEURS,))], Known(said))
        assert [(one.status, one.proposed) for one in found] == [(Status.ENDED, ())]


LINE = re.compile(
    r'Q[1-9]\d*\tP190\tQ[1-9]\d*(\tP580\t\+\d{4}-00-00T00:00:00Z/9)?'
    r'\tS854\t"https?://[!-~]+"(\tS813\t\+\d{4}-\d\d-\d\dT00:00:00Z/11)?'
)  # fmt: skip


@given(
    st.one_of(st.text(), st.text().map("https://example.org/".__add__)),
    st.none() | st.integers(1, 9999),
    st.none() | st.dates(),
)
def test_every_line_is_one_command(address: str, since: int | None, day: date | None) -> None:
    """Whatever an address holds, nothing in it ends a text, a cell, a command or a line."""
    record = Record("p", (VILLE,), (AILLEURS,), since, page=Page(address, day))
    made = quickstatements(check([record], Known()))
    assert len(made.lines) + 2 * made.unreferenced == 2
    for line in made.lines:
        assert LINE.fullmatch(line), line
        assert line.count('"') == 2 and "|" not in line and "/*" not in line


def test_a_known_address_is_written_as_it_is() -> None:
    record = Record("p", (VILLE,), (AILLEURS,), page=Page(f'{ATLAS}1%20&a=é\t"\n|x'))
    (line, _) = quickstatements(check([record], Known())).lines
    assert line.partition("\tS854\t")[2] == f'"{ATLAS}1%20&a=%C3%A9%09%22%0A%7Cx"'


def test_a_pair_of_many_records_is_cited_by_its_best() -> None:
    """With a page first, then the oldest agreement."""
    pages = [None, Page("https://example.org/2"), Page("https://example.org/3")]
    records = [
        Record(f"p{number}", (VILLE,), (AILLEURS,), since, page=page)
        for number, (since, page) in enumerate(zip((1950, None, 1960), pages, strict=True))
    ]
    made = quickstatements(check(records, Known()))
    assert made.unreferenced == 0 and len(made.lines) == 2
    assert all("+1960-" in line and "example.org/3" in line for line in made.lines)


def test_nothing_is_made_of_what_is_not_proposed() -> None:
    reason = Bilingual("", "")
    present = Checked(Status.PRESENT, reason, VILLE, AILLEURS, Record("p", (VILLE,), (AILLEURS,)))
    assert quickstatements([present]).lines == ()
