import { Button, Group, Text } from '@mantine/core';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { Notice } from '../parts/notice.js';

interface FormEndProps {
  /** What pressing it does: `Start the drain`. */
  label: string;
  /** `The drain was not started` */
  failure: string;
  /** Why not, where no field says it. */
  error: unknown;
  isPending: boolean;
  onCancel: () => void;
  destructive?: boolean;
}

/** The end of a form: what went wrong where no field is at fault, and the two ways on. */
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
