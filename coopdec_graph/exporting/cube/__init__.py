"""An RDF Data Cube of announced funding (W3C, 2014): docs/exports.md says what a cell counts.

cells.py      each funding line in exactly one cell: financer type, year, country, theme
structure.py  the structure of the cube: dimensions, measures, code lists
writing.py    the file
"""
