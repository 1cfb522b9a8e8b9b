import { NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { createWebhook, type CreateWebhookRequest, type CreateWebhookResponse } from '../../../client/index.js';
import { SEVERITIES, type Severity } from '../../../contract/severity.js';
import { WEBHOOK_FORMS, type WebhookForm } from '../../../contract/webhooks.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { FormEnd } from '../dialogs/form-end.js';
import { TokenDialogFrame } from '../dialogs/token-dialog-frame.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';

const FORM_WORDS: Record<WebhookForm, string> = {
  cloudevents: 'CloudEvents, signed',
  slack: 'Slack',
  pagerduty: 'PagerDuty, Events v2',
  alertmanager: 'Alertmanager, v2',
};

/** Makes a webhook; where its secret was made for it, that is shown, once. */
export function NewWebhookDialog({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateWebhookResponse | null>(null);
  const state = { opened, close: () => setOpened(false), onClosed };
  const keep = (answer: CreateWebhookResponse) => (answer.secret === null ? state.close() : setMade(answer));
  if (!made?.secret)
    return (
      <DialogFrame state={state} title="Create a webhook">
        <NewWebhookForm onMade={keep} onCancel={state.close} />
      </DialogFrame>
    );
  return (
    <TokenDialogFrame
      state={state}
      title={`Secret of ${made.webhook.name}`}
      used={false}
      token={{
        name: 'Signing secret',
        text: made.secret,
        works: 'It signs what the receiver is told',
        expiresAt: null,
        whoever: 'Receivers check it as Standard Webhooks say.',
        lost: 'If it is lost, delete the webhook and create another.',
        install: null,
      }}
    />
  );
}

function NewWebhookForm({ onMade, onCancel }: { onMade: (made: CreateWebhookResponse) => void; onCancel: () => void }) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [form, setForm] = useState<WebhookForm>('cloudevents');
  const [secret, setSecret] = useState('');
  const [severity, setSeverity] = useState<Severity>('info');
  const [labels, setLabels] = useState('');
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: CreateWebhookRequest, headers) => answerOf(createWebhook({ body, headers })),
    onMade,
    changes: [WEBHOOKS_KEY],
  });
  const needsKey = form === 'pagerduty';
  const wrong = {
    name: name.trim() === '' ? 'It needs a name.' : undefined,
    url: /^https?:\/\/./.test(url) && URL.canParse(url) ? undefined : 'An address with https:// or http://.',
    secret: needsKey && secret.length < 16 ? 'The routing key of a service in PagerDuty.' : undefined,
  };
  const errorOf = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    const wanted = labels.split(/[\s,]+/).filter((label) => label !== '');
    make({ name: name.trim(), url, form, severity, labels: wanted, ...(needsKey && { secret }) });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="What people call it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errorOf('name')}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label="Address"
          description="Where it is told. It may be a secret: it is not shown again."
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value.trim())}
          error={errorOf('url')}
          autoComplete="off"
          spellCheck={false}
        />
        <NativeSelect
          label="Form"
          data={WEBHOOK_FORMS.map((value) => ({ value, label: FORM_WORDS[value] }))}
          value={form}
          onChange={(event) => setForm(event.currentTarget.value as WebhookForm)}
        />
        {needsKey && (
          <PasswordInput
            label="Routing key"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value.trim())}
            error={errorOf('secret')}
            autoComplete="off"
          />
        )}
        <NativeSelect
          label="At least"
          description="Alerts that are less severe are not told."
          data={[...SEVERITIES]}
          value={severity}
          onChange={(event) => setSeverity(event.currentTarget.value as Severity)}
        />
        <TextInput
          label="Nodes with"
          description="Labels that a node must have: pool=a. Empty: all nodes, and what belongs to none."
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={saidOf('labels')}
          autoComplete="off"
          spellCheck={false}
        />
        <FormEnd
          label="Create webhook"
          failure="Could not create the webhook"
          error={['name', 'url', 'secret', 'labels'].some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
