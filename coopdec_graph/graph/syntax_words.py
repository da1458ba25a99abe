"""The words of SPARQL, of SQL and of the web of data that a hint may speak of."""

from __future__ import annotations

from coopdec_graph.namespaces import PREFIXES

__all__ = ["AGGREGATES", "FUNCTIONS", "HIDDEN", "KEYWORDS", "QUOTES", "SQL", "WELL_KNOWN"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
KEYWORDS = (
    *_FORMS,
    *("PREFIX", "BASE", "WHERE", "FROM", "NAMED", "DISTINCT", "REDUCED", "AS", "FILTER"),
    *("OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "VALUES", "EXISTS", "NOT", "UNDEF"),
    *("GROUP", "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "ASC", "DESC", "IN"),
)
AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
FUNCTIONS = (
    *AGGREGATES,
    *("STR", "LANG", "LANGMATCHES", "DATATYPE", "BOUND", "IRI", "URI", "BNODE", "RAND", "ABS"),
    *("CEIL", "FLOOR", "ROUND", "CONCAT", "STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI"),
    *("CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "YEAR", "MONTH", "DAY"),
    *("HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "NOW", "UUID", "STRUUID", "MD5", "SHA1"),
    *("SHA256", "SHA384", "SHA512", "COALESCE", "IF", "STRLANG", "STRDT", "SAMETERM", "ISIRI"),
    *("ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "REGEX", "SUBSTR", "REPLACE", "EXISTS"),
)
# The SQL word and the SPARQL that does its work.
SQL = {
    "AND": "&&",
    "OR": "||",
    "LIKE": "CONTAINS(?x, \"…\")",
    "IS": "BOUND(?x)",
    "LEN": "STRLEN",
    "LENGTH": "STRLEN",
    "UPPER": "UCASE",
    "LOWER": "LCASE",
    "SUBSTRING": "SUBSTR",
    "CAST": "xsd:integer(?x)",
    "TOP": "LIMIT",
    "JOIN": "{ … }",
}  # fmt: skip
# Prefixes that people know and we do not declare.
WELL_KNOWN = {
    **PREFIXES,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "gn": "http://www.geonames.org/ontology#",
    "p": "http://www.wikidata.org/prop/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "qb": "http://purl.org/linked-data/cube#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
}
QUOTES = "“”„«»‘’‚`´"
HIDDEN = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{BYTE ORDER MARK}"
