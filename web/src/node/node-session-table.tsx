import { Anchor, Checkbox, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Link } from 'wouter';
import type { NodeSession, SessionResources } from '../../../client/index.js';
import { Icon } from '../parts/icon.js';
import { whyNotTerminable } from '../sessions/session-state.js';
import { SessionStateWord } from '../sessions/session-state-word.js';
import classes from '../sessions/session-table.module.css';
import { sessionPath } from '../sessions/sessions-path.js';
import { TerminateIcon } from '../sessions/terminate-icon.js';
import { Elapsed } from '../time/age.js';
import { sizeText } from '../parts/size-text.js';

export type SessionSort = 'longest' | 'shortest' | 'principal';

interface NodeSessionTableProps {
  sessions: readonly NodeSession[];
  /** Whether their node is heard. */
  isKnown: boolean;
  selected: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onToggleAll: (all: boolean) => void;
  order: SessionSort;
  onOrder: (order: SessionSort) => void;
  /** Why none can be terminated. */
  whyNot: string | undefined;
  onTerminate: (session: NodeSession) => void;
}

/** Sessions of one node. On narrow screens each is a card; ARIA roles keep it a table for screen readers. */
export function NodeSessionTable({
  sessions,
  isKnown,
  selected,
  onToggle,
  onToggleAll,
  order,
  onOrder,
  whyNot,
  onTerminate,
}: NodeSessionTableProps) {
  const all = sessions.every(({ id }) => selected.has(id));
  const some = !all && sessions.some(({ id }) => selected.has(id));
  return (
    <section className={classes['frame']} aria-label="Sessions">
      <table className={classes['table']} role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col" className={classes['select']}>
              <Checkbox
                size="xs"
                aria-label="Select all sessions that are shown"
                checked={all}
                indeterminate={some}
                onChange={() => onToggleAll(!all)}
              />
            </th>
            <OrderHeader
              name="Principal"
              sorted={order === 'principal' ? 'ascending' : 'none'}
              onPress={() => onOrder('principal')}
            />
            <th role="columnheader" scope="col">
              Statement
            </th>
            <th role="columnheader" scope="col">
              State
            </th>
            <OrderHeader
              name="Elapsed"
              sorted={order === 'longest' ? 'descending' : order === 'shortest' ? 'ascending' : 'none'}
              onPress={() => onOrder(order === 'longest' ? 'shortest' : 'longest')}
            />
            <th role="columnheader" scope="col">
              Reserved
            </th>
            <th role="columnheader" scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sessions.map((session) => (
            <tr
              key={session.id}
              role="row"
              data-session={session.id}
              data-selected={selected.has(session.id) || undefined}
            >
              <td role="cell" className={classes['select']}>
                <Checkbox
                  size="xs"
                  aria-label={`Select session ${session.id} of ${session.principal}`}
                  checked={selected.has(session.id)}
                  onChange={() => onToggle(session.id)}
                />
              </td>
              <td role="cell" data-column="principal">
                {session.principal}
                <small>
                  <Anchor component={Link} href={sessionPath(session.id)} size="xs">
                    {session.id}
                  </Anchor>
                </small>
              </td>
              <td role="cell" data-column="statement" data-label="Statement">
                <code title={session.statement}>{session.statement}</code>
              </td>
              <td role="cell" data-label="State">
                <SessionStateWord state={session.state} isKnown={isKnown} />
              </td>
              <td role="cell" data-label="Elapsed" className="numeric">
                <span className="live">
                  <Elapsed since={session.startedAt} />
                </span>
              </td>
              <td role="cell" data-label="Reserved">
                {reservedText(session.resources)}
              </td>
              <td role="cell" data-column="actions">
                <TerminateIcon
                  session={session}
                  whyNot={whyNot ?? whyNotTerminable(session.state)}
                  onPress={() => onTerminate(session)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function OrderHeader({
  name,
  sorted,
  onPress,
}: {
  name: string;
  sorted: 'ascending' | 'descending' | 'none';
  onPress: () => void;
}) {
  return (
    <th role="columnheader" scope="col" aria-sort={sorted}>
      <UnstyledButton onClick={onPress} className={classes['sort'] ?? ''}>
        {name} {sorted !== 'none' && <Icon name={sorted === 'ascending' ? 'sortUp' : 'sortDown'} size={12} />}
      </UnstyledButton>
    </th>
  );
}

/** Reservations of a session in short: `0.25 cores, 256 MiB`. */
function reservedText(resources: SessionResources | null): string {
  if (resources === null || (resources.cpu === 0 && resources.memory === 0 && resources.gpu === 0)) return 'nothing';
  const { cpu, memory, gpu } = resources;
  return `${cpu} ${cpu === 1 ? 'core' : 'cores'}, ${sizeText(memory)}${gpu > 0 ? `, ${gpu} GPU` : ''}`;
}
