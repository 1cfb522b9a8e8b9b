import type {
  DecisionSignal,
  LifecycleInput,
  LifecycleView,
  OpenSessionUpdate,
  SessionCacheView,
  TerminateSessionUpdate,
} from '../../contract/lifecycle.js';
import type { PlacementRefusal } from '../../contract/placement.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../record/node-record.js';

/** Addresses one incarnation of a node. */
export interface NodeAddress {
  uid: string;
  name: string;
}

/** A node with its workflow's last projection; null before the first. */
export interface SpokenForNode extends NodeAddress {
  applied: object | null;
}

/** A lifecycle to start: its node and its input. */
export interface LifecycleStart {
  node: NodeRecord;
  input: LifecycleInput;
}

/** Temporal does not answer, or the node has no running workflow. The record is complete, and the reconciler will tell the workflow. */
export class LifecycleUnavailable extends Error {
  override readonly name: string = 'LifecycleUnavailable';
}

/** Temporal has a payload for which this process lacks the key. The workflow is fine; an operator has to provide the key. */
export class PayloadUnreadable extends LifecycleUnavailable {
  override readonly name = 'PayloadUnreadable';
}

/** This one workflow refuses, being at a limit or broken; Temporal itself answers. */
export class LifecycleRefused extends LifecycleUnavailable {
  override readonly name = 'LifecycleRefused';
}

/** The id of the node's lifecycle is taken by another workflow, about which people have to decide. */
export class LifecycleIdTaken extends LifecycleUnavailable {
  override readonly name = 'LifecycleIdTaken';
}

/**
 * Signals and updates to lifecycle workflows. Every method answers within about two seconds; unless stated otherwise, promises reject with
 * LifecycleUnavailable where Temporal does not answer. Callers commit to the record first and continue without Temporal.
 */
export abstract class LifecycleSignals {
  /** @returns false where any workflow with this id is running already */
  abstract start(start: LifecycleStart): Promise<boolean>;

  /** Replaces the running workflow in one step, so that the node is never without one. */
  abstract replace(start: LifecycleStart): Promise<void>;

  /** Starts the workflow and tells it of a heartbeat in one step; one that is running already is only told of the heartbeat. */
  abstract startHeard(start: LifecycleStart, heartbeat: { at: EpochMs; bootId: string }): Promise<void>;

  /** Notes that the reconciler will start this workflow: no heartbeats are signalled before its first projection. */
  abstract leaveStart(node: NodeAddress): void;

  /** @returns false where no workflow with this id is running */
  abstract signalDecision(node: NodeAddress, signal: DecisionSignal): Promise<boolean>;

  /**
   * Tells the workflow of a heartbeat. Never rejects and never starts a workflow. Dropped when too many signals are in flight, since the record
   * has the heartbeat.
   * @returns whether the workflow was told
   */
  abstract signalHeartbeat(node: SpokenForNode, heartbeat: { at: EpochMs; bootId: string }): Promise<boolean>;

  /**
   * Tells the workflow that its node's conditions have changed. Never rejects and never starts a workflow; the reconciler repeats a lost one.
   * @returns whether the workflow was told
   */
  abstract signalConditions(node: NodeAddress): Promise<boolean>;

  /** Tells the workflow all sessions of the node, and the ids of those that have ended. */
  abstract reportSessions(
    node: NodeAddress,
    report: { at: EpochMs; bootId: string; sessions: CachedSession[]; ended?: string[] },
  ): Promise<void>;

  /**
   * Reserves resources for a session on the node.
   * @returns the reason of a refusal; undefined where the session is accepted. A node without a running workflow refuses as not active.
   */
  abstract openSession(
    node: NodeAddress,
    request: Omit<OpenSessionUpdate, 'uid'>,
  ): Promise<PlacementRefusal | undefined>;

  /** Terminates a session of the node, or releases a reservation that the node was never told of. Unknown sessions are ignored. */
  abstract terminateSession(node: NodeAddress, request: Omit<TerminateSessionUpdate, 'uid'>): Promise<void>;

  abstract querySessionCache(node: NodeAddress): Promise<SessionCacheView>;

  abstract queryLifecycle(node: NodeAddress): Promise<LifecycleView>;
}
