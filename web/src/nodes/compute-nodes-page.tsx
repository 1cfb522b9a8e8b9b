import { Anchor, Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useCallback, useMemo } from 'react';
import type { NodeSort } from '../../../contract/node-order.js';
import { whyNotAnywhere } from '../actions/offered-action.js';
import { ApiFailure } from '../api/api-failure.js';
import { clusterQuery, nodeListQuery } from '../api/node-queries.js';
import { useDialogs } from '../actions/dialog-context.js';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { loadedPart } from '../loading/loaded-part.js';
import { ActionButton } from '../parts/action-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import classes from './compute-nodes-page.module.css';
import { FleetTiles } from './fleet-tiles.js';
import { hasFilter, listQueryOf, NO_FILTER, readParams, writeParams, type ListParams } from './list-params.js';
import { CpuTracesProvider, useCpuTraces } from './cpu-trace.js';
import { useListLook } from './list-look.js';
import { rememberList } from './list-trail.js';
import { NodeFilters } from './node-filters.js';
import { NodeTable } from './node-table.js';
import { Pager } from './pager.js';
import { SelectionBar } from './selection-bar.js';
import { useSelection } from './use-selection.js';
import { useLocation, useSearch } from 'wouter';

/** Appearance, views and export are loaded after the list. */
const ListToolbar = loadedPart(() => import('./list-toolbar.js'));

const NONE: readonly never[] = [];

const SORT_CHOICES: readonly { value: NodeSort; label: string }[] = [
  { value: 'id', label: 'By ID' },
  { value: '-id', label: 'By ID, descending' },
  { value: '-lastHeartbeat', label: 'Most recent heartbeat' },
  { value: 'lastHeartbeat', label: 'Longest silence' },
  { value: 'phase', label: 'By phase' },
  { value: 'status', label: 'By status' },
  { value: '-status', label: 'By status, unknown first' },
  { value: '-cpu', label: 'Most CPU' },
  { value: '-memory', label: 'Most memory' },
  { value: '-activeSessions', label: 'Most sessions' },
  { value: 'version', label: 'Oldest agents' },
  { value: '-version', label: 'Newest agents' },
  { value: '-createdAt', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
];

/** The compute nodes of the cluster: totals, the list, and actions on one node or many. */
export function ComputeNodesPage() {
  const [params, change] = useListParams();
  const refetchInterval = usePollInterval();
  const cluster = useQuery({ ...clusterQuery, refetchInterval });
  const list = useQuery({ ...nodeListQuery(listQueryOf(params)), refetchInterval });
  const page = list.data;
  const nodes = page?.items ?? NONE;
  const selection = useSelection(nodes);
  const [look, changeLook] = useListLook();
  const traces = useCpuTraces(listQueryOf(params), !look.hidden.includes('cpu'));
  useEffect(() => {
    if (page !== undefined && !list.isPlaceholderData)
      rememberList(
        params,
        page.items.map(({ id }) => id),
        page.nextCursor,
      );
  }, [page, list.isPlaceholderData, params]);
  return (
    <>
      <PageHeading
        title="Compute Nodes"
        actions={
          <>
            <FailureBoundary what="The toolbar of the list">
              <Suspense fallback={<div className={classes['toolbar']} />}>
                <ListToolbar params={params} look={look} onLook={changeLook} total={page?.total ?? undefined} />
              </Suspense>
            </FailureBoundary>
            <RegisterButton />
          </>
        }
      />
      {cluster.data && <FleetTiles cluster={cluster.data} />}
      <NodeFilters params={params} onChange={change} />
      <SelectionBar selection={selection} seen={nodes} params={params} total={page?.total ?? undefined} />
      {isBadCursor(list.error, params.cursor) ? (
        <NothingHere filtered={false} beyondTheEnd onReset={() => change({})} />
      ) : list.error && !list.data ? (
        <ErrorState title="The nodes could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading what="nodes" />
      ) : nodes.length === 0 ? (
        <NothingHere
          filtered={hasFilter(params)}
          beyondTheEnd={params.cursor !== ''}
          onReset={() => change(params.cursor === '' ? NO_FILTER : {})}
        />
      ) : (
        <>
          <NativeSelect
            className={classes['sort'] ?? ''}
            size="xs"
            mb="xs"
            aria-label="Order"
            value={params.sort}
            data={[...SORT_CHOICES]}
            onChange={({ currentTarget: { value } }) => change({ sort: value as NodeSort })}
          />
          <CpuTracesProvider value={traces}>
            <NodeTable
              nodes={nodes}
              sort={params.sort}
              onSort={(sort) => change({ sort })}
              selection={selection}
              look={look}
              superseded={list.isPlaceholderData}
            />
          </CpuTracesProvider>
          <Pager
            params={params}
            shown={nodes.length}
            nextCursor={list.data.nextCursor}
            total={list.data.total ?? undefined}
            onChange={change}
          />
        </>
      )}
    </>
  );
}

/** The cursor of a page is invalid for another order or server. */
function isBadCursor(error: unknown, cursor: string): boolean {
  return cursor !== '' && error instanceof ApiFailure && error.code === 'VALIDATION_FAILED';
}

function RegisterButton() {
  const login = useLogin();
  const { openDialog } = useDialogs();
  return (
    <ActionButton
      leftSection={<Icon name="plus" />}
      whyNot={whyNotAnywhere(login)}
      onClick={() => openDialog({ kind: 'register' })}
    >
      Register Node
    </ActionButton>
  );
}

function NothingHere({
  filtered,
  beyondTheEnd,
  onReset,
}: {
  filtered: boolean;
  beyondTheEnd: boolean;
  onReset: () => void;
}) {
  const reset = (label: string) => (
    <Button variant="default" size="xs" onClick={onReset}>
      {label}
    </Button>
  );
  if (beyondTheEnd) {
    return (
      <EmptyState icon="server" title="No more nodes on this page" actions={reset('Back to the first page')}>
        The nodes of this page were removed or no longer match the filter, or the link belongs to another list.
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState icon="filter" title="No node matches this filter" actions={reset('Clear filters')}>
        All parts of the filter have to match; of several phases or livenesses, any one.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="server" title="No compute nodes yet" actions={<RegisterButton />}>
      Register a node to get a bootstrap token, add it to the target machine's configuration, and start the agent there.
      The node then appears here. For many machines at once, see join tokens in{' '}
      <Anchor href="/docs" target="_blank" rel="noreferrer">
        the API
      </Anchor>
      .
    </EmptyState>
  );
}

/** The list's parameters from the address, and how to change them. Any change except of the cursor goes to the first page. */
function useListParams(): [ListParams, (change: Partial<ListParams>, how?: { replace?: boolean }) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const params = useMemo(() => readParams(search), [search]);
  const change = useCallback(
    (part: Partial<ListParams>, how: { replace?: boolean } = {}) => {
      const next = writeParams({ ...params, cursor: '', ...part });
      navigate(next === '' ? '/nodes' : `/nodes?${next}`, how);
    },
    [params, navigate],
  );
  return [params, change];
}
