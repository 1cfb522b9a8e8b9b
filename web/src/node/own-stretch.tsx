import { Button, Group, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { HISTORY_KEPT_MS } from '../../../contract/history.js';

interface OwnStretchProps {
  /** The range shown now, in milliseconds since 1970. */
  from: number;
  to: number;
  onChange: (from: number, to: number) => void;
}

/** Fields for any range of the last week, in local time. */
export function OwnStretch({ from, to, onChange }: OwnStretchProps) {
  const [begin, setBegin] = useState(localText(from));
  const [end, setEnd] = useState(localText(to));
  const [limits] = useState(() => ({
    step: 1,
    min: localText(Date.now() - HISTORY_KEPT_MS.minutes),
    max: localText(Date.now()),
  }));
  const [tried, setTried] = useState(false);
  const wrong =
    Date.parse(end) - Date.parse(begin) >= 60_000
      ? Date.parse(end) - Date.parse(begin) <= HISTORY_KEPT_MS.minutes
        ? undefined
        : 'Choose at most the last week; older data is not kept.'
      : 'It has to last at least a minute.';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong === undefined) onChange(Date.parse(begin), Date.parse(end));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group gap="xs" align="flex-start" mb="md">
        <TextInput
          {...limits}
          type="datetime-local"
          size="xs"
          label="From"
          value={begin}
          onChange={(event) => setBegin(event.currentTarget.value)}
        />
        <TextInput
          {...limits}
          type="datetime-local"
          size="xs"
          label="To"
          value={end}
          onChange={(event) => setEnd(event.currentTarget.value)}
          error={tried && wrong}
        />
        <Button type="submit" size="xs" variant="default" mt={22}>
          Show
        </Button>
      </Group>
    </form>
  );
}

/** `2026-11-29T18:04:05`, by the viewer's clock. */
function localText(ms: number): string {
  const shifted = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
