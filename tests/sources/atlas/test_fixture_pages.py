"""Each page we have, against its whole record, approved by hand."""

import json
from pathlib import Path

import pytest

from tests.sources.atlas.atlas_pages import HTML_PAGES, TEXT_PAGES, codes, read_file

PAGES = [*TEXT_PAGES, *HTML_PAGES]
EXPECTED = Path(__file__).parent / "expected"


def test_every_page_has_an_expected_record():
    assert len(TEXT_PAGES) == 8
    assert len(HTML_PAGES) == 3
    assert {path.stem for path in EXPECTED.glob("*.json")} == {page.stem for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_record(page):
    reading = read_file(page)
    expected = json.loads((EXPECTED / f"{page.stem}.json").read_text("utf-8"))
    source = reading.activity.source
    found = {
        "source": {"identifier": source.identifier, "url": source.url},
        "captured": source.captured.isoformat() if source.captured else None,
        "record": json.loads(json.dumps(reading.record)),
        "issues": codes(reading),
    }
    assert found == expected
