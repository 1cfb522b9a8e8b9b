import type { DrainSetInput, DrainSetOutcome } from '../contract/drain-set.js';
import { drainSet } from './drain-set.js';

/**
 * Updates the agents of a set of nodes within a budget: drains each, waits until its agent runs the version, and activates it again. It is a
 * drain set with an update in the middle. Its own workflow type keeps it away from workers that only know drains. See
 * docs/adr/0040.
 */
export function agentUpdate(input: DrainSetInput): Promise<DrainSetOutcome> {
  return drainSet(input);
}
