import { ActionIcon, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { nodeListQuery } from '../api/node-queries.js';
import { Icon } from '../parts/icon.js';
import { countText } from '../parts/size-text.js';
import { listQueryOf, readParams } from './list-params.js';
import { lastList, rememberList, type ListTrail } from './list-trail.js';
import { nodePath } from './node-path.js';
import { rememberStep, stepTo } from '../parts/page-trail.js';

/** Links to the previous and next node, in the order and with the filter of the list from which the viewer came. */
export function Neighbours({ id, tab }: { id: string; tab?: string | undefined }) {
  // Keyed by node, since the remembered list changes on the way.
  const list = useMemo(() => ({ of: id, ...lastList() }), [id]);
  const index = list.ids?.indexOf(id) ?? -1;
  if (list.ids === undefined || index < 0) return null;
  return <WithinList id={id} tab={tab} list={list as ListTrail} index={index} />;
}

interface WithinListProps {
  id: string;
  tab: string | undefined;
  list: ListTrail;
  index: number;
}

function WithinList({ id, tab, list: { search, ids, nextCursor }, index }: WithinListProps) {
  const params = readParams(search);
  const step = stepTo(params.cursor);
  const after = useAdjacentPage(search, nextCursor ?? '', index === ids.length - 1 && nextCursor !== null);
  const before = useAdjacentPage(search, step?.before ?? '', index === 0 && params.cursor !== '' && step !== undefined);
  const previous = ids[index - 1] ?? before?.items.at(-1)?.id;
  const next = ids[index + 1] ?? after?.items[0]?.id;
  const turn = (page: typeof after, cursor: string) => {
    if (page === undefined) return;
    rememberList(
      { ...params, cursor },
      page.items.map((node) => node.id),
      page.nextCursor,
    );
  };
  return (
    <Group component="nav" aria-label="Through the list" gap={4} wrap="nowrap">
      <Neighbour
        to={previous}
        tab={tab}
        rel="prev"
        what="Previous node"
        onFollow={() => index === 0 && turn(before, step?.before ?? '')}
      />
      <Text size="sm" c="dimmed" className="numeric" title={`${id} in the list you came from`}>
        {step === undefined ? '' : countText(step.offset + index + 1)}
      </Text>
      <Neighbour
        to={next}
        tab={tab}
        rel="next"
        what="Next node"
        onFollow={() => {
          if (index < ids.length - 1 || nextCursor === null) return;
          if (step) rememberStep(nextCursor, { before: params.cursor, offset: step.offset + ids.length });
          turn(after, nextCursor);
        }}
      />
    </Group>
  );
}

/** The page next to the remembered one, requested only at its edge. */
function useAdjacentPage(search: string, cursor: string, enabled: boolean) {
  const { placeholderData: _page, ...query } = nodeListQuery(listQueryOf({ ...readParams(search), cursor }));
  return useQuery({ ...query, enabled, staleTime: 60_000 }).data;
}

interface NeighbourProps {
  to: string | undefined;
  tab: string | undefined;
  rel: 'prev' | 'next';
  what: string;
  onFollow: () => void;
}

function Neighbour({ to, tab, rel, what, onFollow }: NeighbourProps) {
  const icon = <Icon name={rel === 'prev' ? 'chevronLeft' : 'chevronRight'} size={16} />;
  if (to === undefined) {
    return (
      <ActionIcon variant="default" disabled aria-label={`${what}: there is none`}>
        {icon}
      </ActionIcon>
    );
  }
  return (
    <ActionIcon
      component={Link}
      variant="default"
      href={nodePath(to, tab)}
      rel={rel}
      aria-label={`${what}: ${to}`}
      title={`${what}: ${to}`}
      onClick={onFollow}
    >
      {icon}
    </ActionIcon>
  );
}
