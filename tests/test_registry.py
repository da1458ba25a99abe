"""Identifiers of partnerships without a number: drawn once, stable, never shared."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.errors import RegistryError
from coopdec_graph.model import Activity, Agent, AgentKind, Participation, Role, SourcePage, Text
from coopdec_graph.registry import Registry

HEADER = "id,match_keys,captures,replaced_by\n"


def partnership(
    title="Jardins",
    french="Ville-Exemple",
    foreign="Kounda",
    page="page.txt",
    year=2019,
    number=None,
):
    members = (
        (french, AgentKind.FRENCH_COLLECTIVITY, Role.FRENCH_COLLECTIVITY),
        (foreign, AgentKind.FOREIGN_COLLECTIVITY, Role.FOREIGN_PARTNER),
    )
    return Activity(
        "atlas",
        SourcePage(page, "0" * 64, number),
        titles=() if title is None else (Text(title),),
        start_year=year,
        participations=tuple(
            Participation(Agent(kind, name), role, 1) for name, kind, role in members if name
        ),
    )


def test_drawn_once_and_stable(tmp_path):
    path = tmp_path / "registry.csv"
    registry = Registry.load(path)
    key = registry.key_for(partnership())
    assert registry.key_for(partnership()) == key
    registry.save(path)
    again = Registry.load(path)
    assert again.key_for(partnership()) == key
    assert again.to_csv() == registry.to_csv()
    assert Registry().key_for(partnership()) == key


@pytest.mark.parametrize(
    "edited",
    [
        partnership(title="Jardins partagés"),
        partnership(title="JARDINS !"),
        partnership(title=None),
        partnership(page="renamed.txt"),
        partnership(year=2020),
        partnership(foreign="Kounda-Fictive"),
        partnership(french="Communauté d'Exemple"),
    ],
    ids=["title", "case", "no title", "file", "year", "partner", "other partner"],
)
def test_edited_page_keeps_its_identifier(edited):
    registry = Registry()
    key = registry.key_for(partnership())
    assert registry.key_for(edited) == key
    assert registry.key_for(partnership()) == key
    assert registry.to_csv().count(key) == 1


@pytest.mark.parametrize(
    "other",
    [
        partnership(title="Forages", french="Autre-Ville", foreign="Ranofaux"),
        partnership(title="Forages", foreign="Ranofaux"),
        partnership(french="Autre-Ville", foreign="Ranofaux"),
        partnership(title=None, french="Autre-Ville", foreign="Ranofaux"),
        partnership(title="Forages", french=None, foreign=None),
        partnership(french=None, foreign=None),
    ],
    ids=["all", "title and partner", "same title", "no title", "no partner", "title alone"],
)
def test_file_name_used_again_for_another_partnership(other):
    """`page.txt` with the title "jumelage" merged two partnerships of other towns."""
    registry = Registry()
    key = registry.key_for(partnership())
    assert registry.key_for(other) != key
    assert registry.key_for(partnership()) == key


def test_pages_without_partner_are_not_merged_by_their_file_name():
    registry = Registry()
    first = registry.key_for(partnership("Jumelage", None, None))
    assert registry.key_for(partnership("Échanges", None, None)) != first


def test_later_capture_with_a_number_takes_over(tmp_path):
    path = tmp_path / "registry.csv"
    registry = Registry()
    key = registry.key_for(partnership())
    assert registry.key_for(partnership(page="42.txt", number="42")) == "atlas-42"
    assert registry.replacements() == ((key, "atlas-42"),)
    assert registry.key_for(partnership()) == "atlas-42"
    registry.save(path)
    assert Registry.load(path).replacements() == ((key, "atlas-42"),)


def test_second_number_does_not_take_over_again():
    registry = Registry()
    key = registry.key_for(partnership())
    registry.key_for(partnership(number="42"))
    assert registry.key_for(partnership(number="43")) == "atlas-43"
    assert registry.replacements() == ((key, "atlas-42"),)


def test_page_with_a_number_is_not_registered(tmp_path):
    registry = Registry()
    assert registry.key_for(partnership(number="42")) == "atlas-42"
    registry.save(tmp_path / "registry.csv")
    assert list(tmp_path.iterdir()) == []


LINE = f"{'a' * 10},{'0' * 24},{'1' * 24},\n"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("\n", 1),
        ("id,match_keys\n", 1),
        (LINE, 1),
        (HEADER + LINE + "abc\n", 3),
        (HEADER + LINE + f"{'B' * 10},,,\n", 3),
        (HEADER + LINE + LINE, 3),
        (HEADER + LINE + f"{'b' * 10},{'0' * 24},,\n", 3),
        (HEADER + "\n\n" + LINE + "abc\n", 5),
        (HEADER + f"{'a' * 10},xyz,,\n", 2),
        (HEADER + f"{'a' * 10},,xyz,\n", 2),
        (HEADER + f"{'a' * 10},,,atlas-007\n", 2),
        (HEADER + f"{'a' * 10},,,,\n", 2),
        (HEADER + LINE + 'b"b,"\n', 3),
        (HEADER + LINE + '"open', 3),
        (HEADER + "a\x00,,,\n", 2),
    ],
)
def test_damaged_file_is_refused_with_its_line(tmp_path, content, line):
    path = tmp_path / "registry.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(RegistryError) as raised:
        Registry.load(path)
    assert raised.value.values["line"] == line
    assert str(path) in raised.value.text("fr")
    assert path.read_text("utf-8") == content


@pytest.mark.parametrize("content", [b"\xff\xfe", HEADER.encode() + b"\xe9"])
def test_file_that_is_not_utf8_is_refused(tmp_path, content):
    path = tmp_path / "registry.csv"
    path.write_bytes(content)
    with pytest.raises(RegistryError):
        Registry.load(path)


def test_folder_in_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(RegistryError):
        Registry.load(tmp_path)


def test_save_is_a_no_op_when_nothing_changed(tmp_path):
    path = tmp_path / "registry.csv"
    registry = Registry()
    registry.key_for(partnership())
    registry.save(path)
    before = path.stat()
    loaded = Registry.load(path)
    loaded.key_for(partnership())
    loaded.save(path)
    registry.save(path)
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_save_is_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "registry.csv"
    registry = Registry()
    key = registry.key_for(partnership())
    registry.save(path)
    reader = path.open(encoding="utf-8")
    registry.key_for(partnership(title="Forages", foreign="Ranofaux"))
    registry.save(path)
    assert reader.read().count("\n") == 2, "who reads the old file still reads it whole"
    reader.close()
    assert path.read_text("utf-8").count("\n") == 3
    assert key in path.read_text("utf-8")
    assert list(path.parent.iterdir()) == [path]


def test_save_that_fails_leaves_nothing_behind(tmp_path):
    path = tmp_path / "registry.csv"
    path.mkdir()
    registry = Registry()
    registry.key_for(partnership())
    with pytest.raises(OSError):
        registry.save(path)
    assert list(tmp_path.iterdir()) == [path]


names = st.text(min_size=1, max_size=12)


@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=8, unique=True))
def test_what_is_saved_is_loaded(pages):
    registry = Registry()
    activities = [partnership(title, french, foreign) for title, french, foreign in pages]
    for activity in activities:
        registry.key_for(activity)
    keys = [registry.key_for(activity) for activity in activities]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registry.csv"
        registry.save(path)
        loaded = Registry.load(path)
    assert loaded.to_csv() == registry.to_csv()
    assert [loaded.key_for(activity) for activity in activities] == keys


def test_file_repeats_no_text_of_a_page():
    registry = Registry()
    registry.key_for(replace(partnership(), diplomatic_post="Ambassade"))
    assert all(word not in registry.to_csv() for word in ("Jardins", "Kounda", "page.txt"))
