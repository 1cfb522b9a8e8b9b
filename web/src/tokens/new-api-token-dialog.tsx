import { Radio, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { createApiToken, type CreateApiTokenRequest, type CreateApiTokenResponse } from '../../../client/index.js';
import { termsOf, whyNoGrant, ROLES, type Role } from '../../../contract/grants.js';
import { answerOf } from '../api/answer-of.js';
import { ApiFailure } from '../api/api-failure.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { ExpiryField, usualExpiry, wrongExpiry } from '../dialogs/expiry-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { ApiTokenDialog } from './api-token-dialog.js';
import { roleMeans } from './role-means.js';
import { TOKENS_KEY } from './token-queries.js';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9@._-]{0,61}[A-Za-z0-9])?$/;

/** Creates an api token for a person or a script, and shows it, once. */
export function NewApiTokenDialog({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateApiTokenResponse | null>(null);
  const state = { opened, close: () => setOpened(false), onClosed };
  if (made) return <ApiTokenDialog state={state} made={made} />;
  return (
    <DialogFrame state={state} title="Create an API token">
      <NewApiTokenForm onMade={setMade} onCancel={state.close} />
    </DialogFrame>
  );
}

function NewApiTokenForm({
  onMade,
  onCancel,
}: {
  onMade: (made: CreateApiTokenResponse) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [scopeText, setScopeText] = useState('');
  const [expiresIn, setExpiresIn] = useState(usualExpiry('apiToken'));
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: CreateApiTokenRequest, headers) => answerOf(createApiToken({ body, headers })),
    onMade,
    changes: [TOKENS_KEY],
  });
  const scope = role === 'viewer' || scopeText.trim() === '' ? undefined : termsOf(scopeText);
  const wrong = {
    scope: scope && whyNoGrant({ role, scope }),
    name: NAME.test(name) ? undefined : '1 to 63 letters, digits, dots, hyphens, underscores or @.',
    expiresIn: wrongExpiry('apiToken', expiresIn),
  };
  const taken = error instanceof ApiFailure && error.code === 'TOKEN_NAME_TAKEN' ? error.message : undefined;
  const errorOf = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!Object.values(wrong).some(Boolean)) make({ name, role, expiresIn, ...(scope && { scope }) });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Who uses it: decisions are recorded under this name."
          value={name}
          onChange={(event) => setName(event.currentTarget.value.trim())}
          error={errorOf('name') ?? taken}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value)}>
          <Stack gap={6} mt={6}>
            {ROLES.map((value) => (
              <Radio key={value} value={value} label={value} description={roleMeans(value)} />
            ))}
          </Stack>
        </Radio.Group>
        {role !== 'viewer' && (
          <TextInput
            label="Only over nodes with these labels"
            description="Such as pool=gpu,zone=a; empty for all nodes. With such a token one sees everything, but changes only these nodes."
            value={scopeText}
            onChange={(event) => setScopeText(event.currentTarget.value)}
            error={errorOf('scope')}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <ExpiryField of="apiToken" value={expiresIn} onChange={setExpiresIn} error={errorOf('expiresIn')} />
        <FormEnd
          label="Create token"
          failure="Could not create the API token"
          error={taken === undefined && !['name', 'role', 'scope', 'expiresIn'].some(saidOf) ? error : null}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
