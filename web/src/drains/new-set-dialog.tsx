import { Checkbox, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { AGENT_VERSION_PATTERN, MAX_DRAIN_SET_NODES, MAX_UNAVAILABLE } from '../../../contract/drain-set.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { parseDuration } from '../../../contract/duration.js';
import { useWhyNotOnLabels } from '../actions/use-why-not-on-ids.js';
import { SETS_KEY } from '../api/event-keys.js';
import { useCreation } from '../api/use-creation.js';
import { badSpan } from '../dialogs/decision-fields.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DrainFields } from '../dialogs/drain-fields.js';
import { DurationField } from '../dialogs/duration-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { ReasonField } from '../dialogs/reason-field.js';
import { SpanFields } from '../dialogs/span-fields.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import { WindowField } from './window-field.js';
import { matchingQuery } from './set-queries.js';
import { type NewSet, type NodeSet, type SetKind } from './set-kind.js';

const LABEL = /^[^=\s]{1,63}(=\S{0,63})?$/;
const BUDGET = /^(?:[1-9]\d?|100)%?$/;
const FIELDS = [
  'labels',
  'maxUnavailable',
  'reason',
  'window',
  'at',
  'until',
  'deadline',
  'version',
  'maxFailures',
  'timeout',
];

/** Starts a drain of a set of nodes, or an agent update, and opens its page. */
export function NewSetDialog({ kind, onClosed }: { kind: SetKind; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [, navigate] = useLocation();
  const close = () => setOpened(false);
  const begun = ({ id, window }: NodeSet) => {
    const says = window?.waiting ? `waits for the window ${window.name}` : 'has begun';
    announce({ kind: 'success', text: `The ${kind.one} ${says}.` });
    close();
    navigate(`${kind.path}/${id}`);
  };
  return (
    <DialogFrame state={{ opened, close, onClosed }} title={kind.start}>
      <NewSetForm kind={kind} onBegun={begun} onCancel={close} />
    </DialogFrame>
  );
}

interface UpdateWords {
  version: string;
  downgrade: boolean;
  maxFailures: number | string;
  timeout: string;
}

function NewSetForm({
  kind,
  onBegun,
  onCancel,
}: {
  kind: SetKind;
  onBegun: (set: NodeSet) => void;
  onCancel: () => void;
}) {
  const isUpdate = kind.path === '/agent-updates';
  const [labels, setLabels] = useState<string[]>([]);
  const [budget, setBudget] = useState('1');
  const [window, setWindow] = useState('');
  const [words, setWords] = useState<DecisionWords>({});
  const [update, setUpdate] = useState<UpdateWords>({ version: '', downgrade: false, maxFailures: 1, timeout: '20m' });
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: kind.create,
    onMade: onBegun,
    changes: [SETS_KEY],
  });

  const { reason = '', deadline = '', onDeadline, at, until } = words;
  const badLabel = labels.find((label) => !LABEL.test(label));
  const whyNot = useWhyNotOnLabels(badLabel === undefined ? labels : [], kind.role);
  const wrong = {
    labels:
      labels.length === 0
        ? 'Enter at least one label to select nodes.'
        : badLabel === undefined
          ? whyNot
          : `“${badLabel}” is not a label: write key or key=value.`,
    maxUnavailable: BUDGET.test(budget)
      ? undefined
      : `Enter a number from 1 to ${MAX_UNAVAILABLE}, or a share such as 25%.`,
    deadline: deadline === '' || parseDuration(deadline) !== undefined ? undefined : 'Write it as 30s, 15m or 1h30m.',
    until: isUpdate ? undefined : badSpan(words),
    version: isUpdate && !AGENT_VERSION_PATTERN.test(update.version) ? 'Enter a version, such as 1.2.3.' : undefined,
    maxFailures:
      isUpdate && !(Number(update.maxFailures) >= 1) ? `Enter a number from 1 to ${MAX_DRAIN_SET_NODES}.` : undefined,
    timeout: isUpdate && parseDuration(update.timeout) === undefined ? 'Write it as 10m or 1h.' : undefined,
  };
  const errorOf = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined) ?? saidOf(field);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    const body: NewSet = {
      labels,
      maxUnavailable: budget.endsWith('%') ? budget : Number(budget),
      reason,
      ...(deadline !== '' && { deadline, onDeadline: onDeadline ?? 'wait' }),
      ...(window !== '' && { window }),
      ...(at !== undefined && { at }),
      ...(until !== undefined && { until }),
      ...(isUpdate && { ...update, maxFailures: Number(update.maxFailures) }),
    };
    make(body);
  };
  return (
    <form onSubmit={submit} onInput={forget} noValidate>
      <Stack gap="md">
        <Text size="sm">{kind.about}</Text>
        <div>
          <TagsInput
            label="Labels"
            description="Selects compute nodes with all of these labels, each key=value or a key alone."
            value={labels}
            onChange={(next) => {
              setLabels(next);
              forget();
            }}
            error={errorOf('labels') ?? whyNot}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            maxTags={16}
            data-autofocus
          />
          <Matching labels={badLabel === undefined ? labels : []} />
        </div>
        {isUpdate && <UpdateFields update={update} onChange={setUpdate} errorOf={errorOf} />}
        <TextInput
          label="Unavailable at once"
          description="At most this many of these nodes, or a share such as 25%. Nodes that are silent, rejected or being drained by others count too."
          value={budget}
          onChange={(event) => setBudget(event.currentTarget.value.trim())}
          error={errorOf('maxUnavailable')}
          autoComplete="off"
          styles={{ wrapper: { maxWidth: 240 } }}
        />
        <WindowField value={window} onChange={setWindow} error={saidOf('window')} />
        {!isUpdate && <SpanFields words={words} onChange={setWords} error={errorOf('until') ?? saidOf('at')} />}
        <DrainFields words={words} onChange={setWords} error={errorOf('deadline')} />
        <ReasonField value={reason} onChange={(text) => setWords({ ...words, reason: text })} />
        <FormEnd
          label={kind.start}
          failure={`Could not start the ${kind.one}`}
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}

