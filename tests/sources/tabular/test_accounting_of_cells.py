"""Every filled cell of a row ends in exactly one state, whatever is in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coopdec_graph.graph.build import build
from coopdec_graph.graph.statements import n_quads
from coopdec_graph.namespaces import Minter
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.base import Reading
from coopdec_graph.sources.sidecar import is_address
from coopdec_graph.sources.tabular import Tabular
from tests.sources.tabular.tables import MAPPING, csv_text

JUNK = [
    "17", "Puits", "2021-03-01", "01/03/2021", "31/02/2021", "2021", "15 000,50", "-1", "1e9", "€", "EUR",
    "14030;11220", "Eau;Route", "50 %", "48.85,2.35", "1 2|3 4", "Maroc", "MA", "Atlantide", "n.c.", "nan",
    "https://exemple.org/1", "https://exemple.org/[x]", "sacha@example.org", "01 23 45 67 89", "=1+1",
    "Ã©", "\u0001", "\ufffd", "a\nb", "𝔘", "\u202e", "|", ";", "<x>", "%zz", "x" * 500,
]  # fmt: skip
VALUES = st.sampled_from(JUNK) | st.text(max_size=6).filter(lambda text: "\x00" not in text)
USERS = Tabular(MAPPING.encode(), "ma.toml")


def columns(source: Tabular) -> list[str]:
    """Names that the columns of a mapping may have, numbered ones twice, and one that it lacks."""
    mapping = source.mapping
    names = [name for group in mapping.groups() for field in group for name in field.names]
    names += [*mapping.ignored, *mapping.personal, "Autre colonne"]
    numbered = [name.replace("*", n) for name in names for n in ("0", "1")]
    return list(dict.fromkeys(numbered))


TABULAR = {"exemple": USERS} | {n: s for n, s in SOURCES.items() if isinstance(s, Tabular)}
# What tells a row apart, so that there is something to read.
ANCHORS = {
    "exemple": "Numéro",
    "360giving": "Identifier",
    "kohesio": "Operation_Unique_Identifier",
}
COLUMNS = {name: columns(source) for name, source in TABULAR.items()}


@pytest.mark.parametrize("name", COLUMNS)
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_every_cell_has_a_fate_and_every_activity_is_a_graph(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    source = TABULAR[name]
    anchor = ANCHORS[name]
    others = [column for column in COLUMNS[name] if column != anchor]
    chosen = data.draw(st.lists(st.sampled_from(others), min_size=1, max_size=12, unique=True))
    cells = data.draw(st.lists(VALUES, min_size=len(chosen), max_size=len(chosen)))
    chosen, cells = [anchor, *chosen], ["17", *cells]
    path = tmp_path / "t.csv"
    path.write_text(csv_text([chosen, cells]), "utf-8", newline="")
    path.with_name("t.csv.toml").write_text('publisher = "P"\n')

    readings = [source.read(document) for document in source.documents([path])]
    assert len(readings) == 1
    check(source, readings[0], sum(1 for cell in cells if cell.strip()))


def check(source: Tabular, reading: Reading, filled: int) -> None:
    """A file is refused where its columns contradict each other, or its only row is left out."""
    codes = {issue.code for issue in reading.issues}
    if codes & {"table-column-twice", "table-rows-personal"}:
        assert reading.lines == ()
        return
    assert len({line.disposition.line for line in reading.lines}) == len(reading.lines) == filled
    if reading.activity is None:
        assert codes & {"table-row-garbled", "table-row-ragged", "table-row-unidentified"}
        assert "table-row-total" not in codes
    else:
        day, rates = date(2026, 1, 1), RateTable({})
        n_quads(build(reading.activity, "k", Minter(), source.metadata, day, rates))


@given(
    st.text(max_size=20).map("https://exemple.org/".__add__) | st.from_regex(r"https?://\S{1,20}")
)
@example("https://exemple.org:80/é?a=b&c#d")
@example("https://exemple.org/%C3%A9")
@example("https://exemple.org/[x]")
@example("https://exemple.org:port/")
@example("https://exemple.org/%zz")
@example("https://a@exemple.org/")
def test_an_address_is_what_a_graph_can_hold(text: str) -> None:
    if is_address(text):
        node = ox.NamedNode(text)
        quads = ox.serialize([ox.Quad(node, node, node)], format=ox.RdfFormat.N_QUADS)
        assert list(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
        assert "@" not in text


def test_addresses() -> None:
    known = [
        "https://exemple.org",
        "http://exemple.org:8080/a/b?c=d?e&f=%20#g",
        "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId=3203",
        "https://linkedopendata.eu/entity/Q900001",
        "https://exemple.org/Modèleville_(ville)",
    ]
    assert [is_address(text) for text in known] == [True] * len(known)
    others = [
        "",
        "exemple.org",
        "ftp://exemple.org",
        "https://",
        "https://exemple.org/ a",
        "javascript:x",
    ]
    assert [is_address(text) for text in others] == [False] * len(others)


@pytest.mark.parametrize("before", ["https://exemple.org/", "https://exemple.org/?", "https://a"])
def test_an_address_of_any_length_is_soon_refused(before: str) -> None:
    assert not is_address(before + "a" * 20_000 + "[")
    assert not is_address(before + "?a#" * 5_000 + "[")
