"""A folder of releases, one of them current.

    DIR/current        a link to the release that is served
    DIR/releases/ID/   graph.nq, issues.jsonl, manifest.json, store/, index.sqlite
    DIR/cache/         validated records of earlier builds, by content
    DIR/registry.csv   identifiers minted here, unless another file is named

A release never changes once its folder has its final name. Its identifier is drawn from its
content, so the same input gives the same release. `store/` and `index.sqlite` are made from
graph.nq; every other file is byte for byte reproducible.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from coopdec_graph.errors import ReleaseError, UsageError
from coopdec_graph.graph.store import create_store, open_store
from coopdec_graph.index.building import build_index
from coopdec_graph.index.reading import is_index
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.contents import Content, measured

__all__ = ["FolderBusy", "Release", "Releases"]

_KEPT = 3
_ID = re.compile(r"[0-9a-f]{16}")
# What a killed build can leave behind.
_LEFTOVERS = (".draft-*", ".*.draft", "cache/*.draft")

_NONE = Bilingual(
    "« {path} » ne contient pas de graphe publié. Lancez d'abord : coopdec build PAGES --out {path}",
    "“{path}” holds no published graph. First run: coopdec build PAGES --out {path}",
)
_BUSY = Bilingual(
    "Une autre construction écrit déjà dans « {path} ». Attendez qu'elle finisse.",
    "Another build is already writing to “{path}”. Wait for it to end.",
)
_UNWRITABLE = Bilingual(
    "Impossible d'écrire dans « {path} » : {reason}.",
    "Cannot write to “{path}”: {reason}.",
)


class FolderBusy(UsageError):
    """Another build writes to the folder."""


@dataclass(frozen=True, slots=True)
class Release:
    """One published graph."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def index(self) -> Path:
        return self.folder / "index.sqlite"

    @property
    def quads(self) -> Path:
        return self.folder / "graph.nq"

    def manifest(self) -> Mapping[str, object]:
        """What was built, from what; see `Releases.publish`."""
        loaded: Mapping[str, object] = json.loads(
            (self.folder / "manifest.json").read_text("utf-8")
        )
        return loaded

    def issues(self) -> list[Mapping[str, object]]:
        """Every doubt about its pages, the refused ones too: the lines of issues.jsonl."""
        text = (self.folder / "issues.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the release from being removed while it is served."""
        with (self.folder / "manifest.json").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def is_whole(self) -> bool:
        """Whether each file of the manifest is there with its size, and the store is complete."""
        try:
            files = cast(Mapping[str, Mapping[str, int]], self.manifest()["files"])
            sizes = {name: (self.folder / name).stat().st_size for name in files}
        except (OSError, ValueError, KeyError):
            return False
        complete = (self.store / "CURRENT").exists() and is_index(self.index)
        return complete and all(sizes[name] == facts["bytes"] for name, facts in files.items())

    def in_use(self) -> bool:
        """Whether a server holds it; what has no manifest cannot be served."""
        try:
            file = (self.folder / "manifest.json").open("rb")
        except FileNotFoundError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


class Releases:
    """The releases below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._link = folder / "current"
        self._next = folder / ".current.next"

    def current(self) -> Release:
        """The release that is served. Raises ReleaseError when nothing was ever published."""
        release = Release(Path(os.path.realpath(self._link)))
        if not self._link.is_symlink() or not release.store.is_dir():
            raise ReleaseError(_NONE, path=self.folder)
        return release

    def current_if_built_from(self, inputs: str) -> Release | None:
        """The current release when it was built from these very inputs."""
        try:
            release = self.current()
            same = release.manifest().get("inputs") == inputs
        except (ReleaseError, OSError, ValueError):
            return None
        return release if same and release.is_whole() else None

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Only one build writes at a time; what a killed build left behind is cleared first.

        Gives a folder to write drafts in, beside the releases; it is removed at the end.
        Raises UsageError when another build writes, or the system refuses a write.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("wb")
        except OSError as error:
            raise UsageError(_UNWRITABLE, path=self.folder, reason=error.strerror) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderBusy(_BUSY, path=self.folder) from None
            self._clear()
            try:
                work = self.folder / f".draft-{os.getpid()}-work"
                work.mkdir()
                yield work
            except OSError as error:
                path, reason = error.filename or self.folder, error.strerror or str(error)
                raise UsageError(_UNWRITABLE, path=path, reason=reason) from None
            finally:
                self._clear()

    def _clear(self) -> None:
        self._next.unlink(missing_ok=True)
        for left in (path for pattern in _LEFTOVERS for path in self.folder.glob(pattern)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    def publish(self, files: Mapping[str, Content], facts: Mapping[str, object]) -> Release:
        """Writes a release and makes it the current one, in one step at the very end.

        `files` must hold `graph.nq`; `facts` become the manifest, with the size and SHA-256 of
        each file. A file of the folder that `writing` gave is taken as it is. A crash at any moment
        leaves the previous release current and whole.
        """
        manifest = _manifest(files, facts)
        release = Release(self.folder / "releases" / _digest(manifest)[:16])
        if not release.is_whole():
            self._write(release, {**files, "manifest.json": manifest})
        self._switch(release)
        self._prune(release)
        return release

    def _write(self, release: Release, files: Mapping[str, Content]) -> None:
        draft = self.folder / f".draft-{os.getpid()}"
        draft.mkdir()
        for name, content in files.items():
            _write_synced(draft / name, content)
        create_store(draft / "graph.nq", draft / "store")
        build_index(open_store(draft / "store"), draft / "index.sqlite")
        _sync_folder(draft)
        release.folder.parent.mkdir(exist_ok=True)
        if release.folder.exists():
            self._remove(release.folder)
        draft.rename(release.folder)
        _sync_folder(release.folder.parent)

    def _switch(self, release: Release) -> None:
        self._next.unlink(missing_ok=True)
        self._next.symlink_to(Path("releases") / release.id)
        self._next.replace(self._link)
        os.utime(release.folder)
        _sync_folder(self.folder)

    def _prune(self, current: Release) -> None:
        """Removes old releases but the last few and any that a server still holds; only those."""
        releases = (self.folder / "releases").iterdir()
        folders = sorted(
            (path for path in releases if _ID.fullmatch(path.name)),
            key=lambda path: path.stat().st_mtime,
            reverse=True,
        )
        for folder in folders[_KEPT:]:
            old = Release(folder)
            if folder != current.folder and not old.in_use():
                self._remove(folder)

    def _remove(self, folder: Path) -> None:
        """Set aside in one step first: a half removed release must not pass for a whole one."""
        aside = self.folder / f".draft-{os.getpid()}-{folder.name}"
        folder.rename(aside)
        shutil.rmtree(aside)


def _manifest(files: Mapping[str, Content], facts: Mapping[str, object]) -> bytes:
    described = {name: asdict(measured(content)) for name, content in sorted(files.items())}
    lines = {name: facts_of_file.pop("lines") for name, facts_of_file in described.items()}
    whole = {**facts, "quads": lines["graph.nq"], "files": described}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_synced(path: Path, content: Content) -> None:
    if isinstance(content, Path):
        content.rename(path)
    with path.open("ab") as file:
        if isinstance(content, bytes):
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
