import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Node } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { plural } from '../parts/size-text.js';
import { StateWord } from '../parts/state-word.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age, Countdown } from '../time/age.js';
import { inLocalTime } from '../time/time-text.js';
import { BlockingSessions } from './blocking-sessions.js';
import { drainingNodesQuery } from './set-queries.js';
import type { NodeSet, NodeSetMember } from './set-kind.js';
import { memberWord } from './set-words.js';

const SHOWN = ['all', 'underWay', 'attention'] as const;
type Shown = (typeof SHOWN)[number];

/** The nodes of a set, in the order of their turns; for draining ones, what they wait for. */
export function SetMembers({ set }: { set: NodeSet }) {
  const [address, change] = useAddress();
  const shown = SHOWN.find((value) => value === address.get('show')) ?? 'all';
  const members = set.nodes ?? [];
  const drains = members.some(({ state }) => state === 'DRAINING');
  const draining = useQuery({ ...drainingNodesQuery, enabled: drains, refetchInterval: usePollInterval() });
  const byUid = new Map(draining.data?.items.map((node) => [node.uid, node]));
  const rows = members.filter(({ state }) => isShown(shown, state));
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label="Nodes to show"
        value={shown}
        onChange={(value) => change({ show: value === 'all' ? '' : value }, { replace: true })}
        data={[
          { value: 'all', label: 'All' },
          { value: 'underWay', label: 'Under way' },
          { value: 'attention', label: 'Need attention' },
        ]}
      />
      {rows.length === 0 ? (
        <EmptyState icon="filter" title={shown === 'underWay' ? 'No node is under way' : 'No node needs attention'} />
      ) : (
        <DataTable label="Nodes of the set" columns={columnsOf(byUid)} rows={rows} keyOf={({ uid }) => uid} />
      )}
    </>
  );
}

function isShown(shown: Shown, state: NodeSetMember['state']): boolean {
  if (shown === 'underWay') return state === 'DRAINING' || state === 'UPDATING';
  if (shown === 'attention') return ['bad', 'warn'].includes(memberWord(state).tone);
  return true;
}

function columnsOf(draining: ReadonlyMap<string, Node>): readonly TableColumn<NodeSetMember>[] {
  return [
    {
      name: 'Node',
      kind: 'head',
      cell: ({ id, state }) =>
        state === 'REMOVED' ? (
          id
        ) : (
          <Anchor component={Link} href={nodePath(id)} size="sm" fw={550}>
            {id}
          </Anchor>
        ),
    },
    {
      name: 'State',
      cell: ({ state }) => {
        const { word, tone } = memberWord(state);
        return <StateWord tone={tone}>{word}</StateWord>;
      },
    },
    { name: 'Since', kind: 'short', cell: ({ since }) => <Age at={since} /> },
    {
      name: 'Waits for, or why',
      kind: 'wide',
      cell: (member) => <WaitsFor member={member} node={draining.get(member.uid)} />,
    },
  ];
}

function WaitsFor({ member: { state, reason }, node }: { member: NodeSetMember; node: Node | undefined }) {
  if (state !== 'DRAINING' || node?.drain == null) return inLocalTime(reason);
  const { remaining, deadline, onDeadline, terminating } = node.drain;
  return (
    <div data-blockers={node.id}>
      <Text size="sm">
        {remaining === null
          ? 'The decision is not applied yet'
          : remaining.length === 0
            ? 'No sessions are left'
            : `${plural(remaining.length, 'session')} left`}
        {terminating ? '; they are being terminated' : deadline !== null && '; '}
        {!terminating && deadline !== null && (
          <>
            <Countdown until={deadline} over="the deadline has passed" />
            {onDeadline === 'terminate' ? ' until they are terminated' : ' until it is late'}
          </>
        )}
      </Text>
      {node.liveness.value !== 'HEALTHY' && (
        <Text size="xs" c="var(--page-warn)">
          It is silent: {inLocalTime(node.liveness.reason)}
        </Text>
      )}
      {remaining !== null && remaining.length > 0 && <BlockingSessions node={node.id} />}
    </div>
  );
}
