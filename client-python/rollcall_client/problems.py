"""Errors of failed requests."""

from __future__ import annotations

import json
from typing import Any


class RollcallError(Exception):
    """A failed request."""

    #: Whether the same request may succeed later.
    passes: bool = False


class RollcallProblem(RollcallError):
    """The api refused, with an RFC 9457 problem document. Its text is the api's sentence."""

    def __init__(self, told: dict[str, Any], status: int) -> None:
        super().__init__(told["detail"])
        #: Stable; the documentation of each operation lists its codes.
        self.code: str = told["code"]
        self.status = status
        self.title: str | None = told.get("title")
        #: Path of the faulty field: ``labels.pool``.
        self.field: str | None = told.get("field")
        #: The remedy.
        self.hint: str | None = told.get("hint")
        #: Identifies the request in the api's log.
        self.request_id: str | None = (told.get("instance") or "").removeprefix("urn:uuid:") or None
        self.trace_id: str | None = told.get("traceId")
        self.passes = status in (429, 503)


class RollcallUnreachable(RollcallError):
    """No api answered: there was no answer, or one of something before the api."""

    passes = True

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        #: Status of the answer of something else, if there was one.
        self.status = status


def told_problem(body: bytes) -> dict[str, Any] | None:
    """The problem document in a body; None if it is something else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    texts = {name: value for name, value in told.items() if isinstance(value, str)}
    return texts if "code" in texts and "detail" in texts else None


def error_of(status: int, body: bytes) -> RollcallError:
    """The error for an answer."""
    told = told_problem(body)
    if told is not None:
        return RollcallProblem(told, status)
    return no_api(status)


def no_api(status: int) -> RollcallUnreachable:
    """The error of an answer that no api gives."""
    return RollcallUnreachable(f"something that is no api answered with status {status}", status)
