# Generated from openapi.json by scripts/python-client.mjs: do not edit, run `npm run openapi`.
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AccessTokenRequest(TypedDict):
    # JWT signed with the node's Ed25519 key: alg EdDSA, sub = uid, aud = rollcall, iat, exp at most 60 s later, jti
    assertion: str


class AccessTokenResponse(TypedDict):
    accessToken: str
    expiresInS: int


class AgentUpdate(TypedDict):
    id: str
    state: Literal["RUNNING", "PAUSED", "HELD", "CANCELLING", "CANCELLED", "DONE"]
    labels: list[str]
    reason: str
    by: str
    at: str
    endedAt: str | None
    maxUnavailable: int
    # how long each node may take
    deadline: str | None
    onDeadline: Literal["wait", "terminate"]
    # no node begins to drain before; null: it began when it was made
    beginsAt: str | None
    # when its nodes come back by themselves; null: when somebody activates them
    until: str | None
    # the maintenance window within which its nodes begin to drain; null: at any time
    window: AgentUpdateWindow | None
    # who last started, paused, resumed or cancelled it, and whether its workflow knows yet
    ruling: AgentUpdateRuling
    # its nodes by state
    counts: AgentUpdateCounts
    # its nodes that are unavailable without its doing, and count for maxUnavailable; seen while a node is to begin
    others: AgentUpdateOthers
    # in the order of their turns; null in lists
    nodes: list[AgentUpdateNodesItem] | None
    workflow: AgentUpdateWorkflow
    version: str
    downgrade: bool
    maxFailures: int
    # a node of which nothing is heard for so long after it was drained has failed
    timeout: str


class AgentUpdateWindow(TypedDict):
    name: str
    # no further node begins before it opens
    waiting: bool
    # it is open until then; null: it is not open
    openUntil: str | None
    # when it opens next; null: Temporal has not told yet, or there is no such opening
    opensAt: str | None


class AgentUpdateRuling(TypedDict):
    at: str
    by: str
    applied: bool


class AgentUpdateCounts(TypedDict):
    QUEUED: int
    DRAINING: int
    UPDATING: int
    DRAINED: int
    UPDATED: int
    FAILED: int
    NOT_MANAGED: int
    ALREADY: int
    SKIPPED: int
    ACTIVATED: int
    REJECTED: int
    REMOVED: int
    RELEASED: int
    NOT_BEGUN: int


class AgentUpdateOthers(TypedDict):
    # no further node begins because of them
    waiting: bool
    count: int
    # some of them
    nodes: list[AgentUpdateOthersNodesItem]


class AgentUpdateOthersNodesItem(TypedDict):
    id: str
    why: str


class AgentUpdateNodesItem(TypedDict):
    id: str
    uid: str
    state: Literal["QUEUED", "DRAINING", "UPDATING", "DRAINED", "UPDATED", "FAILED", "NOT_MANAGED", "ALREADY", "SKIPPED", "ACTIVATED", "REJECTED", "REMOVED", "RELEASED", "NOT_BEGUN"]
    since: str
    reason: str


class AgentUpdateWorkflow(TypedDict):
    id: str
    url: str | None


class AgentUpdatePage(TypedDict):
    items: list[AgentUpdate]
    nextCursor: str | None


class Alert(TypedDict):
    # webhooks are told it with both phases
    id: str
    kind: Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]
    severity: Literal["info", "warning", "critical"]
    phase: Literal["raised", "cleared"]
    # what it is about: a node, a token, the fleet
    subject: str
    # null where it is about no node
    node: str | None
    # the node's, as they were when it was raised
    labels: dict[str, str]
    summary: str
    # since when it is so; it was raised once that had lasted
    since: str
    raisedAt: str
    # since when it is so no more; it is cleared once that has lasted. null while it is so
    overSince: str | None
    clearedAt: str | None


class AlertPage(TypedDict):
    items: list[Alert]
    nextCursor: str | None


class ApiToken(TypedDict):
    id: str
    name: str
    role: Literal["viewer", "operator", "admin"]
    # the role holds for nodes with all of these labels only; null: everywhere
    scope: list[str] | None
    createdAt: str
    createdBy: str
    expiresAt: str | None
    # to the minute
    lastUsedAt: str | None
    # until then the secret of before the latest rotation works too; null: it does not
    formerUntil: str | None
    revoked: bool


class ApiTokenPage(TypedDict):
    items: list[ApiToken]
    nextCursor: str | None


class ApiVersions(TypedDict):
    # of the replica that answers
    release: str
    # of the API, as its addresses begin
    versions: list[ApiVersionsVersionsItem]
    # what is still there, and is to go
    deprecations: list[ApiVersionsDeprecationsItem]


class ApiVersionsVersionsItem(TypedDict):
    version: str
    status: Literal["current", "deprecated"]


class ApiVersionsDeprecationsItem(TypedDict):
    operation: str
    # or field of the body; null: all of the operation
    parameter: str | None
    since: str
    # the day on which it goes
    sunset: str
    instead: str


class ApprovalRule(TypedDict):
    name: str
    # grows with each change
    version: int
    # rules are tried by ascending order, then by name; the first that matches decides
    order: int
    decision: Literal["approve", "reject", "wait"]
    # the node joins with one of these join tokens; empty: with any
    joinTokens: list[str]
    # the node has such a name; * stands for any characters; null: any
    namePattern: str | None
    # the node has all of these labels, from its agent or its token
    labels: list[str]
    # the request came from one of these addresses or networks; empty: from any
    networks: list[str]
    hardware: LeastHardware
    # for people; a rejected node is told too
    reason: str
    expiresAt: str | None
    # it is ignored
    expired: bool
    createdAt: str
    createdBy: str


class ApprovalRulePage(TypedDict):
    items: list[ApprovalRule]
    nextCursor: str | None


class ApprovalVerdict(TypedDict):
    node: str
    phase: Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"]
    decision: Literal["approve", "reject", "wait"]
    # what decides: a rule, its join token, or the configuration
    source: Literal["rule", "token", "policy"]
    # the rule that matches; null: none does
    rule: str | None
    # rules that were tried before, and why they do not match
    passedOver: list[ApprovalVerdictPassedOverItem]


class ApprovalVerdictPassedOverItem(TypedDict):
    rule: str
    because: str


class ApprovalVerdicts(TypedDict):
    items: list[ApprovalVerdict]


