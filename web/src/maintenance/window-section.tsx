import { Anchor, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { MaintenanceWindow } from '../../../client/index.js';
import { whyNotByRole } from '../actions/offered-action.js';
import { windowsQuery } from '../api/window-queries.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { ErrorState } from '../parts/error-state.js';
import { Icon } from '../parts/icon.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { useLogin } from '../sign-in/login-context.js';
import { Countdown, ExactTime } from '../time/age.js';
import { DeleteWindowDialog } from './delete-window-dialog.js';
import { WindowDialog } from './window-dialog.js';

type Opened = { kind: 'create' } | { kind: 'edit' | 'delete'; window: MaintenanceWindow };

/** The maintenance windows, with buttons to create, change and delete them. */
export function WindowSection() {
  const login = useLogin();
  const [opened, setOpened] = useState<Opened>();
  const { data, error, refetch } = useQuery({ ...windowsQuery, refetchInterval: usePollInterval() });
  const whyNot = whyNotByRole(login, 'operator');
  const close = () => setOpened(undefined);
  return (
    <section aria-label="Windows">
      <Group justify="space-between" mt="xl" mb="xs">
        <Title order={2} size="h5">
          Windows
        </Title>
        <ActionButton
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" />}
          whyNot={whyNot}
          onClick={() => setOpened({ kind: 'create' })}
        >
          Create a window
        </ActionButton>
      </Group>
      {error && !data && (
        <ErrorState title="Windows could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          There are none. Drains and agent updates that use a window take nodes out only while it is open.
        </Text>
      )}
      {data && data.items.length > 0 && (
        <DataTable
          label="Maintenance windows"
          columns={columnsOf((kind, window) => setOpened({ kind, window }), whyNot)}
          rows={data.items}
          keyOf={({ name }) => name}
        />
      )}
      {opened?.kind === 'create' && <WindowDialog onClosed={close} />}
      {opened?.kind === 'edit' && <WindowDialog window={opened.window} onClosed={close} />}
      {opened?.kind === 'delete' && <DeleteWindowDialog name={opened.window.name} onClosed={close} />}
    </section>
  );
}

const WORDS = { edit: 'Change', delete: 'Delete' };
type Kind = keyof typeof WORDS;

function columnsOf(
  onAsked: (kind: Kind, window: MaintenanceWindow) => void,
  whyNot: string | undefined,
): readonly TableColumn<MaintenanceWindow>[] {
  const button = (kind: Kind, window: MaintenanceWindow) => (
    <ActionButton
      size="xs"
      variant="default"
      whyNot={whyNot}
      aria-label={`${WORDS[kind]} the window ${window.name}`}
      onClick={() => onAsked(kind, window)}
    >
      {WORDS[kind]}
    </ActionButton>
  );
  const cell = (window: MaintenanceWindow) => (
    <Group gap="xs" wrap="nowrap">
      {button('edit', window)}
      {button('delete', window)}
    </Group>
  );
  return [...COLUMNS, { name: 'Actions', kind: 'short', cell }];
}

const COLUMNS: readonly TableColumn<MaintenanceWindow>[] = [
  {
    name: 'Name',
    kind: 'head',
    cell: ({ name, description }) => (
      <>
        <Text span size="sm" fw={550}>
          {name}
        </Text>
        {description !== '' && <small>{description}</small>}
      </>
    ),
  },
  {
    name: 'When',
    cell: ({ cron, timeZone, duration, blackouts }) => (
      <>
        <code>{cron}</code> in {timeZone}, for {duration}
        {blackouts.length > 0 && <small>not on {blackouts.join(', ')}</small>}
      </>
    ),
  },
  { name: 'Opens', cell: (window) => <Opens {...window} /> },
  { name: 'Nodes with', cell: ({ labels }) => (labels.length === 0 ? 'any labels' : labels.join(', ')) },
  {
    name: 'Within it',
    cell: ({ waiting }) =>
      waiting.map(({ id, kind }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Anchor component={Link} href={`${kind === 'drain' ? '/drains' : '/agent-updates'}/${id}`} size="sm">
            {id}
          </Anchor>
        </span>
      )),
  },
];

function Opens({ openUntil, openings, problem }: MaintenanceWindow) {
  const [next] = openings;
  if (openUntil !== null)
    return (
      <>
        open until <ExactTime at={openUntil} />
      </>
    );
  if (next === undefined) return problem === '' ? 'no more' : `not scheduled yet: ${problem}`;
  return (
    <>
      <ExactTime at={next} />, in <Countdown until={next} over="a moment" />
      {problem !== '' && <small>{problem}</small>}
    </>
  );
}
