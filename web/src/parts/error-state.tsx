import { Button, Group, Stack, Text } from '@mantine/core';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { Notice } from './notice.js';

interface ErrorStateProps {
  /** What could not be done: `The nodes could not be loaded`. */
  title: string;
  error: unknown;
  onRetry?: () => void;
}

/** A failure in the place of what it keeps from being shown: what, why, and the way out. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  const hint = error instanceof ApiFailure ? error.hint : undefined;
  return (
    <Notice kind="bad" title={title} role="alert">
      <Stack gap="xs">
        <Text size="sm">{sentenceOf(error)}</Text>
        {hint !== undefined && <Text size="sm">{hint}</Text>}
        {onRetry && (
          <Group>
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Notice>
  );
}
