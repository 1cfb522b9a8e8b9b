import { Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { saidMoment } from './said-moment.js';

const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface SpanFieldsProps<Words> {
  words: Words;
  onChange: (words: Words) => void;
  error?: string | undefined;
}

/** When it begins and ends by itself, in the viewer's zone. Empty means at once, and not before somebody ends it. */
export function SpanFields<Words extends Pick<DecisionWords, 'at' | 'until'>>({
  words,
  onChange,
  error,
}: SpanFieldsProps<Words>) {
  const [typed, setTyped] = useState({ at: '', until: '' });
  const say = (field: 'at' | 'until', input: HTMLInputElement) => {
    setTyped({ ...typed, [field]: input.value });
    onChange({ ...words, [field]: saidMoment(input.value, !input.validity.badInput) });
  };
  const field = (name: 'at' | 'until', label: string, description: string) => (
    <TextInput
      type="datetime-local"
      label={label}
      description={description}
      value={typed[name]}
      onChange={(event) => say(name, event.currentTarget)}
      // A date without a time does not change the value: it stays empty.
      onKeyUp={(event) => say(name, event.currentTarget)}
      onBlur={(event) => say(name, event.currentTarget)}
      error={name === 'until' || words.until === undefined ? error : undefined}
      styles={{ root: { flex: '1 1 220px' } }}
    />
  );
  return (
    <Group gap="md" align="flex-start">
      {field('at', 'Begins', `Optional; in the zone ${ZONE}. Left empty: now.`)}
      {field('until', 'Ends', 'Optional; the node then comes back by itself, unless somebody decides otherwise.')}
    </Group>
  );
}
