"""Files that others take a release in. A format is one module and one line of EXPORTERS.

release ─► selected activities ─► exporter ─► draft ─► FILE, in one step
"""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_graph.exporting import crs, csv_tables, geojson, nquads, parquet_tables, rdf
from coopdec_graph.exporting.base import Exporter
from coopdec_graph.exporting.cube import writing as cube
from coopdec_graph.exporting.iati import writing as iati

__all__ = ["EXPORTERS"]

EXPORTERS: Mapping[str, Exporter] = {
    "crs": Exporter(crs.write, crs.TAKES, crs.PROGRAMME),
    "csv": Exporter(csv_tables.write, csv_tables.TAKES),
    "geojson": Exporter(geojson.write),
    "iati": Exporter(iati.write, iati.TAKES, iati.PROGRAMME),
    "jsonld": Exporter(rdf.write_jsonld, rdf.TAKES),
    "nq": Exporter(nquads.write, nquads.TAKES),
    "parquet": Exporter(parquet_tables.write, parquet_tables.TAKES),
    "qb": Exporter(cube.write, programme=cube.PROGRAMME),
    "trig": Exporter(rdf.write_trig, rdf.TAKES),
    "ttl": Exporter(rdf.write_turtle, rdf.TAKES),
}
