"""Queries that try to make the service call a host: position × spelling × target, each with a name.

`@IRI@`, `@PORT@` and `@REDIRECT@` stand for the listener's; `@S@` for a SERVICE clause. `ex:` and
the empty prefix are the listener's too. `reaches` says that the engine without a guard does call
(a control test shows it); where it does not, the attempt still has to be refused.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEDERATED", "FROM", "NO_SPARQL", "TARGETS", "UNSURE_TARGETS", "UPDATES", "Attempt"]

PROLOGUE = "PREFIX ex: <@IRI@#> PREFIX : <@IRI@#> "
PLAIN = "SERVICE <@IRI@> { ?a ?b ?c }"


@dataclass(frozen=True, slots=True)
class Attempt:
    name: str
    query: str
    reaches: bool = True


# Where a SERVICE clause may stand (SPARQL 1.1 Query, 19.8: GraphPatternNotTriples).
POSITIONS = {
    "alone": "SELECT * { @S@ }",
    "after a triple": "SELECT * { ?s ?p ?o . @S@ }",
    "after a triple, no dot": "SELECT * { ?s ?p ?o @S@ }",
    "before a triple": "SELECT * { @S@ ?s ?p ?o }",
    "between triples": "SELECT * { ?s ?p ?o . @S@ . ?s ?q ?r }",
    "after an open predicate list": "SELECT * { ?s ?p ?o ; @S@ }",
    "in a nested group": "SELECT * { { { { @S@ } } } }",
    "after a group": "SELECT * { { ?s ?p ?o } @S@ }",
    "in OPTIONAL": "SELECT * { OPTIONAL { @S@ } }",
    "in nested OPTIONAL": "SELECT * { ?s ?p ?o OPTIONAL { ?s ?p ?o OPTIONAL { @S@ } } }",
    "left of UNION": "SELECT * { { @S@ } UNION { ?s ?p ?o } }",
    "right of UNION": "SELECT * { { ?s ?p ?o } UNION { @S@ } }",
    "third of UNION": "SELECT * { {} UNION {} UNION { @S@ } }",
    "in MINUS": "SELECT * { ?a ?b ?c MINUS { @S@ } }",
    "left of MINUS": "SELECT * { { @S@ } MINUS { ?a ?b ?c } }",
    "in GRAPH of a variable": "SELECT * { GRAPH ?g { @S@ } }",
    "in GRAPH of an IRI": "SELECT * { GRAPH <urn:g> { @S@ } }",
    "in a GRAPH nobody has": "SELECT * { OPTIONAL { GRAPH <urn:none> { @S@ } } }",
    "in FILTER EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { @S@ } }",
    "in FILTER NOT EXISTS": "SELECT * { ?s ?p ?o FILTER NOT EXISTS { @S@ } }",
    "in nested EXISTS": "ASK { FILTER EXISTS { FILTER NOT EXISTS { @S@ } } }",
    "in EXISTS in an expression": "SELECT * { ?s ?p ?o FILTER(1 = 2 || EXISTS { @S@ }) }",
    "in EXISTS in IF": "SELECT * { BIND(IF(EXISTS { @S@ }, 1, 2) AS ?n) }",
    "in EXISTS in COALESCE": "SELECT * { BIND(COALESCE(?x, EXISTS { @S@ }) AS ?n) }",
    "in EXISTS in IN": "SELECT * { ?s ?p ?o FILTER(true IN (false, EXISTS { @S@ })) }",
    "in BIND": "SELECT * { BIND(EXISTS { @S@ } AS ?n) }",
    "after BIND": "SELECT * { BIND(1 AS ?n) @S@ }",
    "after FILTER": "SELECT * { FILTER(1 = 1) @S@ }",
    "after VALUES": "SELECT * { VALUES ?n { 1 2 } @S@ }",
    "after VALUES of several": "SELECT * { VALUES (?n ?m) { (1 UNDEF) } @S@ }",
    "before trailing VALUES": "SELECT * { @S@ } VALUES ?a { 1 }",
    "in the projection": "SELECT (EXISTS { @S@ } AS ?n) {}",
    "in an aggregate": "SELECT (COUNT(EXISTS { @S@ }) AS ?n) { ?s ?p ?o }",
    "in GROUP BY": "SELECT (1 AS ?n) { ?s ?p ?o } GROUP BY (EXISTS { @S@ } AS ?g)",
    "in HAVING": "SELECT (1 AS ?n) {} HAVING (EXISTS { @S@ })",
    "in ORDER BY": "SELECT * { ?s ?p ?o } ORDER BY EXISTS { @S@ }",
    "in ORDER BY DESC": "SELECT * { ?s ?p ?o } ORDER BY DESC(EXISTS { @S@ })",
    "in a subselect": "SELECT * { { SELECT * { @S@ } } }",
    "in a subselect with LIMIT": "SELECT * { { SELECT DISTINCT ?a { @S@ } LIMIT 1 } }",
    "in a subselect's projection": "SELECT * { { SELECT (EXISTS { @S@ } AS ?n) {} } }",
    "in a subselect's HAVING": "SELECT * { { SELECT (1 AS ?n) {} HAVING(EXISTS { @S@ }) } }",
    "in a subselect in EXISTS": "ASK { FILTER EXISTS { SELECT * { @S@ } } }",
    "in LATERAL": "SELECT * { ?s ?p ?o LATERAL { @S@ } }",
    "in ASK": "ASK { @S@ }",
    "in ASK WHERE": "ASK WHERE { @S@ }",
    "in CONSTRUCT": "CONSTRUCT { ?a ?b ?c } WHERE { @S@ }",
    "in CONSTRUCT of nothing": "CONSTRUCT {} { @S@ }",
    "in DESCRIBE": "DESCRIBE ?a { @S@ }",
    "in DESCRIBE *": "DESCRIBE * WHERE { @S@ }",
    "in DESCRIBE of an IRI": "DESCRIBE <urn:a> WHERE { @S@ }",
    "after a path *": "SELECT * { ?s <urn:a>* ?o @S@ }",
    "after a path +": "SELECT * { ?s <urn:a>+ ?o . @S@ }",
    "after a path ?": "SELECT * { ?s <urn:a>? ?o . @S@ }",
    "after a negated path": "SELECT * { ?s !(<urn:b>|^<urn:c>) ?o . @S@ }",
    "after a collection": "SELECT * { OPTIONAL { (1 2) ?p ?o } @S@ }",
    "after a blank node": "SELECT * { OPTIONAL { [ ?p ?o ] } @S@ }",
    "after a boolean": "SELECT * { OPTIONAL { ?s ?p true } @S@ }",
    "after a language": "SELECT * { OPTIONAL { ?s ?p 'a'@en } @S@ }",
    "after a triple term": "SELECT * { BIND(<<( <a:a> <a:b> 'x' )>> AS ?n) @S@ }",
    "after an annotation": "SELECT * { OPTIONAL { ?s ?p ?o {| ?q ?r |} } @S@ }",
    "after a reifier": "SELECT * { OPTIONAL { ?s ?p ?o ~ } @S@ }",
    "with DISTINCT": "SELECT DISTINCT * { @S@ } LIMIT 1 OFFSET 0",
    "with REDUCED": "SELECT REDUCED ?a WHERE { @S@ }",
    "with FROM": "SELECT * FROM <urn:g> { @S@ }",
    "with FROM NAMED": "SELECT * FROM NAMED <urn:g> { GRAPH ?g { ?s ?p ?o } @S@ }",
    "in another SERVICE": "SELECT * { SERVICE <@IRI@> { @S@ } }",
    "in a silent SERVICE": "SELECT * { SERVICE SILENT <@IRI@> { SERVICE SILENT <@IRI@> { @S@ } } }",
    "in a group that is empty": "SELECT * { FILTER(false) OPTIONAL { @S@ } }",
}
# The engine folds the clause away before it would call.
_UNREACHED = {"in a group that is empty"}

# How the clause may be written.
SPELLINGS = {
    "silent": "SERVICE SILENT <@IRI@> { ?a ?b ?c }",
    "lower case": "service <@IRI@> { ?a ?b ?c }",
    "mixed case": "sErViCe SiLeNt <@IRI@> { ?a ?b ?c }",
    "no spaces": "SERVICE<@IRI@>{?a ?b ?c}",
    "silent, no spaces": "SERVICE SILENT<@IRI@>{?a ?b ?c}",
    "silent, glued": "SERVICESILENT<@IRI@>{?a ?b ?c}",
    "prefixed name": "SERVICE ex:sparql { ?a ?b ?c }",
    "prefixed name without local part": "SERVICE ex: { ?a ?b ?c }",
    "empty prefix, glued": "SERVICE:foo{?a ?b ?c}",
    "empty prefix and local part, glued": "SERVICE:{?a ?b ?c}",
    "silent, empty prefix, glued": "SERVICE SILENT:foo{?a ?b ?c}",
    "prefixed name with escapes": "SERVICE ex:a\\'\\( { ?a ?b ?c }",
    "prefixed name with percents": "SERVICE ex:%53%45 { ?a ?b ?c }",
    "tabs": "SERVICE\t<@IRI@>\t{\t?a\t?b\t?c\t}",
    "line feeds": "SERVICE\n<@IRI@>\n{ ?a ?b ?c }",
    "carriage returns": "SERVICE\r<@IRI@>\r{ ?a ?b ?c }",
    "both": "SERVICE\r\n\r\n<@IRI@>\r\n{ ?a ?b ?c }",
    "comment between": "SERVICE #comment\n<@IRI@> { ?a ?b ?c }",
    "comment glued": "SERVICE#<urn:x>\n<@IRI@>#\n{ ?a ?b ?c }",
    "comment ended by CR": "#\rSERVICE#\r<@IRI@> { ?a ?b ?c }",
    "comment with quotes": "#'\nSERVICE #\"\n<@IRI@> #'''\n { ?a ?b ?c }",
    "comment with a brace": "#}\nSERVICE #{\n<@IRI@> { ?a ?b ?c }",
    "comment with the word": "#SERVICE\n#SERVICE\nSERVICE <@IRI@> { ?a ?b ?c }",
    "comments by the dozen": "SERVICE " + "# x\n" * 500 + " <@IRI@> { ?a ?b ?c }",
    "spaces by the thousand": "SERVICE" + " " * 20_000 + "<@IRI@> { ?a ?b ?c }",
    "escape in the IRI": "SERVICE <http://127.0.0.1\\u003a@PORT@/> { ?a ?b ?c }",
    "long escape in the IRI": "SERVICE <http\\U0000003A//127.0.0.1:@PORT@/> { ?a ?b ?c }",
    "all the IRI escaped": "SERVICE <\\u0068\\u0074\\u0074\\u0070://127.0.0.1:@PORT@/> { ?a ?b ?c }",
    "glued to a bracket": "BIND(1AS?n0)SERVICE<@IRI@>{?a ?b ?c}",
    "glued to a brace": "{}SERVICE<@IRI@>{?a ?b ?c}",
    "glued to a filter": "FILTER(1<2)SERVICE#>\n<@IRI@>{?a ?b ?c}",
    "after a string": "BIND('SERVICE' AS ?n0) SERVICE <@IRI@> { ?a ?b ?c }",
    "after an escaped quote": "BIND('\\'' AS ?n0) SERVICE <@IRI@> { ?a ?b ?c }",
    "after an escaped backslash": "BIND('\\\\' AS ?n0) SERVICE <@IRI@> { ?a ?b ?c } #'\n",
    "after a quote of the other kind": "BIND('\"' AS ?n0) SERVICE <@IRI@> { ?a ?b ?c } #\"\n",
    "after a long string": "BIND('''a'b''c\"\"\"''' AS ?n0) SERVICE <@IRI@> { ?a ?b ?c } #'''\n",
    "after a longer string": 'BIND("""it\'s ""\\"""" AS ?n0) SERVICE <@IRI@> { ?a ?b ?c } #"""\n',
    "after an empty string": "BIND('' AS ?n0) SERVICE <@IRI@> { ?a ?b 'c' }",
    "after 100 kB of string": f"BIND('{'x' * 100_000}' AS ?n0) SERVICE <@IRI@> {{ ?a ?b ?c }}",
    "less than a string": "BIND(1<'b>c' AS ?n0)SERVICE<@IRI@>{?a ?b ?c}",
    "less than a string, the word in it": "BIND(1<'>SERVICE' AS ?n0)SERVICE<@IRI@>{?a ?b 'z'}",
    "less than a number": "BIND(1<2AS?n0)SERVICE<@IRI@>{?a ?b ?c}",
    "less or equal": "BIND(1<=2 AS ?n0)SERVICE<@IRI@>{?a ?b ?c} FILTER(2>=1)",
    "less than, an IRI": "BIND(1<<urn:a'> AS ?n0) SERVICE <@IRI@> { ?a ?b 'c' }",
    "names with quotes": "BIND(ex:a\\' AS ?n0) SERVICE <@IRI@> {?a ?b ?c} BIND(ex:b\\' AS ?n1)",
    "names with brackets": "BIND(ex:a\\(\\, AS ?n0) SERVICE <@IRI@> { ?a ?b ?c }",
    "an IRI with a comment sign": "BIND(<urn:a#SERVICE> AS ?n0) SERVICE <@IRI@> { ?a ?b ?c }",
    "an IRI with a quote": "BIND(<urn:it's> AS ?n0) SERVICE <@IRI@> { ?a ?b ?c } #'\n",
    "an IRI with an escape": "BIND(<urn:\\u0041#> AS ?n0) SERVICE <@IRI@> { ?a ?b ?c }",
    "glued to a number": "OPTIONAL { ?s0 ?p0 1.0 }OPTIONAL{?s0 ?p0 1SERVICE<@IRI@>{?a ?b ?c}}{}SERVICE<@IRI@>{}",
    "glued to a boolean": "OPTIONAL { ?s0 ?p0 true}SERVICE<@IRI@>{?a ?b ?c}",
    "variable": "BIND(<@IRI@> AS ?e) LATERAL { SERVICE ?e { ?a ?b ?c } }",
    "variable, silent": "BIND(<@IRI@> AS ?e) LATERAL { SERVICE SILENT ?e { ?a ?b ?c } }",
    "variable named service": "BIND(<@IRI@> AS ?service) LATERAL{SERVICE?service{?a ?b ?c}}",
    "variable from VALUES": "VALUES $e { <@IRI@> } LATERAL { SERVICE $e { ?a ?b ?c } }",
    "variable computed": "BIND(IRI(CONCAT('http://127.0.0.1:', '@PORT@/')) AS ?e) LATERAL { SERVICE ?e {} }",
    "variable decoded": "BIND(IRI(REPLACE('hXXp://127.0.0.1:@PORT@/', 'X', 't')) AS ?e) LATERAL {SERVICE ?e {}}",
    "empty pattern": "SERVICE <@IRI@> {}",
    "subselect as the pattern": "SERVICE <@IRI@> { SELECT * { ?a ?b ?c } }",
    "data sent away": "SERVICE <@IRI@> { VALUES ?x { 'carried away' } ?a ?b ?x }",
    "two of them": "SERVICE <@IRI@> { ?a ?b ?c } SERVICE <@IRI@> { ?d ?e ?f }",
    "the word around": "BIND('service' AS ?service) SERVICE <@IRI@> { ?a ?b 'service' } #service\n",
    "semicolons and dots": ". SERVICE <@IRI@> { ?a ?b ?c . } .",
}
# A dot may not open a group.
_AFTER_TRIPLE_ONLY = {"semicolons and dots"}
_PLACES = {
    "alone": "SELECT * { @S@ }",
    "after a triple": "SELECT * { ?s ?p ?o @S@ }",
    "in EXISTS": "ASK { ?s ?p ?o FILTER(EXISTS { ?s ?p ?o @S@ }) }",
}

