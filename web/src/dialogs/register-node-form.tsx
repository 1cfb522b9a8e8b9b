import { Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { createNode, type CreateNodeRequest, type CreateNodeResponse } from '../../../client/index.js';
import { NODE_NAME_PATTERN } from '../../../contract/node-name.js';
import { limitsOf, whyNotOn } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { ApiFailure } from '../api/api-failure.js';
import { CLUSTER_KEY, NODES_KEY } from '../api/node-queries.js';
import { useCreation } from '../api/use-creation.js';
import { parseLabels } from '../parts/label-text.js';
import { useLogin } from '../sign-in/login-context.js';
import { ExpiryField, usualExpiry, wrongExpiry } from './expiry-field.js';
import { FormEnd } from './form-end.js';

/** The form before there is a token. */
export function RegisterNodeForm({
  onCreated,
  onCancel,
}: {
  onCreated: (created: CreateNodeResponse) => void;
  onCancel: () => void;
}) {
  const login = useLogin();
  const limits = limitsOf(login);
  const [name, setName] = useState('');
  const [labels, setLabels] = useState('');
  const [description, setDescription] = useState('');
  const [expiresIn, setExpiresIn] = useState(usualExpiry('bootstrapToken'));
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: CreateNodeRequest, headers) => answerOf(createNode({ body, headers })),
    onMade: onCreated,
    changes: [NODES_KEY, CLUSTER_KEY],
  });

  const parsed = parseLabels(labels);
  const wrong = {
    name:
      name === ''
        ? 'A node needs a name.'
        : NODE_NAME_PATTERN.test(name)
          ? undefined
          : 'Lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit; at most 63.',
    labels: 'error' in parsed ? parsed.error : whyNotOn([parsed], login),
    expiresIn: wrongExpiry('bootstrapToken', expiresIn),
  };
  const nameTaken = error instanceof ApiFailure && error.code === 'NODE_NAME_TAKEN' ? error.message : undefined;
  const elsewhere = nameTaken === undefined && !['name', 'labels', 'description', 'expiresIn'].some(saidOf);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean) || 'error' in parsed) return;
    make({ name, labels: parsed.labels, description, expiresIn });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <Text size="sm">
          This creates a slot for the node, and a bootstrap token with which its agent joins. Once it has joined, it
          waits here to be activated.
        </Text>
        <TextInput
          label="Name"
          description="The node’s name everywhere, such as its host name."
          value={name}
          onChange={(event) => setName(event.currentTarget.value.trim())}
          error={(tried && wrong.name) || nameTaken || saidOf('name')}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          required
          withAsterisk={false}
        />
        <Textarea
          label="Labels"
          description={
            limits === undefined ? 'Optional; one key=value per line.' : `${limits}. One key=value per line.`
          }
          placeholder={'pool=a\nzone=eu-1'}
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={(tried && wrong.labels) || saidOf('labels')}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
        />
        <TextInput
          label="Description"
          description="Optional."
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={1_024}
          error={saidOf('description')}
          autoComplete="off"
        />
        <ExpiryField
          of="bootstrapToken"
          value={expiresIn}
          onChange={setExpiresIn}
          error={(tried ? wrong.expiresIn : undefined) ?? saidOf('expiresIn')}
        />
        <FormEnd
          label="Generate token"
          failure={`Could not register ${name}`}
          error={elsewhere ? error : null}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
