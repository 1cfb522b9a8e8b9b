import type { DrainSetNode } from '../contract/drain-set.js';
import type { DrainBeginning, DrainSetPorts, DrainSetProjection, DrainStanding } from './drain-set-ports.js';

/** A look is one read by primary key. */
const LOOK_EVERY_MS = 1_000;

/** What drain sets may do to the world. Every activity is idempotent: Temporal retries each until it succeeds. */
export interface DrainSetActivities {
  /** Deactivates a node. */
  beginDrain(request: { setId: string; node: DrainSetNode }): Promise<DrainBeginning>;
  /** Looks at a node that drains until it does so no more. */
  watchDrain(request: { setId: string; node: DrainSetNode }): Promise<Extract<DrainStanding, { is: 'over' }>>;
  /** Activates a node again that still drains. */
  releaseNode(request: { setId: string; node: DrainSetNode; seq: number }): Promise<void>;
  /** Writes how far the set has come to where people read it. */
  projectDrainSet(projection: DrainSetProjection): Promise<void>;
}

export function createDrainSetActivities({ drainSets, drainSetNodes, pulse }: DrainSetPorts): DrainSetActivities {
  return {
    beginDrain: ({ setId, node }) => drainSetNodes.begin(setId, node),
    releaseNode: ({ setId, node, seq }) => drainSetNodes.release(setId, node, seq),
    projectDrainSet: (projection) => drainSets.project(projection),
    async watchDrain({ setId, node }) {
      for (;;) {
        const standing = await drainSetNodes.standing(setId, node);
        if (standing.is === 'over') return standing;
        await pulse.rest(LOOK_EVERY_MS);
      }
    },
  };
}