# Ways to write an address that leads here.
TARGETS = {
    "127.0.0.1": "http://127.0.0.1:@PORT@/sparql",
    "no path": "http://127.0.0.1:@PORT@",
    "localhost": "http://localhost:@PORT@/sparql",
    "upper case": "HTTP://LOCALHOST:@PORT@/",
    "decimal": "http://2130706433:@PORT@/sparql",
    "octal": "http://0177.0.0.1:@PORT@/sparql",
    "octal, one number": "http://017700000001:@PORT@/",
    "hexadecimal": "http://0x7f000001:@PORT@/sparql",
    "hexadecimal, dotted": "http://0x7f.0x0.0x0.0x1:@PORT@/",
    "two parts": "http://127.1:@PORT@/sparql",
    "three parts": "http://127.0.1:@PORT@/",
    "any address": "http://0.0.0.0:@PORT@/",
    "userinfo": "http://user:secret@127.0.0.1:@PORT@/sparql",
    "userinfo like a host": "http://example.org@127.0.0.1:@PORT@/",
    "query and fragment": "http://127.0.0.1:@PORT@/sparql?query=ASK%7B%7D#x",
    "redirect": "http://127.0.0.1:@REDIRECT@/",
    "redirect by name": "http://localhost:@REDIRECT@/",
    "TLS": "https://127.0.0.1:@PORT@/sparql",
}
# Whether these lead here depends on the host, or on what the engine's HTTP client makes of them.
UNSURE_TARGETS = {
    "IPv6": "http://[::1]:@PORT@/sparql",
    "IPv6 in full": "http://[0:0:0:0:0:0:0:1]:@PORT@/sparql",
    "any IPv6 address": "http://[::]:@PORT@/",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:@PORT@/sparql",
    "IPv4 in IPv6, hexadecimal": "http://[::ffff:7f00:1]:@PORT@/sparql",
    "IPv6 redirect": "http://[::1]:@REDIRECT@/",
    "percent-encoded host": "http://%31%32%37.0.0.1:@PORT@/",
    "full-width digits": "http://\uff11\uff12\uff17.0.0.1:@PORT@/",
    "ideographic dots": "http://127\u30020\u30020\u30021:@PORT@/",
    "trailing dot": "http://localhost.:@PORT@/",
    "name of this host": "http://localhost.localdomain:@PORT@/",
    "no slashes": "http:127.0.0.1:@PORT@/",
    "three slashes": "http:///127.0.0.1:@PORT@/",
    "another scheme": "ftp://127.0.0.1:@PORT@/",
    "gopher": "gopher://127.0.0.1:@PORT@/",
    "a file": "file:///etc/hostname",
    "a file with a host": "file://127.0.0.1:@PORT@/etc/hostname",
    "a socket": "unix:/var/run/x.sock",
    "no authority": "urn:127.0.0.1:@PORT@",
}
_TARGET_PLACES = {
    "SERVICE": "SELECT * { SERVICE <@T@> { ?a ?b ?c } }",
    "SILENT": "SELECT * { OPTIONAL { SERVICE SILENT <@T@> { ?a ?b ?c } } }",
    "variable": "SELECT * { BIND(<@T@> AS ?e) LATERAL { SERVICE ?e { ?a ?b ?c } } }",
    "prefix": "PREFIX t: <@T@> ASK { SERVICE t: { ?a ?b ?c } }",
}

