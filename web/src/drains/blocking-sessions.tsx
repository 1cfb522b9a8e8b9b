import { Anchor, Button, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { nodeSessionsQuery } from '../api/node-queries.js';
import { sentenceOf } from '../api/api-failure.js';
import { nodePath } from '../nodes/node-path.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Elapsed } from '../time/age.js';
import classes from './blocking-sessions.module.css';

const SHOWN = 10;

/** The sessions that a node waits for. Loaded on demand, since a set may drain a hundred nodes at once. */
export function BlockingSessions({ node }: { node: string }) {
  const [opened, setOpened] = useState(false);
  const { data, error } = useQuery({
    ...nodeSessionsQuery(node),
    enabled: opened,
    refetchInterval: usePollInterval(),
  });
  return (
    <>
      <Button size="compact-xs" variant="default" aria-expanded={opened} onClick={() => setOpened(!opened)}>
        {opened ? 'Hide sessions' : 'Show sessions'}
        <VisuallyHidden> of {node}</VisuallyHidden>
      </Button>
      {opened && error && <div role="alert">{`They could not be loaded: ${sentenceOf(error)}`}</div>}
      {opened && data && (
        <ul className={classes['sessions']}>
          {data.items.slice(0, SHOWN).map(({ id, principal, startedAt, state }) => (
            <li key={id}>
              {principal} <code>{id}</code>{' '}
              <span className="live numeric">
                <Elapsed since={startedAt} />
              </span>
              {state === 'TERMINATING' && ' is being terminated'}
            </li>
          ))}
          <li>
            <Anchor component={Link} href={nodePath(node, 'sessions')} size="xs">
              View or terminate sessions
            </Anchor>
          </li>
        </ul>
      )}
    </>
  );
}
