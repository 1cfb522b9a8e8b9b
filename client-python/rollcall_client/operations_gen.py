# Generated from openapi.json by scripts/python-client.mjs: do not edit, run `npm run openapi`.
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from .events import FollowedEvent, follow
from .pages import items
from .problems import RollcallError
from .transport import Transport
from .types_gen import *


class Operations:
    """One method for each operation of the api: it returns the data of the answer, and raises a RollcallError."""

    _transport: Transport

    def create_node(self, *, body: CreateNodeRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateNodeResponse:
        """Make a slot for a new node, with the bootstrap token that its agent joins with.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NAME_TAKEN, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateNodeResponse = self._transport.call("POST", "/v1/nodes", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_nodes(self, *, limit: int | None = None, cursor: str | None = None, id: str | list[str] | None = None, approval: Literal["PENDING", "APPROVED", "REJECTED"] | list[Literal["PENDING", "APPROVED", "REJECTED"]] | None = None, liveness: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | list[Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]] | None = None, phase: Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"] | list[Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"]] | None = None, type: Literal["Compute", "Requester"] | list[Literal["Compute", "Requester"]] | None = None, label: str | list[str] | None = None, q: str | None = None, warning: Literal["true"] | None = None, stopped: Literal["true"] | None = None, outdated: Literal["true"] | None = None, attention: Literal["lost", "overdue", "copied", "lateDrain", "unfit", "unapplied", "pending"] | list[Literal["lost", "overdue", "copied", "lateDrain", "unfit", "unapplied", "pending"]] | None = None, condition: str | list[str] | None = None, include: Literal["cpu"] | None = None, total: bool | None = None, sort: Literal["id", "-id", "createdAt", "-createdAt", "lastHeartbeat", "-lastHeartbeat", "phase", "-phase", "status", "-status", "activeSessions", "-activeSessions", "cpu", "-cpu", "memory", "-memory", "version", "-version"] | None = None) -> NodePage:
        """List nodes.

        For five minutes all pages are in the order of the moment at which the first was read, so that each node is in one of them; what they show of it is as it is now.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: NodePage = self._transport.call("GET", "/v1/nodes", query={"limit": limit, "cursor": cursor, "id": id, "approval": approval, "liveness": liveness, "phase": phase, "type": type, "label": label, "q": q, "warning": warning, "stopped": stopped, "outdated": outdated, "attention": attention, "condition": condition, "include": include, "total": total, "sort": sort})
        return data

    def iter_nodes(self, *, id: str | list[str] | None = None, approval: Literal["PENDING", "APPROVED", "REJECTED"] | list[Literal["PENDING", "APPROVED", "REJECTED"]] | None = None, liveness: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | list[Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]] | None = None, phase: Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"] | list[Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"]] | None = None, type: Literal["Compute", "Requester"] | list[Literal["Compute", "Requester"]] | None = None, label: str | list[str] | None = None, q: str | None = None, warning: Literal["true"] | None = None, stopped: Literal["true"] | None = None, outdated: Literal["true"] | None = None, attention: Literal["lost", "overdue", "copied", "lateDrain", "unfit", "unapplied", "pending"] | list[Literal["lost", "overdue", "copied", "lateDrain", "unfit", "unapplied", "pending"]] | None = None, condition: str | list[str] | None = None, include: Literal["cpu"] | None = None, total: bool | None = None, sort: Literal["id", "-id", "createdAt", "-createdAt", "lastHeartbeat", "-lastHeartbeat", "phase", "-phase", "status", "-status", "activeSessions", "-activeSessions", "cpu", "-cpu", "memory", "-memory", "version", "-version"] | None = None) -> Iterator[Node]:
        """List nodes: of all pages, one after the other."""
        return items(self.list_nodes, id=id, approval=approval, liveness=liveness, phase=phase, type=type, label=label, q=q, warning=warning, stopped=stopped, outdated=outdated, attention=attention, condition=condition, include=include, total=total, sort=sort)

    def get_node(self, id: str) -> Node:
        """Describe one node.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Node = self._transport.call("GET", "/v1/nodes/{id}", values={"id": id})
        return data

    def edit_node(self, id: str, *, body: PatchNodeRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> Node:
        """Change a node's labels or description.

        Labels are replaced as a whole.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Node = self._transport.call("PATCH", "/v1/nodes/{id}", values={"id": id}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def remove_node(self, id: str, *, wait: str | None = None, force: bool | None = None, reason: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Remove a node for good: its credential stops working at once.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_HAS_SESSIONS, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("DELETE", "/v1/nodes/{id}", values={"id": id}, query={"wait": wait, "force": force, "reason": reason, "dryRun": dry_run}, key=idempotency_key)
        return data

    def regenerate_bootstrap_token(self, id: str, *, body: CreateBootstrapTokenRequest | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> BootstrapTokenResponse:
        """Make a new bootstrap token: the earlier token and the credential of the node stop working.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: BootstrapTokenResponse = self._transport.call("POST", "/v1/nodes/{id}/bootstrap-token", values={"id": id}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def approve_node(self, id: str, *, body: DecisionRequest | None = None, wait: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Approve a node.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_NOT_JOINED, NODE_ALREADY_APPROVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("POST", "/v1/nodes/{id}/approve", values={"id": id}, query={"wait": wait, "dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def reject_node(self, id: str, *, body: RejectRequest | None = None, wait: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Reject a node; the message reaches it.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_NOT_JOINED, NODE_REJECTED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("POST", "/v1/nodes/{id}/reject", values={"id": id}, query={"wait": wait, "dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def activate_node(self, id: str, *, body: DecisionRequest | None = None, wait: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Activate a node: approves a pending one, cancels a drain, brings a drained one back.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_NOT_JOINED, NODE_REJECTED, NODE_ALREADY_ACTIVE, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("POST", "/v1/nodes/{id}/activate", values={"id": id}, query={"wait": wait, "dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def deactivate_node(self, id: str, *, body: DeactivateRequest | None = None, wait: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Drain a node: no new sessions, running ones finish.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_NOT_JOINED, NODE_NOT_APPROVED, NODE_REJECTED, NODE_DRAINING, NODE_DRAINED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("POST", "/v1/nodes/{id}/deactivate", values={"id": id}, query={"wait": wait, "dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def decommission_node(self, id: str, *, body: DrainRequest | None = None, wait: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> DecisionResponse:
        """Drain a node, then remove it, as one durable process.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, NODE_IS_REQUESTER, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, NODE_NOT_JOINED, NODE_NOT_APPROVED, NODE_REJECTED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DecisionResponse = self._transport.call("POST", "/v1/nodes/{id}/decommission", values={"id": id}, query={"wait": wait, "dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_node_events(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> NodeEventPage:
        """What happened to a node, who did it and why, latest first.

        A removed node keeps its events until its id is taken again.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: NodeEventPage = self._transport.call("GET", "/v1/nodes/{id}/events", values={"id": id}, query={"limit": limit, "cursor": cursor})
        return data

    def iter_node_events(self, id: str) -> Iterator[NodeEvent]:
        """What happened to a node, who did it and why, latest first: of all pages, one after the other."""
        return items(self.list_node_events, id)

    def get_node_history(self, id: str, *, window: Literal["1h", "24h", "7d"] | None = None, from_: str | None = None, to: str | None = None) -> NodeHistory:
        """A node's use of its resources over the last hour, day or week or any stretch of it, and whether its heartbeats came.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: NodeHistory = self._transport.call("GET", "/v1/nodes/{id}/history", values={"id": id}, query={"window": window, "from": from_, "to": to})
        return data

    def list_prometheus_targets(self, *, port: str | None = None, port_label: str | None = None, label: str | list[str] | None = None, liveness: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | list[Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]] | None = None) -> PrometheusTargets:
        """Approved nodes as targets of Prometheus (http_sd).

        A target is the first address of a node and the port that its label names. Labels of the node are `__meta_rollcall_label_<key>`, what is known of it `__meta_rollcall_<name>`. Nodes that have told no address are left out.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: PrometheusTargets = self._transport.call("GET", "/v1/sd/prometheus", query={"port": port, "portLabel": port_label, "label": label, "liveness": liveness})
        return data

    def list_node_sessions(self, id: str) -> SessionCache:
        """The sessions that a node has.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: SessionCache = self._transport.call("GET", "/v1/nodes/{id}/sessions", values={"id": id})
        return data

    def terminate_node_session(self, id: str, session_id: str, *, reason: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> Session:
        """Terminate a session of this node.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, SESSION_NOT_FOUND, SESSION_ENDED, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Session = self._transport.call("DELETE", "/v1/nodes/{id}/sessions/{sessionId}", values={"id": id, "sessionId": session_id}, query={"reason": reason, "dryRun": dry_run}, key=idempotency_key)
        return data

    def create_drain(self, *, body: CreateDrainRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> DrainSet:
        """Drain all nodes with these labels, or these nodes, at most so many at once.

        The nodes are those that have the labels now, or that are named. Each is deactivated in its turn, as by POST /v1/nodes/{id}/deactivate.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NO_NODE_MATCHES, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSet = self._transport.call("POST", "/v1/drains", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_drains(self, *, limit: int | None = None, cursor: str | None = None) -> DrainSetPage:
        """List drains, the latest first.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSetPage = self._transport.call("GET", "/v1/drains", query={"limit": limit, "cursor": cursor})
        return data

    def iter_drains(self) -> Iterator[DrainSet]:
        """List drains, the latest first: of all pages, one after the other."""
        return items(self.list_drains)

    def get_drain(self, id: str) -> DrainSet:
        """Describe a drain.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSet = self._transport.call("GET", "/v1/drains/{id}", values={"id": id})
        return data

    def pause_drain(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> DrainSet:
        """Begin no further node; those that drain go on.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, DRAIN_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSet = self._transport.call("POST", "/v1/drains/{id}/pause", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def resume_drain(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> DrainSet:
        """Go on with a drain that was paused.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, DRAIN_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSet = self._transport.call("POST", "/v1/drains/{id}/resume", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def cancel_drain(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> DrainSet:
        """Begin no further node, and activate again those that still drain; drained ones stay so.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, DRAIN_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DrainSet = self._transport.call("POST", "/v1/drains/{id}/cancel", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def create_agent_update(self, *, body: CreateAgentUpdateRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> AgentUpdate:
        """Update the agents of all nodes with these labels, at most so many at once.

        The nodes are those that have the labels now. Each is drained in its turn, its agent fetches the version from its api, checks the signature and becomes it, and the node is activated again. Nodes whose agents are not configured for it are left as they are.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, AGENT_UPDATES_OFF, NO_NODE_MATCHES, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdate = self._transport.call("POST", "/v1/agent-updates", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_agent_updates(self, *, limit: int | None = None, cursor: str | None = None) -> AgentUpdatePage:
        """List updates of agents, the latest first.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdatePage = self._transport.call("GET", "/v1/agent-updates", query={"limit": limit, "cursor": cursor})
        return data

    def iter_agent_updates(self) -> Iterator[AgentUpdate]:
        """List updates of agents, the latest first: of all pages, one after the other."""
        return items(self.list_agent_updates)

    def get_agent_update(self, id: str) -> AgentUpdate:
        """Describe an update of agents.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdate = self._transport.call("GET", "/v1/agent-updates/{id}", values={"id": id})
        return data

    def pause_agent_update(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> AgentUpdate:
        """Begin no further node; those that were begun go on.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, AGENT_UPDATE_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdate = self._transport.call("POST", "/v1/agent-updates/{id}/pause", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def resume_agent_update(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> AgentUpdate:
        """Go on with an update that was paused, or held by failures: those count no more.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, AGENT_UPDATE_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdate = self._transport.call("POST", "/v1/agent-updates/{id}/resume", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def cancel_agent_update(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> AgentUpdate:
        """Begin no further node, and activate again those that still drain; agents that become the version go on.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, AGENT_UPDATE_ENDED, DECISION_CONFLICT, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AgentUpdate = self._transport.call("POST", "/v1/agent-updates/{id}/cancel", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def get_cluster(self) -> Cluster:
        """How many nodes there are, how they are, and what they have.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Cluster = self._transport.call("GET", "/v1/cluster")
        return data

    def get_fleet_nodes(self, *, label: str | None = None) -> FleetNodes:
        """Every compute node in a few characters: for a picture of the whole fleet.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: FleetNodes = self._transport.call("GET", "/v1/cluster/nodes", query={"label": label})
        return data

    def get_fleet_history(self, *, window: Literal["1h", "24h", "7d"] | None = None, resolution: str | None = None) -> FleetHistory:
        """How many compute nodes were in which state over the last hour, day or week.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: FleetHistory = self._transport.call("GET", "/v1/cluster/history", query={"window": window, "resolution": resolution})
        return data

    def release_mass_silence(self, *, body: DecisionRequest | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> MassSilence:
        """Say that the nodes of a mass silence are lost indeed.

        Nodes that are silent still are judged as any others from here on: the sessions of those that are UNKNOWN are given up as LOST, and those that are silent for longer than RemoveAfter are removed.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NO_MASS_SILENCE, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MassSilence = self._transport.call("POST", "/v1/cluster/mass-silence/release", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def events(self, *, node: str | list[str] | None = None, label: str | list[str] | None = None, type: Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "NodeRestarted", "NodeSaidGoodbye", "NodeOverQuota", "NodeConditionChanged", "QuarantineHeldBack", "NodeHealthy", "NodeUnhealthy", "NodeUnknown", "FirstHeartbeat", "NodeDrained", "DrainDeadlinePassed", "SessionsTerminated", "SessionsReleased", "SessionsLost", "AgentUpdated", "AgentUpdateFailed"] | list[Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "NodeRestarted", "NodeSaidGoodbye", "NodeOverQuota", "NodeConditionChanged", "QuarantineHeldBack", "NodeHealthy", "NodeUnhealthy", "NodeUnknown", "FirstHeartbeat", "NodeDrained", "DrainDeadlinePassed", "SessionsTerminated", "SessionsReleased", "SessionsLost", "AgentUpdated", "AgentUpdateFailed"]] | None = None, severity: Literal["info", "warning", "critical"] | None = None, last_event_id: str = "", on_reset: Callable[[], None] | None = None, on_trouble: Callable[[RollcallError], None] | None = None) -> Iterator[FollowedEvent]:
        """What happens to all nodes, as it happens (server-sent events).

        Each message has the type `node` and one NodeEvent as its data. A reader that comes back with Last-Event-ID misses nothing.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        return follow(self._transport, "/v1/events", {"node": node, "label": label, "type": type, "severity": severity}, last_event_id, on_reset, on_trouble)

    def list_audit(self, *, limit: int | None = None, cursor: str | None = None, type: Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "JoinTokenCreated", "JoinTokenRevoked", "ApiTokenCreated", "ApiTokenRotated", "ApiTokenRevoked", "MassSilenceBegan", "MassSilenceEnded", "MassSilenceReleased", "AgentUpdateBegan", "AgentUpdatePaused", "AgentUpdateResumed", "AgentUpdateHeld", "AgentUpdateCancelled", "WebhookCreated", "WebhookEdited", "WebhookSecretRotated", "WebhookDeleted", "WindowCreated", "WindowChanged", "WindowDeleted", "ApprovalRuleCreated", "ApprovalRuleChanged", "ApprovalRuleDeleted", "TokenRefused"] | list[Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "JoinTokenCreated", "JoinTokenRevoked", "ApiTokenCreated", "ApiTokenRotated", "ApiTokenRevoked", "MassSilenceBegan", "MassSilenceEnded", "MassSilenceReleased", "AgentUpdateBegan", "AgentUpdatePaused", "AgentUpdateResumed", "AgentUpdateHeld", "AgentUpdateCancelled", "WebhookCreated", "WebhookEdited", "WebhookSecretRotated", "WebhookDeleted", "WindowCreated", "WindowChanged", "WindowDeleted", "ApprovalRuleCreated", "ApprovalRuleChanged", "ApprovalRuleDeleted", "TokenRefused"]] | None = None, node: str | None = None, token: str | None = None, since: str | None = None, until: str | None = None, order: Literal["latest", "oldest"] | None = None, by: str | None = None) -> AuditPage:
        """Every decision and what became of every token: who, what, when, from where and why.

        Of all nodes, removed ones too, and of tokens that belong to none. Nothing changes it, and only its age deletes it: `Orchestrator.Retention.Audit`.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AuditPage = self._transport.call("GET", "/v1/audit", query={"limit": limit, "cursor": cursor, "type": type, "node": node, "token": token, "since": since, "until": until, "order": order, "by": by})
        return data

    def iter_audit(self, *, type: Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "JoinTokenCreated", "JoinTokenRevoked", "ApiTokenCreated", "ApiTokenRotated", "ApiTokenRevoked", "MassSilenceBegan", "MassSilenceEnded", "MassSilenceReleased", "AgentUpdateBegan", "AgentUpdatePaused", "AgentUpdateResumed", "AgentUpdateHeld", "AgentUpdateCancelled", "WebhookCreated", "WebhookEdited", "WebhookSecretRotated", "WebhookDeleted", "WindowCreated", "WindowChanged", "WindowDeleted", "ApprovalRuleCreated", "ApprovalRuleChanged", "ApprovalRuleDeleted", "TokenRefused"] | list[Literal["SlotCreated", "NodeJoined", "NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeRemoved", "NodeQuarantined", "NodeReleased", "NodeDeactivationPlanned", "NodeDeactivationBegan", "NodeDeactivationEnded", "NodeDeactivationLapsed", "NodeEdited", "TokenIssued", "TokenUsed", "TokenRevoked", "KeyRotated", "IdentityCopied", "JoinTokenCreated", "JoinTokenRevoked", "ApiTokenCreated", "ApiTokenRotated", "ApiTokenRevoked", "MassSilenceBegan", "MassSilenceEnded", "MassSilenceReleased", "AgentUpdateBegan", "AgentUpdatePaused", "AgentUpdateResumed", "AgentUpdateHeld", "AgentUpdateCancelled", "WebhookCreated", "WebhookEdited", "WebhookSecretRotated", "WebhookDeleted", "WindowCreated", "WindowChanged", "WindowDeleted", "ApprovalRuleCreated", "ApprovalRuleChanged", "ApprovalRuleDeleted", "TokenRefused"]] | None = None, node: str | None = None, token: str | None = None, since: str | None = None, until: str | None = None, order: Literal["latest", "oldest"] | None = None, by: str | None = None) -> Iterator[AuditEvent]:
        """Every decision and what became of every token: who, what, when, from where and why: of all pages, one after the other."""
        return items(self.list_audit, type=type, node=node, token=token, since=since, until=until, order=order, by=by)

    def create_join_token(self, *, body: CreateJoinTokenRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateJoinTokenResponse:
        """Make a join token.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateJoinTokenResponse = self._transport.call("POST", "/v1/join-tokens", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_join_tokens(self, *, limit: int | None = None, cursor: str | None = None) -> JoinTokenPage:
        """List join tokens.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: JoinTokenPage = self._transport.call("GET", "/v1/join-tokens", query={"limit": limit, "cursor": cursor})
        return data

    def iter_join_tokens(self) -> Iterator[JoinToken]:
        """List join tokens: of all pages, one after the other."""
        return items(self.list_join_tokens)

    def get_join_token(self, id: str) -> JoinToken:
        """Describe a join token.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: JoinToken = self._transport.call("GET", "/v1/join-tokens/{id}", values={"id": id})
        return data

    def revoke_join_token(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> None:
        """Revoke a join token; nodes that joined with it stay.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("DELETE", "/v1/join-tokens/{id}", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)

    def list_join_token_uses(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> TokenUsePage:
        """Who joined with a join token, latest first.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: TokenUsePage = self._transport.call("GET", "/v1/join-tokens/{id}/uses", values={"id": id}, query={"limit": limit, "cursor": cursor})
        return data

    def iter_join_token_uses(self, id: str) -> Iterator[TokenUse]:
        """Who joined with a join token, latest first: of all pages, one after the other."""
        return items(self.list_join_token_uses, id)

    def create_api_token(self, *, body: CreateApiTokenRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateApiTokenResponse:
        """Make an api token.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, IDEMPOTENCY_KEY_REUSED, TOKEN_NAME_TAKEN, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateApiTokenResponse = self._transport.call("POST", "/v1/api-tokens", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_api_tokens(self, *, limit: int | None = None, cursor: str | None = None) -> ApiTokenPage:
        """List api tokens.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApiTokenPage = self._transport.call("GET", "/v1/api-tokens", query={"limit": limit, "cursor": cursor})
        return data

    def iter_api_tokens(self) -> Iterator[ApiToken]:
        """List api tokens: of all pages, one after the other."""
        return items(self.list_api_tokens)

    def rotate_api_token(self, id: str, *, body: RotateApiTokenRequest | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateApiTokenResponse:
        """Give an api token another secret; the one of before works beside it for a while.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOKEN_ENDED, LAST_ADMINISTRATOR, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateApiTokenResponse = self._transport.call("POST", "/v1/api-tokens/{id}/rotate", values={"id": id}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def revoke_api_token(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> None:
        """Revoke an api token.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, LAST_ADMINISTRATOR, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("DELETE", "/v1/api-tokens/{id}", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)

    def log_in(self, *, body: LoginRequest) -> Login:
        """Log a browser in with an api token.

        Sets a cookie that lasts for 12 hours, or until the token ends. With it, requests other than GET need the header `x-rollcall-csrf: 1` and must come from the same origin.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Login = self._transport.call("POST", "/v1/login", body=body)
        return data

    def get_login(self) -> Login:
        """Who the caller is, by token or cookie.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Login = self._transport.call("GET", "/v1/login")
        return data

    def log_out(self) -> Logout:
        """Log this browser or command line out.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Logout = self._transport.call("DELETE", "/v1/login")
        return data

    def get_login_provider(self) -> LoginProvider:
        """Where people sign in besides with an api token.

        For: public. Refuses with: VALIDATION_FAILED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: LoginProvider = self._transport.call("GET", "/v1/login/provider")
        return data

    def finish_provider_login(self, *, body: ProviderLoginRequest) -> Login:
        """Log a browser in that comes back from the identity provider.

        Sets the cookie of a login, as logging in with an api token does.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Login = self._transport.call("POST", "/v1/login/provider", body=body)
        return data

    def begin_provider_login(self) -> ProviderLoginStart:
        """Begin to sign a browser in at the identity provider.

        Sets a cookie that the browser has to bring back within ten minutes.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ProviderLoginStart = self._transport.call("POST", "/v1/login/provider/start")
        return data

    def begin_device_login(self) -> DeviceLogin:
        """Begin to sign a command line in at the identity provider.

        The device authorization grant (RFC 8628), for which the api speaks with the provider: the person opens the address in any browser, and the command line asks meanwhile what became of it.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DeviceLogin = self._transport.call("POST", "/v1/login/device")
        return data

    def poll_device_login(self, *, body: DeviceLoginPollRequest) -> DeviceLoginPoll:
        """Ask whether the person of a command line has signed in.

        Asked sooner than `pollAfterS` it says so again and asks nobody. The token lasts for 12 hours at most, and no longer than the identity provider lets the person in; `DELETE /v1/login` with it ends it.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: DeviceLoginPoll = self._transport.call("POST", "/v1/login/device/poll", body=body)
        return data

    def create_approval_rule(self, *, body: CreateApprovalRuleRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> ApprovalRule:
        """Create an approval rule: what happens to nodes that join with a join token and match it.

        The first rule that matches decides, before the join token's own `autoApprove` and the configuration. Nodes that have joined stay as they are.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_RULES, RULE_NAME_TAKEN, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApprovalRule = self._transport.call("POST", "/v1/approval-rules", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_approval_rules(self) -> ApprovalRulePage:
        """List approval rules, in the order in which they are tried.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApprovalRulePage = self._transport.call("GET", "/v1/approval-rules")
        return data

    def get_approval_rule(self, name: str) -> ApprovalRule:
        """Describe an approval rule.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApprovalRule = self._transport.call("GET", "/v1/approval-rules/{name}", values={"name": name})
        return data

    def edit_approval_rule(self, name: str, *, body: PatchApprovalRuleRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> ApprovalRule:
        """Change an approval rule; what is left out stays as it is.

        Lists and the hardware are replaced as a whole.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, RULE_CHANGED, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApprovalRule = self._transport.call("PATCH", "/v1/approval-rules/{name}", values={"name": name}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def delete_approval_rule(self, name: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> None:
        """Delete an approval rule.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("DELETE", "/v1/approval-rules/{name}", values={"name": name}, query={"dryRun": dry_run}, key=idempotency_key)

    def test_approval_rules(self, *, node: str | list[str] | None = None, pending: Literal["true"] | None = None) -> ApprovalVerdicts:
        """Try the approval rules on nodes, without effect.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApprovalVerdicts = self._transport.call("GET", "/v1/approval-verdicts", query={"node": node, "pending": pending})
        return data

    def register_agent(self, *, body: RegisterRequest) -> RegisterResponse:
        """Join with a bootstrap or join token, and leave the public half of a key.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, NODE_NAME_TAKEN, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: RegisterResponse = self._transport.call("POST", "/v1/agent/register", body=body)
        return data

    def issue_access_token(self, *, body: AccessTokenRequest) -> AccessTokenResponse:
        """Trade an assertion signed with the node's key for a short access token.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AccessTokenResponse = self._transport.call("POST", "/v1/agent/token", body=body)
        return data

    def rotate_key(self, *, body: RotateKeyRequest) -> None:
        """Replace the node's key by another; the former one, and access tokens that it earned, open nothing any more.

        For: stranger. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, NODE_IDENTITY_COPIED, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("POST", "/v1/agent/key", body=body)

    def send_heartbeat(self, *, body: HeartbeatRequest) -> HeartbeatResponse:
        """Say that the node is there, and what is free on it.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, STALE_HEARTBEAT, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: HeartbeatResponse = self._transport.call("POST", "/v1/agent/heartbeat", body=body)
        return data

    def put_info(self, *, body: NodeInfo) -> None:
        """Report what rarely changes: hardware, system, versions.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("PUT", "/v1/agent/info", body=body)

    def say_goodbye(self, *, body: GoodbyeRequest) -> None:
        """Say that the agent stops on purpose.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("POST", "/v1/agent/goodbye", body=body)

    def decide_availability(self, *, body: OwnAvailabilityRequest) -> OwnAvailability:
        """Take the node itself out, or bring it back where it took itself out.

        Nothing is decided where it is so already, whoever decided that. What a person, a drain set or a check decided it cannot undo.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, NODE_TAKEN_OUT_BY_OTHERS, NODE_NOT_APPROVED, NODE_REJECTED, DECISION_CONFLICT, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: OwnAvailability = self._transport.call("PUT", "/v1/agent/availability", body=body)
        return data

    def get_own_availability(self, *, wait: str | None = None) -> OwnAvailability:
        """Whether the node is available, and by whose word.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, NODE_REMOVED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: OwnAvailability = self._transport.call("GET", "/v1/agent/availability", query={"wait": wait})
        return data

    def get_commands(self, *, wait: str | None = None) -> Commands:
        """Which sessions to begin and to end.

        Waits for some where there are none. Told again until the node reports that it did; a second question of the same node ends the first.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, NODE_REMOVED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Commands = self._transport.call("GET", "/v1/agent/commands", query={"wait": wait})
        return data

    def report_sessions(self, *, body: SessionsReport) -> SessionsReportAnswer:
        """Report all sessions that the node has, and how those ended that it has no more.

        For: agent. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NODE_REJECTED_BY_ADMINISTRATOR, NODE_AWAITS_APPROVAL, STALE_REPORT, NODE_REMOVED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: SessionsReportAnswer = self._transport.call("PUT", "/v1/agent/sessions", body=body)
        return data

    def open_session(self, *, body: OpenSessionRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> Session:
        """Open a session on a node that has room for it.

        A dry run answers with the node that would be asked first; none is asked.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NO_NODE_FITS, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Session = self._transport.call("POST", "/v1/sessions", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_sessions(self, *, limit: int | None = None, cursor: str | None = None, state: Literal["PLACING", "ASSIGNED", "RUNNING", "TERMINATING", "COMPLETED", "FAILED", "TERMINATED", "LOST"] | list[Literal["PLACING", "ASSIGNED", "RUNNING", "TERMINATING", "COMPLETED", "FAILED", "TERMINATED", "LOST"]] | None = None, node: str | None = None, principal: str | None = None, kind: Literal["managed", "external"] | None = None, live: bool | None = None) -> SessionPage:
        """List sessions, the latest first.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: SessionPage = self._transport.call("GET", "/v1/sessions", query={"limit": limit, "cursor": cursor, "state": state, "node": node, "principal": principal, "kind": kind, "live": live})
        return data

    def iter_sessions(self, *, state: Literal["PLACING", "ASSIGNED", "RUNNING", "TERMINATING", "COMPLETED", "FAILED", "TERMINATED", "LOST"] | list[Literal["PLACING", "ASSIGNED", "RUNNING", "TERMINATING", "COMPLETED", "FAILED", "TERMINATED", "LOST"]] | None = None, node: str | None = None, principal: str | None = None, kind: Literal["managed", "external"] | None = None, live: bool | None = None) -> Iterator[Session]:
        """List sessions, the latest first: of all pages, one after the other."""
        return items(self.list_sessions, state=state, node=node, principal=principal, kind=kind, live=live)

    def get_session(self, id: str, *, wait: str | None = None) -> Session:
        """Describe one session.

        With ?wait=30s the answer comes when the session has ended, or when that time has passed.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, SESSION_NOT_FOUND, SESSION_AMBIGUOUS, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Session = self._transport.call("GET", "/v1/sessions/{id}", values={"id": id}, query={"wait": wait})
        return data

    def terminate_session(self, id: str, *, reason: str | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> Session:
        """Terminate a session: its node is told at once.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, SESSION_NOT_FOUND, SESSION_AMBIGUOUS, SESSION_BEING_PLACED, SESSION_ENDED, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Session = self._transport.call("DELETE", "/v1/sessions/{id}", values={"id": id}, query={"reason": reason, "dryRun": dry_run}, key=idempotency_key)
        return data

    def get_install_script(self) -> str:
        """A script of sh that makes a machine a node of this cluster.

        It holds no secret: the token is an argument of it. It fetches the package of the agent from this api.

        For: public. Refuses with: VALIDATION_FAILED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: str = self._transport.call("GET", "/install.sh", reads=str)
        return data

    def get_package(self, name: str) -> bytes:
        """A package of the agent, or SHA256SUMS, the list of them with their checksums, or SHA256SUMS.sig, the signature of that.

        For: public. Refuses with: VALIDATION_FAILED, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: bytes = self._transport.call("GET", "/packages/{name}", values={"name": name}, reads=bytes)
        return data

    def get_liveness(self) -> Liveness:
        """Whether the process lives.

        For: public. Refuses with: VALIDATION_FAILED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Liveness = self._transport.call("GET", "/livez")
        return data

    def get_readiness(self) -> Readiness:
        """Whether this replica can record heartbeats, so that requests may be led to it.

        It also tells which of the servers behind it answer, and whether workers work. Temporal and workers do not count: without them decisions are taken and applied later.

        For: public. Refuses with: VALIDATION_FAILED, TOO_MANY_REQUESTS, INTERNAL.
        """
        data: Readiness = self._transport.call("GET", "/readyz")
        return data

    def get_metrics(self) -> str:
        """Metrics for Prometheus.

        For: public. Refuses with: VALIDATION_FAILED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: str = self._transport.call("GET", "/metrics", reads=str)
        return data

    def get_settings(self) -> Settings:
        """The configuration that the replica which answers runs with, key by key.

        What is secret is not shown, nor who is let in by an address.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Settings = self._transport.call("GET", "/v1/settings")
        return data

    def get_support(self) -> Support:
        """Versions, configuration, log, stuck nodes and workers, for whoever looks for a fault.

        Of the replica that answers, but for nodes and workers. Nothing of it is secret: no token, key or password is in it.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Support = self._transport.call("GET", "/v1/support")
        return data

    def get_versions(self) -> ApiVersions:
        """Which versions of the API there are, and what of it is to go.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: ApiVersions = self._transport.call("GET", "/v1")
        return data

    def list_alerts(self, *, limit: int | None = None, cursor: str | None = None, phase: Literal["raised", "cleared"] | None = None, kind: Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"] | list[Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]] | None = None) -> AlertPage:
        """List alerts, the latest first.

        One for each outage: raised once it has lasted for `Orchestrator.Alerts.Settle`, cleared once it has been over for as long. Kept for 90 days after that.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: AlertPage = self._transport.call("GET", "/v1/alerts", query={"limit": limit, "cursor": cursor, "phase": phase, "kind": kind})
        return data

    def iter_alerts(self, *, phase: Literal["raised", "cleared"] | None = None, kind: Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"] | list[Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]] | None = None) -> Iterator[Alert]:
        """List alerts, the latest first: of all pages, one after the other."""
        return items(self.list_alerts, phase=phase, kind=kind)

    def list_maintenance(self, *, limit: int | None = None, cursor: str | None = None, state: Literal["planned", "underWay"] | None = None) -> MaintenancePage:
        """List planned maintenance, what ends by itself, and when maintenance windows open.

        By when it begins. Nodes that one person takes out for the same reason until the same moment are one entry; a drain set with a beginning or an end is one until its last node is out. Change or cancel it at its nodes or its drain set. Of each maintenance window the next opening is listed, and those of the next 31 days as far as Temporal has told them: ten at most.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MaintenancePage = self._transport.call("GET", "/v1/maintenance", query={"limit": limit, "cursor": cursor, "state": state})
        return data

    def iter_maintenance(self, *, state: Literal["planned", "underWay"] | None = None) -> Iterator[Maintenance]:
        """List planned maintenance, what ends by itself, and when maintenance windows open: of all pages, one after the other."""
        return items(self.list_maintenance, state=state)

    def create_maintenance_window(self, *, body: CreateMaintenanceWindowRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> MaintenanceWindow:
        """Make a maintenance window: times at which drain sets and updates of agents may take nodes out.

        It binds those that name it (`window`). A schedule of Temporal opens it; while Temporal is away it is written down, and scheduled later.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_WINDOWS, WINDOW_NAME_TAKEN, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MaintenanceWindow = self._transport.call("POST", "/v1/maintenance-windows", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_maintenance_windows(self) -> MaintenanceWindowPage:
        """List maintenance windows, by their names.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MaintenanceWindowPage = self._transport.call("GET", "/v1/maintenance-windows")
        return data

    def get_maintenance_window(self, name: str) -> MaintenanceWindow:
        """Describe a maintenance window.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MaintenanceWindow = self._transport.call("GET", "/v1/maintenance-windows/{name}", values={"name": name})
        return data

    def edit_maintenance_window(self, name: str, *, body: PatchMaintenanceWindowRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> MaintenanceWindow:
        """Change a maintenance window; what is left out stays as it is.

        An opening that has begun ends as it was to. Labels and blackouts are replaced as a whole.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, WINDOW_CHANGED, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: MaintenanceWindow = self._transport.call("PATCH", "/v1/maintenance-windows/{name}", values={"name": name}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def delete_maintenance_window(self, name: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> None:
        """Delete a maintenance window that no set runs within.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, WINDOW_IN_USE, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("DELETE", "/v1/maintenance-windows/{name}", values={"name": name}, query={"dryRun": dry_run}, key=idempotency_key)

    def create_webhook(self, *, body: CreateWebhookRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateWebhookResponse:
        """Make a webhook: somebody outside who is told of alerts.

        Each alert is told once when it is raised and once when it is cleared, by POST. It is tried for a day (by default) until an answer of 2xx comes; redirects are not followed.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_WEBHOOKS, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateWebhookResponse = self._transport.call("POST", "/v1/webhooks", query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def list_webhooks(self) -> WebhookPage:
        """List webhooks, the latest first.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: WebhookPage = self._transport.call("GET", "/v1/webhooks")
        return data

    def get_webhook(self, id: str) -> Webhook:
        """Describe a webhook.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Webhook = self._transport.call("GET", "/v1/webhooks/{id}", values={"id": id})
        return data

    def edit_webhook(self, id: str, *, body: PatchWebhookRequest, dry_run: bool | None = None, idempotency_key: str | None = None) -> Webhook:
        """Change a webhook.

        Fields that are absent stay. What waits to be told goes to the new address. Where it wants other alerts than before, it is told of those that are raised.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Webhook = self._transport.call("PATCH", "/v1/webhooks/{id}", values={"id": id}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def delete_webhook(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> None:
        """Delete a webhook, with what it was told and what waits for it.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        self._transport.call("DELETE", "/v1/webhooks/{id}", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)

    def rotate_webhook_secret(self, id: str, *, body: RotateWebhookSecretRequest | None = None, dry_run: bool | None = None, idempotency_key: str | None = None) -> CreateWebhookResponse:
        """Give a webhook another signing secret; bodies are signed with the former one, too, for a while.

        For: admin. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: CreateWebhookResponse = self._transport.call("POST", "/v1/webhooks/{id}/rotate", values={"id": id}, query={"dryRun": dry_run}, body=body, key=idempotency_key)
        return data

    def test_webhook(self, id: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> WebhookDelivery:
        """Tell a webhook something to see whether it hears.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: WebhookDelivery = self._transport.call("POST", "/v1/webhooks/{id}/test", values={"id": id}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def list_webhook_deliveries(self, id: str, *, limit: int | None = None, cursor: str | None = None, state: Literal["PENDING", "DELIVERED", "DEAD"] | None = None) -> WebhookDeliveryPage:
        """List what a webhook was told, is to be told, and did not take, the latest first.

        For: viewer. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: WebhookDeliveryPage = self._transport.call("GET", "/v1/webhooks/{id}/deliveries", values={"id": id}, query={"limit": limit, "cursor": cursor, "state": state})
        return data

    def iter_webhook_deliveries(self, id: str, *, state: Literal["PENDING", "DELIVERED", "DEAD"] | None = None) -> Iterator[WebhookDelivery]:
        """List what a webhook was told, is to be told, and did not take, the latest first: of all pages, one after the other."""
        return items(self.list_webhook_deliveries, id, state=state)

    def replay_webhook_delivery(self, id: str, delivery: str, *, dry_run: bool | None = None, idempotency_key: str | None = None) -> WebhookDelivery:
        """Try a delivery again that is over, under the same webhook-id.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, IDEMPOTENCY_KEY_REUSED, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: WebhookDelivery = self._transport.call("POST", "/v1/webhooks/{id}/deliveries/{delivery}/replay", values={"id": id, "delivery": delivery}, query={"dryRun": dry_run}, key=idempotency_key)
        return data

    def decode_payloads(self, *, body: Payloads) -> Payloads:
        """Decrypt payloads, for Temporal's Web UI and `temporal --codec-endpoint`.

        Temporal's remote codec protocol. What is not encrypted comes back as it is. 400 where there is no key for one of them, with its place.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Payloads = self._transport.call("POST", "/v1/codec/decode", body=body)
        return data

    def encode_payloads(self, *, body: Payloads) -> Payloads:
        """Encrypt payloads, for what people send to workflows by Web UI or command.

        Temporal's remote codec protocol. Where payloads are not encrypted, they come back as they are.

        For: operator. Refuses with: VALIDATION_FAILED, UNAUTHENTICATED, FORBIDDEN, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE.
        """
        data: Payloads = self._transport.call("POST", "/v1/codec/encode", body=body)
        return data
