import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { OnDeadline } from '../../../contract/decision.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { DurationField } from './duration-field.js';

interface DrainFieldsProps {
  words: DecisionWords;
  onChange: (words: DecisionWords) => void;
  error: string | undefined;
}

/** How long running sessions may take, and what happens then. Without a deadline there is nothing to choose. */
export function DrainFields({ words, onChange, error }: DrainFieldsProps) {
  const [atDeadline, setAtDeadline] = useState<OnDeadline>('wait');
  const { deadline = '', onDeadline: _before, ...others } = words;
  const say = (patience: string, onDeadline: OnDeadline) =>
    onChange({ ...others, ...(patience === '' ? {} : { deadline: patience, onDeadline }) });
  return (
    <>
      <DurationField
        label="Deadline"
        description="Optional; how long running sessions may take from its beginning, such as 30s, 15m or 1h30m."
        value={deadline}
        onChange={(value) => say(value, atDeadline)}
        error={error}
      />
      <Radio.Group
        label="At the deadline"
        {...(deadline === '' && { description: 'Set a deadline to choose.' })}
        value={atDeadline}
        onChange={(value) => {
          setAtDeadline(value);
          say(deadline, value);
        }}
      >
        <Stack gap={6} mt={6}>
          <Radio
            value="wait"
            disabled={deadline === ''}
            label="Keep waiting"
            description="Sessions that still run may finish; the drain is shown as late."
          />
          <Radio
            value="terminate"
            disabled={deadline === ''}
            label="Terminate remaining sessions"
            description="Sessions that still run are terminated, and their work is lost."
          />
        </Stack>
      </Radio.Group>
    </>
  );
}
