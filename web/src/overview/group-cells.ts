import type { FleetNodes } from '../../../client/index.js';
import { naturalKey } from '../../../contract/node-order.js';
import type { CellGroup } from './cell-layout.js';

/** Nodes by the value of the label, sorted by value; those without it, and those without a group of their own, come last. */
export function groupCells({ groups, nodes }: Pick<FleetNodes, 'groups' | 'nodes'>): CellGroup[] {
  if (nodes.group.length === 0) return [{ group: -1, indexes: nodes.id.map((_, index) => index) }];
  const found = new Map<number, number[]>();
  for (const [index, group] of nodes.group.entries()) {
    const known = found.get(group);
    if (known === undefined) found.set(group, [index]);
    else known.push(index);
  }
  return [...found]
    .map(([group, indexes]) => ({ group, indexes, key: naturalKey(groups[group] ?? '') }))
    .toSorted((a, b) => rank(a.group) - rank(b.group) || (a.key < b.key ? -1 : 1));
}

function rank(group: number): number {
  return group >= 0 ? 0 : -group;
}

/** A group's name. */
export function groupTitle(groups: readonly string[], group: number, label: string): string {
  if (group === -1) return `without ${label}`;
  if (group === -2) return 'other values';
  return groups[group] === '' ? `${label} (empty)` : (groups[group] ?? '');
}
