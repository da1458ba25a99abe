"""What whoever runs the service decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from coopdec_graph.engines.base import Limits
from coopdec_graph.engines.remote.configuration import RemoteStore
from coopdec_graph.federation.allow_list import AllowList

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """`federation` names the endpoints that SERVICE may call: none. `token` opens the routes of
    administrators; without one there are none. `remote` is the store that answers in place of the
    embedded engine, once the release is published to it."""

    limits: Limits = field(default_factory=Limits)
    federation: AllowList = field(default_factory=AllowList)
    token: str | None = field(default=None, repr=False)
    remote: RemoteStore | None = None
