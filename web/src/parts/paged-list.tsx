import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { ApiFailure } from '../api/api-failure.js';
import { EmptyState } from './empty-state.js';
import { ErrorState } from './error-state.js';
import { Loading } from './loading.js';
import { PageSteps } from './page-steps.js';
import { countText } from './size-text.js';

interface PagedListProps<Item> {
  /** What is listed: `drains`. */
  what: string;
  list: UseQueryResult<{ items: Item[]; nextCursor: string | null }>;
  cursor: string;
  onTurn: (cursor: string) => void;
  /** Shown if there is none. */
  empty: ReactNode;
  /** @param superseded these are from the previous page, while the next loads */
  children: (items: readonly Item[], superseded: boolean) => ReactNode;
}

/** A page of a list in all its states: loading, failed, empty, or with items. */
export function PagedList<Item>({ what, list, cursor, onTurn, empty, children }: PagedListProps<Item>) {
  const { data, error, refetch, isPlaceholderData } = list;
  // The cursor is invalid for another filter or server.
  const isBadCursor = cursor !== '' && error instanceof ApiFailure && error.code === 'VALIDATION_FAILED';
  if (isBadCursor || (data?.items.length === 0 && cursor !== '')) {
    return (
      <EmptyState
        icon="search"
        title={`No more ${what} on this page`}
        actions={
          <Button variant="default" size="xs" onClick={() => onTurn('')}>
            Back to the latest
          </Button>
        }
      >
        The items of this page are no longer kept, or the link belongs to another list.
      </EmptyState>
    );
  }
  if (!data)
    return error ? (
      <ErrorState title={`The ${what} could not be loaded`} error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what={what} />
    );
  if (data.items.length === 0) return empty;
  return (
    <>
      {children(data.items, isPlaceholderData)}
      <OlderPages what={what} cursor={cursor} shown={data.items.length} nextCursor={data.nextCursor} onTurn={onTurn} />
    </>
  );
}

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
function OlderPages({ what, ...page }: OlderPagesProps) {
  const { cursor, shown, nextCursor } = page;
  if (cursor === '' && nextCursor === null) return null;
  const end = nextCursor === null ? ` End of the list: no older ${what} are kept.` : '';
  const range = (offset: number | undefined) =>
    offset !== undefined && shown > 0 ? `${countText(offset + 1)} to ${countText(offset + shown)}${end}` : end;
  return <PageSteps {...page} words={{ previous: 'Newer', first: 'Latest', next: 'Older' }} range={range} />;
}
