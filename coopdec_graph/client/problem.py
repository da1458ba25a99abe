"""The one error of the client: a problem document (RFC 9457), wherever the answer came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual, Language

__all__ = ["Problem", "in_problems", "own_problem"]


class Problem(Exception):
    """What was asked has no answer; the text says why, in French or English.

    `document` is all that the service says. `status` is None where no service answered at all.
    """

    def __init__(self, document: Mapping[str, object]) -> None:
        self.document = dict(document)
        super().__init__(self.detail or self.title)

    @property
    def status(self) -> int | None:
        """The HTTP status, also of what was asked of a folder."""
        found = self.document.get("status")
        return found if isinstance(found, int) else None

    @property
    def title(self) -> str:
        return str(self.document.get("title", ""))

    @property
    def detail(self) -> str:
        return str(self.document.get("detail", ""))

    @property
    def code(self) -> str:
        """The kind of error, one of those in docs/service.md."""
        return str(self.document.get("code", ""))

    @property
    def nearest(self) -> list[str]:
        """What may have been meant by a wrong name or value."""
        return self._texts("nearest")

    @property
    def offered(self) -> list[str]:
        """What may be written instead, where there are few values."""
        return self._texts("offered")

    def _texts(self, member: str) -> list[str]:
        found = self.document.get(member)
        return [str(text) for text in found] if isinstance(found, list) else []


@contextmanager
def in_problems(language: Language, path: str = "") -> Iterator[None]:
    """Turns our errors into problems, as the service does at the address `path`."""
    # The service's framework is not needed to talk to a host.
    from coopdec_graph.service.problems import problem_document

    try:
        yield
    except CoopdecError as error:
        raise Problem(problem_document(error, language, path)) from None


def own_problem(
    code: str, message: Bilingual, language: Language, status: int | None = None, **values: object
) -> Problem:
    """A problem that the client itself found."""
    document: dict[str, object] = {"type": "about:blank", "code": code, "status": status}
    return Problem({**document, "detail": message.text(language, **values)})
