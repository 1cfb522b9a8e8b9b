import { Link } from 'wouter';
import type { FleetNodes } from '../../../client/index.js';
import { FLEET_STATES, type FleetState } from '../../../contract/fleet-state.js';
import { FiguresTable } from '../parts/figures-table.js';
import { percentText } from '../parts/size-text.js';
import { groupCells, groupTitle } from './group-cells.js';
import { listLink } from '../nodes/list-params.js';
import { presentStates, STATE_LOOKS } from './state-looks.js';

/** The picture as figures: the number of nodes per group and state. */
export function FleetTable({ fleet, label }: { fleet: FleetNodes; label: string }) {
  const states = presentStates(fleet.states);
  return (
    <FiguresTable label="The fleet in figures" isLong>
      {() => ({
        caption: label === '' ? 'Nodes by state' : `Nodes by ${label} and state`,
        columns: [label === '' ? 'All' : label, ...states.map((state) => STATE_LOOKS[state].word), 'CPU', 'Memory'],
        rows: groupCells(fleet).map(({ group, indexes }) => (
          <tr key={group}>
            <th scope="row">{label === '' ? 'All nodes' : groupTitle(fleet.groups, group, label)}</th>
            {states.map((state) => (
              <td key={state}>
                <Count fleet={fleet} group={group} indexes={indexes} label={label} state={state} />
              </td>
            ))}
            <td>{meanText(fleet.nodes.cpu, indexes)}</td>
            <td>{meanText(fleet.nodes.memory, indexes)}</td>
          </tr>
        )),
      })}
    </FiguresTable>
  );
}

function Count({
  fleet: { nodes, groups },
  group,
  indexes,
  label,
  state,
}: {
  fleet: FleetNodes;
  group: number;
  indexes: readonly number[];
  label: string;
  state: FleetState;
}) {
  const wanted = FLEET_STATES.indexOf(state);
  const count = indexes.filter((index) => nodes.state[index] === wanted).length;
  // The list cannot be filtered by the absence of a label.
  if (count === 0 || group < -1 || (group === -1 && label !== '')) return count;
  const { filter } = STATE_LOOKS[state];
  return (
    <Link href={listLink({ ...filter, label: group < 0 ? [] : [`${label}=${groups[group] ?? ''}`] })}>{count}</Link>
  );
}

/** Mean over nodes that are heard. */
function meanText(shares: readonly (number | null)[], indexes: readonly number[]): string {
  const known = indexes.flatMap((index) => shares[index] ?? []);
  return known.length === 0 ? 'not known' : percentText(known.reduce((sum, share) => sum + share, 0) / known.length);
}
