import { useState } from 'react';
import { editWebhook, type PatchWebhookRequest, type Webhook } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { announce } from '../parts/toasts.js';
import { WebhookFields } from './webhook-fields.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';

/** Changes a webhook. Its address and secret are not shown, and stay unless others are typed. */
export function EditWebhookDialog({ webhook, onClosed }: { webhook: Webhook; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const { id, name, form, kinds, severity, labels } = webhook;
  const state = { opened, close: () => setOpened(false), onClosed };
  const sending = useCreation({
    send: (body: PatchWebhookRequest, headers) => answerOf(editWebhook({ path: { id }, body, headers })),
    onMade: (edited) => {
      announce({ kind: 'success', text: `Changed the webhook ${edited.name}.` });
      state.close();
    },
    changes: [WEBHOOKS_KEY],
  });
  return (
    <DialogFrame state={state} title={`Edit the webhook ${name}`}>
      <WebhookFields
        start={{ ...{ name, form, kinds, severity, labels }, url: '', secret: '' }}
        isNew={false}
        sending={sending}
        label="Save"
        failure="Could not change the webhook"
        onSend={({ url, secret, form: _form, ...typed }) =>
          sending.make({ ...typed, ...(url !== '' && { url }), ...(secret !== '' && { secret }) })
        }
        onCancel={state.close}
      />
    </DialogFrame>
  );
}