AuditEvent = TypedDict("AuditEvent", {
    "id": "str",
    "at": "str",
    "type": "Literal[\"SlotCreated\", \"NodeJoined\", \"NodeApproved\", \"NodeRejected\", \"NodeActivated\", \"NodeDeactivated\", \"NodeDecommissioned\", \"NodeRemoved\", \"NodeQuarantined\", \"NodeReleased\", \"NodeDeactivationPlanned\", \"NodeDeactivationBegan\", \"NodeDeactivationEnded\", \"NodeDeactivationLapsed\", \"NodeEdited\", \"TokenIssued\", \"TokenUsed\", \"TokenRevoked\", \"KeyRotated\", \"IdentityCopied\", \"JoinTokenCreated\", \"JoinTokenRevoked\", \"ApiTokenCreated\", \"ApiTokenRotated\", \"ApiTokenRevoked\", \"MassSilenceBegan\", \"MassSilenceEnded\", \"MassSilenceReleased\", \"AgentUpdateBegan\", \"AgentUpdatePaused\", \"AgentUpdateResumed\", \"AgentUpdateHeld\", \"AgentUpdateCancelled\", \"WebhookCreated\", \"WebhookEdited\", \"WebhookSecretRotated\", \"WebhookDeleted\", \"WindowCreated\", \"WindowChanged\", \"WindowDeleted\", \"ApprovalRuleCreated\", \"ApprovalRuleChanged\", \"ApprovalRuleDeleted\", \"TokenRefused\"]",
    # null where it is about no node
    "node": "str | None",
    "uid": "str | None",
    # id of the token that was made, used, refused or revoked
    "token": "str | None",
    "by": "str",
    # id of the token that they acted with, or issuer and subject; null where no administrator did it
    "byId": "str | None",
    "reason": "str",
    # the address that the request came from
    "from": "str | None",
})


class AuditPage(TypedDict):
    items: list[AuditEvent]
    nextCursor: str | None


class BootstrapTokenResponse(TypedDict):
    bootstrapToken: str
    expiresAt: str
    install: Install


class Cluster(TypedDict):
    # when the nodes were counted: at most two seconds before they were asked for
    at: str
    nodes: ClusterNodes
    # how many nodes of type Compute need somebody, and for what: GET /v1/nodes?attention=… lists them. lost: ACTIVE or DRAINING, and UNHEALTHY or UNKNOWN, without a goodbye; overdue: as above; copied: more than one machine has its identity; lateDrain: it drains still, beyond its deadline; unapplied: a decision was not applied within 10 seconds; unfit: one of its checks says that it is; pending: it waits for approval
    attention: dict[str, int]
    activeSessions: int
    # the one that lasts now; null where there is none
    massSilence: MassSilence | None
    # of HEALTHY nodes of type Compute, as each last reported
    resources: ClusterResources
    # when resources and warnings were added up: at most 15 seconds before they were asked for
    resourcesAt: str
    # the pace of heartbeats, and what becomes of them
    heartbeats: ClusterHeartbeats
    # what readers of these numbers need to know of the configuration
    settings: ClusterSettings


class ClusterNodes(TypedDict):
    # living nodes, api replicas (Requester) among them
    total: int
    byPhase: dict[str, int]
    byLiveness: dict[str, int]
    # nodes of type Compute whose agents said goodbye, by what is recorded of them: of byLiveness so many are STOPPED; what is left out is none
    stopped: dict[str, int]
    # nodes of type Compute that are recorded as HEALTHY and have been silent for longer than their timeout: nobody has judged them yet
    overdue: int
    # nodes of type Compute that are HEALTHY still and have missed heartbeats in a row
    warnings: int


class ClusterResources(TypedDict):
    cpuCores: float
    # cores times utilization
    cpuUsedCores: float
    memoryTotalBytes: float
    memoryUsedBytes: float
    gpus: int


class ClusterHeartbeats(TypedDict):
    # how often nodes are told to beat at present
    intervalMs: int
    # Compute.Heartbeat.Interval
    configuredIntervalMs: int
    # the present interval is longer than the configured one, since the fleet would beat more often than MaxHeartbeatsPerSecond; nodes may be silent as much longer before they are UNHEALTHY
    stretched: bool
    # by the present interval
    expectedPerSecond: float
    # Orchestrator.NodeManager.MaxHeartbeatsPerSecond
    maxPerSecond: float
    signals: ClusterHeartbeatsSignals


class ClusterHeartbeatsSignals(TypedDict):
    # every: workflows hear of each heartbeat; changes: the fleet is too large for that, and they hear of those that change something
    regime: Literal["every", "changes"]
    # Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, for all replicas of the api together
    budgetPerSecond: float
    # of the api, that share the budget
    replicas: int


class ClusterSettings(TypedDict):
    # WebUI.PollInterval: how often the web page asks unless its reader chooses otherwise
    pollIntervalMs: int
    heartbeatIntervalMs: int
    disconnectTimeoutMs: int
    missedHeartbeatsWarning: int
    temporalWebUI: str | None


class Commands(TypedDict):
    open: list[CommandsOpenItem]
    terminate: list[CommandsTerminateItem]
    # sessions of the node were lost out of sight: report now which of them it still has
    report: bool


class CommandsOpenItem(TypedDict):
    id: str
    principal: str
    sql: str
    resources: SessionResources


class CommandsTerminateItem(TypedDict):
    id: str
    by: str
    reason: str


class CreateAgentUpdateRequest(TypedDict):
    # the compute nodes that have all of these are drained
    labels: list[str]
    # at most so many of them are unavailable at once: those that drain, and those that are silent, rejected or drained by others; what this drain has drained counts no more; a share such as 25% is of all of them, rounded down, but never less than one
    maxUnavailable: NotRequired[int | str]
    reason: NotRequired[str]
    # how long running sessions may take, from the moment their node begins to drain
    deadline: NotRequired[str]
    onDeadline: NotRequired[Literal["wait", "terminate"]]
    # the maintenance window within which nodes begin to drain; what does not fit waits for its next opening; absent: they begin at any time
    window: NotRequired[str]
    # of the agent; the api has its package
    version: str
    # agents of later versions become this one too
    downgrade: NotRequired[bool]
    # with so many nodes failed no further one begins, until it is resumed
    maxFailures: NotRequired[int]
    # a node of which nothing is heard for so long after it was drained has failed; 20m by default
    timeout: NotRequired[str]


class CreateApiTokenRequest(TypedDict):
    # who uses it: decisions are written down under this name
    name: str
    role: Literal["viewer", "operator", "admin"]
    # limits the role to nodes that have all of these labels; absent: the role holds everywhere
    scope: NotRequired[list[str]]
    expiresIn: NotRequired[str]


class CreateApiTokenResponse(TypedDict):
    apiToken: ApiToken
    # shown once
    token: str


class CreateApprovalRuleRequest(TypedDict):
    name: str
    # rules are tried by ascending order, then by name; the first that matches decides
    order: NotRequired[int]
    decision: Literal["approve", "reject", "wait"]
    # the node joins with one of these join tokens; empty: with any
    joinTokens: NotRequired[list[str]]
    # the node has such a name; * stands for any characters; null: any
    namePattern: NotRequired[str | None]
    # the node has all of these labels, from its agent or its token
    labels: NotRequired[list[str]]
    # the request came from one of these addresses or networks; empty: from any
    networks: NotRequired[list[str]]
    hardware: NotRequired[LeastHardware]
    # for people; a rejected node is told too
    reason: NotRequired[str]
    # after which the rule is ignored
    expiresIn: NotRequired[str]


class CreateBootstrapTokenRequest(TypedDict):
    expiresIn: NotRequired[str]


