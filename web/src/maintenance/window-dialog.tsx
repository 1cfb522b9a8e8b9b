import { Stack, TagsInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import {
  createMaintenanceWindow,
  editMaintenanceWindow,
  type CreateMaintenanceWindowRequest,
  type MaintenanceWindow,
} from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { isDay, isTimeZone, whyNoWindow } from '../../../contract/maintenance-window.js';
import { RESOURCE_NAME_SYNTAX } from '../../../contract/name-pattern.js';
import { answerOf } from '../api/answer-of.js';
import { MAINTENANCE_KEY } from '../api/event-keys.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DurationField } from '../dialogs/duration-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { announce } from '../parts/toasts.js';

const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const FIELDS = ['name', 'cron', 'timeZone', 'duration', 'labels', 'blackouts', 'description'];

/** Creates or changes a maintenance window. */
export function WindowDialog({ window, onClosed }: { window?: MaintenanceWindow; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  const done = ({ name }: MaintenanceWindow) => {
    announce({ kind: 'success', text: `${window ? 'Changed' : 'Created'} the window ${name}.` });
    close();
  };
  return (
    <DialogFrame
      state={{ opened, close, onClosed }}
      title={window ? `Change the window ${window.name}` : 'Create a window'}
    >
      <WindowForm window={window} onDone={done} onCancel={close} />
    </DialogFrame>
  );
}

interface WindowFormProps {
  window: MaintenanceWindow | undefined;
  onDone: (window: MaintenanceWindow) => void;
  onCancel: () => void;
}

type Words = Required<CreateMaintenanceWindowRequest>;

function WindowForm({ window, onDone, onCancel }: WindowFormProps) {
  const [words, setWords] = useState<Words>(() => wordsOf(window));
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: ({ name, ...rest }: Words, headers) =>
      answerOf(
        window
          ? editMaintenanceWindow({ path: { name }, body: { ...rest, version: window.version }, headers })
          : createMaintenanceWindow({ body: { name, ...rest }, headers }),
      ),
    onMade: onDone,
    changes: [MAINTENANCE_KEY],
  });
  const wrong = faultsOf(words);
  const errorOf = (field: keyof Words) => (tried ? wrong[field] : undefined) ?? saidOf(field);
  const say = (change: Partial<Words>) => {
    setWords({ ...words, ...change });
    forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).every((fault) => fault === undefined)) make(words);
  };
  const text = (field: 'name' | 'cron' | 'timeZone' | 'description', label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      value={words[field]}
      onChange={(event) => say({ [field]: event.currentTarget.value })}
      error={errorOf(field)}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const list = (field: 'labels' | 'blackouts', label: string, description: string) => (
    <TagsInput
      label={label}
      description={description}
      value={words[field]}
      onChange={(next) => say({ [field]: next })}
      error={errorOf(field)}
      splitChars={[',', ' ']}
      acceptValueOnBlur
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {!window && text('name', 'Name', 'Lower-case letters, digits and hyphens.')}
        {text('cron', 'When', 'Minute, hour, day of the month, month, day of the week: 0 2 * * SAT.')}
        {text('timeZone', 'Time zone', 'The time zone of these times.')}
        <DurationField
          label="Open for"
          description="1m to 7d."
          value={words.duration}
          onChange={(duration) => say({ duration })}
          error={errorOf('duration')}
        />
        {list('blackouts', 'Not on', 'Optional; dates on which it does not open, such as 2026-12-24.')}
        {list('labels', 'Nodes with', 'Labels that a node must have: pool=a. Empty for all nodes.')}
        {text('description', 'Description', 'Optional; its purpose.')}
        <FormEnd
          label={window ? 'Change' : 'Create window'}
          failure={window ? 'Could not change the window' : 'Could not create the window'}
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}

function wordsOf(window: MaintenanceWindow | undefined): Words {
  const { name = '', cron = '', timeZone = ZONE, duration = '4h' } = window ?? {};
  const { labels = [], blackouts = [], description = '' } = window ?? {};
  return { name, cron, timeZone, duration, labels, blackouts, description };
}

/** Checks that need no request to the api. */
function faultsOf({ name, cron, timeZone, duration, blackouts }: Words): Partial<Record<keyof Words, string>> {
  const durationMs = parseDuration(duration);
  const fault = whyNoWindow({ cron, durationMs: durationMs ?? 0 });
  const badDay = blackouts.find((day) => !isDay(day));
  return {
    ...(!RESOURCE_NAME_SYNTAX.test(name) && { name: '1 to 63 lower-case letters, digits or hyphens.' }),
    ...(fault && { [fault.field]: `It ${fault.says}.` }),
    ...(durationMs === undefined && { duration: 'Write it as 30m or 4h.' }),
    ...(!isTimeZone(timeZone) && { timeZone: 'Unknown time zone: write it as Europe/Berlin.' }),
    ...(badDay !== undefined && { blackouts: `“${badDay}” is not a date: write it as 2026-12-24.` }),
  };
}