/** The number of nodes, before it is started. */
function Matching({ labels }: { labels: readonly string[] }) {
  const { data } = useQuery({ ...matchingQuery(labels), enabled: labels.length > 0 });
  return (
    <Text size="sm" mt={4} role="status" c={labels.length > 0 && data === 0 ? 'var(--page-warn)' : 'dimmed'}>
      {labels.length === 0 || data === undefined
        ? ''
        : data === 0
          ? 'No compute node has these labels now.'
          : `${plural(data, 'compute node')} now.`}
    </Text>
  );
}

function UpdateFields({
  update,
  onChange,
  errorOf,
}: {
  update: UpdateWords;
  onChange: (update: UpdateWords) => void;
  errorOf: (field: 'version' | 'maxFailures' | 'timeout') => string | undefined;
}) {
  return (
    <>
      <TextInput
        label="Version"
        description="The agent’s new version. The api needs its package."
        value={update.version}
        onChange={(event) => onChange({ ...update, version: event.currentTarget.value.trim() })}
        error={errorOf('version')}
        placeholder="1.2.3"
        autoComplete="off"
        spellCheck={false}
        styles={{ wrapper: { maxWidth: 240 } }}
      />
      <Checkbox
        label="Also downgrade agents of later versions"
        checked={update.downgrade}
        onChange={(event) => onChange({ ...update, downgrade: event.currentTarget.checked })}
      />
      <NumberInput
        label="Failures before it is held"
        description="After this many failures, no further node starts until somebody resumes it."
        value={update.maxFailures}
        onChange={(maxFailures) => onChange({ ...update, maxFailures })}
        error={errorOf('maxFailures')}
        min={1}
        max={MAX_DRAIN_SET_NODES}
        hideControls
        styles={{ wrapper: { maxWidth: 240 } }}
      />
      <DurationField
        label="Timeout"
        description="A node that is not heard within this time after it was drained has failed: 10s to 1d."
        value={update.timeout}
        onChange={(timeout) => onChange({ ...update, timeout })}
        error={errorOf('timeout')}
      />
    </>
  );
}