class CreateDrainRequest(TypedDict):
    # the compute nodes that have all of these are drained
    labels: NotRequired[list[str]]
    # the compute nodes that are drained, where labels do not say which
    nodes: NotRequired[list[str]]
    # at most so many of them are unavailable at once: those that drain, and those that are silent, rejected or drained by others; what this drain has drained counts no more; a share such as 25% is of all of them, rounded down, but never less than one
    maxUnavailable: NotRequired[int | str]
    reason: NotRequired[str]
    # how long running sessions may take, from the moment their node begins to drain
    deadline: NotRequired[str]
    onDeadline: NotRequired[Literal["wait", "terminate"]]
    # the maintenance window within which nodes begin to drain; what does not fit waits for its next opening; absent: they begin at any time
    window: NotRequired[str]
    # when its first node begins to drain, at most a year ahead; absent: now
    at: NotRequired[str]
    # when its nodes come back by themselves, at most a year ahead; absent: when somebody activates them
    until: NotRequired[str]


class CreateJoinTokenRequest(TypedDict):
    description: NotRequired[str]
    maxUses: NotRequired[int]
    expiresIn: NotRequired[str]
    labels: NotRequired[dict[str, str]]
    # nodes of other names are refused; * stands for any characters
    namePattern: NotRequired[str]
    # where absent, Orchestrator.NodeManager.ManualApproval decides
    autoApprove: NotRequired[bool]
    # makes the nodes that join with it ephemeral: each is removed once it has been UNKNOWN for so long, after its goodbye as after any silence; where absent, Orchestrator.NodeManager.RemoveAfter decides
    removeAfter: NotRequired[str]


class CreateJoinTokenResponse(TypedDict):
    joinToken: JoinToken
    # shown once
    token: str
    install: Install


class CreateMaintenanceWindowRequest(TypedDict):
    name: str
    # when it opens: minute, hour, day of the month, month, day of the week. A day has to be both the day of the month and the day of the week: `0 2 1-7 * SAT` is the first Saturday
    cron: str
    # whose clocks the cron expression and the blackout dates are read from
    timeZone: str
    # how long it is open
    duration: str
    # the nodes that it is for have all of these; empty: it is for all
    labels: NotRequired[list[str]]
    # days of the time zone on which it does not open
    blackouts: NotRequired[list[str]]
    description: NotRequired[str]


class CreateNodeRequest(TypedDict):
    name: str
    labels: NotRequired[dict[str, str]]
    description: NotRequired[str]
    # how long its bootstrap token works
    expiresIn: NotRequired[str]


class CreateNodeResponse(TypedDict):
    node: Node
    # shown once
    bootstrapToken: str
    expiresAt: str
    install: Install


class CreateWebhookRequest(TypedDict):
    # what people call it
    name: str
    # where it is told; it may be secret, and is not shown again
    url: str
    # what bodies look like
    form: NotRequired[Literal["cloudevents", "slack", "pagerduty", "alertmanager"]]
    # for `pagerduty` the routing key; else by what bodies are signed, written as Standard Webhooks have it (`whsec_…`), or absent: one is made
    secret: NotRequired[str]
    # empty: all alerts
    kinds: NotRequired[list[Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]]]
    # only of nodes that have all of these; empty: of all, and of what belongs to no node
    labels: NotRequired[list[str]]
    # at least so severe
    severity: NotRequired[Literal["info", "warning", "critical"]]


class CreateWebhookResponse(TypedDict):
    webhook: Webhook
    # shown once; null where you brought it
    secret: str | None


class DeactivateRequest(TypedDict):
    reason: NotRequired[str]
    # how long running sessions may take, from the beginning of the drain
    deadline: NotRequired[str]
    onDeadline: NotRequired[Literal["wait", "terminate"]]
    # when it begins, at most a year ahead; absent: now. It takes the place of what was planned
    at: NotRequired[str]
    # when it ends by itself, at most a year ahead; absent: when somebody activates the node
    until: NotRequired[str]


class DecisionRequest(TypedDict):
    reason: NotRequired[str]


class DecisionResponse(TypedDict):
    node: Node
    applied: bool


class DeviceLogin(TypedDict):
    # asks what became of it: a secret
    handle: str
    # what the person enters, or compares, at the identity provider
    userCode: str
    # where the person signs in, in any browser
    verificationUri: str
    # the same with the code in it; null: the provider has no such address
    verificationUriComplete: str | None
    # seconds to wait before asking what became of it
    pollAfterS: int
    expiresAt: str


class DeviceLoginPoll(TypedDict):
    # seconds to wait before asking again; null: it is over
    pollAfterS: int | None
    # what the command line sends as a bearer; null: the person has not signed in yet
    token: str | None
    login: Login | None


class DeviceLoginPollRequest(TypedDict):
    handle: str


class DrainRequest(TypedDict):
    reason: NotRequired[str]
    # how long running sessions may take, from the beginning of the drain
    deadline: NotRequired[str]
    onDeadline: NotRequired[Literal["wait", "terminate"]]


class DrainSet(TypedDict):
    id: str
    state: Literal["RUNNING", "PAUSED", "HELD", "CANCELLING", "CANCELLED", "DONE"]
    labels: list[str]
    reason: str
    by: str
    at: str
    endedAt: str | None
    maxUnavailable: int
    # how long each node may take
    deadline: str | None
    onDeadline: Literal["wait", "terminate"]
    # no node begins to drain before; null: it began when it was made
    beginsAt: str | None
    # when its nodes come back by themselves; null: when somebody activates them
    until: str | None
    # the maintenance window within which its nodes begin to drain; null: at any time
    window: DrainSetWindow | None
    # who last started, paused, resumed or cancelled it, and whether its workflow knows yet
    ruling: DrainSetRuling
    # its nodes by state
    counts: DrainSetCounts
    # its nodes that are unavailable without its doing, and count for maxUnavailable; seen while a node is to begin
    others: DrainSetOthers
    # in the order of their turns; null in lists
    nodes: list[DrainSetNodesItem] | None
    workflow: DrainSetWorkflow


class DrainSetWindow(TypedDict):
    name: str
    # no further node begins before it opens
    waiting: bool
    # it is open until then; null: it is not open
    openUntil: str | None
    # when it opens next; null: Temporal has not told yet, or there is no such opening
    opensAt: str | None


class DrainSetRuling(TypedDict):
    at: str
    by: str
    applied: bool


class DrainSetCounts(TypedDict):
    QUEUED: int
    DRAINING: int
    UPDATING: int
    DRAINED: int
    UPDATED: int
    FAILED: int
    NOT_MANAGED: int
    ALREADY: int
    SKIPPED: int
    ACTIVATED: int
    REJECTED: int
    REMOVED: int
    RELEASED: int
    NOT_BEGUN: int


class DrainSetOthers(TypedDict):
    # no further node begins because of them
    waiting: bool
    count: int
    # some of them
    nodes: list[DrainSetOthersNodesItem]


class DrainSetOthersNodesItem(TypedDict):
    id: str
    why: str


