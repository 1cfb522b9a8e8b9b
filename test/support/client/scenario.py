"""What scenario.mjs does, by the Python client. It prints what it saw as one line of JSON."""

import json
import os
import re
from collections.abc import Callable

from rollcall_client import Rollcall, RollcallError, RollcallProblem, pages

server, token, prefix, position = (os.environ[name] for name in ("SERVER", "TOKEN", "PREFIX", "POSITION"))
label = f"pool={prefix}"
rollcall = Rollcall(server, token)

made = [
    rollcall.create_node(body={"name": f"{prefix}-{number}", "labels": {"pool": prefix}})["node"]["id"]
    for number in (1, 2, 3)
]

first, second = (
    rollcall.create_node(body={"name": f"{prefix}-4"}, idempotency_key=f"{prefix}-4")["bootstrapToken"]
    for _ in range(2)
)

sizes = [len(page) for page in pages(rollcall.list_nodes, limit=2, label=label)]
ids = [node["id"] for node in rollcall.iter_nodes(label=label)]

approved, repeated = (
    rollcall.approve_node(
        f"{prefix}-joined", body={"reason": "it was ordered"}, idempotency_key=f"{prefix}-approve"
    )
    for _ in range(2)
)

one = next(rollcall.events(type="SlotCreated", label=label, last_event_id=position))
other = next(rollcall.events(type="SlotCreated", label=label, last_event_id=one.position))


def refusal_of(call: Callable[[], object]) -> dict[str, object] | str | None:
    try:
        call()
    except RollcallProblem as problem:
        return {
            "name": type(problem).__name__,
            "code": problem.code,
            "status": problem.status,
            "field": problem.field,
            "isNamed": re.fullmatch("[0-9a-f-]{36}", problem.request_id or "") is not None,
        }
    except RollcallError as error:
        return type(error).__name__
    return None


print(
    json.dumps(
        {
            "made": made,
            "isSameAnswer": first == second,
            "sizes": sizes,
            "ids": ids,
            "approval": approved["node"]["approval"]["value"],
            "isSameDecision": approved["node"]["decision"]["seq"] == repeated["node"]["decision"]["seq"],
            "events": [f"{followed.event['type']} {followed.event['node']}" for followed in (one, other)],
            "missing": refusal_of(lambda: rollcall.get_node(f"{prefix}-none")),
            "malformed": refusal_of(lambda: rollcall.create_node(body={"name": "Not A Name"})),
            "away": refusal_of(Rollcall("http://127.0.0.1:9", token, attempts=1).get_cluster),
        }
    )
)
