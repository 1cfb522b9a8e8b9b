import { Button, Group, Stack, Text } from '@mantine/core';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { Notice } from './notice.js';

interface ErrorStateProps {
  /** What failed: `The nodes could not be loaded`. */
  title: string;
  error: unknown;
  onRetry?: () => void;
}

/** Shown in place of what could not be loaded: what, why, and the remedy. */
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