# Whole queries, each against one way to find SERVICE. Names that begin with `respelled` go with a
# guard that writes the keyword otherwise and asks whether the query still parses.
_UNION = "SELECT * { {} UNION { ?s ?p @X@ { ?a ?b ?c } } }"
DISGUISES = {
    "after a version": "VERSION '1.2' SELECT * { SERVICE <@IRI@> {?a ?b ?c} }",
    "BASE": "BASE <http://127.0.0.1:@PORT@/> SELECT * { SERVICE <sparql> {?a ?b ?c} }",
    "BASE, empty reference": "BASE <http://127.0.0.1:@PORT@/> SELECT * { SERVICE <> {?a ?b ?c} }",
    "BASE, network path": "BASE <http://urn.example/> SELECT * { SERVICE <//127.0.0.1:@PORT@/> {} }",
    "BASE twice": "BASE <urn:x> BASE <http://127.0.0.1:@PORT@/> ASK { SERVICE <a> {?a ?b ?c} }",
    "PREFIX under BASE": "BASE <http://127.0.0.1:@PORT@/> PREFIX e: <a/> ASK { SERVICE e:b {} }",
    "prefix redefined": "PREFIX e: <urn:x#> PREFIX e: <@IRI@#> ASK { SERVICE e:b {?a ?b ?c} }",
    "prefix of the project redefined": "PREFIX cd: <@IRI@#> ASK { SERVICE cd:b {?a ?b ?c} }",
    "prefix named service": "PREFIX service: <@IRI@#> ASK { SERVICE service:x {?a ?b ?c} }",
    "prefix named silent": "PREFIX silent: <@IRI@#> ASK { SERVICE SILENT silent:x {?a ?b ?c} }",
    "prefix glued to SILENT": "PREFIX SILENT: <@IRI@#> ASK { SERVICE SILENT:x {?a ?b ?c} }",
    "everything glued": "PREFIX:<@IRI@#>SELECT*{SERVICE:x{?a?b?c}}",
    "prologue in comments": "#\rPREFIX#\n:#'\n<@IRI@#>#\rASK#\n{#\rSERVICE:x{}}",
    "the word in a comment at the end": "ASK { SERVICE <@IRI@> {?a ?b ?c} } #SERVICE",
    "a comment that does not end": "ASK { SERVICE <@IRI@> {?a ?b ?c} } #",
    "a thousand groups": "ASK " + "{" * 1_000 + "SERVICE <@IRI@> {}" + "}" * 1_000,
    "a thousand look-alikes": "ASK { "
    + "".join(f"BIND('service' AS ?service{n}) " for n in range(1_000))
    + "SERVICE <@IRI@> {} }",
    "respelled: a name before a group": "PREFIX : <@IRI@#> PREFIX SERVIxE: <urn:x#> "
    "SELECT * { {} UNION { ?s ?p ?o {| ?q ?r |} ~ SERVICE:x { ?a ?b ?c } } }",
    "respelled: an empty local name": "PREFIX : <@IRI@#> PREFIX SERVIxE: <urn:x#> "
    "SELECT * { ?s ?p ?o {| ?q ?r |} ~SERVICE:{ ?a ?b ?c } }",
}
_LETTERS = ("SERVIxE", "SERVIXE", "SERVI_E", "xSERVICE", "SERVICEx", "GRAPH", "SERVIC", "SERVIE")
DISGUISES |= {
    f"respelled: a name glued to a boolean, {name}{letter}": (
        f"PREFIX : <@IRI@#> PREFIX {name}{letter}: <urn:x#> "
        + _UNION.replace("@X@", f"{name}SERVICE:x")
    )
    for name in ("true", "false")
    for letter in _LETTERS
}
DISGUISES |= {
    f"respelled: a reifier, {letter}": f"PREFIX : <@IRI@#> PREFIX {letter}: <urn:x#> "
    "SELECT * { ?s ?p ?o ~ SERVICE:x { ?a ?b ?c } }"
    for letter in _LETTERS
}

