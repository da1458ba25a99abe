"""Files that others take a release in. A format is one module and one line of EXPORTERS.

release ─► selected activities ─► exporter ─► draft ─► FILE, in one step
"""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_graph.exporting import crs, csv_tables, geojson, nquads, parquet_tables, rdf
from coopdec_graph.exporting.base import Exporter
from coopdec_graph.exporting.cube import writing as cube
from coopdec_graph.exporting.iati import writing as iati
from coopdec_graph.language import Bilingual

__all__ = ["EXPORTERS"]

EXPORTERS: Mapping[str, Exporter] = {
    "crs": Exporter(crs.write, Bilingual("CSV du SNPC", "CRS CSV"), crs.TAKES, crs.PROGRAMME),
    "csv": Exporter(csv_tables.write, Bilingual("CSV", "CSV"), csv_tables.TAKES),
    "geojson": Exporter(geojson.write, Bilingual("GeoJSON", "GeoJSON")),
    "iati": Exporter(iati.write, Bilingual("IATI 2.03", "IATI 2.03"), iati.TAKES, iati.PROGRAMME),
    "jsonld": Exporter(rdf.write_jsonld, Bilingual("JSON-LD", "JSON-LD"), rdf.TAKES),
    "nq": Exporter(nquads.write, Bilingual("N-Quads", "N-Quads"), nquads.TAKES),
    "parquet": Exporter(
        parquet_tables.write, Bilingual("Parquet", "Parquet"), parquet_tables.TAKES
    ),
    "qb": Exporter(
        cube.write, Bilingual("RDF Data Cube", "RDF Data Cube"), programme=cube.PROGRAMME
    ),
    "trig": Exporter(rdf.write_trig, Bilingual("TriG", "TriG"), rdf.TAKES),
    "ttl": Exporter(rdf.write_turtle, Bilingual("Turtle", "Turtle"), rdf.TAKES),
}
