import { Button, Group, Text } from '@mantine/core';
import { Icon } from './icon.js';
import { rememberStep, stepTo } from './page-trail.js';
import { countText } from './size-text.js';

interface OlderPagesProps {
  /** What the pages have: `drains`. */
  what: string;
  /** Where this page begins; empty is the latest. */
  cursor: string;
  /** How many stand on this page. */
  shown: number;
  nextCursor: string | null;
  onTurn: (cursor: string) => void;
}

/** From page to page into the past. The address has the page, so that it is the same one when it is loaded anew, or sent to somebody. */
export function OlderPages({ what, cursor, shown, nextCursor, onTurn }: OlderPagesProps) {
  const step = stepTo(cursor);
  if (cursor === '' && nextCursor === null) return null;
  const older = () => {
    if (nextCursor === null) return;
    if (step) rememberStep(nextCursor, { before: cursor, offset: step.offset + shown });
    onTurn(nextCursor);
  };
  return (
    <Group component="nav" aria-label="Pages" justify="space-between" mt="sm" gap="xs">
      <Text size="sm" c="dimmed" className="numeric" aria-live="polite">
        {step && shown > 0 ? `${countText(step.offset + 1)} to ${countText(step.offset + shown)}` : ''}
        {nextCursor === null && ` That is all: no older ${what} are kept.`}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="chevronLeft" size={14} />}
          disabled={cursor === ''}
          onClick={() => onTurn(step?.before ?? '')}
        >
          {step ? 'Newer' : 'Latest'}
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<Icon name="chevronRight" size={14} />}
          disabled={nextCursor === null}
          onClick={older}
        >
          Older
        </Button>
      </Group>
    </Group>
  );
}