# What the engine does not parse: not the keyword, whatever it looks like to a person or to another
# reading of the specification (19.2 has escapes of code points anywhere).
NO_SPARQL = {
    name: f"{PROLOGUE}SELECT * {{ {text} }}"
    for name, text in {
        "escaped S": "\\u0053ERVICE <@IRI@> { ?a ?b ?c }",
        "escaped s, long": "\\U00000073ervice <@IRI@> { ?a ?b ?c }",
        "escaped letter inside": "SERV\\u0049CE <@IRI@> { ?a ?b ?c }",
        "all escaped": "".join(f"\\u{ord(c):04x}" for c in "SERVICE") + " <@IRI@> { ?a ?b ?c }",
        "escaped space": "SERVICE\\u0020<@IRI@> { ?a ?b ?c }",
        "escaped brackets": "SERVICE \\u003c@IRI@\\u003e { ?a ?b ?c }",
        "escaped brace": "SERVICE <@IRI@> \\u007b ?a ?b ?c \\u007d",
        "escaped quote": "BIND('a\\u0027 AS ?n) SERVICE <@IRI@> { ?a ?b ?c } #'\n",
        "escaped line feed": "#\\u000aSERVICE <@IRI@> { ?a ?b ?c } ",
        "long s": "\u017fERVICE <@IRI@> { ?a ?b ?c }",
        "dotless i": "SERV\u0131CE <@IRI@> { ?a ?b ?c }",
        "dotted I": "SERV\u0130CE <@IRI@> { ?a ?b ?c }",
        "full-width letters": "\uff33\uff25\uff32\uff36\uff29\uff23\uff25 <@IRI@> { ?a ?b ?c }",
        "Cyrillic": "\u0405\u0415RVI\u0421\u0415 <@IRI@> { ?a ?b ?c }",
        "mathematical": "\U0001d412ERVICE <@IRI@> { ?a ?b ?c }",
        "Kelvin sign": "GRAPH <urn:\u212a> {} \u212aSERVICE <@IRI@> { ?a ?b ?c }",
        "soft hyphen": "SER\u00adVICE <@IRI@> { ?a ?b ?c }",
        "zero-width space": "SERVICE\u200b<@IRI@> { ?a ?b ?c }",
        "zero-width joiner inside": "SER\u200dVICE <@IRI@> { ?a ?b ?c }",
        "combining mark": "SERVICE\u0301 <@IRI@> { ?a ?b ?c }",
        "no-break space": "SERVICE\u00a0<@IRI@> { ?a ?b ?c }",
        "next line": "SERVICE\u0085<@IRI@> { ?a ?b ?c }",
        "line separator": "SERVICE\u2028<@IRI@> { ?a ?b ?c }",
        "form feed": "SERVICE\f<@IRI@> { ?a ?b ?c }",
        "vertical tab": "SERVICE\v<@IRI@> { ?a ?b ?c }",
        "NUL after": "SERVICE\0<@IRI@> { ?a ?b ?c }",
        "NUL inside": "SER\0VICE <@IRI@> { ?a ?b ?c }",
        "NUL before": "\0 SERVICE <@IRI@> { ?a ?b ?c }",
        "byte order mark inside": "SERVICE\ufeff<@IRI@> { ?a ?b ?c }",
        "right-to-left": "\u202eECIVRES\u202c <@IRI@> { ?a ?b ?c }",
        "percent-encoded letter": "%53ERVICE <@IRI@> { ?a ?b ?c }",
        "percent-encoded twice": "%2553ERVICE <@IRI@> { ?a ?b ?c }",
        "percent-encoded as by IIS": "%u0053ERVICE <@IRI@> { ?a ?b ?c }",
        "HTML reference": "&#83;ERVICE <@IRI@> { ?a ?b ?c }",
        "backslash": "S\\ERVICE <@IRI@> { ?a ?b ?c }",
        "comment inside the word": "SER#\nVICE <@IRI@> { ?a ?b ?c }",
        "C comment": "SER/**/VICE <@IRI@> { ?a ?b ?c }",
        "no target": "SERVICE { ?a ?b ?c }",
        "string as target": "SERVICE '@IRI@' { ?a ?b ?c }",
        "bare target": "SERVICE @IRI@ { ?a ?b ?c }",
        "space in the target": "SERVICE < @IRI@> { ?a ?b ?c }",
        "two targets": "SERVICE <@IRI@> <@IRI@> { ?a ?b ?c }",
        "blank node as target": "SERVICE _:b { ?a ?b ?c }",
        "expression as target": "SERVICE IRI('@IRI@') { ?a ?b ?c }",
        "path as target": "SERVICE <@IRI@>/<urn:a> { ?a ?b ?c }",
        "no pattern": "SERVICE <@IRI@>",
        "not closed": "SERVICE <@IRI@> { ?a ?b ?c",
        "unknown prefix": "SERVICE unknown:x { ?a ?b ?c }",
        "string not closed": "BIND(' AS ?n) SERVICE <@IRI@> { ?a ?b ?c }",
        "long string over a comment": "#\r'''\nSERVICE <@IRI@> { ?a ?b ?c } #'''\n",
        "GRAPH then SERVICE": "GRAPH SERVICE <@IRI@> { ?a ?b ?c }",
        "SERVICE twice": "SERVICE SERVICE <@IRI@> { ?a ?b ?c }",
        "SILENT first": "SILENT SERVICE <@IRI@> { ?a ?b ?c }",
        "SILENT twice": "SERVICE SILENT SILENT <@IRI@> { ?a ?b ?c }",
        "in the template of CONSTRUCT": "} CONSTRUCT { SERVICE <@IRI@> { ?a ?b ?c } ",
        "as a function": "FILTER SERVICE(<@IRI@>)",
        "in VALUES": "VALUES ?x { SERVICE <@IRI@> }",
        "as a solution modifier": "} SERVICE <@IRI@> { ?a ?b ?c",
    }.items()
}
NO_SPARQL["byte order mark"] = "\ufeffASK { SERVICE <@IRI@> { ?a ?b ?c } }"
NO_SPARQL["two queries"] = "ASK {} ASK { SERVICE <@IRI@> { ?a ?b ?c } }"
NO_SPARQL["a query, then an update"] = "ASK {} ; LOAD <@IRI@>"

