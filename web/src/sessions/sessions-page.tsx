import { Group, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Session } from '../../../client/index.js';
import { whyNotAnywhere } from '../actions/offered-action.js';
import { useWhyNotOnIds } from '../actions/use-why-not-on-ids.js';
import { ActionButton } from '../parts/action-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { Icon } from '../parts/icon.js';
import { PagedList } from '../parts/paged-list.js';
import { useAddress } from '../parts/use-address.js';
import { TypedFilter } from '../parts/typed-filter.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useAsked } from '../parts/use-asked.js';
import { useLogin } from '../sign-in/login-context.js';
import { OpenSessionDialog } from './open-session-dialog.js';
import { sessionListQuery, type SessionFilter } from './session-queries.js';
import { whyNotTerminable } from './session-state.js';
import { SessionTable } from './session-table.js';
import { filterOf, sessionsPath } from './sessions-path.js';
import { TerminateSessionsDialog } from './terminate-sessions-dialog.js';

/** Sessions of all nodes: find, open and end them. Loaded on demand. */
export default function SessionsPage() {
  const filter = filterOf(useSearch());
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const [, navigate] = useLocation();
  const login = useLogin();
  const [opening, setOpening] = useAsked();
  const [ending, setEnding] = useState<Session | null>(null);
  const list = useQuery({ ...sessionListQuery(filter, cursor), refetchInterval: usePollInterval() });
  const running = list.data?.items.filter(({ state }) => whyNotTerminable(state) === undefined) ?? [];
  const whyNotOnIds = useWhyNotOnIds(running.flatMap(({ node }) => node ?? []));
  const open = (
    <ActionButton leftSection={<Icon name="plus" />} whyNot={whyNotAnywhere(login)} onClick={() => setOpening(true)}>
      Open a session
    </ActionButton>
  );
  return (
    <>
      <PageHeading title="Sessions" actions={open} />
      <Filters filter={filter} onChange={(next, replace) => navigate(sessionsPath(next), { replace })} />
      <PagedList
        what="sessions"
        list={list}
        cursor={cursor}
        onTurn={(next) => change({ cursor: next })}
        empty={<NoSessions filter={filter} />}
      >
        {(sessions, superseded) => (
          <SessionTable
            sessions={sessions}
            superseded={superseded}
            whyNot={({ node }) => whyNotOnIds(node === null ? [] : [node])}
            onTerminate={setEnding}
          />
        )}
      </PagedList>
      {opening && whyNotAnywhere(login) === undefined && <OpenSessionDialog onClosed={() => setOpening(false)} />}
      {ending && <TerminateSessionsDialog sessions={[ending]} onClosed={() => setEnding(null)} />}
    </>
  );
}

function Filters({
  filter,
  onChange,
}: {
  filter: SessionFilter;
  onChange: (filter: SessionFilter, replace: boolean) => void;
}) {
  const { live, ...rest } = filter;
  const show = (value: string) =>
    onChange({ ...rest, ...(value === 'all' ? {} : { live: value === 'ended' ? 'false' : 'true' }) }, false);
  const narrow = (key: 'node' | 'principal', value: string) => {
    const { [key]: _before, ...others } = filter;
    onChange(value === '' ? others : { ...others, [key]: value }, true);
  };
  return (
    <Group gap="sm" mb="sm" align="flex-end">
      <SegmentedControl
        size="xs"
        aria-label="Which sessions"
        value={live === undefined ? 'all' : live === 'true' ? 'live' : 'ended'}
        onChange={show}
        data={[
          { value: 'live', label: 'Live' },
          { value: 'ended', label: 'Ended' },
          { value: 'all', label: 'All' },
        ]}
      />
      <TypedFilter
        label="Node"
        placeholder="full ID"
        value={filter.node ?? ''}
        onChange={(value) => narrow('node', value)}
      />
      <TypedFilter
        label="Principal"
        placeholder="full name"
        value={filter.principal ?? ''}
        onChange={(value) => narrow('principal', value)}
      />
    </Group>
  );
}

function NoSessions({ filter: { live, node, principal } }: { filter: SessionFilter }) {
  const narrowed = node !== undefined || principal !== undefined;
  return (
    <EmptyState icon={narrowed ? 'filter' : 'server'} title={live === 'false' ? 'No session has ended' : 'No sessions'}>
      {narrowed
        ? 'No session matches this filter. Node and principal have to match exactly.'
        : live === 'true'
          ? 'No sessions are running. New ones appear here.'
          : 'Sessions that have ended stay here for a while.'}
    </EmptyState>
  );
}
