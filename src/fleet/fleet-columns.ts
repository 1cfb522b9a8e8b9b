import { FLEET_STATES, type FleetState } from '../../contract/fleet-state.js';
import { MOST_CELLS, MOST_GROUPS, MOST_LABEL_KEYS, type FleetNodes } from '../../contract/schemas/fleet.js';
import type { FleetNode } from './fleet-store.js';

/** A node with its state. */
export interface FleetCell extends Pick<FleetNode, 'name' | 'labels' | 'used'> {
  state: FleetState;
  /** Whether its last report is current. */
  isHeard: boolean;
}

/** Group numbers of nodes without the label, and of those whose value has no group. */
const [WITHOUT, OTHER] = [-1, -2];

/** The fleet in columns, bounded whatever its size. @param cells by id */
export function fleetColumns(cells: readonly FleetCell[], label: string | undefined): Omit<FleetNodes, 'at'> {
  const shown = withinBounds(cells);
  const groups = label === undefined ? [] : groupsOf(cells, label);
  const indexes = new Map(groups.map((value, index) => [value, index]));
  const groupOf = (cell: FleetCell): number => {
    const value = valueOf(cell, label);
    return value === undefined ? WITHOUT : (indexes.get(value) ?? OTHER);
  };
  const shareOf = ({ isHeard, used }: FleetCell, of: 'cpu' | 'memory') =>
    isHeard && used !== null ? Math.min(100, Math.max(0, used[of])) / 100 : null;
  return {
    total: cells.length,
    states: Object.fromEntries(tally(cells.map(({ state }) => state))),
    labels: labelKeys(cells),
    groups,
    nodes: {
      id: shown.map(({ name }) => name),
      state: shown.map(({ state }) => FLEET_STATES.indexOf(state)),
      cpu: shown.map((cell) => shareOf(cell, 'cpu')),
      memory: shown.map((cell) => shareOf(cell, 'memory')),
      group: label === undefined ? [] : shown.map(groupOf),
    },
  };
}

/** Limits the number of nodes, leaving out healthy ones first. */
function withinBounds(cells: readonly FleetCell[]): readonly FleetCell[] {
  let surplus = cells.length - MOST_CELLS;
  if (surplus <= 0) return cells;
  return cells.filter(({ state }) => state !== 'healthy' || surplus-- <= 0).slice(0, MOST_CELLS);
}

function labelKeys(cells: readonly FleetCell[]): FleetNodes['labels'] {
  const known = new Map<string, { nodes: number; values: Set<string> }>();
  for (const { labels } of cells)
    for (const { key, value } of labels) {
      const label = known.get(key) ?? { nodes: 0, values: new Set() };
      known.set(key, label);
      label.nodes += 1;
      label.values.add(value);
    }
  return [...known]
    .map(([key, { nodes, values }]) => ({ key, nodes, values: values.size }))
    .toSorted((a, b) => b.nodes - a.nodes || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_LABEL_KEYS);
}

/** The most frequent values of the label, most frequent first. */
function groupsOf(cells: readonly FleetCell[], label: string): string[] {
  return [...tally(cells.flatMap((cell) => valueOf(cell, label) ?? []))]
    .toSorted(([a, nodesOfA], [b, nodesOfB]) => nodesOfB - nodesOfA || (a < b ? -1 : 1))
    .slice(0, MOST_GROUPS)
    .map(([value]) => value);
}

function valueOf({ labels }: FleetCell, label: string | undefined): string | undefined {
  return labels.find(({ key }) => key === label)?.value;
}

function tally<Value>(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
