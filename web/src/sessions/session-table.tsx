import { Anchor, VisuallyHidden } from '@mantine/core';
import { Link } from 'wouter';
import type { Session } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { Age } from '../time/age.js';
import { ElapsedOfSession } from './elapsed-of-session.js';
import { whyNotTerminable } from './session-state.js';
import { SessionStateWord } from './session-state-word.js';
import classes from './session-table.module.css';
import { sessionPath } from './sessions-path.js';
import { TerminateIcon } from './terminate-icon.js';
import { sessionKey } from './use-terminate-sessions.js';

interface SessionTableProps {
  sessions: readonly Session[];
  /** These are from the previous filter, while the next loads. */
  superseded: boolean;
  /** Why the viewer may not terminate one. */
  whyNot: (session: Session) => string | undefined;
  onTerminate: (session: Session) => void;
}

/** Sessions of the cluster. On narrow screens each is a card; ARIA roles keep it a table for screen readers. */
export function SessionTable({ sessions, superseded, whyNot, onTerminate }: SessionTableProps) {
  return (
    <section className={classes['frame']} aria-label="Sessions" data-superseded={superseded || undefined}>
      <table className={classes['table']} role="table" aria-busy={superseded}>
        <thead role="rowgroup">
          <tr role="row">
            {['Principal', 'Statement', 'State', 'Node', 'Opened', 'Elapsed'].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
            <th role="columnheader" scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sessions.map((session) => (
            <tr key={`${session.nodeUid ?? ''}${sessionKey(session)}`} role="row" data-session={session.id}>
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
                <SessionStateWord state={session.state} reason={session.reason} />
              </td>
              <td role="cell" data-column="node" data-label="Node">
                {session.node === null ? (
                  'none'
                ) : (
                  <Anchor component={Link} href={nodePath(session.node)} size="sm">
                    {session.node}
                  </Anchor>
                )}
              </td>
              <td role="cell" data-label="Opened" className="numeric">
                <Age at={session.openedAt} />
              </td>
              <td role="cell" data-label="Elapsed" className="numeric">
                <ElapsedOfSession session={session} />
              </td>
              <td role="cell" data-column="actions">
                <TerminateIcon
                  session={session}
                  whyNot={whyNot(session) ?? whyNotTerminable(session.state)}
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
