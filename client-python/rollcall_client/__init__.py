"""The Python client of Rollcall's API: the standard library alone, a method and types for each operation."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from . import types_gen as types
from .events import FollowedEvent
from .operations_gen import Operations
from .pages import items, pages
from .problems import RollcallError, RollcallProblem, RollcallUnreachable
from .transport import Transport

__all__ = [
    "FollowedEvent",
    "Rollcall",
    "RollcallError",
    "RollcallProblem",
    "RollcallUnreachable",
    "items",
    "pages",
    "types",
]


class Rollcall(Operations):
    """A cluster, spoken to by one api token. Nothing is asked yet."""

    def __init__(
        self,
        server: str,
        token: str | Callable[[], str],
        *,
        attempts: int = 5,
        within: float = 60.0,
        timeout: float = 90.0,
        user_agent: str = "rollcall-client-python",
        context: ssl.SSLContext | None = None,
    ) -> None:
        """
        server: where the api is, as ``https://rollcall.example``
        attempts: how often a request is sent at most; 1: it is never repeated
        within: no attempt is begun later than this after the first, in seconds
        timeout: an answer of which nothing comes for longer is given up, in seconds; who waits for a session waits for up to 60
        context: which certificates are accepted, where that is not what the system accepts
        """
        self._transport = Transport(
            server, token, attempts=attempts, within=within, timeout=timeout, user_agent=user_agent, context=context
        )
