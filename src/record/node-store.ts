import type { Attention } from '../../contract/attention.js';
import type { Decision } from '../../contract/decision.js';
import { fitnessOf, type Fitness, type NodeCondition } from '../../contract/fitness.js';
import type { Quiet } from '../../contract/health.js';
import type { NodeSort } from '../../contract/node-order.js';
import type { Phase } from '../../contract/phase.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import type { Approval, EpochMs, Liveness, NodeType } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';
import type { NodeEvent } from './event-store.js';
import type { AgentWish, CopiedIdentity, NodeCredential, NodeOrigin, NodeRecord, NodeOverview } from './node-record.js';

export type { NodeRecord } from './node-record.js';

/** A node that is about to exist: a slot (no `joining`), or an agent that came with a join token. */
export interface NewNode {
  uid: string;
  name: string;
  type: NodeType;
  labels: Record<string, string>;
  /** Keys of those that its agent brings. */
  agentLabels?: string[];
  description: string;
  origin?: NodeOrigin;
  /** See {@link NodeRecord.removeAfterMs}. */
  removeAfterMs?: number;
  decision: Decision;
  at: EpochMs;
  joining?: Joining;
}

/** A node to create, with its events. */
export interface NodeCreation {
  node: NewNode;
  events: readonly NodeEvent[];
}

/** What an agent presents when it joins. */
export interface Joining {
  /** `x` of its Ed25519 public JWK. */
  publicKeyX: string;
  info: NodeInfo;
}

export interface DecisionChange {
  uid: string;
  /** seq of the decision that `decision` was made from, which must still be the latest. */
  expectedSeq: number;
  decision: Decision;
  /** Written with the decision, or not at all. */
  event: NodeEvent;
  /** With the decision `register`: the slot's agent arrives, and its key replaces any earlier one. */
  joining?: Joining;
  /** Labels of the agent, which are added to the node's and change none of them. */
  labels?: Record<string, string>;
}

/** Reasons for attention, as of `quiet.now`; `timeoutMs` is the timeout of nodes with the configured interval. */
export interface Needs {
  any: readonly Attention[];
  quiet: Quiet;
  timeoutMs: number;
}

/** Filter and order of living nodes. Several values of one filter mean any of them; several labels mean all of them. */
export interface NodeQuery extends PageRequest {
  approval?: readonly Approval[] | undefined;
  liveness?: readonly Liveness[] | undefined;
  phase?: readonly Phase[] | undefined;
  type?: readonly NodeType[] | undefined;
  /** Without `value`, the label may have any value. */
  labels?: readonly { key: string; value?: string | undefined }[] | undefined;
  /** Words to find literally in the id, the hostname, a label or the description. */
  q?: string | undefined;
  /** Conditions, of which a node needs any. */
  conditions?: readonly { type: string; status: Fitness }[] | undefined;
  /** Ids to choose from. */
  names?: readonly string[] | undefined;
  /** Versions of agents. */
  agentVersions?: readonly string[] | undefined;
  /** Selects nodes that are HEALTHY but quiet. */
  quiet?: Quiet | undefined;
  /** Selects nodes whose agents said goodbye. */
  stopped?: boolean | undefined;
  /** Selects nodes that need attention for any of these reasons. */
  attention?: Needs | undefined;
  sort: NodeSort;
  /** Whether to count all matches of the filter. */
  total?: boolean | undefined;
}

export interface NodeListPage<Item> extends Page<Item> {
  /** Null where it was not requested, or counting took too long. */
  total: number | null;
}

/** Another living node has the name. */
export class NodeNameTaken extends Error {
  override readonly name = 'NodeNameTaken';

  constructor(readonly nodeName: string) {
    super(`a node named ${nodeName} exists already`);
  }
}

/** Identity, credentials and decisions of all nodes, living and removed. Writes are durable when the promise resolves. */
export abstract class NodeStore {
  /** @throws NodeNameTaken */
  abstract create(node: NewNode, events: readonly NodeEvent[]): Promise<NodeRecord>;

  /**
   * Creates all of them, or none.
   * @returns the nodes in the same order
   * @throws NodeNameTaken where a name is taken or occurs twice; of several nodes it does not say which
   */
  abstract createAll(creations: readonly NodeCreation[]): Promise<NodeRecord[]>;

