import { NumberInput, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { createJoinToken, type CreateJoinTokenRequest, type CreateJoinTokenResponse } from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { NAME_PATTERN_SYNTAX } from '../../../contract/name-pattern.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DurationField } from '../dialogs/duration-field.js';
import { ExpiryField, usualExpiry, wrongExpiry } from '../dialogs/expiry-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { TokenDialogFrame } from '../dialogs/token-dialog-frame.js';
import { parseLabels } from '../parts/label-text.js';
import { plural } from '../parts/size-text.js';
import { TOKENS_KEY } from './token-queries.js';

const MOST_USES = 1_000_000;
const FIELDS = ['description', 'maxUses', 'expiresIn', 'labels', 'namePattern', 'removeAfter'];
type Approves = 'policy' | 'yes' | 'no';

/** Creates a join token and shows it, once, with instructions for joining machines. */
export function NewJoinTokenDialog({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [made, setMade] = useState<CreateJoinTokenResponse | null>(null);
  const state = { opened, close: () => setOpened(false), onClosed };
  if (!made)
    return (
      <DialogFrame state={state} title="Create a join token">
        <NewJoinTokenForm onMade={setMade} onCancel={state.close} />
      </DialogFrame>
    );
  const { joinToken, token, install } = made;
  return (
    <TokenDialogFrame
      state={state}
      title="Join token"
      used={false}
      token={{
        name: 'Join token',
        text: token,
        works: `It admits ${plural(joinToken.maxUses, 'node')}`,
        expiresAt: joinToken.expiresAt,
        whoever: 'Anyone who has it can join.',
        lost: 'If it is lost, revoke it and create another.',
        install,
      }}
    />
  );
}

function NewJoinTokenForm({
  onMade,
  onCancel,
}: {
  onMade: (made: CreateJoinTokenResponse) => void;
  onCancel: () => void;
}) {
  const [description, setDescription] = useState('');
  const [maxUses, setMaxUses] = useState<number | string>(1);
  const [expiresIn, setExpiresIn] = useState(usualExpiry('joinToken'));
  const [labels, setLabels] = useState('');
  const [namePattern, setNamePattern] = useState('');
  const [removeAfter, setRemoveAfter] = useState('');
  const [approves, setApproves] = useState<Approves>('policy');
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: CreateJoinTokenRequest, headers) => answerOf(createJoinToken({ body, headers })),
    onMade,
    changes: [TOKENS_KEY],
  });
  const parsed = parseLabels(labels);
  const wrong = {
    maxUses:
      Number.isInteger(maxUses) && Number(maxUses) >= 1 && Number(maxUses) <= MOST_USES
        ? undefined
        : 'Enter a number from 1 to 1,000,000.',
    expiresIn: wrongExpiry('joinToken', expiresIn),
    labels: 'error' in parsed ? parsed.error : undefined,
    namePattern:
      namePattern === '' || NAME_PATTERN_SYNTAX.test(namePattern)
        ? undefined
        : '1 to 63 lower-case letters, digits, dots, hyphens and stars, such as pool-a-*.',
    removeAfter: removeAfter === '' || parseDuration(removeAfter) ? undefined : 'Write it as 30m, 1h or 7d.',
  };
  const errorOf = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean) || 'error' in parsed) return;
    make({
      description,
      maxUses: Number(maxUses),
      expiresIn,
      labels: parsed.labels,
      ...(namePattern !== '' && { namePattern }),
      ...(removeAfter !== '' && { removeAfter }),
      ...(approves !== 'policy' && { autoApprove: approves === 'yes' }),
    });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <Text size="sm">Automatically provisioned machines join with it, each under its host name.</Text>
        <TextInput
          label="Description"
          description="Optional; its purpose."
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={saidOf('description')}
          maxLength={256}
          autoComplete="off"
          data-autofocus
        />
        <NumberInput
          label="Uses"
          description="How many nodes it admits."
          value={maxUses}
          onChange={setMaxUses}
          error={errorOf('maxUses')}
          min={1}
          max={MOST_USES}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
          styles={{ wrapper: { maxWidth: 240 } }}
        />
        <ExpiryField of="joinToken" value={expiresIn} onChange={setExpiresIn} error={errorOf('expiresIn')} />
        <TextInput
          label="Names"
          description="Optional; nodes with other names are refused. A star matches any characters."
          placeholder="pool-a-*"
          value={namePattern}
          onChange={(event) => setNamePattern(event.currentTarget.value.trim())}
          error={errorOf('namePattern')}
          autoComplete="off"
          spellCheck={false}
        />
        <Textarea
          label="Labels"
          description="Optional; labels of the nodes that join with it, one key=value per line."
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={errorOf('labels')}
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
        />
        <Radio.Group label="Nodes that join with it" value={approves} onChange={(value) => setApproves(value)}>
          <Stack gap={6} mt={6}>
            <Radio value="policy" label="As the configuration says (Orchestrator.NodeManager.ManualApproval)" />
            <Radio value="yes" label="Are approved" />
            <Radio value="no" label="Wait for an administrator" />
          </Stack>
        </Radio.Group>
        <DurationField
          label="Remove after"
          description="Optional, for ephemeral nodes: each is removed once it has been unknown for so long: 1m to 365d."
          value={removeAfter}
          onChange={setRemoveAfter}
          error={errorOf('removeAfter')}
          placeholder="as configured"
        />
        <FormEnd
          label="Create token"
          failure="Could not create the join token"
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
