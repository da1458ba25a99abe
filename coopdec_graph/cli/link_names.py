"""`coopdec link-names`: a list of names of one's own, linked to Wikidata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopdec_graph.cli.files import write_whole
from coopdec_graph.cli.terminal import EXIT_REFUSED, error_console, language, plain, say
from coopdec_graph.cli.wikidata_options import Cache, CacheDays, Endpoint, Timeout
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

if TYPE_CHECKING:
    from coopdec_graph.linking.asking import Asker
    from coopdec_graph.linking.decisions import Decision, NameQuery

__all__ = ["HELP", "link_names"]

HELP = say(
    "Relie les noms d'une liste (TSV, colonnes `name_fr` et `iso2`) aux lieux de Wikidata, et dit"
    " pourquoi. Un lien faux est pire qu'un lien absent : le doute laisse `qid` vide."
    "\n\nSortie 0 : la liste est écrite, même si Wikidata n'a pas répondu pour certains noms"
    " (`unasked`) ; relancez alors, ce qui a été répondu est gardé. Avec --strict, sortie 1 dans ce"
    " cas."
    "\n\nExemple : `coopdec link-names noms.tsv --out liens.tsv`",
    "Links the names of a list (TSV, columns `name_fr` and `iso2`) to places of Wikidata, and says"
    " why. A wrong link is worse than none: a doubt leaves `qid` empty."
    "\n\nExit 0: the list is written, even if Wikidata did not answer for some names (`unasked`);"
    " run it again then, what was answered is kept. With --strict, exit 1 in that case."
    "\n\nExample: `coopdec link-names names.tsv --out links.tsv`",
)

_MISSING = Bilingual(
    "« {path} » ne peut pas être lu : {reason}", "“{path}” cannot be read: {reason}"
)
_NOT_UTF8 = Bilingual("« {path} » n'est pas en UTF-8.", "“{path}” is not in UTF-8.")
_NO_COLUMN = Bilingual(
    "« {path} » n'a pas la colonne « {column} » : sa première ligne doit nommer les colonnes,"
    " séparées par des tabulations.",
    "“{path}” has no column “{column}”: its first line must name the columns, separated by tabs.",
)
_TWICE = Bilingual(
    "« {path} » : deux colonnes se nomment « {column} ».",
    "“{path}”: two columns are named “{column}”.",
)
_WIDE = Bilingual(
    "« {path} », ligne {line} : {count} cellules pour {columns} colonnes.",
    "“{path}”, line {line}: {count} cells for {columns} columns.",
)

ADDED = ("qid", "decision", "confidence", "reason")
# Columns of the list that help to decide, where it has them.
_KIND, _DEPARTEMENT = ("kind", "level"), ("departement", "département")


def link_names(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=say("Liste en TSV, UTF-8.", "List in TSV, UTF-8.")),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=say(
                "Où écrire la liste, avec qid, decision, confidence, reason.",
                "Where to write the list, with qid, decision, confidence, reason.",
            ),
        ),
    ],
    wikidata: Endpoint = None,
    cache: Cache = None,
    cache_days: CacheDays = 30,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline",
            help=say(
                "Le cache seul, à tout âge : rien n'est demandé à --wikidata.",
                "The cache only, at any age: nothing is asked of --wikidata.",
            ),
        ),
    ] = False,
    timeout: Timeout = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=say(
                "Sortie 1 si un nom n'a pas pu être demandé.",
                "Exit 1 if a name could not be asked.",
            ),
        ),
    ] = False,
) -> None:
    from coopdec_graph.linking.linker import linker_of

    columns, rows = _read(file)
    queries = [_query(columns, row) for row in rows]
    linker = linker_of(wikidata, cache, cache_days, offline, timeout)
    decisions = linker.link(queries, _Progress(len(set(queries))))
    _write(out, columns, rows, [decisions[query] for query in queries])
    _report(linker.wikidata.asker, [decisions[query] for query in queries])
    if strict and any(decision.outcome == "unasked" for decision in decisions.values()):
        raise typer.Exit(EXIT_REFUSED)


def _read(file: Path) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of a TSV. Cells are taken as they are: a quotation mark is a character."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(_MISSING, path=file, reason=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise UsageError(_NOT_UTF8, path=file) from None
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    columns = lines[0].split("\t")
    for column in ("name_fr", "iso2"):
        if column not in columns:
            raise UsageError(_NO_COLUMN, path=file, column=column)
    for column in columns:
        if columns.count(column) > 1:
            raise UsageError(_TWICE, path=file, column=column)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) > len(columns):
            raise UsageError(_WIDE, path=file, line=number, count=len(cells), columns=len(columns))
        if line:
            rows.append(cells + [""] * (len(columns) - len(cells)))
    return columns, rows


def _query(columns: Sequence[str], row: Sequence[str]) -> NameQuery:
    from coopdec_graph.linking.decisions import NameQuery

    cells = dict(zip(columns, row, strict=True))
    return NameQuery(
        cells["name_fr"].strip(),
        cells["iso2"].strip().upper(),
        _first(cells, _KIND),
        _first(cells, _DEPARTEMENT),
    )


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name].strip() for name in names if cells.get(name, "").strip()), "")


def _write(
    out: Path, columns: Sequence[str], rows: Sequence[Sequence[str]], decisions: Sequence[Decision]
) -> None:
    """The list with what was decided. The file is there whole, or as it was before.

    A column of the list that has one of our names is kept as `given_qid` and so on.
    """
    kept = [f"given_{column}" if column in ADDED else column for column in columns]
    lines = ["\t".join((*kept, *ADDED))]
    for row, decision in zip(rows, decisions, strict=True):
        confidence = f"{decision.confidence:.3f}"
        reason = " ".join(decision.reason.text(language()).split())
        lines.append("\t".join((*row, decision.qid or "", decision.outcome, confidence, reason)))
    write_whole(out, "".join(f"{line}\n" for line in lines).encode())


class _Progress:
    """A line on standard error at each tenth of a long list: large countries take a while."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = 0

    def __call__(self, count: int) -> None:
        self._done += count
        if self._total >= 1000 and self._done - self._shown >= self._total / 10:
            self._shown = self._done
            error_console().print(f"{self._done}/{self._total}", markup=False)


def _report(asker: Asker, decisions: Sequence[Decision]) -> None:
    """What came of it, on standard error."""
    count = Counter(str(decision.outcome) for decision in decisions)
    console = error_console()
    per_thousand = 1000 * asker.requests / max(1, len(decisions))
    console.print(
        say(
            f"{len(decisions)} noms : {count['accepted']} liés, {count['review']} à revoir,"
            f" {count['nil']} absents, {count['unasked']} non demandés.",
            f"{len(decisions)} names: {count['accepted']} linked, {count['review']} to review,"
            f" {count['nil']} absent, {count['unasked']} not asked.",
        ),
        markup=False,
    )
    console.print(
        say(
            f"{asker.requests} requêtes ({per_thousand:.1f} pour 1 000 noms),"
            f" {asker.from_cache} réponses du cache.",
            f"{asker.requests} requests ({per_thousand:.1f} per 1,000 names),"
            f" {asker.from_cache} answers from the cache.",
        ),
        markup=False,
    )
    for decision in decisions:
        if decision.outcome == "unasked":
            console.print(plain(decision.reason.text(language())), style="yellow")
            break
