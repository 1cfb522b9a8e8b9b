import { useState } from 'react';
import { Link } from 'wouter';
import type { FleetNodes } from '../../../client/index.js';
import { FLEET_STATES, type FleetState } from '../../../contract/fleet-state.js';
import { percentText } from '../parts/size-text.js';
import { groupCells, groupTitle } from './group-cells.js';
import { listLink } from './list-link.js';
import { presentStates, STATE_LOOKS } from './state-looks.js';
import table from './figures-table.module.css';

/** The picture as figures: for those who read rather than look, and for the keyboard. */
export function FleetTable({ fleet, label }: { fleet: FleetNodes; label: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={table['details']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
      {open && <Table fleet={fleet} label={label} />}
    </details>
  );
}

function Table({ fleet, label }: { fleet: FleetNodes; label: string }) {
  const states = presentStates(fleet.states);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be scrolled with the keyboard
    <div className={table['scroll']} tabIndex={0} role="region" aria-label="The fleet in figures">
      <table className={table['table']}>
        <caption>{label === '' ? 'Nodes by state' : `Nodes by ${label} and state`}</caption>
        <thead>
          <tr>
            {[label === '' ? 'All' : label, ...states.map((state) => STATE_LOOKS[state].word), 'CPU', 'Memory'].map(
              (name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody className="numeric">
          {groupCells(fleet).map(({ group, indexes }) => (
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
          ))}
        </tbody>
      </table>
    </div>
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
  // What lacks a label cannot be asked for.
  if (count === 0 || group < -1 || (group === -1 && label !== '')) return count;
  const { filter } = STATE_LOOKS[state];
  return (
    <Link href={listLink({ ...filter, label: group < 0 ? [] : [`${label}=${groups[group] ?? ''}`] })}>{count}</Link>
  );
}

/** Over those that are heard. */
function meanText(shares: readonly (number | null)[], indexes: readonly number[]): string {
  const known = indexes.flatMap((index) => shares[index] ?? []);
  return known.length === 0 ? 'not known' : percentText(known.reduce((sum, share) => sum + share, 0) / known.length);
}
