"""What is known not to pass: `skips.toml`, one reason for each test."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.w3c.suite import Case

__all__ = ["FAILS", "FOLDERS", "SPELLING", "expected"]

_LISTS = tomllib.loads(Path(__file__).with_name("skips.toml").read_text("utf-8"))
FOLDERS: dict[str, str] = _LISTS["folders"]
FAILS: dict[str, str] = {**_LISTS["engine"], **_LISTS["protocol"]}
SPELLING: dict[str, str] = _LISTS["spelling"]


def expected(cases: Iterable[Case]) -> list[object]:
    """One pytest parameter per test. A listed one runs and must fail; if it passes, that fails."""
    return [pytest.param(case, id=case.id, marks=_marks(case)) for case in cases]


def _marks(case: Case) -> list[pytest.MarkDecorator]:
    if case.folder in FOLDERS:
        return [pytest.mark.skip(reason=f"{case.folder}/: {FOLDERS[case.folder]}")]
    if case.id in FAILS:
        # Only a wrong answer is expected: any other trouble of such a test is still seen.
        reason = FAILS[case.id]
        return [pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)]
    return []
