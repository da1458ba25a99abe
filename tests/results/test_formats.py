"""The table of formats, and how far each can be asked for."""

from __future__ import annotations

import pytest

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import EXTENSIONS, SHORT_NAMES, Reach, formats_of
from coopdec_graph.service.formats import NotAcceptable, by_extension, choose

SELECT = ["json", "csv", "tsv", "xml", "csv-bom", "geojson", "xlsx", "parquet", "html"]
NAMES = {
    Form.SELECT: SELECT,
    Form.ASK: ["json", "csv", "tsv", "xml", "html"],
    Form.GRAPH: ["turtle", "jsonld", "nt", "rdfxml", "html"],
}


def test_the_table():
    assert {form: [format.name for format in formats_of(form)] for form in Form} == NAMES
    formats = {format.name: format for form in Form for format in formats_of(form)}
    assert {name for name, format in formats.items() if format.compact} == {"xlsx", "parquet"}
    assert {name for name, format in formats.items() if format.text} == {
        *("csv", "csv-bom", "tsv", "turtle", "html")
    }
    assert all(format.extension and format.forms for format in formats.values())
    assert set(SHORT_NAMES.values()) | set(EXTENSIONS.values()) <= set(formats)
    assert EXTENSIONS == {
        "ttl": "turtle",
        "turtle": "turtle",
        "jsonld": "jsonld",
        "nt": "nt",
        "rdf": "rdfxml",
        "html": "html",
    }
    assert by_extension("/doc/a.xlsx") == ("/doc/a.xlsx", None)


@pytest.mark.parametrize("format", formats_of(Form.SELECT), ids=lambda format: format.name)
def test_a_name_chooses_and_a_range_only_where_it_may(format):
    offered = formats_of(Form.SELECT)
    assert choose("image/png", format.name.upper(), offered) is format
    others = [kind.media_type for kind in offered if kind.reach is Reach.WILDCARD]
    refusals = ", ".join(f"{kind};q=0" for kind in others)
    if format.reach is Reach.WILDCARD:
        assert choose(format.media_type, None, offered) is format
        assert choose(f"{format.media_type}, */*;q=0.9", None, offered) is format
        return
    # Neither `*/*` nor its family, even where nothing else is left.
    family = format.media_type.partition("/")[0]
    for accept in (f"{refusals}, */*", f"{refusals}, {family}/*"):
        with pytest.raises(NotAcceptable):
            choose(accept, None, offered)
    if format.reach is Reach.MEDIA_TYPE:
        for name in (format.media_type, *format.aliases):
            assert choose(f"{name}, application/json;q=0.5", None, offered) is format
            assert choose(None, format.media_type, offered) is format
    else:
        assert choose(format.media_type, None, offered).name == "csv"
        assert choose(None, format.media_type, offered).name == "csv"


def test_what_is_offered_is_named():
    with pytest.raises(NotAcceptable, match="application/geo") as caught:
        choose("image/png", None, formats_of(Form.SELECT))
    assert str(caught.value).count("text/csv") == 1
    with pytest.raises(NotAcceptable, match="format=csv-bom, format=geojson"):
        choose(None, "png", formats_of(Form.SELECT))
