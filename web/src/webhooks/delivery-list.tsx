import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WebhookDelivery } from '../../../client/index.js';
import type { DeliveryState } from '../../../contract/webhooks.js';
import { whyNotByRole } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { PagedList } from '../parts/paged-list.js';
import { StateWord, type Tone } from '../parts/state-word.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';
import { useTellWebhook } from './use-tell-webhook.js';
import { deliveriesQuery } from './webhook-queries.js';

const STATES: Record<DeliveryState, { word: string; tone: Tone }> = {
  PENDING: { word: 'Waits', tone: 'busy' },
  DELIVERED: { word: 'Delivered', tone: 'ok' },
  DEAD: { word: 'Given up', tone: 'bad' },
};

/** A webhook's deliveries, past and pending; finished ones can be replayed. */
export function DeliveryList({ id }: { id: string }) {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const login = useLogin();
  const replay = useTellWebhook(id);
  const list = useQuery({ ...deliveriesQuery(id, cursor), refetchInterval: usePollInterval() });
  const whyNot = (delivery: WebhookDelivery) =>
    whyNotByRole(login) ?? (delivery.state === 'PENDING' ? 'It is already being tried.' : undefined);
  return (
    <PagedList
      what="deliveries"
      list={list}
      cursor={cursor}
      onTurn={(next) => change({ cursor: next })}
      empty={
        <Text size="sm" c="dimmed">
          Nothing has been delivered yet.
        </Text>
      }
    >
      {(deliveries, superseded) => (
        <DataTable
          label="Deliveries"
          columns={[...COLUMNS, replayColumn(whyNot, (delivery) => replay.mutate(delivery.id))]}
          rows={deliveries}
          keyOf={(delivery) => delivery.id}
          superseded={superseded}
        />
      )}
    </PagedList>
  );
}

const COLUMNS: readonly TableColumn<WebhookDelivery>[] = [
  {
    name: 'Alert',
    kind: 'head',
    cell: ({ alert: { kind, phase, summary } }) => (
      <>
        <Text component="span" size="sm" fw={550}>
          {kind} {phase}
        </Text>
        <small>{summary}</small>
      </>
    ),
  },
  {
    name: 'State',
    cell: ({ state }) => <StateWord tone={STATES[state].tone}>{STATES[state].word}</StateWord>,
  },
  { name: 'When', kind: 'short', cell: ({ at }) => <Age at={at} /> },
  { name: 'Attempts', kind: 'short', cell: ({ attempts }) => String(attempts) },
  { name: 'Answer', cell: ({ answer }) => (answer === '' ? 'none yet' : answer) },
];

function replayColumn(
  whyNot: (delivery: WebhookDelivery) => string | undefined,
  onReplay: (delivery: WebhookDelivery) => void,
): TableColumn<WebhookDelivery> {
  return {
    name: 'Actions',
    kind: 'actions',
    cell: (delivery) => (
      <ActionButton variant="default" size="compact-xs" whyNot={whyNot(delivery)} onClick={() => onReplay(delivery)}>
        Replay
      </ActionButton>
    ),
  };
}