class DrainSetNodesItem(TypedDict):
    id: str
    uid: str
    state: Literal["QUEUED", "DRAINING", "UPDATING", "DRAINED", "UPDATED", "FAILED", "NOT_MANAGED", "ALREADY", "SKIPPED", "ACTIVATED", "REJECTED", "REMOVED", "RELEASED", "NOT_BEGUN"]
    since: str
    reason: str


class DrainSetWorkflow(TypedDict):
    id: str
    url: str | None


class DrainSetPage(TypedDict):
    items: list[DrainSet]
    nextCursor: str | None


class EndedSessionReport(TypedDict):
    id: str
    kind: Literal["managed", "external"]
    state: Literal["COMPLETED", "FAILED", "TERMINATED"]
    reason: str
    startedAt: str | None
    endedAt: str
    rows: int | None
    resultFile: str | None
    preview: Preview | None


FleetHistory = TypedDict("FleetHistory", {
    "window": "Literal[\"1h\", \"24h\", \"7d\"]",
    "from": "str",
    "to": "str",
    # of the minutes that came within so many milliseconds the one stands for all in which most nodes were not healthy
    "resolutionMs": "int",
    # the earliest first. Where points are missing the control plane was not counting: nothing is known of that time
    "points": "list[FleetHistoryPointsItem]",
})


class FleetHistoryPointsItem(TypedDict):
    at: str
    # how many nodes of type Compute were in which state; what is left out is none
    states: dict[str, int]


class FleetNodes(TypedDict):
    # when the nodes were read: at most 15 seconds before they were asked for
    at: str
    # living nodes of type Compute
    total: int
    # how many of all of them are in which state; what is left out is none
    states: dict[str, int]
    # what they can be grouped by, and how many of them have it; the commonest first
    labels: list[FleetNodesLabelsItem]
    # values of the label that was asked for; those that most nodes have
    groups: list[str]
    # columns: what has the same place belongs to the same node. By id; of a fleet of more than 25000 nodes healthy ones are left out first
    nodes: FleetNodesNodes


class FleetNodesLabelsItem(TypedDict):
    key: str
    nodes: int
    values: int


class FleetNodesNodes(TypedDict):
    id: list[str]
    # index into: unknown, unhealthy, overdue, copied, missing, pending, waiting, draining, drained, stopped, rejected, registered, healthy
    state: list[int]
    # utilization; null where the node is not heard
    cpu: list[float | None]
    # used share; null where the node is not heard
    memory: list[float | None]
    # index into groups; -1: it lacks the label; -2: its value has no group. Empty where no label was asked for
    group: list[int]


class GoodbyeRequest(TypedDict):
    # made anew at every start of the agent
    bootId: str
    reason: str


class HeartbeatRequest(TypedDict):
    # made anew at every start of the agent
    bootId: str
    # rises by one with every heartbeat of a boot
    seq: int
    # how often this node is configured to beat, in milliseconds; it is told so or sooner, never later than the cluster counts a beat as missed
    intervalMs: NotRequired[int]
    resources: Resources
    # all that its checks say, where any of it has changed; absent: as it was told last
    conditions: NotRequired[list[ReportedCondition]]


class HeartbeatResponse(TypedDict):
    approval: Literal["PENDING", "APPROVED", "REJECTED"]
    availability: Literal["ACTIVE", "DRAINING", "DRAINED"]
    # when to send the next one, in milliseconds from now
    nextHeartbeatMs: int
    # sessions wait to be begun or ended: ask GET /v1/agent/commands
    commands: bool
    # the version of the agent that is to run on the node now; absent: the one that does
    update: NotRequired[HeartbeatResponseUpdate]
    # the conditions that came with this heartbeat are kept, and need not be told again
    conditionsKept: NotRequired[bool]


class HeartbeatResponseUpdate(TypedDict):
    # of the rollout
    id: str
    version: str
    # an older version than the one that runs is meant
    downgrade: bool


class Install(TypedDict):
    # lines for the agent's configuration file
    configYaml: str
    # a command of sh that does all of it on the machine
    command: str
    # user data for cloud-init that does it at the first boot
    cloudInit: str
    # a playbook for Ansible that does it
    ansible: str
    # whether this api has packages of the agent, without which only configYaml is of use
    isPackageServed: bool


class JoinToken(TypedDict):
    id: str
    description: str
    uses: int
    maxUses: int
    expiresAt: str
    labels: dict[str, str]
    namePattern: str | None
    autoApprove: bool | None
    # how long its nodes may be UNKNOWN before they are removed; null: as configured
    removeAfter: str | None
    revoked: bool
    createdAt: str
    createdBy: str


class JoinTokenPage(TypedDict):
    items: list[JoinToken]
    nextCursor: str | None


class LeastHardware(TypedDict):
    # logical cores
    cores: NotRequired[int]
    # bytes
    memory: NotRequired[int]
    gpus: NotRequired[int]


class LiveSessionReport(TypedDict):
    id: str
    kind: Literal["managed", "external"]
    principal: str
    statement: str
    state: Literal["RUNNING", "TERMINATING"]
    startedAt: str


class Liveness(TypedDict):
    status: Literal["alive"]


class Login(TypedDict):
    # decisions are written down under this name
    name: str
    # the role that holds everywhere
    role: Literal["viewer", "operator", "admin"]
    # further roles, each over the nodes of a scope
    grants: list[ScopedGrant]
    # token: an api token; login: a cookie of the web page, or what the command line got by signing in at the identity provider; oidc: a token of the configured issuer
    via: Literal["token", "login", "oidc"]
    expiresAt: str | None


class LoginProvider(TypedDict):
    # null: nobody signs in at an identity provider here
    name: str | None


class LoginRequest(TypedDict):
    # an api token
    token: str


class Logout(TypedDict):
    # where a browser ends the session at the identity provider too
    continueAt: str


class Maintenance(TypedDict):
    id: str
    state: Literal["planned", "underWay"]
    # when it begins, or when the first of its nodes was taken out
    at: str
    # when it ends by itself; null: when somebody activates the nodes
    until: str | None
    by: str
    reason: str
    # the drain set that does it; null where each node does it by itself
    drain: str | None
    # the maintenance window that opens then; its nodes are those of the sets that wait for it. null: of nodes or a drain set
    window: MaintenanceOpening | None
    nodes: MaintenanceNodes


class MaintenanceNodes(TypedDict):
    count: int
    # the first 10 of them
    names: list[str]


class MaintenanceOpening(TypedDict):
    name: str
    # drain sets and updates of agents that run within it, and are not over
    waiting: list[MaintenanceOpeningWaitingItem]


class MaintenanceOpeningWaitingItem(TypedDict):
    id: str
    kind: Literal["drain", "agentUpdate"]


class MaintenancePage(TypedDict):
    items: list[Maintenance]
    nextCursor: str | None


