import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { countText } from '../parts/size-text.js';
import { PAGE_SIZES, type ListParams } from './list-params.js';
import { rememberStep, stepTo } from '../parts/page-trail.js';

interface PagerProps {
  params: ListParams;
  /** How many nodes this page has. */
  shown: number;
  nextCursor: string | null;
  /** How many nodes the filter matches; undefined where the api does not say. */
  total: number | undefined;
  onChange: (change: Partial<ListParams>) => void;
}

/** From page to page. */
export function Pager({ params: { cursor, limit }, shown, nextCursor, total, onChange }: PagerProps) {
  const step = stepTo(cursor);
  const next = () => {
    if (nextCursor === null) return;
    if (step) rememberStep(nextCursor, { before: cursor, offset: step.offset + shown });
    onChange({ cursor: nextCursor });
  };
  return (
    <Group component="nav" aria-label="Pages" justify="space-between" mt="sm" gap="xs">
      <Text size="sm" c="dimmed" className="numeric" aria-live="polite">
        {rangeText(step?.offset, shown, nextCursor === null, total)}
      </Text>
      <Group gap="xs">
        <NativeSelect
          size="xs"
          aria-label="Nodes a page"
          value={String(limit)}
          onChange={({ currentTarget: { value } }) => onChange({ limit: Number(value) })}
          data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} a page` }))}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="chevronLeft" size={14} />}
          disabled={cursor === ''}
          onClick={() => onChange({ cursor: step?.before ?? '' })}
        >
          {step ? 'Previous' : 'First page'}
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<Icon name="chevronRight" size={14} />}
          disabled={nextCursor === null}
          onClick={next}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}

function rangeText(offset: number | undefined, shown: number, isLast: boolean, total: number | undefined): string {
  if (shown === 0) return 'No nodes';
  if (offset === undefined)
    return `${countText(shown)} nodes of this page${total === undefined ? '' : `, ${countText(total)} in all`}`;
  const end = offset + shown;
  const all = total ?? (isLast ? end : undefined);
  return `${countText(offset + 1)} to ${countText(end)}${all === undefined ? '' : ` of ${countText(Math.max(all, end))}`}`;
}
