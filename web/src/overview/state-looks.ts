import { FLEET_STATES, IN_SERVICE, type FleetState } from '../../../contract/fleet-state.js';
import type { ListParams } from '../nodes/list-params.js';

interface StateLook {
  word: string;
  means: string;
  /** In the order of urgency; good states are inconspicuous. */
  colour: string;
  /** Filter of the list for these nodes. */
  filter: Partial<ListParams>;
}

const inService = { type: ['Compute'], phase: IN_SERVICE } as const;
const compute = { type: ['Compute'] } as const;

/** Name of each state, and its colour in every picture. */
export const STATE_LOOKS: Record<FleetState, StateLook> = {
  unknown: {
    word: 'Unknown',
    means: 'In service, and silent for so long that its sessions were given up',
    colour: 'light-dark(#a61e1e, #ff6b6b)',
    filter: { ...inService, liveness: ['UNKNOWN'] },
  },
  unhealthy: {
    word: 'Unhealthy',
    means: 'In service, and silent',
    colour: 'light-dark(#e8590c, #ff922b)',
    filter: { ...inService, liveness: ['UNHEALTHY'] },
  },
  overdue: {
    word: 'Not judged',
    means: 'Silent for longer than its timeout, and not judged yet',
    colour: 'light-dark(#d6336c, #f783ac)',
    filter: { attention: ['overdue'] },
  },
  copied: {
    word: 'Copied identity',
    means: 'Several machines use its identity',
    colour: 'light-dark(#862e9c, #da77f2)',
    filter: { attention: ['copied'] },
  },
  missing: {
    word: 'Missing heartbeats',
    means: 'In service; has missed heartbeats in a row',
    colour: 'light-dark(#e6a700, #ffd43b)',
    filter: { ...inService, warning: true },
  },
  pending: {
    word: 'Pending',
    means: 'It has joined, and waits for an administrator',
    colour: 'light-dark(#1864ab, #4dabf7)',
    filter: { ...compute, phase: ['PENDING'] },
  },
  waiting: {
    word: 'Waiting',
    means: 'Approved; becomes active with its first heartbeat',
    colour: 'light-dark(#74a9dc, #1c6ea4)',
    filter: { ...compute, phase: ['WAITING'] },
  },
  draining: {
    word: 'Draining',
    means: 'No new sessions; running ones finish',
    colour: 'light-dark(#0b7285, #22b8cf)',
    filter: { ...inService, phase: ['DRAINING'] },
  },
  drained: {
    word: 'Drained',
    means: 'No sessions are left',
    colour: 'light-dark(#7d858c, #868e96)',
    filter: { ...compute, phase: ['DRAINED'] },
  },
  stopped: {
    word: 'Stopped',
    means: 'In service; its agent said goodbye',
    colour: 'light-dark(#a9adb2, #6c757d)',
    filter: { ...inService, stopped: true },
  },
  rejected: {
    word: 'Rejected',
    means: 'Rejected by an administrator',
    colour: 'light-dark(#343a40, #ced4da)',
    filter: { ...compute, phase: ['REJECTED'] },
  },
  registered: {
    word: 'Registered',
    means: 'Its slot is created; its bootstrap token is unused',
    colour: 'light-dark(#c3c9cf, #495057)',
    filter: { ...compute, phase: ['REGISTERED'] },
  },
  healthy: {
    word: 'Healthy',
    means: 'Active, and its heartbeats arrive',
    colour: 'light-dark(#8cc79b, #2f6b40)',
    filter: { ...compute, phase: ['ACTIVE'], liveness: ['HEALTHY'] },
  },
};

/** States that have nodes, in the order of urgency. */
export function presentStates(counts: Partial<Record<FleetState, number>>): FleetState[] {
  return FLEET_STATES.filter((state) => (counts[state] ?? 0) > 0);
}

/** `3 unknown, 1 pending, 300 healthy` */
export function countsText(counts: Partial<Record<FleetState, number>>): string {
  const states = presentStates(counts);
  return states.length === 0
    ? 'no nodes'
    : states
        .map((state) => `${(counts[state] ?? 0).toLocaleString()} ${STATE_LOOKS[state].word.toLowerCase()}`)
        .join(', ');
}
