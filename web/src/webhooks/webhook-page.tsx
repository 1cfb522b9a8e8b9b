import { Anchor, Breadcrumbs, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Webhook } from '../../../client/index.js';
import { whyNotByRole } from '../actions/offered-action.js';
import { ApiFailure } from '../api/api-failure.js';
import { ActionButton } from '../parts/action-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Fact, Facts } from '../parts/facts.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, Countdown } from '../time/age.js';
import { DeleteWebhookDialog } from './delete-webhook-dialog.js';
import { DeliveryList } from './delivery-list.js';
import { EditWebhookDialog } from './edit-webhook-dialog.js';
import { RotateWebhookDialog } from './rotate-webhook-dialog.js';
import { useTellWebhook } from './use-tell-webhook.js';
import { webhookQuery } from './webhook-queries.js';

/** One webhook: the alerts it receives, and its deliveries. */
export default function WebhookPage({ id }: { id: string }) {
  return (
    <>
      <Breadcrumbs mb={4} component="nav" aria-label="Where this is" separatorMargin="xs">
        <Anchor component={Link} href="/webhooks" size="sm">
          Webhooks
        </Anchor>
        <Text size="sm" c="dimmed">
          {id}
        </Text>
      </Breadcrumbs>
      <LoadedWebhook id={id} />
    </>
  );
}

function LoadedWebhook({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({ ...webhookQuery(id), refetchInterval: usePollInterval() });
  if (data) return <ShownWebhook webhook={data} />;
  const gone = error instanceof ApiFailure && (error.code === 'NOT_FOUND' || error.code === 'VALIDATION_FAILED');
  return (
    <>
      <PageHeading title="Webhook" />
      {gone ? (
        <EmptyState icon="search" title={`There is no webhook ${id}`}>
          The link may be wrong, or it was deleted.
        </EmptyState>
      ) : error ? (
        <ErrorState title="The webhook could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading what="webhook" />
      )}
    </>
  );
}

function ShownWebhook({ webhook }: { webhook: Webhook }) {
  const login = useLogin();
  const [, goTo] = useLocation();
  const [dialog, setDialog] = useState<'edit' | 'rotate' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const whyNotChanged = whyNotByRole(login, 'admin');
  const { id, name, url, form, kinds, labels, severity, createdAt, createdBy, formerUntil } = webhook;
  const test = useTellWebhook(id);
  return (
    <>
      <PageHeading
        title={name}
        actions={
          <Group gap="xs">
            <ActionButton
              variant="default"
              size="xs"
              loading={test.isPending}
              whyNot={whyNotByRole(login)}
              onClick={() => test.mutate(undefined)}
            >
              Test
            </ActionButton>
            <ActionButton variant="default" size="xs" whyNot={whyNotChanged} onClick={() => setDialog('edit')}>
              Edit
            </ActionButton>
            <ActionButton
              variant="default"
              size="xs"
              whyNot={
                whyNotChanged ??
                (form === 'pagerduty' ? 'PagerDuty issues the routing key; edit the webhook to change it.' : undefined)
              }
              onClick={() => setDialog('rotate')}
            >
              Rotate secret
            </ActionButton>
            <ActionButton variant="default" size="xs" whyNot={whyNotChanged} onClick={() => setDialog('delete')}>
              Delete
            </ActionButton>
          </Group>
        }
      />
      <Stack gap="md">
        <Panel title="Details">
          <Facts>
            <Fact name="ID">{id}</Fact>
            <Fact name="Address">{url}</Fact>
            <Fact name="Form">{form}</Fact>
            <Fact name="Alerts">{kinds.length === 0 ? 'all' : kinds.join(', ')}</Fact>
            <Fact name="At least">{severity}</Fact>
            <Fact name="Nodes with">{labels.length === 0 ? 'any labels' : labels.join(', ')}</Fact>
            <Fact name="Created">
              <Age at={createdAt} /> by {createdBy}
            </Fact>
            {formerUntil !== null && (
              <Fact name="Former secret">
                signs, too, for <Countdown until={formerUntil} over="no time" /> more
              </Fact>
            )}
          </Facts>
        </Panel>
        <Panel title="Deliveries">
          <DeliveryList id={id} />
        </Panel>
      </Stack>
      {dialog === 'edit' && <EditWebhookDialog webhook={webhook} onClosed={close} />}
      {dialog === 'rotate' && <RotateWebhookDialog webhook={webhook} onClosed={close} />}
      {dialog === 'delete' && (
        <DeleteWebhookDialog webhook={webhook} onDeleted={() => goTo('/webhooks')} onClosed={close} />
      )}
    </>
  );
}
