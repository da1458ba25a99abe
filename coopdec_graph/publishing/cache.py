"""Built and validated records of earlier builds, so that a build redoes only what changed.

An entry is named by everything its content depends on; a wrong or damaged one is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from coopdec_graph.parallel import in_processes
from coopdec_graph.resources import resource_folder

__all__ = ["Cache", "software_digest"]

_PACKAGE = Path(__file__).parents[1]
_ENTRY = re.compile(r"[0-9a-f]{64}\.json")

_Item = TypeVar("_Item")
Value = Mapping[str, object]
_ENGINES = ("pyshacl", "rdflib", "pyoxigraph", "lxml")


@cache
def software_digest() -> str:
    """SHA-256 over the code, vocabulary, shapes and reference data that a build depends on."""
    digest = hashlib.sha256()
    for engine in _ENGINES:
        digest.update(f"{engine} {version(engine)}\n".encode())
    for root, pattern in (
        (_PACKAGE, "**/*.py"),
        (_PACKAGE, "**/*.toml"),
        (_PACKAGE, "**/*.rq"),
        (resource_folder("ontology"), "*.ttl"),
        (resource_folder("ontology"), "alignments/*.ttl"),
        (resource_folder("ontology"), "lists/*.ttl"),
        (resource_folder("shapes"), "*.ttl"),
        (resource_folder("data/reference"), "*.csv"),
        (resource_folder("data/reference"), "*.zip"),
        (resource_folder("data/reference"), "iati/*.csv"),
        (resource_folder("data/reference"), "iati/*/*.json"),
        (resource_folder("data/reference"), "iati/*/*/*.xsd"),
    ):
        for path in sorted(root.glob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Cache:
    """JSON values by the facts they were made from. What a build does not ask for is removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: set[str] = set()

    def values(
        self,
        make: Callable[[_Item], Value],
        items: Sequence[_Item],
        facts: Callable[[_Item], tuple[str, ...]],
    ) -> Iterator[Value]:
        """The value of each item, in order: kept from an earlier build, or made now.

        `facts` are all that a value depends on besides the software. What is missing is made in
        several processes when there is much of it, and kept as soon as it is there. Items are taken
        one by one, several times.
        """
        paths = [self._path(facts(item)) for item in items]
        missing = [position for position, path in enumerate(paths) if not path.exists()]
        made = in_processes(make, (items[position] for position in missing), len(missing))
        unmade = set(missing)
        for position, path in enumerate(paths):
            kept = None if position in unmade else _load(path)
            if kept is not None:
                yield kept
                continue
            value = next(made) if position in unmade else make(items[position])
            self._save(path, value)
            yield value

    def _path(self, facts: tuple[str, ...]) -> Path:
        digest = hashlib.sha256(repr((software_digest(), *facts)).encode("utf-8", "replace"))
        name = f"{digest.hexdigest()}.json"
        self._asked.add(name)
        return self._folder / name

    def _save(self, path: Path, value: Value) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        draft.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        draft.replace(path)

    def prune(self) -> None:
        """Removes the entries this build did not ask for, and no other file."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if _ENTRY.fullmatch(path.name) and path.name not in self._asked:
                    path.unlink(missing_ok=True)


def _load(path: Path) -> Value | None:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
