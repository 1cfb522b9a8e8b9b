import type { DrainMemberOutcome, DrainSetNode, DrainSetRuling } from '../contract/drain-set.js';
import type { WindowLook } from '../contract/maintenance-window.js';
import type {
  DrainBeginning,
  DrainLook,
  DrainLookRequest,
  DrainSetPorts,
  DrainSetProjection,
} from './drain-set-ports.js';

/** Side effects of drain sets. Every activity is short and idempotent: Temporal retries each until it succeeds. */
export interface DrainSetActivities {
  /** Deactivates a node. */
  beginDrain(request: { setId: string; node: DrainSetNode }): Promise<DrainBeginning>;
  /** Looks at all nodes of the set with one read. A local activity, since it is frequent. */
  lookAtDrains(request: DrainLookRequest): Promise<DrainLook>;
  /** Looks whether the set's maintenance window is open, and when it opens next. */
  lookAtWindow(request: { setId: string }): Promise<WindowLook>;
  /**
   * Looks at one node that drains, for runs that began before there was `lookAtDrains`.
   * @throws while it drains: Temporal waits, holding nothing, and tries again
   */
  watchDrain(request: {
    setId: string;
    node: DrainSetNode;
  }): Promise<{ is: 'over'; state: DrainMemberOutcome; reason: string }>;
  /** Activates a node again that still drains. */
  releaseNode(request: { setId: string; node: DrainSetNode; seq: number }): Promise<void>;
  /** Ends the update of a node's agent, and activates the node. */
  endUpdate(request: {
    setId: string;
    node: DrainSetNode;
    outcome: { state: DrainMemberOutcome; reason: string };
  }): Promise<void>;
  /** Rules that the set is held. */
  holdDrainSet(request: { setId: string; seq: number }): Promise<DrainSetRuling>;
  /** Writes the set's progress into the record. */
  projectDrainSet(projection: DrainSetProjection): Promise<void>;
}

export function createDrainSetActivities({ drainSets, drainSetNodes }: DrainSetPorts): DrainSetActivities {
  return {
    beginDrain: ({ setId, node }) => drainSetNodes.begin(setId, node),
    lookAtDrains: (request) => drainSetNodes.look(request),
    lookAtWindow: ({ setId }) => drainSetNodes.window(setId),
    releaseNode: ({ setId, node, seq }) => drainSetNodes.release(setId, node, seq),
    endUpdate: ({ setId, node, outcome }) => drainSetNodes.endUpdate(setId, node, outcome),
    holdDrainSet: ({ setId, seq }) => drainSetNodes.hold(setId, seq),
    projectDrainSet: (projection) => drainSets.project(projection),
    async watchDrain({ setId, node: { uid, name } }) {
      const { over } = await drainSetNodes.look({ setId, draining: [uid], unsure: [] });
      for (const { state, reason } of over) return { is: 'over', state, reason };
      throw new Error(`node ${name} drains`);
    },
  };
}
