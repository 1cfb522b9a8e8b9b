import { Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import {
  rotateWebhookSecret,
  type CreateWebhookResponse,
  type RotateWebhookSecretRequest,
  type Webhook,
} from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DurationField } from '../dialogs/duration-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';
import { WebhookSecretDialog } from './webhook-secret-dialog.js';

/** Gives a webhook another signing secret, and shows it, once. */
export function RotateWebhookDialog({ webhook, onClosed }: { webhook: Webhook; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateWebhookResponse | null>(null);
  const [overlap, setOverlap] = useState('24h');
  const state = { opened, close: () => setOpened(false), onClosed };
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: RotateWebhookSecretRequest, headers) =>
      answerOf(rotateWebhookSecret({ path: { id: webhook.id }, body, headers })),
    onMade: setMade,
    changes: [WEBHOOKS_KEY],
  });
  if (made) return <WebhookSecretDialog state={state} made={made} lost="If it is lost, rotate it again." />;
  const wrong = parseDuration(overlap) === undefined ? 'Write it as 0s, 12h or 7d.' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong === undefined) make({ overlap });
  };
  return (
    <DialogFrame state={state} title={`Rotate the secret of ${webhook.name}`}>
      <form onSubmit={submit} onInput={forget} noValidate>
        <Stack gap="md">
          <Text size="sm">
            Deliveries are signed with both secrets during this time, so the receiver can switch at any moment.
          </Text>
          <DurationField
            label="Old secret signs for"
            description="0s ends it at once; at most 30d."
            value={overlap}
            onChange={setOverlap}
            error={wrong ?? saidOf('overlap')}
            placeholder="24h"
          />
          <FormEnd
            label="Rotate secret"
            failure="Could not rotate the secret"
            error={saidOf('overlap') ? null : error}
            isPending={isPending}
            onCancel={state.close}
          />
        </Stack>
      </form>
    </DialogFrame>
  );
}