  abstract findLiving(name: string): Promise<NodeRecord | null>;

  /** The living node with this name; where there is none, the last one that had it. */
  abstract findLatest(name: string): Promise<NodeRecord | null>;

  /** Living or removed. */
  abstract findByUid(uid: string): Promise<NodeRecord | null>;

  /** Names and labels, including those of removed nodes. */
  abstract labelsOf(uids: readonly string[]): Promise<Pick<NodeRecord, 'name' | 'labels'>[]>;

  /** The existing ones of these nodes, including removed ones, in one read. */
  abstract overviewsOf(uids: readonly string[]): Promise<NodeOverview[]>;

  /** The living node with this unrevoked key, by which an agent whose answer was lost can register again. */
  abstract findByPublicKey(publicKeyX: string): Promise<NodeRecord | null>;

  /** Distinct versions of the agents of living nodes. */
  abstract agentVersions(): Promise<string[]>;

  /** @throws BadCursor */
  abstract list(query: NodeQuery): Promise<NodeListPage<NodeRecord>>;

  /**
   * Commits a decision and its event where `expectedSeq` is still the latest. A removal `now` also takes the credential
   * and frees the name, in the same write; a rejection leaves the credential, which the node needs to be told why.
   * @returns `conflict` where somebody else decided meanwhile, or the node is removed: read it anew.
   */
  abstract commitDecision(change: DecisionChange): Promise<NodeRecord | 'conflict'>;

  /**
   * Takes the node's credential away (its token is regenerated), unless another decision came meanwhile.
   * @returns null where there is no such living node.
   */
  abstract revokeCredential(uid: string, at: EpochMs, event: NodeEvent): Promise<NodeRecord | null>;

  /**
   * Marks a living node whose identity is used twice, where it is not marked yet and still has the credential of this
   * generation. @returns whether it was this call that marked it.
   */
  abstract flagCopied(uid: string, generation: number, copied: CopiedIdentity, event: NodeEvent): Promise<boolean>;

  /**
   * Gives a living node a new key (it registers again with a regenerated token): a new generation, which nobody has copied yet.
   * @returns null where there is no such living node.
   */
  abstract replaceCredential(uid: string, at: EpochMs, joining: Joining, event: NodeEvent): Promise<NodeRecord | null>;

  /**
   * Gives a living node another key of its own (a new generation), where `present` is still its credential and nobody has copied it.
   * @param publicKeyX of the new key
   * @returns whether it was so
   */
  abstract rotateKey(uid: string, present: NodeCredential, publicKeyX: string, event: NodeEvent): Promise<boolean>;

  /** @returns null where there is no such living node. */
  abstract edit(
    uid: string,
    change: { labels?: Record<string, string> | undefined; description?: string | undefined },
    event: NodeEvent,
  ): Promise<NodeRecord | null>;

  /**
   * Stores a node's information.
   * @param relabelled the event to write where the node's labels change with it
   * @returns whether there is such a living node
   */
  abstract saveInfo(uid: string, info: NodeInfo, relabelled?: NodeEvent): Promise<boolean>;

  /**
   * What the checks of a living node say, with its events.
   * @param told by which heartbeat: what an earlier one of the same boot said comes too late
   * @returns whether they are kept
   */
  abstract saveConditions(
    uid: string,
    told: { bootId: string; seq: number },
    conditions: readonly NodeCondition[],
    events: readonly NodeEvent[],
  ): Promise<boolean>;

  /** Sets the version that the agent of a living node is to be updated to. */
  abstract wantAgent(uid: string, wish: AgentWish): Promise<void>;

  /** Nothing is wanted of the agent any more. @returns whether it was this rollout that wanted something. */
  abstract wantNoAgent(uid: string, rolloutId: string): Promise<boolean>;
}

/** What `disk=UNKNOWN` or `disk`, which is `disk=UNFIT`, asks of a node's conditions. */
export function conditionFilter(text: string): { type: string; status: Fitness } {
  const [type = '', status = 'UNFIT'] = text.split('=');
  return { type, status: fitnessOf(status) };
}
