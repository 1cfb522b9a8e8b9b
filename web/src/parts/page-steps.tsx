import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icon.js';
import { rememberStep, stepTo } from './page-trail.js';

interface PageStepsProps {
  /** Cursor of this page; empty for the first. */
  cursor: string;
  /** Number of items on this page. */
  shown: number;
  nextCursor: string | null;
  onTurn: (cursor: string) => void;
  words: {
    previous: string;
    /** Shown in place of `previous` if the previous page is unknown. */
    first: string;
    next: string;
  };
  /** Describes this page, given the number of items before it; undefined if that is unknown. */
  range: (offset: number | undefined) => string;
  /** Beside the buttons. */
  children?: ReactNode;
}

/** Buttons for the previous and next page. The page is part of the address, so that a reload or a link shows the same one. */
export function PageSteps({ cursor, shown, nextCursor, onTurn, words, range, children }: PageStepsProps) {
  const step = stepTo(cursor);
  const goOn = () => {
    if (nextCursor === null) return;
    if (step) rememberStep(nextCursor, { before: cursor, offset: step.offset + shown });
    onTurn(nextCursor);
  };
  return (
    <Group component="nav" aria-label="Pages" justify="space-between" mt="sm" gap="xs">
      <Text size="sm" c="dimmed" className="numeric" aria-live="polite">
        {range(step?.offset)}
      </Text>
      <Group gap="xs">
        {children}
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="chevronLeft" size={14} />}
          disabled={cursor === ''}
          onClick={() => onTurn(step?.before ?? '')}
        >
          {step ? words.previous : words.first}
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<Icon name="chevronRight" size={14} />}
          disabled={nextCursor === null}
          onClick={goOn}
        >
          {words.next}
        </Button>
      </Group>
    </Group>
  );
}
