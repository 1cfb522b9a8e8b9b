import { Button, Group, NumberInput, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { openSession, type OpenSessionRequest, type Session } from '../../../client/index.js';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import { answerOf } from '../api/answer-of.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { newKey } from '../api/idempotency-key.js';
import { useRefreshNodes } from '../api/use-decision.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { parseLabels } from '../parts/label-text.js';
import { Notice } from '../parts/notice.js';
import { announce } from '../parts/toasts.js';
import { useLogin } from '../sign-in/login-context.js';
import { SESSIONS_KEY } from './session-queries.js';
import { sessionPath } from './sessions-path.js';

const MEBIBYTE = 1_024 ** 2;
const FIELDS = ['principal', 'sql', 'resources', 'labels'] as const;
type Strategy = NonNullable<OpenSessionRequest['strategy']>;

/** Runs a query on whichever node has room for it; goes to the session when it has one. */
export function OpenSessionDialog({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [, navigate] = useLocation();
  const close = () => setOpened(false);
  const arrived = (session: Session) => {
    announce({ kind: 'success', text: `The session runs on ${session.node ?? 'a node'}.` });
    close();
    navigate(sessionPath(session.id));
  };
  return (
    <DialogFrame state={{ opened, close, onClosed }} title="Open a session">
      <OpenSessionForm onOpened={arrived} onCancel={close} />
    </DialogFrame>
  );
}

function OpenSessionForm({ onOpened, onCancel }: { onOpened: (session: Session) => void; onCancel: () => void }) {
  const { name } = useLogin();
  const [principal, setPrincipal] = useState(name);
  const [sql, setSql] = useState('');
  const [cpu, setCpu] = useState<number | string>(DEFAULT_SESSION_RESOURCES.cpu);
  const [memory, setMemory] = useState<number | string>(DEFAULT_SESSION_RESOURCES.memory / MEBIBYTE);
  const [labels, setLabels] = useState('');
  const [strategy, setStrategy] = useState<Strategy>('spread');
  const [tried, setTried] = useState(false);
  // An answer that was lost on its way may have opened it: to ask the same again with the same key is the same session.
  const [keyed, setKeyed] = useState({ request: '', key: '' });
  const queryClient = useQueryClient();
  const refreshNodes = useRefreshNodes();
  const open = useMutation({
    mutationFn: ({ body, key }: { body: OpenSessionRequest; key: string }) =>
      answerOf(openSession({ body, headers: { 'Idempotency-Key': key } })),
    onSuccess: onOpened,
    onSettled: () => {
      refreshNodes();
      void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY });
    },
  });

  const parsed = parseLabels(labels);
  const wrong = {
    principal: principal.trim() === '' ? 'Somebody has to own it.' : undefined,
    sql: sql.trim() === '' ? 'Write a query.' : undefined,
    cpu: typeof cpu === 'number' && cpu > 0 ? undefined : 'A number of cores, such as 0.25.',
    memory: typeof memory === 'number' && memory >= 32 ? undefined : 'At least 32 MiB.',
    labels: 'error' in parsed ? parsed.error : undefined,
  };
  const said = open.error instanceof ApiFailure ? open.error : undefined;
  const saidOf = (field: string) =>
    said?.field === field || said?.field?.startsWith(`${field}.`) ? said.message : undefined;
  const elsewhere = open.error && !FIELDS.some(saidOf);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean) || 'error' in parsed || open.isPending) return;
    const body: OpenSessionRequest = {
      principal: principal.trim(),
      sql,
      resources: { cpu: Number(cpu), memory: Math.round(Number(memory) * MEBIBYTE) },
      labels: parsed.labels,
      strategy,
    };
    const request = JSON.stringify(body);
    const key = keyed.request === request && said === undefined ? keyed.key : newKey();
    setKeyed({ request, key });
    open.mutate({ body, key });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">
          The query runs on a node that is active, healthy, and has room for what it reserves. Its result stays on that
          node; the beginning is shown here.
        </Text>
        <Textarea
          label="Query"
          description="DuckDB's SQL."
          value={sql}
          onChange={(event) => setSql(event.currentTarget.value)}
          error={(tried && wrong.sql) || saidOf('sql')}
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          data-autofocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <TextInput
          label="Principal"
          description="For whom it runs."
          value={principal}
          onChange={(event) => setPrincipal(event.currentTarget.value)}
          error={(tried && wrong.principal) || saidOf('principal')}
          spellCheck={false}
          autoComplete="off"
        />
        <Group grow align="flex-start">
          <NumberInput
            label="Cores"
            value={cpu}
            onChange={setCpu}
            min={0}
            step={0.25}
            decimalScale={3}
            error={(tried && wrong.cpu) || saidOf('resources.cpu')}
            hideControls
          />
          <NumberInput
            label="Memory in MiB"
            value={memory}
            onChange={setMemory}
            min={0}
            step={64}
            decimalScale={0}
            error={(tried && wrong.memory) || saidOf('resources.memory')}
            hideControls
          />
        </Group>
        <Textarea
          label="Labels"
          description="Optional; only nodes that have all of these, one key=value a line."
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={(tried && wrong.labels) || saidOf('labels')}
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
        />
        <Radio.Group label="Where there is a choice" value={strategy} onChange={(value) => setStrategy(value)}>
          <Stack gap={6} mt={6}>
            <Radio value="spread" label="The node with the most room" />
            <Radio value="pack" label="The node with the least room that is enough" />
          </Stack>
        </Radio.Group>
        {elsewhere && (
          <Notice kind="bad" role="alert" title="Could not open the session">
            {sentenceOf(open.error)}
            {said?.hint !== undefined && <Text size="sm">{said.hint}</Text>}
          </Notice>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={open.isPending}>
            Open the session
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
