import { Button, Group, Text } from '@mantine/core';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { Notice } from '../parts/notice.js';

interface FormEndProps {
  /** Label of the button: `Start the drain`. */
  label: string;
  /** `The drain was not started` */
  failure: string;
  /** The reason, unless a field shows it. */
  error: unknown;
  isPending: boolean;
  onCancel: () => void;
  destructive?: boolean;
}

/** The end of a form: errors that belong to no field, and the buttons. */
export function FormEnd({ label, failure, error, isPending, onCancel, destructive = false }: FormEndProps) {
  return (
    <>
      {Boolean(error) && (
        <Notice kind="bad" role="alert" title={failure}>
          {sentenceOf(error)}
          {error instanceof ApiFailure && error.hint !== undefined && <Text size="sm">{error.hint}</Text>}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} color={destructive ? 'red' : 'blue'}>
          {label}
        </Button>
      </Group>
    </>
  );
}