class MaintenanceWindow(TypedDict):
    name: str
    # grows with each change
    version: int
    labels: list[str]
    cron: str
    timeZone: str
    duration: str
    blackouts: list[str]
    description: str
    createdAt: str
    createdBy: str
    # it is open until then; null: it is not open
    openUntil: str | None
    # the next ones, as Temporal has told; empty where it was not heard yet
    openings: list[str]
    # Temporal's schedule opens it as it is described here
    scheduled: bool
    # why the schedule does not yet; empty where it does
    problem: str
    # drain sets and updates of agents that run within it, and are not over
    waiting: list[MaintenanceWindowWaitingItem]
    schedule: MaintenanceWindowSchedule


class MaintenanceWindowWaitingItem(TypedDict):
    id: str
    kind: Literal["drain", "agentUpdate"]


class MaintenanceWindowSchedule(TypedDict):
    id: str
    url: str | None


class MaintenanceWindowPage(TypedDict):
    items: list[MaintenanceWindow]
    nextCursor: str | None


class MassSilence(TypedDict):
    # the first of them was last heard then
    since: str
    noticedAt: str
    # nodes of type Compute that have not been heard since, as of some seconds ago
    silent: int
    # so many were silent at the most
    mostSilent: int
    # nodes that beat when it began, or have since
    beating: int
    # null while it lasts
    endedAt: str | None
    # system where most nodes came back, else who released it
    endedBy: str | None


class Node(TypedDict):
    id: str
    # tells apart nodes that had the same id one after the other
    uid: str
    type: Literal["Compute", "Requester"]
    phase: Literal["REGISTERED", "PENDING", "REJECTED", "WAITING", "ACTIVE", "DRAINING", "DRAINED", "REMOVED"]
    # liveness in the words for this type of node; UNKNOWN or DISCONNECTED where it is overdue, STOPPED where its agent said goodbye
    status: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN", "STOPPED", "CONNECTED", "DISCONNECTED"]
    approval: NodeApproval
    availability: NodeAvailability
    liveness: NodeLiveness
    # still HEALTHY, and MissedHeartbeatsWarning or more heartbeats in a row are missing
    warning: bool
    missedHeartbeats: int
    # silent for longer than its timeout, and nobody has said yet that it is UNHEALTHY: whether it is healthy is not known
    overdue: bool
    # when its agent said goodbye: it stopped on purpose, and was not heard since. Its liveness goes by silence alone
    stoppedAt: NotRequired[str]
    # more than one machine beats with this identity: no new sessions until its token is regenerated and it has joined anew
    copied: NodeCopied | None
    # the versions of its agent and of the api that answers, where the agent is older
    outdated: NodeOutdated | None
    lastHeartbeat: str | None
    drain: NodeDrain | None
    # when its deactivation ends by itself, if nobody decides otherwise; null where it has no end, or the node is in service
    until: str | None
    planned: PlannedDeactivation | None
    activeSessions: int
    # what its sessions reserve together
    reserved: SessionResources
    labels: dict[str, str]
    # keys of those labels that are as its agent's configuration says; all others are administrators'
    agentLabels: NotRequired[list[str]]
    description: str
    info: NodeInfo | None
    resources: Resources | None
    # what its checks said last; null where it never told. Liveness is another matter
    conditions: list[NodeCondition] | None
    # where checks have taken it out, or keep new sessions from it
    quarantine: NodeQuarantine | None
    # where a check would take it out, and the budget is used up
    heldBack: NodeHeldBack | None
    # checks that it was activated despite: they take it out once they have passed, and fail anew
    despite: list[str]
    # a decision is applied when appliedSeq reaches its seq
    decision: NodeDecision
    workflow: NodeWorkflow
    # of an ephemeral node: it is removed once it has been UNKNOWN for so long; null: Orchestrator.NodeManager.RemoveAfter decides
    removeAfter: str | None
    createdAt: str
    joinedAt: str | None


class NodeApproval(TypedDict):
    value: Literal["PENDING", "APPROVED", "REJECTED"]
    since: str
    reason: str
    by: str


class NodeAvailability(TypedDict):
    value: Literal["ACTIVE", "DRAINING", "DRAINED"]
    since: str
    reason: str
    by: str


class NodeLiveness(TypedDict):
    value: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]
    since: str
    reason: str
    by: str


class NodeCopied(TypedDict):
    since: str
    bootIds: list[str]


class NodeOutdated(TypedDict):
    agent: str
    api: str


class NodeDrain(TypedDict):
    since: str
    by: str
    reason: str
    deadline: str | None
    onDeadline: Literal["wait", "terminate"]
    terminating: bool
    thenRemove: bool
    # sessions that it waits for; null until the workflow has taken up the decision
    remaining: list[str] | None


class NodeQuarantine(TypedDict):
    since: str
    policy: Literal["noNewSessions", "drain"]
    # that failed
    checks: list[str]
    reason: str
    # when it comes back if its checks go on to pass; null while one of them does not
    returnsAt: str | None


class NodeHeldBack(TypedDict):
    since: str
    reason: str


class NodeDecision(TypedDict):
    seq: int
    appliedSeq: int
    # when the latest was made, where the workflow has not applied it
    unappliedSince: str | None


class NodeWorkflow(TypedDict):
    id: str
    url: str | None


class NodeCondition(TypedDict):
    type: str
    status: Literal["FIT", "UNFIT", "UNKNOWN"]
    since: str
    # in one word, for programs
    reason: str
    # for people; figures in it are of when it was told
    message: str
    # what found it: built-in, or the path of a program on the node
    by: str


NodeEvent = TypedDict("NodeEvent", {
    "id": "str",
    "at": "str",
    "type": "str",
    "node": "str",
    "uid": "str",
    "by": "str",
    "reason": "str",
    # the address that the request came from
    "from": "str | None",
})


class NodeEventPage(TypedDict):
    items: list[NodeEvent]
    nextCursor: str | None


NodeHistory = TypedDict("NodeHistory", {
    # null where the stretch was asked for by its ends
    "window": "Literal[\"1h\", \"24h\", \"7d\"] | None",
    "from": "str",
    "to": "str",
    # how often heartbeats are expected at present
    "intervalMs": "int",
    # heartbeats that came within so many milliseconds are one point, their mean
    "resolutionMs": "int",
    # the earliest first; sizes are rounded to MiB
    "points": "list[NodeHistoryPointsItem]",
    # decisions, drains and restarts of that time, the latest first
    "marks": "list[NodeHistoryMarksItem]",
    # whether heartbeats came, and how many slots had which fate
    "heartbeats": "NodeHistoryHeartbeats",
})


class NodeHistoryPointsItem(TypedDict):
    at: str
    cpu: float
    memoryUsedBytes: int
    memoryTotalBytes: int
    diskUsedBytes: int
    diskTotalBytes: int
    connections: int
    loadAverage: NotRequired[float]
    swapUsedBytes: NotRequired[int]
    sessions: int
    gpu: NotRequired[float]
    gpuMemoryUsedBytes: NotRequired[int]
    gpuMemoryTotalBytes: NotRequired[int]
    cpuMin: NotRequired[float]
    cpuMax: NotRequired[float]
    memoryUsedBytesMin: NotRequired[int]
    memoryUsedBytesMax: NotRequired[int]
    connectionsMin: NotRequired[int]
    connectionsMax: NotRequired[int]
    loadAverageMin: NotRequired[float]
    loadAverageMax: NotRequired[float]
    gpuMin: NotRequired[float]
    gpuMax: NotRequired[float]