# Updates: `LOAD` fetches by itself, the others carry a SERVICE. The last two call nobody.
UPDATES = (
    Attempt("LOAD", "LOAD <@IRI@>"),
    Attempt("LOAD, lower case", "load <@IRI@>"),
    Attempt("LOAD SILENT", "LOAD SILENT <@IRI@>"),
    Attempt("LOAD INTO GRAPH", "LOAD <@IRI@> INTO GRAPH <urn:g>"),
    Attempt("LOAD SILENT INTO GRAPH", "LOAD SILENT <@IRI@> INTO GRAPH <urn:g>"),
    Attempt("LOAD, glued", "LOAD<@IRI@>INTO GRAPH<urn:g>"),
    Attempt("LOAD, comments", "#\rLOAD#'\n<@IRI@>"),
    Attempt("LOAD, prefixed", "PREFIX e: <http://127.0.0.1:@PORT@/> LOAD <@IRI@>"),
    Attempt("LOAD, BASE", "BASE <http://127.0.0.1:@PORT@/> LOAD <data.ttl>"),
    Attempt("LOAD, redirect", "LOAD <http://127.0.0.1:@REDIRECT@/>"),
    Attempt("LOAD, decimal", "LOAD <http://2130706433:@PORT@/>"),
    Attempt("LOAD after another", "CLEAR ALL; LOAD <@IRI@>"),
    Attempt("INSERT with SERVICE", "INSERT { ?a ?b ?c } WHERE { SERVICE <@IRI@> { ?a ?b ?c } }"),
    Attempt("DELETE with SERVICE", "DELETE { ?a ?b ?c } WHERE { SERVICE <@IRI@> { ?a ?b ?c } }"),
    Attempt(
        "WITH and SERVICE",
        "WITH <urn:g> INSERT { ?a ?b ?c } WHERE { SERVICE SILENT <@IRI@> { ?a ?b ?c } }",
    ),
    Attempt(
        "USING and SERVICE",
        "INSERT { ?a ?b ?c } USING <urn:g> WHERE { SERVICE <@IRI@> { ?a ?b ?c } }",
    ),
    Attempt(
        "INSERT with EXISTS",
        "INSERT { <urn:a> <urn:b> 1 } WHERE { FILTER EXISTS { SERVICE <@IRI@> {} } }",
    ),
    Attempt("LOAD of a file", "LOAD <file:///etc/hostname>", False),
    Attempt("USING the listener", "INSERT { ?s ?p 1 } USING <@IRI@> WHERE { ?s ?p ?o }", False),
)

