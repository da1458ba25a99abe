"""What the documentation says of the product, against the product: nothing stale, nothing missing."""

from __future__ import annotations

import ast
import asyncio
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typer.main

from coopdec_graph.cli.main import app as command
from coopdec_graph.engines.base import Engine, Limits
from coopdec_graph.issues import issue_kinds
from coopdec_graph.namespaces import CD, DEFAULT_BASE, PREFIXES
from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.releases import Release
from coopdec_graph.questions.catalogue import Mode, catalogue
from coopdec_graph.questions.kinds import Kind as ParameterKind
from coopdec_graph.service.app import create_app
from coopdec_graph.service.options import Options
from coopdec_graph.service.problems import STATUS
from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.accounting import LineState
from coopdec_graph.sources.atlas.labels import LABELS, Kind
from coopdec_graph.sources.iati.nodes import Omission

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
)

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
TOP_FOLDERS = ("coopdec_graph", "data", "docs", "ontology", "scripts", "shapes", "tests")

# Files the walkthrough of CONTRIBUTING.md tells the reader to write.
TO_BE_WRITTEN = {
    "coopdec_graph/sources/exemple/__init__.py",
    "coopdec_graph/sources/exemple/read.py",
    "tests/sources/exemple/pages/subventions.csv",
}


def markdown_files() -> list[Path]:
    """Every Markdown file of the project; what tools leave in hidden folders is not ours."""
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*.md")]
    ours = [path for path in found if not path.parts[0].startswith((".", "build"))]
    return [ROOT / path for path in sorted(ours)]


def prose(path: Path) -> str:
    """The text of a file without its fenced blocks."""
    return FENCE.sub("", path.read_text("utf-8"))


def table(path: Path, heading: str) -> list[list[str]]:
    """The rows of the first table whose header row starts with a cell; all tables of that name."""
    rows: list[list[str]] = []
    inside = False
    for line in path.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if not cells:
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and set(line) - set("|- "):
            rows.append(cells)
    return rows


def names(cells: str) -> list[str]:
    return CODE.findall(cells)


# ---- Links and paths ---------------------------------------------------------------------------


def test_every_relative_link_leads_to_a_file() -> None:
    links = [
        (path.relative_to(ROOT).as_posix(), target)
        for path in markdown_files()
        for target in LINK.findall(prose(path))
        if not re.match(r"[a-z]+:|#", target)
    ]
    broken = [
        (name, target)
        for name, target in links
        if not ((ROOT / name).parent / target.partition("#")[0]).exists()
    ]
    assert broken == []
    assert len(markdown_files()) >= 15
    assert len(links) >= 50


def looks_like_a_path(code: str) -> bool:
    """`docs/reading.md` or `coopdec_graph/graph/`: below a folder at the top, no placeholder."""
    below_top = code.startswith(tuple(f"{folder}/" for folder in TOP_FOLDERS))
    return below_top and re.fullmatch(r"[\w./-]+", code) is not None


def test_every_path_in_backticks_exists() -> None:
    paths = {
        (path.relative_to(ROOT).as_posix(), code)
        for path in GUIDES
        for code in CODE.findall(prose(path))
        if looks_like_a_path(code)
    }
    missing = {code for _, code in paths if not (ROOT / code).exists()}
    assert missing == TO_BE_WRITTEN
    assert len(paths) >= 35


def test_each_page_is_short_and_is_linked_from_another() -> None:
    pages = sorted(DOCS.glob("*.md"))
    texts = {path: path.read_text("utf-8") for path in GUIDES}
    # A table is looked up, not read: its rows may be as many as what it lists.
    read = {
        page.name: sum(not line.startswith("|") for line in texts[page].splitlines())
        for page in pages
    }
    assert [name for name, lines in read.items() if lines > 170] == []
    alone = [
        page.name
        for page in pages
        if not any(f"{page.name})" in text for other, text in texts.items() if other != page)
    ]
    assert alone == []
    assert len(pages) == 31


# ---- docs/reading.md ---------------------------------------------------------------------------


def test_the_catalogue_of_issues_is_documented() -> None:
    documented = {
        name: cells[1]
        for page in ("reading.md", "reading-iati.md", "mapping-files.md")
        for cells in table(DOCS / page, "Code")
        for name in names(cells[0])
    }
    assert documented == {code: str(kind.level) for code, kind in issue_kinds().items()}
    assert len(documented) >= 30


def ignore_calls() -> Iterator[tuple[ast.FunctionDef, ast.Call, dict[str, ast.FunctionDef]]]:
    """Each call of `….ignore(line, rule)` in a source, with its function and its neighbours."""
    for path in sorted((ROOT / "coopdec_graph" / "sources").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }
        for function in functions.values():
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "ignore"
                ):
                    yield function, node, functions