class NodeHistoryMarksItem(TypedDict):
    at: str
    type: Literal["NodeApproved", "NodeRejected", "NodeActivated", "NodeDeactivated", "NodeDecommissioned", "NodeDrained", "DrainDeadlinePassed", "NodeJoined", "NodeRestarted", "AgentUpdated", "AgentUpdateFailed"]
    by: str
    reason: str


NodeHistoryHeartbeats = TypedDict("NodeHistoryHeartbeats", {
    # where the first slot begins
    "from": "str",
    "slotMs": "int",
    # one after another, the last one may not be over yet. before: the node had not joined; received: all came that were due; late: one came after more than 1.5 intervals; missed: one was due and none came; blind: the control plane was not listening
    "slots": "list[Literal[\"before\", \"received\", \"late\", \"missed\", \"blind\"]]",
    "received": "int",
    "late": "int",
    "missed": "int",
})


class NodeInfo(TypedDict):
    agentVersion: str
    hostname: str
    # by which others may reach it, as it says, the best first
    addresses: NotRequired[list[str]]
    # when the machine was started, by its own clock
    bootTime: NotRequired[str]
    # where it stands, as its provider or its configuration names that
    zone: NotRequired[str]
    # what its provider or its firmware calls it
    instanceId: NotRequired[str]
    os: NodeInfoOs
    cpu: NodeInfoCpu
    memory: NodeInfoMemory
    disks: list[NodeInfoDisksItem]
    gpus: list[NodeInfoGpusItem]
    # what of this could not be read at the last look, and why; it is tried again at the next
    unread: NotRequired[list[NodeInfoUnreadItem]]
    # as its configuration says; administrators' labels of the same key go before them
    labels: NotRequired[dict[str, str]]
    # what runs the sessions that are placed on the node: duckdb or none; no session is placed on one with none, nor on one whose engine the api does not know
    sessionEngine: NotRequired[str]
    # absent: an agent that updates are nothing for
    updates: NotRequired[NodeInfoUpdates]


class NodeInfoOs(TypedDict):
    platform: str
    distribution: str
    release: str
    kernel: str
    architecture: str


class NodeInfoCpu(TypedDict):
    model: str
    vendor: str
    physicalCores: int
    logicalCores: int
    usableCores: float


class NodeInfoMemory(TypedDict):
    totalBytes: int
    usableBytes: int


class NodeInfoDisksItem(TypedDict):
    device: str
    mount: str
    filesystem: str
    totalBytes: int


class NodeInfoGpusItem(TypedDict):
    index: int
    vendor: str
    model: str
    memoryBytes: int | None


class NodeInfoUnreadItem(TypedDict):
    # one of cpu, os, disks, gpus, connections, or of a newer agent's
    part: str
    reason: str


class NodeInfoUpdates(TypedDict):
    # its configuration lets the api say which version runs
    managed: bool
    # what became of the update that was asked for last
    last: NotRequired[NodeInfoUpdatesLast]


class NodeInfoUpdatesLast(TypedDict):
    # of the rollout that asked for it
    id: str
    version: str
    # FETCHING, TRYING, DONE, REFUSED, FAILED, or a newer agent's
    state: str
    # why, where it was refused or failed
    reason: str


class NodePage(TypedDict):
    items: list[Node]
    nextCursor: str | None
    # how many nodes the filter finds, where that was asked for and could be counted quickly
    total: int | None
    # of each node by its uid, where `include=cpu` asked for it: CPU in percent over the last hour, a mean for every 2 minutes; null where nothing was heard
    cpu: NotRequired[dict[str, list[int | None]]]


class NodeSession(TypedDict):
    id: str
    principal: str
    statement: str
    state: Literal["ASSIGNED", "RUNNING", "TERMINATING"]
    startedAt: str
    elapsedMs: int
    # null where nothing is reserved for it: another engine's
    resources: SessionResources | None


class OpenSessionRequest(TypedDict):
    # for whom it runs
    principal: str
    sql: str
    # what to reserve; a quarter of a core, 256 MiB of memory and of disk where nothing is said
    resources: NotRequired[OpenSessionRequestResources]
    # only nodes that have all of these
    labels: NotRequired[dict[str, str]]
    # spread: the node with the most room; pack: the one with the least that is enough
    strategy: NotRequired[Literal["spread", "pack"]]


class OpenSessionRequestResources(TypedDict):
    # cores, in parts of one too
    cpu: NotRequired[float]
    # bytes
    memory: NotRequired[int]
    # bytes
    disk: NotRequired[int]
    # devices
    gpu: NotRequired[int]


class OwnAvailability(TypedDict):
    availability: Literal["ACTIVE", "DRAINING", "DRAINED"]
    since: str
    reason: str
    by: str
    # the node took itself out, and may come back by its own word
    own: bool
    deadline: str | None
    # of the node that have not ended, as its workflow last said
    sessions: int


class OwnAvailabilityRequest(TypedDict):
    value: Literal["ACTIVE", "DRAINED"]
    reason: NotRequired[str]
    # of a drain: how long running sessions may take, in milliseconds from now
    deadlineMs: NotRequired[int]
    onDeadline: NotRequired[Literal["wait", "terminate"]]


class PatchApprovalRuleRequest(TypedDict):
    # of the rule as you know it: it is refused where somebody has changed it since; absent: it is not asked
    version: NotRequired[int]
    # rules are tried by ascending order, then by name; the first that matches decides
    order: NotRequired[int]
    decision: NotRequired[Literal["approve", "reject", "wait"]]
    # the node joins with one of these join tokens; empty: with any
    joinTokens: NotRequired[list[str]]
    # the node has such a name; * stands for any characters; null: any
    namePattern: NotRequired[str | None]
    # the node has all of these labels, from its agent or its token
    labels: NotRequired[list[str]]
    # the request came from one of these addresses or networks; empty: from any
    networks: NotRequired[list[str]]
    hardware: NotRequired[LeastHardware]
    # for people; a rejected node is told too
    reason: NotRequired[str]
    # from now on; null: it does not expire
    expiresIn: NotRequired[str | None]


class PatchMaintenanceWindowRequest(TypedDict):
    # of the window as you know it: it is refused where somebody has changed it since; absent: it is not asked
    version: NotRequired[int]
    # the nodes that it is for have all of these; empty: it is for all
    labels: NotRequired[list[str]]
    # when it opens: minute, hour, day of the month, month, day of the week. A day has to be both the day of the month and the day of the week: `0 2 1-7 * SAT` is the first Saturday
    cron: NotRequired[str]
    # whose clocks the cron expression and the blackout dates are read from
    timeZone: NotRequired[str]
    # how long it is open
    duration: NotRequired[str]
    # days of the time zone on which it does not open
    blackouts: NotRequired[list[str]]
    description: NotRequired[str]


