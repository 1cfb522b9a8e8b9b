import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whyNotAnywhere } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Icon } from '../parts/icon.js';
import { PagedList } from '../parts/paged-list.js';
import { StateWord } from '../parts/state-word.js';
import { useAddress } from '../parts/use-address.js';
import { useAsked } from '../parts/use-asked.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';
import { NewSetDialog } from './new-set-dialog.js';
import { ProgressBar } from './progress-bar.js';
import { setListQuery } from './set-queries.js';
import { chosenBy, type NodeSet, type SetKind } from './set-kind.js';
import { setWord } from './set-words.js';

/** Drains of sets of nodes, or agent updates: running and finished ones. */
export default function SetsPage({ kind }: { kind: SetKind }) {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const login = useLogin();
  const [making, setMaking] = useAsked();
  const list = useQuery({ ...setListQuery(kind, cursor), refetchInterval: usePollInterval() });
  const whyNot = whyNotAnywhere(login, kind.role);
  const start = (
    <ActionButton leftSection={<Icon name="plus" />} whyNot={whyNot} onClick={() => setMaking(true)}>
      {kind.start}
    </ActionButton>
  );
  return (
    <>
      <PageHeading title={kind.title} actions={start} />
      <PagedList
        what={kind.many}
        list={list}
        cursor={cursor}
        onTurn={(next) => change({ cursor: next })}
        empty={
          <EmptyState icon="server" title={`No ${kind.many}`}>
            {kind.about}
          </EmptyState>
        }
      >
        {(sets, superseded) => (
          <DataTable
            label={kind.title}
            columns={columnsOf(kind)}
            rows={sets}
            keyOf={({ id }) => id}
            superseded={superseded}
          />
        )}
      </PagedList>
      {making && whyNot === undefined && <NewSetDialog kind={kind} onClosed={() => setMaking(false)} />}
    </>
  );
}

function columnsOf(kind: SetKind): readonly TableColumn<NodeSet>[] {
  return [
    {
      name: 'Nodes with',
      kind: 'head',
      cell: ({ id, labels, counts, reason }) => (
        <>
          <Anchor component={Link} href={`${kind.path}/${id}`} size="sm" fw={550}>
            {chosenBy({ labels, counts })}
          </Anchor>
          {reason !== '' && <small>{reason}</small>}
        </>
      ),
    },
    { name: 'State', cell: (set) => <SetState set={set} /> },
    ...(kind.path === '/agent-updates'
      ? [{ name: 'Version', cell: (set: NodeSet) => ('version' in set ? set.version : '') }]
      : []),
    { name: 'Done', cell: (set) => <ProgressBar set={set} /> },
    { name: 'Begun', kind: 'short', cell: ({ at }) => <Age at={at} /> },
    { name: 'By', cell: ({ by }) => by },
  ];
}

/** A set's state, and what keeps it from going on. */
export function SetState({ set }: { set: NodeSet }) {
  const { word, tone } = setWord(set);
  return (
    <>
      <StateWord tone={tone}>{word}</StateWord>
      {!set.ruling.applied && (
        <Text size="xs" c="dimmed">
          decided, not applied yet
        </Text>
      )}
      {set.window?.waiting && (
        <Text size="xs" c="dimmed">
          waits for the window {set.window.name}
        </Text>
      )}
      {set.others.waiting && (
        <Text size="xs" c="dimmed">
          waits for other nodes
        </Text>
      )}
    </>
  );
}