def texts_of(
    node: ast.expr, function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]
) -> set[str]:
    """Every text an expression can be. Raises AssertionError for one that is not understood."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return texts_of(node.body, function, functions) | texts_of(node.orelse, function, functions)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        made = functions[node.func.id]
        returned = [n.value for n in ast.walk(made) if isinstance(n, ast.Return) and n.value]
        return set().union(*(texts_of(value, made, functions) for value in returned))
    if isinstance(node, ast.Name):
        values = [
            n.value
            for n in ast.walk(function)
            if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == node.id
        ]
        assert values, ast.unparse(node)
        return set().union(*(texts_of(value, function, functions) for value in values))
    assert ast.unparse(node) == "section.label.field.replace('_', '-')", ast.unparse(node)
    return {label.field.replace("_", "-") for label in LABELS if label.kind is Kind.NOISE}


def rules_in_code() -> set[str]:
    found = set[str]()
    for function, call, functions in ignore_calls():
        found |= texts_of(call.args[1], function, functions)
    return found


def test_every_ignore_rule_is_documented() -> None:
    documented = [
        name
        for page in ("reading.md", "mapping-files.md")
        for cells in table(DOCS / page, "Rule")
        for name in names(cells[0])
    ]
    assert sorted(documented) == sorted(rules_in_code())
    assert len(documented) >= 14
    assert len(list(ignore_calls())) >= 10


def test_every_rule_that_leaves_out_of_an_iati_file_is_documented() -> None:
    rows = table(DOCS / "reading-iati.md", "Rule")
    assert [name for cells in rows for name in names(cells[0])] == list(map(str, Omission))


def test_the_rules_met_on_real_pages_are_documented() -> None:
    source = SOURCES["atlas"]
    readings = [source.read(document) for document in source.documents([ROOT / "data" / "atlas"])]
    met = {
        line.disposition.name
        for reading in readings
        for line in reading.lines
        if line.disposition.state is LineState.IGNORED
    }
    assert met - rules_in_code() == set()
    assert len(readings) == 8
    assert len(met) >= 12


# ---- docs/service.md ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The pages of the repository, built for a day so that statuses are computed."""
    options = BuildOptions(as_of=date(2026, 11, 23))
    out = tmp_path_factory.mktemp("build")
    return run([ROOT / "data" / "atlas"], out, options, lambda items, label, total: items).release


def test_every_named_graph_is_documented(release: Release) -> None:
    documented = {
        name.removesuffix("/KEY")
        for cells in table(DOCS / "model.md", "Graph")
        for name in names(cells[0])
    }
    text = release.quads.read_text("utf-8")
    graphs = set(re.findall(rf"<{DEFAULT_BASE}graph/([^>]+)> \.$", text, re.M))
    keyed = re.compile(r"/(?:atlas-\d+|[0-9a-z]{10})$")
    assert {keyed.sub("", graph) for graph in graphs} == documented
    assert len(documented) >= 7


def test_every_kind_of_identifier_is_documented(release: Release) -> None:
    rows = table(DOCS / "identifiers.md", "Thing")
    documented = {name.split("/")[0] for cells in rows for name in names(cells[1])}
    kinds = set(re.findall(rf"<{DEFAULT_BASE}id/([\w-]+)", release.quads.read_text("utf-8")))
    # What no page of the repository prints, and what only another programme has.
    elsewhere = {"activity", "allocation", "financial-item", "location", "related-activity"}
    elsewhere |= {"one-percent-levy", "other-identifier", "secondary-theme", "…"}
    assert documented - kinds == elsewhere
    assert kinds - documented == set()
    assert len(kinds) >= 13


def test_every_property_of_the_pages_is_documented(release: Release) -> None:
    text = (DOCS / "model.md").read_text("utf-8")
    ontology = (ROOT / "ontology" / "coopdec.ttl").read_text("utf-8")
    facts = re.compile(
        rf"^<[^>]+> <{CD}(\w+)> .*<{DEFAULT_BASE}graph/(?!vocabulary)[^>]+> \.$", re.M
    )
    used = set(facts.findall(release.quads.read_text("utf-8")))
    written = set(re.findall(r"`cd:(\w+)[` ]", text))
    assert used - written == set()
    assert [term for term in sorted(written) if f"\ncd:{term} a " not in ontology] == ["eligible"]
    assert len(used) >= 25
    assert len(written) >= 40


def test_the_limits_of_the_reader_are_documented() -> None:
    source = ROOT / "coopdec_graph" / "sources" / "atlas" / "source.toml"
    limits = tomllib.loads(source.read_text("utf-8"))["limits"]
    text = (DOCS / "reading.md").read_text("utf-8")
    shown = {
        name: f"{value:,}" if value > 9_999 or "row" in name else str(value)
        for name, value in limits.items()
    }
    assert [name for name, value in shown.items() if value not in text] == []
    assert len(shown) >= 4


