import { Checkbox, Code, Group, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getSettings, type Settings } from '../../../client/index.js';
import { whyNotByRole } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState, RoleWall } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { TypedFilter } from '../parts/typed-filter.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';

type Setting = Settings['settings'][number];

/** Settings of the replica that answers. */
const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => answerOf(getSettings({ signal })),
});

/** Settings of the control plane, read-only: they are changed in its configuration. */
export default function SettingsPage() {
  const login = useLogin();
  const whyNot = whyNotByRole(login, 'admin');
  return (
    <>
      <PageHeading title="Settings" />
      {whyNot === undefined ? <ReadSettings /> : <RoleWall what="the settings" whyNot={whyNot} />}
    </>
  );
}

function ReadSettings() {
  const [address, change] = useAddress();
  const q = address.get('q') ?? '';
  const isChangedOnly = address.get('changed') === 'true';
  const { data, error, refetch } = useQuery({ ...settingsQuery, refetchInterval: usePollInterval() });
  if (!data)
    return error ? (
      <ErrorState title="The settings could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what="settings" />
    );
  const wanted = q.toLowerCase();
  const shown = data.settings.filter(
    ({ key, means, changed }) => (!isChangedOnly || changed) && `${key} ${means}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        Settings of the api that answered, version {data.version}. They are changed in <Code>config.yaml</Code> or the
        environment; secrets are not shown.
      </Text>
      <Group role="search" aria-label="Filter the settings" gap="sm" mb="sm">
        <TypedFilter
          type="search"
          aria-label="Search the settings"
          placeholder="Search the settings"
          miw={260}
          value={q}
          onChange={(value) => change({ q: value }, { replace: true })}
        />
        <Checkbox
          size="xs"
          label="Changed only"
          checked={isChangedOnly}
          onChange={({ currentTarget }) => change({ changed: currentTarget.checked ? 'true' : '' })}
        />
      </Group>
      {shown.length === 0 ? (
        <EmptyState icon="filter" title="No setting matches this filter" />
      ) : (
        <DataTable label="Settings" columns={COLUMNS} rows={shown} keyOf={({ key }) => key} />
      )}
    </>
  );
}

const FOLLOWED: Record<NonNullable<Setting['followed']>, string> = {
  'at SIGHUP': 'at SIGHUP',
  'at joining': 'when agents join',
  'with its file': 'when its file changes, and at SIGHUP',
};

const COLUMNS: readonly TableColumn<Setting>[] = [
  {
    name: 'Key',
    kind: 'head',
    cell: ({ key }) => (
      <Text component="span" size="sm" fw={550}>
        {key}
      </Text>
    ),
  },
  {
    name: 'Value',
    cell: ({ value, unset, unit, default: usual, changed }) => (
      <>
        {value === null ? (unset ?? 'not set') : `${value}${unit === null ? '' : ` ${unit}`}`}
        {changed && usual !== null && <small>by default {usual === '' ? 'empty' : usual}</small>}
      </>
    ),
  },
  { name: 'Meaning', kind: 'wide', cell: ({ means }) => means.replaceAll('`', '') },
  {
    name: 'Takes effect',
    cell: ({ followed }) => (followed === null ? 'at the next start' : FOLLOWED[followed]),
  },
];
