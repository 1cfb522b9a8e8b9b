import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Node } from '../../../client/index.js';
import { whyDisabled } from '../actions/offered-action.js';
import { nodeSessionsQuery } from '../api/node-queries.js';
import { useDialogs } from '../actions/dialog-context.js';
import { nodePath } from '../nodes/node-path.js';
import { ActionButton } from '../parts/action-button.js';
import { plural } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, Countdown, Elapsed, ExactTime } from '../time/age.js';
import classes from './drain-panel.module.css';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';

type Drain = NonNullable<Node['drain']>;

/** What keeps a node from being drained, since when, by whose decision, and what happens next; and how to cancel it. */
export function DrainPanel({ node, drain }: { node: Node; drain: Drain }) {
  const login = useLogin();
  const { openDialog } = useDialogs();
  const cancel = (
    <ActionButton
      size="xs"
      variant="default"
      whyNot={whyDisabled('activate', node, login)}
      onClick={() => openDialog({ kind: 'activate', node })}
    >
      {drain.thenRemove ? 'Cancel the decommission' : 'Cancel the drain'}
    </ActionButton>
  );
  return (
    <Panel title={drain.thenRemove ? 'Being decommissioned' : 'Draining'} actions={cancel}>
      <Facts>
        <Fact name="Asked for">
          <Age at={drain.since} /> by {drain.by}
          {drain.reason !== '' && `: ${drain.reason}`}
        </Fact>
        <Fact name="Deadline">
          <Deadline drain={drain} />
        </Fact>
        <Fact name="Then">
          {drain.thenRemove
            ? 'The node is removed: its credential stops working, and its name is free again.'
            : node.until
              ? 'The node is drained, and comes back by itself.'
              : 'The node is drained; Activate brings it back.'}
        </Fact>
      </Facts>
      <Remaining node={node} drain={drain} />
    </Panel>
  );
}

function Deadline({ drain: { deadline, onDeadline, terminating } }: { drain: Drain }) {
  if (terminating) return <strong>It has passed: remaining sessions are being terminated.</strong>;
  if (deadline === null) return 'None: it waits until the last session has ended.';
  return (
    <>
      <strong className="numeric">
        <Countdown until={deadline} over="has passed" />
      </strong>
      , at <ExactTime at={deadline} />.{' '}
      {onDeadline === 'terminate'
        ? 'Sessions that still run then are terminated.'
        : 'Sessions that still run then may finish; the drain is late from then on.'}
    </>
  );
}

function Remaining({ node, drain: { remaining } }: { node: Node; drain: Drain }) {
  const { data } = useQuery({ ...nodeSessionsQuery(node.id), refetchInterval: usePollInterval() });
  if (remaining === null) {
    return (
      <Text size="sm" mt="xs" data-blockers>
        The sessions that it waits for are not known yet, since the decision is not applied yet.
      </Text>
    );
  }
  if (remaining.length === 0) {
    return (
      <Text size="sm" mt="xs">
        No sessions are left; the node is about to be drained.
      </Text>
    );
  }
  const known = new Map(data?.items.map((session) => [session.id, session]));
  return (
    <>
      <Text size="sm" mt="sm" mb={4} fw={600} data-blockers>
        {`${plural(remaining.length, 'session')} left${blockersOf(remaining.map((id) => known.get(id)?.principal))}`}
      </Text>
      <ul className={classes['sessions']}>
        {remaining.slice(0, SHOWN).map((id) => {
          const session = known.get(id);
          return (
            <li key={id}>
              <code>{id}</code>
              {session && (
                <>
                  <span className={classes['principal']}>{session.principal}</span>
                  <span className="live numeric">
                    <Elapsed since={session.startedAt} />
                  </span>
                  {session.state === 'TERMINATING' && <span>is being terminated</span>}
                </>
              )}
            </li>
          );
        })}
      </ul>
      <Anchor component={Link} href={nodePath(node.id, 'sessions')} size="sm">
        {remaining.length > SHOWN ? `View or terminate all ${remaining.length} sessions` : 'View or terminate sessions'}
      </Anchor>
    </>
  );
}

const SHOWN = 10;
const NAMED = 3;

/** Principals that the drain waits for: those with the most sessions first. */
function blockersOf(principals: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const principal of principals)
    if (principal !== undefined) counts.set(principal, (counts.get(principal) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a);
  if (most.length === 0) return '';
  const named = most.slice(0, NAMED).map(([principal, count]) => (count === 1 ? principal : `${principal} (${count})`));
  const rest = most.length - named.length;
  return `, of ${named.join(', ')}${rest > 0 ? ` and ${plural(rest, 'other')}` : ''}`;
}
