import type { Decision } from '../../contract/decision.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import type { Phase } from '../../contract/phase.js';
import type { NodeCondition } from '../../contract/fitness.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import type { EpochMs, Liveness, NodeType } from '../../contract/states.js';

/** By what a node proves who it is. A new key, or a regenerated token, makes a new generation; earlier ones are good for nothing. */
export interface NodeCredential {
  /** `x` of the node's Ed25519 public JWK. */
  publicKeyX: string;
  generation: number;
  /** When the node joined with it; absent in records of before this was kept. */
  since?: EpochMs;
  /** Present once it was taken away. */
  revokedAt?: EpochMs;
}

/** Two boots of an agent beat in turn: more than one machine uses the node's identity. */
export interface CopiedIdentity {
  since: EpochMs;
  /** Of the agents that were found out. */
  bootIds: string[];
}

/** What the lifecycle workflow last wrote about the node. */
export interface AppliedState {
  /** seq of the decision that the workflow has applied. */
  seq: number;
  /** The view's revision: a lower one never overwrites a higher. */
  revision: number;
  view: LifecycleView;
  /** The run that wrote it. Absent where that was before runs were named. */
  run?: string;
}

/** Where a node stands: what is decided about it and what is observed of it, without what it is. */
export interface NodeOverview extends Pick<NodeRecord, 'uid' | 'name' | 'living' | 'phase' | 'liveness' | 'decision'> {
  /** As it last said; null where it has not yet. */
  agent: { version: string; updates: NodeInfo['updates'] } | null;
}

/** What a node's agent is to become. */
export interface AgentWish {
  /** Of the rollout. */
  id: string;
  version: string;
  downgrade: boolean;
}

/** A node as the record holds it: identity, what was decided, what was observed. */
export interface NodeRecord {
  /** Tells incarnations of a name apart. */
  uid: string;
  /** The node's id, as people know it; unique among living nodes. */
  name: string;
  /** False once the node is removed. */
  living: boolean;
  type: NodeType;
  labels: Record<string, string>;
  /** Keys of those that are as its agent's configuration says; absent where nobody told them apart. */
  agentLabels?: string[];
  description: string;
  decision: Decision;
  /** Derived from the decision and the applied view; stored so that lists can be filtered by it. */
  phase: Phase;
  /** As last projected; UNKNOWN before that. */
  liveness: Liveness;
  applied: AppliedState | null;
  /** When the latest decision was committed; absent once the workflow has applied it. */
  unappliedSince?: EpochMs;
  credential: NodeCredential | null;
  /** Null again once the node has joined anew with a regenerated token. */
  copied: CopiedIdentity | null;
  info: NodeInfo | null;
  /** What its checks said last; null where none ever told anything. */
  conditions: NodeCondition[] | null;
  /** The version that a rollout wants of its agent; null where none does. The agent hears of it once the node is drained. */
  agentWish: AgentWish | null;
  createdAt: EpochMs;
  joinedAt: EpochMs | null;
  removedAt: EpochMs | null;
}
