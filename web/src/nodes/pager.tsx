import { NativeSelect } from '@mantine/core';
import { PageSteps } from '../parts/page-steps.js';
import { countText } from '../parts/size-text.js';
import { PAGE_SIZES, type ListParams } from './list-params.js';

interface PagerProps {
  params: ListParams;
  /** Number of nodes on this page. */
  shown: number;
  nextCursor: string | null;
  /** Number of nodes that match the filter; undefined if the api does not say. */
  total: number | undefined;
  onChange: (change: Partial<ListParams>) => void;
}

/** Previous and next page of the list, and the page size. */
export function Pager({ params: { cursor, limit }, shown, nextCursor, total, onChange }: PagerProps) {
  return (
    <PageSteps
      cursor={cursor}
      shown={shown}
      nextCursor={nextCursor}
      onTurn={(turnedTo) => onChange({ cursor: turnedTo })}
      words={{ previous: 'Previous', first: 'First page', next: 'Next' }}
      range={(offset) => rangeText(offset, shown, nextCursor === null, total)}
    >
      <NativeSelect
        size="xs"
        aria-label="Nodes per page"
        value={String(limit)}
        onChange={({ currentTarget: { value } }) => onChange({ limit: Number(value) })}
        data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} per page` }))}
      />
    </PageSteps>
  );
}

function rangeText(offset: number | undefined, shown: number, isLast: boolean, total: number | undefined): string {
  if (shown === 0) return 'No nodes';
  if (offset === undefined)
    return `${countText(shown)} nodes on this page${total === undefined ? '' : `, ${countText(total)} in all`}`;
  const end = offset + shown;
  const all = total ?? (isLast ? end : undefined);
  return `${countText(offset + 1)} to ${countText(end)}${all === undefined ? '' : ` of ${countText(Math.max(all, end))}`}`;
}
