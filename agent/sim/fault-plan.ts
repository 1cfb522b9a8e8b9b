import type { FleetFault } from '../../contract/simulation.js';
import type { Random } from '../process/backoff.js';

/** A fault, and the numbers of the nodes that get it, from 0. */
export interface PlannedFault extends FleetFault {
  victims: number[];
}

/** Draws the nodes of each fault; no node gets two. Shares are rounded up, so that one percent of fifty nodes is one. */
export function planFaults(
  faults: readonly FleetFault[],
  nodes: number,
  random: Random,
): { planned: PlannedFault[]; spared: number[] } {
  const drawn = shuffled(nodes, random);
  const planned = faults.map((fault) => ({ ...fault, victims: drawn.splice(0, Math.ceil(fault.share * nodes)) }));
  return { planned, spared: drawn };
}

function shuffled(count: number, random: Random): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number];
  }
  return numbers;
}
