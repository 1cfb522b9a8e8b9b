import { Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { isoTime } from '../../../contract/iso-time.js';

const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface SpanFieldsProps<Words> {
  words: Words;
  onChange: (words: Words) => void;
  error?: string | undefined;
}

/** When it begins and ends by itself, in the viewer's zone. Left empty: now, and when somebody says so. */
export function SpanFields<Words extends Pick<DecisionWords, 'at' | 'until'>>({
  words,
  onChange,
  error,
}: SpanFieldsProps<Words>) {
  const [typed, setTyped] = useState({ at: '', until: '' });
  const say = (field: 'at' | 'until', text: string) => {
    setTyped({ ...typed, [field]: text });
    onChange({ ...words, [field]: momentOf(text) });
  };
  const field = (name: 'at' | 'until', label: string, description: string) => (
    <TextInput
      type="datetime-local"
      label={label}
      description={description}
      value={typed[name]}
      onChange={(event) => say(name, event.currentTarget.value)}
      error={name === 'until' || words.until === undefined ? error : undefined}
      styles={{ root: { flex: '1 1 220px' } }}
    />
  );
  return (
    <Group gap="md" align="flex-start">
      {field('at', 'Begins', `Optional; in the zone ${ZONE}. Left empty: now.`)}
      {field('until', 'Ends', 'Optional; then it comes back by itself, if nobody decides otherwise.')}
    </Group>
  );
}

/** Undefined while it is no whole moment. */
function momentOf(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : isoTime(at);
}
