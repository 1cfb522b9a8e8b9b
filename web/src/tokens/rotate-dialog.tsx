import { Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import {
  rotateApiToken,
  type ApiToken,
  type CreateApiTokenResponse,
  type RotateApiTokenRequest,
} from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DurationField } from '../dialogs/duration-field.js';
import { ExpiryField, usualExpiry, wrongExpiry } from '../dialogs/expiry-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { ApiTokenDialog } from './api-token-dialog.js';
import { TOKENS_KEY } from './token-queries.js';

/** Gives an api token another secret, and shows it, once. */
export function RotateDialog({ token, onClosed }: { token: ApiToken; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateApiTokenResponse | null>(null);
  const state = { opened, close: () => setOpened(false), onClosed };
  if (made) return <ApiTokenDialog state={state} made={made} />;
  return (
    <DialogFrame state={state} title={`Rotate the API token ${token.name}`}>
      <RotateForm id={token.id} onMade={setMade} onCancel={state.close} />
    </DialogFrame>
  );
}

function RotateForm({
  id,
  onMade,
  onCancel,
}: {
  id: string;
  onMade: (made: CreateApiTokenResponse) => void;
  onCancel: () => void;
}) {
  const [expiresIn, setExpiresIn] = useState(usualExpiry('apiToken'));
  const [overlap, setOverlap] = useState('24h');
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: RotateApiTokenRequest, headers) => answerOf(rotateApiToken({ path: { id }, body, headers })),
    onMade,
    changes: [TOKENS_KEY],
  });
  const wrong = {
    expiresIn: wrongExpiry('apiToken', expiresIn),
    overlap: parseDuration(overlap) === undefined ? 'Write it as 0s, 12h or 7d.' : undefined,
  };
  const errorOf = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!Object.values(wrong).some(Boolean)) make({ expiresIn, overlap });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <Text size="sm">
          It keeps its name, its role and its ID. Replace the secret wherever it is used during this time.
        </Text>
        <ExpiryField of="apiToken" value={expiresIn} onChange={setExpiresIn} error={errorOf('expiresIn')} />
        <DurationField
          label="Old secret works for"
          description="0s ends it at once; at most 30d."
          value={overlap}
          onChange={setOverlap}
          error={errorOf('overlap')}
          placeholder="24h"
        />
        <FormEnd
          label="Rotate token"
          failure="Could not rotate the API token"
          error={['expiresIn', 'overlap'].some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
