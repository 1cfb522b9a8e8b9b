import type { FleetNodes } from '../../../client/index.js';
import { FLEET_STATES } from '../../../contract/fleet-state.js';
import { STATE_LOOKS } from './state-looks.js';

/** What a cell's colour shows. */
export const COLOURINGS = ['state', 'cpu', 'memory'] as const;
export type Colouring = (typeof COLOURINGS)[number];

/** Shares of use in steps, the fullest most conspicuous. A cell has the last one that `share` reaches. */
export const SHARE_STEPS = [
  { from: 0, word: 'below 25 %', colour: 'light-dark(#d7e6f4, #22384c)' },
  { from: 0.25, word: '25 to 50 %', colour: 'light-dark(#a5cbee, #2b5378)' },
  { from: 0.5, word: '50 to 75 %', colour: 'light-dark(#5c9fd6, #3f7fb5)' },
  { from: 0.75, word: '75 to 90 %', colour: 'light-dark(#e6a700, #ffd43b)' },
  { from: 0.9, word: '90 % and more', colour: 'light-dark(#a61e1e, #ff6b6b)' },
] as const;
/** The usage of a silent node is unknown. */
export const UNHEARD = { word: 'not known', colour: 'light-dark(#9aa1a8, #5a6168)' } as const;

/** A CSS colour for each node. */
export function cellColours({ state, cpu, memory }: FleetNodes['nodes'], colouring: Colouring): string[] {
  if (colouring === 'state') return state.map((index) => STATE_LOOKS[FLEET_STATES[index] ?? 'unknown'].colour);
  return (colouring === 'cpu' ? cpu : memory).map((share) => stepOf(share).colour);
}

/** Number of nodes per colour, in the order of the steps. */
export function shareCounts(shares: readonly (number | null)[]): { word: string; colour: string; nodes: number }[] {
  const counts = new Map<string, number>();
  for (const share of shares) {
    const { word } = stepOf(share);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...SHARE_STEPS.toReversed(), UNHEARD].map(({ word, colour }) => ({
    word,
    colour,
    nodes: counts.get(word) ?? 0,
  }));
}

function stepOf(share: number | null): { word: string; colour: string } {
  if (share === null) return UNHEARD;
  return SHARE_STEPS.findLast(({ from }) => share >= from) ?? SHARE_STEPS[0];
}
