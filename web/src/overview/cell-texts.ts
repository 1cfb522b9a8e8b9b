import type { FleetNodes } from '../../../client/index.js';
import { FLEET_STATES } from '../../../contract/fleet-state.js';
import { percentText } from '../parts/size-text.js';
import { groupTitle } from './group-cells.js';
import { STATE_LOOKS } from './state-looks.js';

/** Description of a cell's node, its id first. */
export function cellTexts({ nodes, groups }: FleetNodes, index: number, label: string): string[] {
  const { word } = STATE_LOOKS[FLEET_STATES[nodes.state[index] ?? -1] ?? 'unknown'];
  const share = (of: number | null | undefined) => (typeof of === 'number' ? percentText(of) : 'not known');
  const group = nodes.group[index];
  return [
    nodes.id[index] ?? '',
    word,
    `CPU ${share(nodes.cpu[index])}, memory ${share(nodes.memory[index])}`,
    ...(group === undefined ? [] : [group >= 0 ? `${label}=${groups[group]}` : groupTitle(groups, group, label)]),
  ];
}
