import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Webhook } from '../../../client/index.js';
import { whyNotByRole } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Icon } from '../parts/icon.js';
import { PagedList } from '../parts/paged-list.js';
import { useAsked } from '../parts/use-asked.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';
import { NewWebhookDialog } from './new-webhook-dialog.js';
import { webhookListQuery } from './webhook-queries.js';

/** Receivers of alerts outside the cluster. */
export default function WebhooksPage() {
  const login = useLogin();
  const [making, setMaking] = useAsked();
  const list = useQuery({ ...webhookListQuery(), refetchInterval: usePollInterval() });
  const whyNot = whyNotByRole(login, 'admin');
  return (
    <>
      <PageHeading
        title="Webhooks"
        actions={
          <ActionButton leftSection={<Icon name="plus" />} whyNot={whyNot} onClick={() => setMaking(true)}>
            Create a webhook
          </ActionButton>
        }
      />
      <PagedList
        what="webhooks"
        list={list}
        cursor=""
        onTurn={() => undefined}
        empty={
          <EmptyState icon="alert" title="No webhooks">
            Nobody is notified when a node is lost, unfit or waits for approval.
          </EmptyState>
        }
      >
        {(webhooks) => <DataTable label="Webhooks" columns={COLUMNS} rows={webhooks} keyOf={({ id }) => id} />}
      </PagedList>
      {making && whyNot === undefined && <NewWebhookDialog onClosed={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS: readonly TableColumn<Webhook>[] = [
  {
    name: 'Name',
    kind: 'head',
    cell: ({ id, name }) => (
      <>
        <Anchor component={Link} href={`/webhooks/${id}`} size="sm" fw={550}>
          {name}
        </Anchor>
        <small>{id}</small>
      </>
    ),
  },
  { name: 'Address', cell: ({ url }) => url },
  { name: 'Form', cell: ({ form }) => form },
  { name: 'Alerts', cell: ({ kinds }) => (kinds.length === 0 ? 'all' : kinds.join(', ')) },
  { name: 'At least', kind: 'short', cell: ({ severity }) => severity },
  { name: 'Nodes with', cell: ({ labels }) => (labels.length === 0 ? 'any labels' : labels.join(', ')) },
  {
    name: 'Created',
    cell: ({ createdAt, createdBy }) => (
      <>
        <Age at={createdAt} /> by {createdBy}
      </>
    ),
  },
];
