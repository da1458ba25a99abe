"""How many tests the suite has, so that none goes missing; and that each skip names a real one."""

from __future__ import annotations

from collections import Counter

from tests.w3c.skips import FAILS, FOLDERS, SPELLING
from tests.w3c.suite import cases

CASES = cases()


def test_every_test_of_the_suite_is_collected():
    assert Counter(case.kind for case in CASES) == {
        "QueryEvaluationTest": 309,
        "CSVResultFormatTest": 3,
        "PositiveSyntaxTest11": 66,
        "NegativeSyntaxTest11": 48,
        "UpdateEvaluationTest": 94,
        "PositiveUpdateSyntaxTest11": 42,
        "NegativeUpdateSyntaxTest11": 13,
        "ProtocolTest": 34,
        "GraphStoreProtocolTest": 13,
        "ServiceDescriptionTest": 3,
    }
    assert len({case.id for case in CASES}) == len(CASES) == 625


def test_the_tests_of_every_folder_are_collected():
    assert Counter(case.folder for case in CASES) == {
        "add": 8,
        "aggregates": 47,
        "basic-update": 13,
        "bind": 10,
        "bindings": 11,
        "cast": 6,
        "clear": 4,
        "construct": 7,
        "copy": 6,
        "csv-tsv-res": 6,
        "delete": 19,
        "delete-data": 6,
        "delete-insert": 17,
        "delete-where": 6,
        "drop": 4,
        "entailment": 70,
        "exists": 6,
        "functions": 75,
        "graph-store-protocol": 13,
        "grouping": 6,
        "json-res": 4,
        "move": 6,
        "negation": 12,
        "project-expression": 7,
        "property-path": 33,
        "protocol": 34,
        "service": 7,
        "service-description": 3,
        "subquery": 14,
        "syntax-fed": 3,
        "syntax-query": 94,
        "syntax-update-1": 54,
        "syntax-update-2": 1,
        "update-silent": 13,
    }


def test_every_skip_names_a_test_and_says_why():
    """That a listed test still fails is seen where it runs: it fails when it passes."""
    ids = {case.id for case in CASES}
    assert [id for id in (*FAILS, *SPELLING) if id not in ids] == []
    assert set(FAILS) & set(SPELLING) == set()
    assert set(FOLDERS) <= {case.folder for case in CASES}
    assert (len(FAILS), len(SPELLING), len(FOLDERS)) == (18, 20, 1)
    reasons = (*FAILS.values(), *SPELLING.values(), *FOLDERS.values())
    assert [reason for reason in reasons if len(reason) < 20 or "\n" in reason] == []
