import { Textarea } from '@mantine/core';

interface ReasonFieldProps {
  label?: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
}

/** Maximum length that the api accepts. */
const MAX_LENGTH = 1_024;

/** The reason for a decision, for later readers of the node's events. */
export function ReasonField({
  label = 'Reason',
  description = "Optional; kept in the node's events.",
  value,
  onChange,
}: ReasonFieldProps) {
  return (
    <Textarea
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={MAX_LENGTH}
      data-autofocus
      autosize
      minRows={2}
      maxRows={8}
    />
  );
}
