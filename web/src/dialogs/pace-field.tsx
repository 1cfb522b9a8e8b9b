import { NumberInput } from '@mantine/core';
import { MAX_UNAVAILABLE } from '../../../contract/drain-set.js';

/** How many nodes of a drain may be unavailable at once. */
export function PaceField({ value, onChange }: { value: number | undefined; onChange: (value?: number) => void }) {
  return (
    <NumberInput
      label="At most this many at once"
      description="Includes nodes of the selection that are silent, rejected or being drained by others. The next one starts when one is drained."
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      min={1}
      max={MAX_UNAVAILABLE}
      allowDecimal={false}
      allowNegative={false}
      error={whyNoPace(value)}
      styles={{ wrapper: { maxWidth: 240 } }}
    />
  );
}

export function whyNoPace(value: number | undefined): string | undefined {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= MAX_UNAVAILABLE
    ? undefined
    : `Enter a number from 1 to ${MAX_UNAVAILABLE}.`;
}
