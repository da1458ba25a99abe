"""A hundred queries that would never end, or take all memory, each in its own way."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["RUNAWAYS"]

_ALL = "?{0} ?{0}p ?{0}o"


def _joined(times: int) -> str:
    """A cross product of all statements with themselves."""
    return " . ".join(_ALL.format("abcdefgh"[n]) for n in range(times))


def _doubled(times: int, seed: str) -> str:
    """A string that doubles `times` times."""
    steps = [f'BIND("{seed}" AS ?x0)']
    steps += [f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(times)]
    return " ".join(steps)


def _cross_products() -> Iterator[str]:
    for times in (4, 5, 6):
        yield f"SELECT (COUNT(*) AS ?n) {{ {_joined(times)} }}"
        yield f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ {_joined(times)} FILTER(?ao != ?bo) }}"
        yield f"SELECT (SUM(STRLEN(STR(?ao))) AS ?n) {{ {_joined(times)} }}"
        yield f"ASK {{ {_joined(times)} FILTER(STR(?ao) = CONCAT(STR(?bo), 'never', STR(?co))) }}"
        yield f"SELECT (AVG(RAND()) AS ?n) {{ {_joined(times)} }}"
        yield f"SELECT ?a {{ {_joined(times)} }} HAVING (COUNT(*) > 1) LIMIT 1".replace(
            "HAVING", "GROUP BY ?a HAVING"
        )
    yield f"SELECT * {{ {_joined(4)} FILTER EXISTS {{ {_joined(4)} FILTER(?ao > ?co) }} }} LIMIT 1"
    yield f"SELECT (COUNT(*) AS ?n) {{ {_joined(3)} MINUS {{ ?x ?y ?z . {_joined(3)} }} }}"
    yield f"SELECT (COUNT(*) AS ?n) {{ {{ {_joined(4)} }} UNION {{ {_joined(4)} }} }}"
    yield f"SELECT (COUNT(*) AS ?n) {{ {_joined(2)} OPTIONAL {{ {_joined(4)} FILTER(1=2) }} }}"


def _streams() -> Iterator[str]:
    for times in (4, 5, 6, 7):
        yield f"SELECT * {{ {_joined(times)} }}"
        yield f"SELECT DISTINCT * {{ {_joined(times)} }}"
        yield f"CONSTRUCT {{ ?a <urn:x> ?do }} WHERE {{ {_joined(times)} }}"
    yield f"SELECT (CONCAT(STR(?a), STR(?b), STR(?c)) AS ?x) {{ {_joined(4)} }}"
    yield f"DESCRIBE ?a ?b ?c WHERE {{ {_joined(4)} }}"


def _paths() -> Iterator[str]:
    links = "(!<urn:x>|^!<urn:x>)"
    for tail in ("", " ?c <urn:q>* ?d .", " ?e ?f ?g ."):
        yield f"SELECT (COUNT(*) AS ?n) {{ ?a {links}* ?b . ?b {links}* ?c .{tail} }}"
        yield f"SELECT (COUNT(*) AS ?n) {{ ?a {links}+ ?b . ?b {links}+ ?c .{tail} }}"
        yield f"SELECT * {{ ?a {links}*/{links}*/{links}* ?b .{tail} }} ORDER BY ?b ?a"
        yield f"SELECT (COUNT(DISTINCT ?b) AS ?n) {{ ?a ({links}/{links})* ?b . ?b {links}* ?c .{tail} }}"
        yield f"ASK {{ ?a {links}+ ?b . ?b {links}+ ?c . ?c {links}+ ?h . FILTER(?h = 1){tail} }}"


def _strings() -> Iterator[str]:
    for times, seed in ((40, "a"), (60, "é"), (33, "long"), (45, "()")):
        yield f"SELECT (STRLEN(?x{times}) AS ?n) {{ {_doubled(times, seed)} }}"
    for pattern in ("(a?){200}a{200}", "(a|b|ab)*c", "(.*)*(.*)*(.*)*x", "([a-z]+)*9", "(x+x+)+y"):
        yield (
            f"SELECT (COUNT(*) AS ?n) {{ {_joined(3)} {_doubled(12, 'ab')}"
            f' FILTER(REGEX(CONCAT(?x12, STR(?ao)), "{pattern}")) }}'
        )
        yield (
            f"SELECT (COUNT(*) AS ?n) {{ {_joined(4)}"
            f' FILTER(REGEX(CONCAT(STR(?a), STR(?b), STR(?c)), "{pattern}", "i")) }}'
        )
    yield f'SELECT (REPLACE(?x22, "a", ?x22) AS ?y) {{ {_doubled(22, "a")} }}'
    yield f"SELECT (SHA512(?x50) AS ?y) {{ {_doubled(50, 'a')} }}"
    yield f"SELECT (ENCODE_FOR_URI(?x40) AS ?y) {{ {_doubled(40, '%')} }}"


def _sorts_and_groups() -> Iterator[str]:
    for times in (3, 4, 5):
        yield f"SELECT * {{ {_joined(times)} }} ORDER BY STR(?ao) STR(?bo) LIMIT 1"
        yield f"SELECT * {{ {_joined(times)} }} ORDER BY DESC(RAND()) LIMIT 5"
        yield f"SELECT (GROUP_CONCAT(?ao) AS ?n) {{ {_joined(times)} }}"
        yield f"SELECT ?ao (GROUP_CONCAT(DISTINCT ?bo) AS ?n) {{ {_joined(times)} }} GROUP BY ?ao ?b"
        yield f"SELECT ?ao ?bo ?co (COUNT(*) AS ?n) {{ {_joined(times)} }} GROUP BY ?ao ?bo ?co ?a ?b"
        yield f"SELECT DISTINCT ?ao ?bo ?co {{ {_joined(times)} }} ORDER BY ?co"
    yield f"SELECT (MAX(CONCAT(STR(?ao), STR(?bo))) AS ?n) {{ {_joined(5)} }}"


def _deep() -> Iterator[str]:
    for depth in (50_000, 90_000, 400_000):
        yield "SELECT * " + "{" * depth + "}" * depth
        yield "SELECT * { FILTER(" + "(" * depth + "1" + ")" * depth + ") }"
        yield "SELECT * { FILTER(" + "!" * depth + "1) }"
    yield f"SELECT (COUNT(*) AS ?n) {{ {'{} UNION ' * 20_000} {{}} . {_joined(4)} }}"
    yield "SELECT * { " + "OPTIONAL { ?s ?p ?o " * 20_000 + "}" * 20_001
    yield f"SELECT * {{ {_joined(1)} FILTER(?ao IN ({', '.join(map(str, range(100_000)))})) {_joined(4)} }}"
    yield "SELECT * { ?s ?p ?o } #" + "x" * 10_000_000
    yield "SELECT * { ?s ?p '" + "y" * 10_000_000 + "' }"


RUNAWAYS: list[str] = [
    *_cross_products(),
    *_streams(),
    *_paths(),
    *_strings(),
    *_sorts_and_groups(),
    *_deep(),
]
