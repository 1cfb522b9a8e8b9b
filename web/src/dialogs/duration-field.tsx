import { TextInput } from '@mantine/core';

interface DurationFieldProps {
  label: string;
  description: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  placeholder?: string;
}

/** A field for a duration, written as everywhere in Rollcall: `15m`. */
export function DurationField({ label, description, value, onChange, error, placeholder }: DurationFieldProps) {
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      error={error}
      placeholder={placeholder ?? 'none'}
      autoComplete="off"
      spellCheck={false}
      styles={{ wrapper: { maxWidth: 240 } }}
    />
  );
}
