import { Group, NumberInput, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { openSession, type OpenSessionRequest, type Session } from '../../../client/index.js';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import { limitsOf } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { CLUSTER_KEY, NODES_KEY } from '../api/node-queries.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { FormEnd } from '../dialogs/form-end.js';
import { parseLabels } from '../parts/label-text.js';
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
  const login = useLogin();
  const limits = limitsOf(login);
  const [principal, setPrincipal] = useState(login.name);
  const [sql, setSql] = useState('');
  const [cpu, setCpu] = useState<number | string>(DEFAULT_SESSION_RESOURCES.cpu);
  const [memory, setMemory] = useState<number | string>(DEFAULT_SESSION_RESOURCES.memory / MEBIBYTE);
  const [labels, setLabels] = useState('');
  const [strategy, setStrategy] = useState<Strategy>('spread');
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: (body: OpenSessionRequest, headers) => answerOf(openSession({ body, headers })),
    onMade: onOpened,
    changes: [NODES_KEY, CLUSTER_KEY, SESSIONS_KEY],
  });

  const parsed = parseLabels(labels);
  const wrong = {
    principal: principal.trim() === '' ? 'Enter a principal.' : undefined,
    sql: sql.trim() === '' ? 'Enter a query.' : undefined,
    cpu: typeof cpu === 'number' && cpu > 0 ? undefined : 'Enter a number of cores, such as 0.25.',
    memory: typeof memory === 'number' && memory >= 32 ? undefined : 'At least 32 MiB.',
    labels: 'error' in parsed ? parsed.error : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean) || 'error' in parsed) return;
    make({
      principal: principal.trim(),
      sql,
      resources: { cpu: Number(cpu), memory: Math.round(Number(memory) * MEBIBYTE) },
      labels: parsed.labels,
      strategy,
    });
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <Text size="sm">
          The query runs on a node that is active, healthy, and has room for its reservations. The result stays on that
          node; its beginning is shown here.
          {limits !== undefined && ` ${limits}: it runs on one of those nodes.`}
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
          description="The person or program that it runs for."
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
          description="Optional; only nodes with all of these labels, one key=value per line."
          value={labels}
          onChange={(event) => setLabels(event.currentTarget.value)}
          error={(tried && wrong.labels) || saidOf('labels')}
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
        />
        <Radio.Group label="If several nodes fit" value={strategy} onChange={(value) => setStrategy(value)}>
          <Stack gap={6} mt={6}>
            <Radio value="spread" label="The node with the most room" />
            <Radio value="pack" label="The node with the least sufficient room" />
          </Stack>
        </Radio.Group>
        <FormEnd
          label="Open the session"
          failure="Could not open the session"
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
