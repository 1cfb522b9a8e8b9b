import type { Decision } from '../../contract/decision.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import type { Phase } from '../../contract/phase.js';
import type { NodeCondition } from '../../contract/fitness.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import type { EpochMs, Liveness, NodeType } from '../../contract/states.js';

/** A node's credential. A new key, or a regenerated token, starts a new generation, which invalidates earlier ones. */
export interface NodeCredential {
  /** `x` of the node's Ed25519 public JWK. */
  publicKeyX: string;
  generation: number;
  /** When the node joined with it; absent in records from before this was stored. */
  since?: EpochMs;
  /** Present once it was taken away. */
  revokedAt?: EpochMs;
}

/** Mark of a copied identity: two boots beat in turn, so more than one machine uses it. */
export interface CopiedIdentity {
  since: EpochMs;
  /** The boots in question. */
  bootIds: string[];
}

/** What the lifecycle workflow last wrote about the node. */
export interface AppliedState {
  /** seq of the decision that the workflow has applied. */
  seq: number;
  /** The view's revision: a lower one never overwrites a higher. */
  revision: number;
  view: LifecycleView;
  /** The run that wrote it; absent in projections from before runs were named. */
  run?: string;
}

/** A node's decision and observed state, without its information. */
export interface NodeOverview extends Pick<NodeRecord, 'uid' | 'name' | 'living' | 'phase' | 'liveness' | 'decision'> {
  /** Reported by the agent; null before its first report. */
  agent: { version: string; updates: NodeInfo['updates'] } | null;
}

/** How a node joined with a join token. */
export interface NodeOrigin {
  /** Id of the token. */
  token: string;
  /** Address of the request. */
  from: string;
}

/** The version that an agent is to be updated to. */
export interface AgentWish {
  /** Id of the agent update. */
  id: string;
  version: string;
  downgrade: boolean;
}

/** A node in the record: identity, decisions, observations. */
export interface NodeRecord {
  /** Tells incarnations of a name apart. */
  uid: string;
  /** The node's id, as people know it; unique among living nodes. */
  name: string;
  /** False once the node is removed. */
  living: boolean;
  type: NodeType;
  labels: Record<string, string>;
  /** Keys of labels that come from the agent's configuration; absent in records from before this was stored. */
  agentLabels?: string[];
  description: string;
  /** How it joined with a join token, where it did; absent in records from before this was stored. */
  origin?: NodeOrigin;
  /** An ephemeral node is removed once it has been UNKNOWN for so long, in milliseconds; absent: as configured. */
  removeAfterMs?: number;
  decision: Decision;
  /** Derived from the decision and the applied view; stored so that lists can be filtered by it. */
  phase: Phase;
  /** As last projected; UNKNOWN before that. */
  liveness: Liveness;
  applied: AppliedState | null;
  /** When the latest decision was committed; absent once the workflow has applied it. */
  unappliedSince?: EpochMs;
  credential: NodeCredential | null;
  /** Null again once the node has joined again with a regenerated token. */
  copied: CopiedIdentity | null;
  info: NodeInfo | null;
  /** Results of its checks; null where none were ever reported. */
  conditions: NodeCondition[] | null;
  /** The version that an agent update wants; null where there is none. The agent is told once the node is drained. */
  agentWish: AgentWish | null;
  createdAt: EpochMs;
  joinedAt: EpochMs | null;
  removedAt: EpochMs | null;
}
