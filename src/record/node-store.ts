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
import type { AgentWish, CopiedIdentity, NodeRecord, NodeOverview } from './node-record.js';

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
  decision: Decision;
  at: EpochMs;
  joining?: Joining;
}

/** A node that is to be made, and what is written down about that. */
export interface NodeCreation {
  node: NewNode;
  events: readonly NodeEvent[];
}

/** What an agent brings when it joins. */
export interface Joining {
  /** `x` of its Ed25519 public JWK. */
  publicKeyX: string;
  info: NodeInfo;
}

export interface DecisionChange {
  uid: string;
  /** seq of the decision that `decision` was made from: it must still be the node's latest. */
  expectedSeq: number;
  decision: Decision;
  /** Written with the decision, or not at all. */
  event: NodeEvent;
  /** With the decision `register`: the slot's agent arrives, and its key replaces any earlier one. */
  joining?: Joining;
  /** Labels that an agent brings: they add to the node's, and change none of them. */
  labels?: Record<string, string>;
}

/** For what, as of `quiet.now`, where nodes that beat as configured may be silent for `timeoutMs`. */
export interface Needs {
  any: readonly Attention[];
  quiet: Quiet;
  timeoutMs: number;
}

/** Which living nodes, in which order. Several values of one filter mean any of them; several labels mean all of them. */
export interface NodeQuery extends PageRequest {
  approval?: readonly Approval[] | undefined;
  liveness?: readonly Liveness[] | undefined;
  phase?: readonly Phase[] | undefined;
  type?: readonly NodeType[] | undefined;
  /** `value` absent: the label is there, whatever its value. */
  labels?: readonly { key: string; value?: string | undefined }[] | undefined;
  /** Words that are in the id, the hostname, a label or the description, each taken literally. */
  q?: string | undefined;
  /** A check of this name says this of them. Any of several will do. */
  conditions?: readonly { type: string; status: Fitness }[] | undefined;
  /** One of these ids. */
  names?: readonly string[] | undefined;
  /** Of agents. */
  agentVersions?: readonly string[] | undefined;
  /** HEALTHY still, and quiet. */
  quiet?: Quiet | undefined;
  /** Those whose agents said goodbye. */
  stopped?: boolean | undefined;
  /** What needs somebody for any of these. */
  attention?: Needs | undefined;
  sort: NodeSort;
  /** Count what the filter finds, all pages together. */
  total?: boolean | undefined;
}

export interface NodeListPage<Item> extends Page<Item> {
  /** Null where nobody asked, or counting took too long. */
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
   * Makes all of them, or none.
   * @returns them in the same order
   * @throws NodeNameTaken where one of the names is, or two are the same; of several nodes it does not say which
   */
  abstract createAll(creations: readonly NodeCreation[]): Promise<NodeRecord[]>;

  abstract findLiving(name: string): Promise<NodeRecord | null>;

  /** The living node with this name or, where there is none, the one that had it last. */
  abstract findLatest(name: string): Promise<NodeRecord | null>;

  /** Living or removed. */
  abstract findByUid(uid: string): Promise<NodeRecord | null>;

  /** Names and labels, of removed nodes too. */
  abstract labelsOf(uids: readonly string[]): Promise<Pick<NodeRecord, 'name' | 'labels'>[]>;

  /** The living node that holds this key, so that an agent whose answer was lost can register again. Revoked keys hold nothing. */
  /** Those of these that the record knows, removed ones too, in one read. */
  abstract overviewsOf(uids: readonly string[]): Promise<NodeOverview[]>;

  abstract findByPublicKey(publicKeyX: string): Promise<NodeRecord | null>;

  /** All that agents of living nodes have. */
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

  /** @returns null where there is no such living node. */
  abstract edit(
    uid: string,
    change: { labels?: Record<string, string> | undefined; description?: string | undefined },
    event: NodeEvent,
  ): Promise<NodeRecord | null>;

  /**
   * What rarely changes about the machine.
   * @param relabelled written where the node's labels follow those of the information
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

  /** What the agent of a living node is to become. */
  abstract wantAgent(uid: string, wish: AgentWish): Promise<void>;

  /** Nothing is wanted of the agent any more. @returns whether it was this rollout that wanted something. */
  abstract wantNoAgent(uid: string, rolloutId: string): Promise<boolean>;
}

/** What `disk=UNKNOWN` or `disk`, which is `disk=UNFIT`, asks of a node's conditions. */
export function conditionFilter(text: string): { type: string; status: Fitness } {
  const [type = '', status = 'UNFIT'] = text.split('=');
  return { type, status: fitnessOf(status) };
}
