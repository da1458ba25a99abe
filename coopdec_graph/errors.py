"""What can go wrong, as a tree. Each class says whether the work stops or one record is skipped.

CoopdecError
├── UsageError           stop: the command or request is wrong          exit 2
├── PageUnreadable       skip: this page cannot be read at all
├── RegistryError        stop: the registry of identifiers is damaged   exit 1
├── BuildRefused         stop: nothing was published                    exit 1
├── ExportRefused        stop: nothing was written                      exit 1
├── PersonalDataFound    stop: the last scan before publishing failed   exit 1
├── RdfUnreadable        skip: a file to validate does not parse        exit 1
├── ValidationEngineError  stop: the shapes or their engine failed      exit 1
├── ReleaseError         stop: no published graph to serve              exit 2
└── QueryError
    ├── QuerySyntaxError    the query does not parse                    exit 2, HTTP 400
    ├── QueryForbidden      the query asks for what we never do         exit 2, HTTP 403
    ├── UpdateRefused       the query is an update                      exit 2, HTTP 400
    ├── NoFormat            no format was chosen for such a result      exit 2, HTTP 406
    ├── QueryTooSlow        the time limit was reached                  exit 1, HTTP 504
    ├── QueryTooBig         the memory limit was reached                exit 1, HTTP 507
    ├── ResultTooBig        the result has too many rows or bytes       exit 1, HTTP 507
    ├── Overloaded          too many queries are waiting                exit 1, HTTP 503
    ├── EngineBroken        the engine or a remote store failed         exit 1, HTTP 502
    └── QueryFailed         the engine gave up                          exit 1, HTTP 500

PersonalDataFound, RdfUnreadable and ValidationEngineError live beside the only code that raises
them; what only HTTP knows (no such address, no such format) is in `service/problems.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from coopdec_graph.language import Bilingual, Language

__all__ = [
    "BuildRefused",
    "CoopdecError",
    "EngineBroken",
    "ExportRefused",
    "NoFormat",
    "Overloaded",
    "PageUnreadable",
    "QueryError",
    "QueryFailed",
    "QueryForbidden",
    "QuerySyntaxError",
    "QueryTooBig",
    "QueryTooSlow",
    "RegistryError",
    "ReleaseError",
    "ResultTooBig",
    "UpdateRefused",
    "UsageError",
]


class CoopdecError(Exception):
    """Root of every error we raise on purpose; carries its message in both languages."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: Bilingual, **values: object) -> None:
        self.message = message
        self.values = values
        self.details: Mapping[str, object] = {}
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        return self.message.text(language, **self.values)

    def detailed(self, details: Mapping[str, object]) -> Self:
        """The same error, with what else a program may want to know, ready for JSON."""
        self.details = details
        return self


class UsageError(CoopdecError):
    """The command line or request cannot be carried out as written."""

    exit_code = 2


class PageUnreadable(CoopdecError):
    """A page that cannot be read at all; `code` names the entry of the issue catalogue."""

    def __init__(self, code: str, message: Bilingual, **values: object) -> None:
        self.code = code
        super().__init__(message, **values)


class RegistryError(CoopdecError):
    """The registry of minted identifiers contradicts itself or cannot be parsed."""


class BuildRefused(CoopdecError):
    """No record could be published, or `--strict` met a refused one."""


class ExportRefused(CoopdecError):
    """Nothing could be exported, or `--strict` met an activity that could not."""


class ReleaseError(CoopdecError):
    """The folder holds no published graph."""

    exit_code = 2


class QueryError(CoopdecError):
    """A query that cannot be answered."""

    exit_code = 2


class QuerySyntaxError(QueryError):
    """The query is not valid SPARQL 1.1."""


class QueryForbidden(QueryError):
    """The query would make us call another host."""


class UpdateRefused(QueryError):
    """An update, where only queries are answered."""


class QueryFailed(QueryError):
    """The engine stopped on a query it had accepted."""

    exit_code = 1


class NoFormat(QueryError):
    """The query has a form of result that the client named no format for."""


class QueryTooSlow(QueryError):
    """The time limit was reached; the work was stopped."""

    exit_code = 1


class QueryTooBig(QueryError):
    """The query needs more memory, or a deeper stack, than one query may have."""

    exit_code = 1


class ResultTooBig(QueryError):
    """The result has more rows or bytes than one answer may have."""

    exit_code = 1


class Overloaded(QueryError):
    """Too many queries are waiting; `seconds` later there may be room."""

    seconds: ClassVar[int] = 2
    exit_code = 1


class EngineBroken(QueryError):
    """The engine failed, or a remote store did; the query may be fine."""

    exit_code = 1