class PatchNodeRequest(TypedDict):
    labels: NotRequired[dict[str, str]]
    description: NotRequired[str]


class PatchWebhookRequest(TypedDict):
    # what people call it
    name: NotRequired[str]
    # where it is told; it may be secret, and is not shown again
    url: NotRequired[str]
    # the routing key, of `pagerduty` only: another address needs it again. To change a signing secret, rotate it
    secret: NotRequired[str]
    # empty: all alerts
    kinds: NotRequired[list[Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]]]
    # only of nodes that have all of these; empty: of all, and of what belongs to no node
    labels: NotRequired[list[str]]
    # at least so severe
    severity: NotRequired[Literal["info", "warning", "critical"]]


class Payloads(TypedDict):
    payloads: list[PayloadsPayloadsItem]


class PayloadsPayloadsItem(TypedDict):
    metadata: NotRequired[dict[str, str] | None]
    data: NotRequired[str | None]
    externalPayloads: NotRequired[list[dict[str, Any]] | None]


class PlannedDeactivation(TypedDict):
    # when it begins
    at: str
    # when it ends by itself; null: when somebody activates the node
    until: str | None
    # when it was planned
    since: str
    by: str
    reason: str
    # how long running sessions may take from its beginning; null: without limit
    deadline: str | None
    onDeadline: Literal["wait", "terminate"]


class Preview(TypedDict):
    columns: list[PreviewColumnsItem]
    rows: list[list[str | None]]
    # the result has more rows, more columns or longer values
    truncated: bool


class PreviewColumnsItem(TypedDict):
    name: str
    type: str


