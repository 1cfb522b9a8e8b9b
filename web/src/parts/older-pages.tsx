import { PageSteps } from './page-steps.js';
import { countText } from './size-text.js';

interface OlderPagesProps {
  /** What is listed: `drains`. */
  what: string;
  /** Cursor of this page; empty for the latest. */
  cursor: string;
  /** Number of items on this page. */
  shown: number;
  nextCursor: string | null;
  onTurn: (cursor: string) => void;
}

/** Buttons for newer and older pages. */
export function OlderPages({ what, ...page }: OlderPagesProps) {
  const { cursor, shown, nextCursor } = page;
  if (cursor === '' && nextCursor === null) return null;
  const end = nextCursor === null ? ` End of the list: no older ${what} are kept.` : '';
  const range = (offset: number | undefined) =>
    offset !== undefined && shown > 0 ? `${countText(offset + 1)} to ${countText(offset + shown)}${end}` : end;
  return <PageSteps {...page} words={{ previous: 'Newer', first: 'Latest', next: 'Older' }} range={range} />;
}
