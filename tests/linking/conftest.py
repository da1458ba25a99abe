"""One server over the whole extract, and one over it without a tenth of the gold items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linking import gold
from tests.linking.standins import wikidata_running

_ABSENT = "../shared/wikidata is absent: the extract and the gold list are not part of the project"


@pytest.fixture(scope="session")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not gold.PLACES.exists():
        pytest.skip(_ABSENT)
    with wikidata_running(tmp_path_factory.mktemp("whole"), gold.places_without(())) as url:
        yield url


@pytest.fixture(scope="session")
def poorer_wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Without the items of `gold.removed()`."""
    if not gold.PLACES.exists():
        pytest.skip(_ABSENT)
    lines = gold.places_without(gold.removed())
    with wikidata_running(tmp_path_factory.mktemp("poorer"), lines) as url:
        yield url


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where answers are kept, for all tests that ask the same servers."""
    return tmp_path_factory.mktemp("answers")
