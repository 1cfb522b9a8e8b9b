import { useState } from 'react';
import { createWebhook, type CreateWebhookRequest, type CreateWebhookResponse } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { WebhookFields, type TypedWebhook } from './webhook-fields.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';
import { WebhookSecretDialog } from './webhook-secret-dialog.js';

const NOTHING_TYPED: TypedWebhook = {
  ...{ name: '', url: '', form: 'cloudevents', secret: '', kinds: [], severity: 'info', labels: [] },
};

/** Creates a webhook; if a secret was generated for it, shows that, once. */
export function NewWebhookDialog({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateWebhookResponse | null>(null);
  const state = { opened, close: () => setOpened(false), onClosed };
  const sending = useCreation({
    send: (body: CreateWebhookRequest, headers) => answerOf(createWebhook({ body, headers })),
    onMade: (answer) => (answer.secret === null ? state.close() : setMade(answer)),
    changes: [WEBHOOKS_KEY],
  });
  if (made)
    return <WebhookSecretDialog state={state} made={made} lost="If it is lost, rotate the secret of the webhook." />;
  return (
    <DialogFrame state={state} title="Create a webhook">
      <WebhookFields
        start={NOTHING_TYPED}
        isNew
        sending={sending}
        label="Create webhook"
        failure="Could not create the webhook"
        onSend={({ secret, ...typed }) => sending.make({ ...typed, ...(typed.form === 'pagerduty' && { secret }) })}
        onCancel={state.close}
      />
    </DialogFrame>
  );
}
