"""Iteration over paginated answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def pages(method: Callable[..., Any], *path: str, **query: Any) -> Iterator[list[Any]]:
    """The items of each page, in the api's order: ``pages(rollcall.list_nodes, limit=500, label="pool=a")``."""
    cursor: str | None = None
    while True:
        page = method(*path, cursor=cursor, **query)
        yield page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            return


def items(method: Callable[..., Any], *path: str, **query: Any) -> Iterator[Any]:
    """The items of all pages, one after the other."""
    for page in pages(method, *path, **{"limit": 1_000, **query}):
        yield from page
