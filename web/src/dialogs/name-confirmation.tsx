import { TextInput } from '@mantine/core';

interface NameConfirmationProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
}

/** Asks the viewer to type the node's name before what cannot be undone. */
export function NameConfirmation({ name, value, onChange }: NameConfirmationProps) {
  return (
    <TextInput
      label={`Type the node's name to confirm: ${name}`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
