import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icon.js';
import { rememberStep, stepTo } from './page-trail.js';

interface PageStepsProps {
  /** Where this page begins; empty is the first one. */
  cursor: string;
  /** How many stand on this page. */
  shown: number;
  nextCursor: string | null;
  onTurn: (cursor: string) => void;
  words: {
    previous: string;
    /** In the place of `previous`, where it is not known which page came before. */
    first: string;
    next: string;
  };
  /** Which part of all this page is, by how many come before it; undefined where that is not known. */
  range: (offset: number | undefined) => string;
  /** Beside the buttons. */
  children?: ReactNode;
}

/** From page to page. The address has the page, so that it is the same one when it is loaded anew, or sent to somebody. */
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