# Valid queries that name the listener and are answered: with nothing, as nothing was fetched.
FROM = {
    "FROM": "SELECT * FROM <@T@> { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <@T@> { GRAPH ?g { ?s ?p ?o } }",
    "both": "SELECT * FROM <@T@> FROM NAMED <@T@> { {?s ?p ?o} UNION {GRAPH ?g {?s ?p ?o}} }",
    "GRAPH": "SELECT * { GRAPH <@T@> { ?s ?p ?o } }",
    "FROM by BASE": "BASE <@T@> SELECT * FROM <> { ?s ?p ?o }",
    "CONSTRUCT FROM": "CONSTRUCT { ?s ?p ?o } FROM <@T@> { ?s ?p ?o }",
    "DESCRIBE": "DESCRIBE <@T@>",
    "DESCRIBE FROM": "DESCRIBE ?s FROM <@T@> { ?s ?p ?o }",
    "ASK FROM": "ASK FROM <@T@> { ?s ?p ?o }",
    "a subject": "SELECT * { <@T@> ?p ?o }",
    "a path": "SELECT * { ?s <@T@>+ ?o }",
}


def _federated() -> list[Attempt]:
    found = [
        Attempt(f"position {name}", PROLOGUE + text.replace("@S@", PLAIN), name not in _UNREACHED)
        for name, text in POSITIONS.items()
    ]
    found += [
        Attempt(
            f"position {name}, {how}",
            PROLOGUE + text.replace("@S@", SPELLINGS[how]),
            name not in _UNREACHED,
        )
        for name, text in POSITIONS.items()
        for how in ("silent, no spaces", "empty prefix, glued")
    ]
    found += [
        Attempt(f"spelling {name}, {place}", PROLOGUE + text.replace("@S@", clause))
        for name, clause in SPELLINGS.items()
        for place, text in _PLACES.items()
        if place != "alone" or name not in _AFTER_TRIPLE_ONLY
    ]
    for targets, reaches in ((TARGETS, True), (UNSURE_TARGETS, False)):
        found += [
            Attempt(f"target {name}, {place}", text.replace("@T@", iri), reaches)
            for name, iri in targets.items()
            for place, text in _TARGET_PLACES.items()
        ]
    found += [Attempt(f"disguise {name}", text) for name, text in DISGUISES.items()]
    return found


FEDERATED = _federated()
