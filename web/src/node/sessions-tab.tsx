import { Anchor, Box, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Node, SessionCache } from '../../../client/index.js';
import { isHeard, shownLiveness } from '../../../contract/health.js';
import { nodeSessionsQuery } from '../api/node-queries.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { Notice } from '../parts/notice.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { sessionsPath } from '../sessions/sessions-path.js';
import { Age, Elapsed } from '../time/age.js';
import { SessionsPanel } from './sessions-panel.js';

/** A node's session cache: who runs what, and for how long; and how to end it. */
export function SessionsTab({ node }: { node: Node }) {
  const { data, error, refetch } = useQuery({
    ...nodeSessionsQuery(node.id),
    refetchInterval: usePollInterval(),
    enabled: node.type === 'Compute',
  });
  if (node.type === 'Requester') {
    return (
      <EmptyState icon="server" title="It runs no sessions">
        This is an api replica. Sessions run on compute nodes.
      </EmptyState>
    );
  }
  if (!data)
    return error ? (
      <ErrorState title="The sessions could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what="sessions" />
    );
  return (
    <>
      {data.items.length > 0 && !isHeard(node) && <AsLastReported node={node} />}
      <Provenance cache={data} node={node} />
      {data.items.length === 0 ? <NoSessions node={node} /> : <SessionsPanel node={node} sessions={data.items} />}
    </>
  );
}

/** Source and age of the data. */
function Provenance({ cache: { source, reportedAt }, node }: { cache: SessionCache; node: Node }) {
  const reported =
    reportedAt === null ? (
      'The node has not reported its sessions yet'
    ) : (
      <>
        The node last reported a change <Age at={reportedAt} />
      </>
    );
  return (
    <>
      {source === 'record' && (
        <Box mb="sm">
          <Notice kind="warn" role="status" title="From the record">
            The node's workflow does not answer. These are its sessions as last recorded; they may have changed since.
          </Notice>
        </Box>
      )}
      <Group justify="space-between" gap="xs" mb="sm">
        <Text size="sm" c="dimmed" data-source={source}>
          {reported}
          {source === 'workflow' ? '; from its workflow.' : '.'}
        </Text>
        <Anchor component={Link} href={sessionsPath({ node: node.id, live: 'false' })} size="sm">
          Sessions that have ended
        </Anchor>
      </Group>
    </>
  );
}

function NoSessions({ node }: { node: Node }) {
  const why = whyNoNewSessions(node);
  return (
    <EmptyState icon="server" title="No sessions">
      {why === undefined
        ? 'Nothing runs on this node. It accepts new sessions.'
        : `Nothing runs on this node, and it gets no new sessions while it is ${why}.`}
    </EmptyState>
  );
}

function whyNoNewSessions(node: Node): string | undefined {
  const { phase, warning, quarantine } = node;
  if (phase !== 'ACTIVE') return phase.toLowerCase();
  const { value: liveness } = shownLiveness(node);
  if (liveness !== 'HEALTHY') return liveness.toLowerCase();
  if (quarantine !== null) return 'in quarantine';
  return warning ? 'missing heartbeats' : undefined;
}

/** Whether they still run is only known if the node is heard. */
function AsLastReported({ node: { lastHeartbeat } }: { node: Node }) {
  return (
    <Box mb="sm">
      <Notice kind="warn" title="As the node last reported them">
        {'It has been silent'}
        {lastHeartbeat !== null && (
          <>
            {' for '}
            <Elapsed since={lastHeartbeat} />
          </>
        )}
        ; they may have ended since.
      </Notice>
    </Box>
  );
}
