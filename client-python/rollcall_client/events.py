"""Follows events over server-sent events, and reconnects."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple, cast

from .problems import RollcallError, no_api
from .transport import Transport
from .types_gen import NodeEvent

#: Timeout of the stream: the api sends something at least every 15 s.
SILENT_S = 45.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0


class FollowedEvent(NamedTuple):
    """An event, and the reader's position after it."""

    event: NodeEvent
    #: For ``last_event_id``, to continue after this event later.
    position: str


def follow(
    transport: Transport,
    path: str,
    query: dict[str, Any],
    last_event_id: str,
    on_reset: Callable[[], None] | None,
    on_trouble: Callable[[RollcallError], None] | None,
) -> Iterator[FollowedEvent]:
    """Never ends by itself: a broken connection is reopened, without missing events that the api still has.

    Raises a RollcallError if the api refuses, or cannot be reached at the start.
    """
    position, is_known, is_told_of, tries = last_event_id, False, False, 0
    while True:
        try:
            headers = {"Last-Event-ID": position} if position else {}
            with transport.stream(path, query, headers, SILENT_S) as stream:
                is_known, is_told_of, tries = True, False, 0
                for kind, position, data in _messages(stream, position):
                    if kind == "reset" and on_reset is not None:
                        on_reset()
                    elif kind == "node":
                        yield FollowedEvent(_event(data), position)
        except RollcallError as refusal:
            if not is_known or not refusal.passes:
                raise
            if on_trouble is not None and not is_told_of:
                on_trouble(refusal)
            is_told_of = True
        except (OSError, http.client.HTTPException):
            # The connection broke, or was silent for too long.
            pass
        time.sleep(min(FIRST_PAUSE_S * 2**tries, LONGEST_PAUSE_S))
        tries += 1


def _event(data: str) -> NodeEvent:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as why:
        raise no_api(200) from why
    if not isinstance(event, dict):
        raise no_api(200)
    return cast(NodeEvent, event)


def _messages(stream: IO[bytes], position: str) -> Iterator[tuple[str, str, str]]:
    """Kind, position and data of each message; one without data only moves the position."""
    kind = ""
    data: list[str] = []
    for line in stream:
        text = line.decode(errors="replace").rstrip("\r\n")
        field, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if text == "":
            yield kind, position, "\n".join(data)
            kind, data = "", []
        elif field == "event":
            kind = value
        elif field == "id":
            position = value
        elif field == "data":
            data.append(value)
