import { MultiSelect, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ALERT_KINDS, type AlertKind } from '../../../contract/alerts.js';
import { SEVERITIES, type Severity } from '../../../contract/severity.js';
import { WEBHOOK_FORMS, type WebhookForm } from '../../../contract/webhooks.js';
import type { useCreation } from '../api/use-creation.js';
import { FormEnd } from '../dialogs/form-end.js';

const FORM_WORDS: Record<WebhookForm, string> = {
  cloudevents: 'CloudEvents, signed',
  slack: 'Slack',
  pagerduty: 'PagerDuty, Events v2',
  alertmanager: 'Alertmanager, v2',
};
const FIELDS = ['name', 'url', 'secret', 'kinds', 'labels'] as const;

/** The input. */
export interface TypedWebhook {
  name: string;
  /** Empty to keep the address. */
  url: string;
  form: WebhookForm;
  secret: string;
  kinds: AlertKind[];
  severity: Severity;
  labels: string[];
}

interface WebhookFieldsProps {
  start: TypedWebhook;
  /** An existing webhook has an address, which is not shown, and keeps its form. */
  isNew: boolean;
  sending: Pick<ReturnType<typeof useCreation>, 'forget' | 'error' | 'isPending' | 'saidOf'>;
  /** The button's text, and the title of its failure. */
  label: string;
  failure: string;
  onSend: (typed: TypedWebhook) => void;
  onCancel: () => void;
}

/** Receiver, address and alerts of a webhook. */
export function WebhookFields({ start, isNew, sending, label, failure, onSend, onCancel }: WebhookFieldsProps) {
  const [typed, setTyped] = useState(start);
  const [labels, setLabels] = useState(start.labels.join(', '));
  const [tried, setTried] = useState(false);
  const { forget, error, isPending, saidOf } = sending;
  const change = (part: Partial<TypedWebhook>) => setTyped((before) => ({ ...before, ...part }));
  const { name, url, form, secret, kinds, severity } = typed;
  const isMoved = url !== '';
  const isAddress = /^https?:\/\/./.test(url) && URL.canParse(url);
  const takesKey = form === 'pagerduty';
  const needsKey = takesKey && (isNew || isMoved);
  const wrong: Partial<Record<(typeof FIELDS)[number], string | undefined>> = {
    name: name.trim() === '' ? 'Enter a name.' : undefined,
    url: (isNew || isMoved) && !isAddress ? 'Enter an address with https:// or http://.' : undefined,
    secret: needsKey && secret.length < 16 ? 'Enter the routing key of a service in PagerDuty.' : undefined,
  };
  const errorOf = (field: (typeof FIELDS)[number]) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    onSend({ ...typed, name: name.trim(), labels: labels.split(/[\s,]+/).filter((each) => each !== '') });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Its name for people."
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={errorOf('name')}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={isNew ? 'Address' : 'New address'}
          description={
            isNew
              ? 'The address to send alerts to. It may be a secret, so it is not shown again.'
              : 'Empty to keep the present one. Pending deliveries go to the new one.'
          }
          value={url}
          onChange={(event) => change({ url: event.currentTarget.value.trim() })}
          error={errorOf('url')}
          autoComplete="off"
          spellCheck={false}
        />
        {isNew && (
          <NativeSelect
            label="Form"
            data={WEBHOOK_FORMS.map((value) => ({ value, label: FORM_WORDS[value] }))}
            value={form}
            onChange={(event) => change({ form: event.currentTarget.value as WebhookForm })}
          />
        )}
        {takesKey && (
          <PasswordInput
            label="Routing key"
            description={isNew ? undefined : 'Empty to keep the present one. A new address needs it again.'}
            value={secret}
            onChange={(event) => change({ secret: event.currentTarget.value.trim() })}
            error={errorOf('secret')}
            autoComplete="off"
          />
        )}
        <MultiSelect
          label="Alerts"
          description="None selected: all."
          data={[...ALERT_KINDS]}
          value={kinds}
          onChange={(value) => change({ kinds: value })}
          error={errorOf('kinds')}
          searchable
        />
        <NativeSelect
          label="At least"
          description="Less severe alerts are not sent."
          data={[...SEVERITIES]}
          value={severity}
          onChange={(event) => change({ severity: event.currentTarget.value as Severity })}
        />
        <TextInput
          label="Nodes with"
          description="Labels that a node must have: pool=a. Empty for all alerts, including those without a node."
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={errorOf('labels')}
          autoComplete="off"
          spellCheck={false}
        />
        <FormEnd
          label={label}
          failure={failure}
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
