import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { NODE_ACTIONS } from '../actions/node-action.js';
import { NodeActionButton } from '../actions/node-action-button.js';
import { nodeQuery } from '../api/node-queries.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';

/** One node. Loaded when the first is opened. */
export default function NodePage({ id }: { id: string; tab: string | undefined }) {
  const { data: node, error, refetch } = useQuery({ ...nodeQuery(id), refetchInterval: usePollInterval() });
  return (
    <>
      <PageHeading title={id} />
      {node && (
        <Group gap="xs">
          {NODE_ACTIONS.map((action) => (
            <NodeActionButton key={action} action={action} node={node} />
          ))}
        </Group>
      )}
      {!node && (error ? <ErrorState title={`Node ${id} could not be loaded`} error={error} onRetry={() => void refetch()} /> : <Loading what="node" />)}
    </>
  );
}
