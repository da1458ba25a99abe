"""A published release of a realistic size, always the same: the input of the endpoint's bench.

Building pages takes some 50 ms each, so a few are built and their statements are copied: each copy
is a partnership of its own, with another number, theme, period and title, and with bodies that it
shares with other partnerships.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import COUNTRIES, write

from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.releases import Release, Releases

# A multiple of the number of countries of the corpus: a copy keeps the country of its page.
PAGES = 40
SHARE = 3  # partnerships for each French body, and for each foreign one

_ENTITY = re.compile(r"(?:atlas-|ville-exemple-|commune-d-ailleurs-)0*(\d+)(?!\d)")
_YEAR = re.compile(r"\b20(1\d|2[01])\b")
_THEME = re.compile(r"<(\S+/scheme/theme/[^>]+)> <[^>]+#(?:broader|topConceptOf)>")
_BUILT_THEME = "scheme/theme/gouvernance-locale-et-appui-institutionnel"
_BUILT_TITLE = 'en situation de rue"'


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the servers hold: a published folder, and the same for the peers."""

    data: Path  # the folder `coopdec serve` reads
    quads: Path  # the named graphs, N-Quads
    union: Path  # their distinct triples, N-Triples: the default graph
    count: int


def publish(folder: Path, quads: int) -> Corpus:
    """Publishes at least `quads` quads below `folder`."""
    write(folder / "pages", PAGES)
    outcome = run(
        [folder / "pages"], folder / "built", BuildOptions(), lambda items, label, total: items
    )
    lines = _multiplied(outcome.release.quads.read_text("utf-8").splitlines(), quads)
    release = _publish(folder / "data", lines, outcome.release)
    union = folder / "union.nt"
    # A graph name has no space: what stands before the last two is the triple.
    triples = dict.fromkeys(line.rsplit(" ", 2)[0] for line in lines)
    union.write_text("".join(f"{triple} .\n" for triple in triples), "utf-8")
    return Corpus(folder / "data", release.quads, union, len(lines))


def _publish(folder: Path, lines: list[str], built: Release) -> Release:
    releases = Releases(folder)
    facts = {key: value for key, value in built.manifest().items() if key not in ("quads", "files")}
    content = "".join(f"{line}\n" for line in lines).encode()
    with releases.writing():
        return releases.publish({"graph.nq": content, "issues.jsonl": b""}, facts)


def _multiplied(built: list[str], quads: int) -> list[str]:
    """The statements of a release, copied until there are enough, in the order of its file."""
    common: list[str] = []
    records: dict[int, list[str]] = defaultdict(list)
    for line in built:
        found = _ENTITY.search(line)
        (records[int(found[1])] if found else common).append(line)
    themes = sorted({found[1] for found in map(_THEME.match, common) if found})
    whole = set(common)
    for copy in _copies({page: "\n".join(of) for page, of in records.items()}, themes, quads):
        whole.update(copy.split("\n"))
        if len(whole) >= quads:
            break
    return sorted(whole)


def _copies(records: dict[int, str], themes: list[str], quads: int) -> Iterator[str]:
    each = sum(text.count("\n") for text in records.values()) / len(records)
    bodies = int(quads / each) // SHARE + 1
    number = 0
    while True:
        for page, text in sorted(records.items()):
            number += 1
            yield _copy(text, page, number, themes[number % len(themes)], bodies)


def _copy(text: str, page: int, number: int, theme: str, bodies: int) -> str:
    """The statements of one page as those of partnership `number`."""
    french = number * 31 % bodies
    foreign = number // len(COUNTRIES) % (bodies // len(COUNTRIES) + 1)
    text = re.sub(rf"(atlas-|prjId=){page}(?!\d)", rf"\g<1>{number}", text)
    text = re.sub(rf"([Ee]xemple[- ]){page:04}", rf"\g<1>{french:04}", text)
    text = re.sub(rf"(illeurs[- ]){page:04}", rf"\g<1>{foreign:04}", text)
    text = text.replace(f"{DEFAULT_BASE}{_BUILT_THEME}>", f"{theme}>")
    text = text.replace(_BUILT_TITLE, f'en situation de rue, secteur {number}"')
    return _YEAR.sub(lambda year: str(int(year[0]) - number // 7 % 10), text)