class Problem(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    code: Literal["VALIDATION_FAILED", "UNAUTHENTICATED", "FORBIDDEN", "NODE_REJECTED_BY_ADMINISTRATOR", "NODE_AWAITS_APPROVAL", "NOT_FOUND", "NODE_NOT_FOUND", "METHOD_NOT_ALLOWED", "NODE_NAME_TAKEN", "TOKEN_NAME_TAKEN", "TOKEN_ENDED", "LAST_ADMINISTRATOR", "NODE_NOT_JOINED", "NODE_NOT_APPROVED", "NODE_REJECTED", "NODE_ALREADY_ACTIVE", "NODE_ALREADY_APPROVED", "NODE_DRAINING", "NODE_DRAINED", "NODE_TAKEN_OUT_BY_OTHERS", "NODE_HAS_SESSIONS", "NODE_IS_REQUESTER", "NODE_IDENTITY_COPIED", "NODE_REMOVED", "SESSION_NOT_FOUND", "SESSION_BEING_PLACED", "SESSION_ENDED", "SESSION_AMBIGUOUS", "NO_NODE_FITS", "NO_NODE_MATCHES", "DRAIN_ENDED", "AGENT_UPDATE_ENDED", "AGENT_UPDATES_OFF", "TOO_MANY_WEBHOOKS", "TOO_MANY_RULES", "RULE_NAME_TAKEN", "RULE_CHANGED", "TOO_MANY_WINDOWS", "WINDOW_NAME_TAKEN", "WINDOW_CHANGED", "WINDOW_IN_USE", "NO_MASS_SILENCE", "STALE_REPORT", "STALE_HEARTBEAT", "DECISION_CONFLICT", "IDEMPOTENCY_KEY_REUSED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "TOO_MANY_REQUESTS", "INTERNAL", "UNAVAILABLE"]
    field: NotRequired[str]
    hint: NotRequired[str]
    instance: NotRequired[str]
    # of the trace that the request belongs to, as its `traceparent` has it
    traceId: NotRequired[str]


class PrometheusTargetsItem(TypedDict):
    targets: list[str]
    labels: dict[str, str]


PrometheusTargets = list[PrometheusTargetsItem]


class ProviderLoginRequest(TypedDict):
    # the query that the provider sent the browser back with, without its question mark
    answer: str


class ProviderLoginStart(TypedDict):
    # where the browser goes to sign in
    url: str


class Readiness(TypedDict):
    # requests may be led to this replica: it can record heartbeats
    ready: bool
    # whether heartbeats that come to this replica are recorded
    heartbeats: ReadinessHeartbeats
    # whether it answers, and if not, why
    mongodb: ReadinessMongodb
    # so many nodes are silent together that the way between them and the api is to be looked at; null where that is not so
    massSilence: ReadinessMassSilence | None
    # whether it answers, and if not, why. Decisions and heartbeats are taken without it all the same
    temporal: ReadinessTemporal
    # whether workers take the work that waits in Temporal, as of some seconds ago, and if not, why. Without them decisions and heartbeats are taken, and nothing follows from them. While that is not known it is not ok, and no `since` says since when
    workers: ReadinessWorkers


class ReadinessHeartbeats(TypedDict):
    ok: bool
    detail: str
    # since when it is not, as far as this replica has seen; absent where it is
    since: NotRequired[str]


class ReadinessMongodb(TypedDict):
    ok: bool
    detail: str
    # since when it is not, as far as this replica has seen; absent where it is
    since: NotRequired[str]


class ReadinessMassSilence(TypedDict):
    since: str
    silent: int
    beating: int


class ReadinessTemporal(TypedDict):
    ok: bool
    detail: str
    # since when it is not, as far as this replica has seen; absent where it is
    since: NotRequired[str]


class ReadinessWorkers(TypedDict):
    ok: bool
    detail: str
    # since when it is not, as far as this replica has seen; absent where it is
    since: NotRequired[str]


class RegisterRequest(TypedDict):
    # a bootstrap token (one slot, one use) or a join token
    token: str
    # JWK; the private key never leaves the node
    publicKey: RegisterRequestPublicKey
    # wanted id; a bootstrap token has its own
    name: NotRequired[str]
    labels: NotRequired[dict[str, str]]
    info: NodeInfo
    # made anew at every start of the agent
    bootId: str


class RegisterRequestPublicKey(TypedDict):
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str


class RegisterResponse(TypedDict):
    id: str
    uid: str
    approval: Literal["PENDING", "APPROVED", "REJECTED"]
    heartbeatIntervalMs: int


class RejectRequest(TypedDict):
    message: NotRequired[str]


class ReportedCondition(TypedDict):
    type: str
    # FIT, UNFIT, UNKNOWN; any other word is UNKNOWN
    status: str
    # for how long it has been so, by a clock that nobody sets
    ageMs: int
    # why, in one word for programs: ExitCode, TimedOut, OverLimit
    reason: str
    # why, for people
    message: str
    # what found it: built-in, or the path of a program
    by: str


class Resources(TypedDict):
    cpu: ResourcesCpu
    memory: ResourcesMemory
    # of the filesystem that holds the agent's state folder; absent where it could not be read
    disk: NotRequired[ResourcesDisk]
    gpus: list[ResourcesGpusItem]
    # established TCP connections of the machine
    connections: int
    # processes of the machine that ran or waited, on average over the last minute; absent where the system keeps none
    loadAverage: NotRequired[float]
    # swap of the machine that is in use; absent where it has none
    swapUsedBytes: NotRequired[int]
    # what the node's sessions have reserved, and what they use
    sessions: NotRequired[ResourcesSessions]


class ResourcesCpu(TypedDict):
    # that the agent may use: a cgroup quota counts
    cores: float
    utilization: float


class ResourcesMemory(TypedDict):
    totalBytes: int
    usedBytes: int
    availableBytes: int


class ResourcesDisk(TypedDict):
    totalBytes: int
    usedBytes: int
    availableBytes: int


class ResourcesGpusItem(TypedDict):
    index: int
    utilization: float | None
    memoryUsedBytes: int | None
    memoryTotalBytes: int | None


class ResourcesSessions(TypedDict):
    running: int
    # cores
    cpu: ResourcesSessionsCpu
    memory: ResourcesSessionsMemory


class ResourcesSessionsCpu(TypedDict):
    reserved: float
    used: float


class ResourcesSessionsMemory(TypedDict):
    reservedBytes: int
    usedBytes: int


class RotateApiTokenRequest(TypedDict):
    expiresIn: NotRequired[str]
    # how long the secret of before works beside the new one
    overlap: NotRequired[str]


class RotateKeyRequest(TypedDict):
    # JWK; the private key never leaves the node
    publicKey: RotateKeyRequestPublicKey
    # JWT signed with the node's present key: alg EdDSA, sub = uid, aud = rollcall-key, key = x of the new key, iat, exp at most 60 s later, jti
    assertion: str
    # the same claims, signed with the new key
    proof: str


class RotateKeyRequestPublicKey(TypedDict):
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str


class RotateWebhookSecretRequest(TypedDict):
    # how long bodies are signed with the former secret, too
    overlap: NotRequired[str]


class ScopedGrant(TypedDict):
    role: Literal["operator", "admin"]
    scope: list[str]


class Session(TypedDict):
    id: str
    # managed: placed by Rollcall and run by the agent; external: another engine of the node shows it
    kind: Literal["managed", "external"]
    principal: str
    # shortened
    statement: str
    # the whole query; null in lists, and where another engine runs it
    sql: str | None
    state: Literal["PLACING", "ASSIGNED", "RUNNING", "TERMINATING", "COMPLETED", "FAILED", "TERMINATED", "LOST"]
    # why it is in this state, where that needs saying
    reason: str
    node: str | None
    nodeUid: str | None
    resources: SessionResources
    # that its node had to have
    labels: dict[str, str]
    openedBy: str
    openedAt: str
    startedAt: str | None
    endedAt: str | None
    # from its start (or its opening, while it has not started) until its end or now
    elapsedMs: int
    termination: SessionTermination | None
    # of the result, where it has one
    rows: int | None
    # on the node
    resultFile: str | None
    # null in lists
    preview: Preview | None


class SessionTermination(TypedDict):
    at: str
    by: str
    reason: str


class SessionCache(TypedDict):
    items: list[NodeSession]
    # record: the workflow did not answer, these are as last written
    source: Literal["workflow", "record"]
    reportedAt: str | None


class SessionPage(TypedDict):
    items: list[Session]
    nextCursor: str | None


class SessionResources(TypedDict):
    # cores, in parts of one too
    cpu: float
    # bytes
    memory: int
    # bytes
    disk: int
    # devices
    gpu: int


class SessionsReport(TypedDict):
    # made anew at every start of the agent
    bootId: str
    # rises with every report of a boot
    seq: int
    # all that the node has: what is not among them has ended
    live: list[LiveSessionReport]
    # how those ended that ended since the last report that was taken; the rest come with the next
    ended: list[EndedSessionReport]


class SessionsReportAnswer(TypedDict):
    # the node still has these, and the cluster holds them for ended: end them
    terminate: list[str]


class Settings(TypedDict):
    # of the replica that answers
    version: str
    settings: list[SettingsSettingsItem]


class SettingsSettingsItem(TypedDict):
    key: str
    # as it would be written in config.yaml; null where it is not set; of a secret only that it is set
    value: str | None
    default: str | None
    # it is another than the default
    changed: bool
    # what is so where it is not set
    unset: str | None
    # what a number counts
    unit: str | None
    means: str
    # what lets a running process follow a new value; null: its next start
    followed: Literal["at SIGHUP", "at joining", "with its file"] | None


class Support(TypedDict):
    at: str
    versions: SupportVersions | SupportVersions2
    # by dotted keys, as this replica has it; what is secret is not shown
    configuration: SupportConfiguration | SupportConfiguration2
    # the latest lines of this replica's log, oldest first
    log: SupportLog | SupportLog2
    # nodes with decisions that no workflow has applied for a minute, and what their workflows say
    stuck: SupportStuck | SupportStuck2
    # which asked Temporal for work within five minutes, with their versions
    workers: SupportWorkers | SupportWorkers2


class SupportVersions(TypedDict):
    value: dict[str, str]


class SupportVersions2(TypedDict):
    failure: str


class SupportConfiguration(TypedDict):
    value: dict[str, Any]


class SupportConfiguration2(TypedDict):
    failure: str


class SupportLog(TypedDict):
    value: list[str]


class SupportLog2(TypedDict):
    failure: str


class SupportStuck(TypedDict):
    value: list[dict[str, Any]]


class SupportStuck2(TypedDict):
    failure: str


class SupportWorkers(TypedDict):
    value: list[dict[str, Any]]


class SupportWorkers2(TypedDict):
    failure: str


TokenUse = TypedDict("TokenUse", {
    "node": "str",
    "uid": "str",
    "at": "str",
    "from": "str | None",
})


class TokenUsePage(TypedDict):
    items: list[TokenUse]
    nextCursor: str | None


class Webhook(TypedDict):
    id: str
    name: str
    # its beginning: the rest may be secret
    url: str
    form: Literal["cloudevents", "slack", "pagerduty", "alertmanager"]
    kinds: list[Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring"]]
    labels: list[str]
    severity: Literal["info", "warning", "critical"]
    createdAt: str
    createdBy: str
    # until then bodies are signed with the secret of before the latest rotation, too; null: they are not
    formerUntil: str | None


class WebhookDelivery(TypedDict):
    # the webhook-id: the same whenever it is tried
    id: str
    at: str
    state: Literal["PENDING", "DELIVERED", "DEAD"]
    alert: WebhookDeliveryAlert
    node: str | None
    attempts: int
    lastAttemptAt: str | None
    # to the last attempt, in a few words
    answer: str
    nextAttemptAt: str | None


class WebhookDeliveryAlert(TypedDict):
    kind: Literal["NodeLost", "NodeUnfit", "NodePending", "NodeDrained", "IdentityCopied", "MassSilence", "BudgetExhausted", "TokenExpiring", "Test"]
    phase: Literal["raised", "cleared"]
    severity: Literal["info", "warning", "critical"]
    summary: str


class WebhookDeliveryPage(TypedDict):
    items: list[WebhookDelivery]
    nextCursor: str | None


class WebhookPage(TypedDict):
    items: list[Webhook]
    nextCursor: str | None
