"""HTTP requests with retries."""

from __future__ import annotations

import email.utils
import http.client
import json
import random
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from typing import IO, Any

from .problems import RollcallUnreachable, error_of, no_api, told_problem

#: The api answers with these before it does anything, or after undoing what it did.
REFUSED_FOR_NOW = (429, 503)
#: Proxies before the api answer with these when they cannot know what it did.
UNKNOWN_OUTCOME = (500, 502, 504)
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
#: Maximum size of an answer in place of a stream, in bytes.
LONGEST_REFUSAL = 1_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: the token is for this address, and a redirected change would become a read."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


class Answer:
    """An answer of any status."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Transport:
    """Sends requests to one api with one api token."""

    def __init__(
        self,
        server: str,
        token: str | Callable[[], str],
        *,
        attempts: int,
        within: float,
        timeout: float,
        user_agent: str,
        context: ssl.SSLContext | None,
    ) -> None:
        self._server = server.rstrip("/")
        self._token = token
        self._attempts = attempts
        self._within = within
        self._timeout = timeout
        self._user_agent = user_agent
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        key: str | None = None,
        reads: type = dict,
        values: dict[str, str] | None = None,
    ) -> Any:
        """Returns the data of the answer. A changing request has one Idempotency-Key for all attempts."""
        for name, value in (values or {}).items():
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
        is_read = method == "GET"
        headers = {} if is_read else {"Idempotency-Key": key or str(uuid.uuid4())}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        answer = self._repeated(lambda: self._request(method, path, query or {}, headers, sent), is_read)
        if not 200 <= answer.status < 300:
            raise error_of(answer.status, answer.body)
        if reads is bytes:
            return answer.body
        try:
            if reads is str:
                return answer.body.decode()
            return json.loads(answer.body) if answer.body else None
        except (ValueError, RecursionError) as why:
            raise no_api(answer.status) from why

    def stream(self, path: str, query: dict[str, Any], headers: dict[str, str], timeout: float) -> IO[bytes]:
        """Opens a streaming answer. Nothing is retried."""
        request = self._request("GET", path, query, {**headers, "Accept": "text/event-stream"}, None)
        try:
            response = self._open(request, timeout)
            if response.status == 200 and response.headers.get_content_type() == "text/event-stream":
                stream: IO[bytes] = response
                return stream
            with response:
                raise error_of(response.status, response.read(LONGEST_REFUSAL))
        except (OSError, http.client.HTTPException) as why:
            raise RollcallUnreachable(f"the api does not answer: {why}") from why

    def _open(self, request: urllib.request.Request, timeout: float) -> Any:
        """An answer of any status."""
        try:
            return self._opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as refusal:
            return refusal

    def _request(
        self, method: str, path: str, query: dict[str, Any], headers: dict[str, str], body: bytes | None
    ) -> urllib.request.Request:
        wanted = {name: _written(value) for name, value in query.items() if value is not None}
        text = urllib.parse.urlencode(wanted, doseq=True)
        request = urllib.request.Request(f"{self._server}{path}{'?' if text else ''}{text}", body, method=method)
        token = self._token if isinstance(self._token, str) else self._token()
        for name, value in {"Authorization": f"Bearer {token}", "User-Agent": self._user_agent, **headers}.items():
            request.add_header(name, value)
        return request

    def _repeated(self, made: Callable[[], urllib.request.Request], is_read: bool) -> Answer:
        until = time.monotonic() + self._within
        attempt = 1
        while True:
            outcome = self._attempted(made())
            pause = _pause_after(outcome, is_read, attempt)
            if pause is None or attempt >= self._attempts or time.monotonic() + pause > until:
                if isinstance(outcome, RollcallUnreachable):
                    raise outcome
                return outcome
            time.sleep(pause)
            attempt += 1

    def _attempted(self, request: urllib.request.Request) -> Answer | RollcallUnreachable:
        try:
            with self._open(request, self._timeout) as response:
                return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as why:
            failure = RollcallUnreachable(f"the api does not answer: {why}")
            failure.__cause__ = why
            return failure


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _pause_after(outcome: Answer | RollcallUnreachable, is_read: bool, attempt: int) -> float | None:
    """Seconds to wait before the next attempt; None if another one is useless, or might execute the request twice."""
    most: float = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
    # Jitter, so that clients that failed together do not come back together.
    backoff = most * (0.5 + random.random() / 2)
    if isinstance(outcome, RollcallUnreachable):
        return backoff
    is_worthwhile = (
        outcome.status in REFUSED_FOR_NOW
        or (is_read and outcome.status in UNKNOWN_OUTCOME)
        # Only this request has the key, so its first attempt is still under way.
        or (attempt > 1 and outcome.status == 409 and _is_key_in_use(outcome))
    )
    if not is_worthwhile:
        return None
    asked: float | None = retry_after(outcome.headers.get("Retry-After"))
    return backoff if asked is None else asked


def _is_key_in_use(outcome: Answer) -> bool:
    return (told_problem(outcome.body) or {}).get("code") == "IDEMPOTENCY_KEY_REUSED"


def retry_after(header: str | None) -> float | None:
    """The wait of a Retry-After header (RFC 9110: seconds, or a date) in seconds; None if it is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at: float = email.utils.parsedate_to_datetime(text).timestamp()
        return max(0.0, at - time.time())
    except (OverflowError, TypeError, ValueError):
        return None
