"""The version that a file is read in: the one it says, else the last of its generation."""

from __future__ import annotations

import pytest

from coopdec_graph.iati.versions import VERSIONS, nearest
from coopdec_graph.issues import Level
from tests.sources.iati.iati_files import activity, codes, file, reading

OLD = """<iati-activities{version}><iati-activity default-currency="EUR">
<reporting-org{ref}>Agence Exemple</reporting-org>
<iati-identifier>XM-EXEMPLE-1</iati-identifier>
<title>Puits</title>
</iati-activity></iati-activities>"""


@pytest.mark.parametrize(
    ("said", "narratives", "read_as"),
    [
        (None, False, "1.05"),
        (None, True, "2.03"),
        ("", True, "2.03"),
        ("1.0", True, "1.05"),
        ("1.9", False, "1.05"),
        ("2.9", False, "2.03"),
        ("xx", True, "2.03"),
        ("3.01", True, "2.03"),
    ],
)
def test_the_version_of_a_file_that_says_none_of_ours(
    said: str | None, narratives: bool, read_as: str
) -> None:
    assert nearest(said, narratives) == read_as
    assert read_as in VERSIONS


def test_an_unknown_version_is_read_as_the_last_of_its_generation_and_flagged() -> None:
    found = reading(file(activity(), version="2.9"))

    assert found.activity is not None and not found.refused
    (issue,) = [issue for issue in found.issues if issue.code == "iati-version"]
    assert (issue.level, issue.line, issue.value) == (Level.WARNING, 1, "2.9")
    assert issue.details["version"] == "2.03"


def test_version_1_may_leave_its_version_out() -> None:
    found = reading(OLD.format(version="", ref=' ref="XM-EXEMPLE" type="10"'))

    assert found.activity is not None and not found.refused
    assert found.activity.title == "Puits"
    assert "iati-version" in codes(found)


def test_version_2_may_not() -> None:
    """Its schema demands one."""
    assert codes(reading(file(activity()).replace(' version="2.03"', ""))) == ["iati-root"]


def test_what_is_older_than_schemas_is_read_as_far_as_it_maps() -> None:
    """A file of 1.0 cannot be held against a schema: what 1.05 would refuse is flagged."""
    old = reading(OLD.format(version=' version="1.0"', ref=""))
    later = reading(OLD.format(version=' version="1.01"', ref=""))

    assert old.activity is not None and not old.refused
    assert (old.activity.title, old.activity.reporter and old.activity.reporter.name) == (
        "Puits",
        "Agence Exemple",
    )
    assert {"iati-version", "iati-against-standard"} <= set(codes(old))
    assert later.activity is None
    assert codes(later) == ["iati-breaks-standard"]