@pytest.fixture(scope="module")
def routes(release: Release) -> set[str]:
    """The paths that OpenAPI describes."""
    engine = cast(Engine, SimpleNamespace(limits=Limits()))
    with closing(asyncio.new_event_loop()) as loop:
        paths = create_app(release, engine, loop, Options()).app.openapi()["paths"]
    # Each question of the catalogue is described apart (docs/questions.md).
    return {re.sub(r"^(/api/v1/questions)/.+", r"\1/{name}", path) for path in paths}


def test_every_route_is_documented(routes: set[str]) -> None:
    rows = table(DOCS / "service.md", "Route")
    documented = {name for cells in rows for name in names(cells[0])}
    assert documented == routes | {"/", "/docs", "/openapi.json", "/ready"}
    assert {"/def", "/shapes", "/sparql"} <= routes
    assert len(routes) >= 12


def test_every_question_and_its_parameters_are_documented() -> None:
    documented = {
        names(cells[0])[0]: (cells[1], re.sub(r"[` ]", "", cells[2]))
        for cells in table(DOCS / "questions.md", "Question")
    }
    assert documented == {
        question.name: (
            question.title.en,
            ",".join(
                parameter.name + ("*" if parameter.mode is Mode.REQUIRED else "")
                for parameter in question.parameters
            ),
        )
        for question in catalogue().values()
    }
    types = [names(cells[0])[0] for cells in table(DOCS / "questions.md", "Type")]
    assert types == sorted(ParameterKind)


def test_every_prefix_is_documented() -> None:
    documented = {
        names(cells[0])[0]: names(cells[1])[0] for cells in table(DOCS / "sparql.md", "Prefix")
    }
    assert documented == PREFIXES
    assert len(documented) == 25


def test_every_error_and_its_status_is_documented() -> None:
    rows = table(DOCS / "service.md", "Class")
    documented = [(names(cells[0])[0], int(cells[1])) for cells in rows]
    assert sorted(documented) == sorted((kind.__name__, status) for kind, status in STATUS.items())
    assert len(documented) >= 12


def test_every_limit_of_the_service_is_documented() -> None:
    text = (DOCS / "service.md").read_text("utf-8")
    limits = {}
    files = [
        *(ROOT / "coopdec_graph" / "service").glob("*.py"),
        ROOT / "coopdec_graph/graph/query.py",
    ]
    for path in files:
        for node in ast.parse(path.read_text("utf-8")).body:
            name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
            if re.match(r"_?MOST_", name):
                limits[f"{path.name} {name}"] = ast.literal_eval(node.value)
    assert [name for name, value in limits.items() if f"{value:,}" not in text] == []
    assert len(limits) >= 3
    of_a_query = Limits()
    shown = (
        f"{of_a_query.seconds:g} s",
        f"{of_a_query.memory // 1024**2:,} MiB",
        f"{of_a_query.rows:,}",
        f"{of_a_query.result_bytes // 1024**2:,} MiB",
        f"{of_a_query.query_bytes:,} bytes",
    )
    assert [value for value in shown if f"| {value}" not in text] == []


# ---- Commands ----------------------------------------------------------------------------------


def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(command).commands)


def test_every_command_and_option_is_documented() -> None:
    text = "\n".join(path.read_text("utf-8") for path in GUIDES)
    options = {
        (name, option)
        for name, found in commands().items()
        for parameter in found.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    assert [name for name in commands() if f"coopdec {name}" not in text] == []
    missing = [
        (name, option)
        for name, option in sorted(options)
        if re.search(re.escape(option) + r"(?![\w-])", text) is None
    ]
    assert missing == []
    assert len(commands()) == 12
    assert len(options) >= 14


def test_every_command_and_option_in_the_documentation_exists() -> None:
    known = {option for found in commands().values() for p in found.params for option in p.opts}
    calls = [
        code
        for path in GUIDES
        for code in [
            *CODE.findall(prose(path)),
            *re.findall(r"^    (coopdec .*)$", prose(path), re.M),
        ]
        if code.startswith("coopdec ") and not code.startswith("coopdec COMMAND")
    ]
    verbs = {call.split()[1] for call in calls}
    options = {option for call in calls for option in re.findall(r"--[a-z-]+", call)}
    assert verbs == set(commands())
    assert options - known == set()
    assert len(calls) >= 12


# ---- The pages themselves ----------------------------------------------------------------------


def test_the_changelog_has_its_two_parts_for_each_release() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.findall(r"^## (\d+\.\d+\.\d+) — (\d{4}-\d{2}-\d{2})$", text, re.M)
    assert releases[-1] == ("0.1.0", "2026-11-23")
    parts = [part.split("\n## ")[0] for part in re.split(r"^## \d.*$", text, flags=re.M)[1:]]
    assert len(parts) == len(releases)
    for part in parts:
        assert re.findall(r"^### (.+)$", part, re.M) == ["Data model", "Software"]


def test_no_page_names_a_mailbox() -> None:
    found = [
        (path.name, text)
        for path in markdown_files()
        for text in re.findall(r"[\w.+-]+@[\w-]+\.\w+", path.read_text("utf-8"))
    ]
    assert found == []
