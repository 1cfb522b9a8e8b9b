import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { Redirect, useLocation } from 'wouter';
import type { Node } from '../../../client/index.js';
import { ApiFailure } from '../api/api-failure.js';
import { nodeQuery } from '../api/node-queries.js';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { nodePath } from '../nodes/node-path.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { countText } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { EventsTab } from './events-tab.js';
import { HealthTab } from './health-tab.js';
import { NoSuchNode } from './no-such-node.js';
import { NodeHeader } from './node-header.js';
import { NodeNotices } from './node-notices.js';
import { OverviewTab } from './overview-tab.js';
import { SessionsTab } from './sessions-tab.js';

/** Tabs of a node's page; the first has no name in the address. */
const NODE_TABS = ['overview', 'health', 'sessions', 'events'] as const;
type NodeTab = (typeof NODE_TABS)[number];

/** The tab of an address; undefined if it names none. */
function tabOf(segment: string | undefined): NodeTab | undefined {
  return segment === undefined ? 'overview' : NODE_TABS.find((tab) => tab === segment && tab !== 'overview');
}

const TABS: Record<NodeTab, { name: string; Content: ComponentType<{ node: Node }> }> = {
  overview: { name: 'Overview', Content: OverviewTab },
  health: { name: 'Health', Content: HealthTab },
  sessions: { name: 'Sessions', Content: SessionsTab },
  events: { name: 'Events', Content: EventsTab },
};

/** Errors that mean that the node does not exist, rather than that the request failed. */
const NO_SUCH_NODE: readonly string[] = ['NODE_NOT_FOUND', 'VALIDATION_FAILED'];

/** One node: everything known about it, and its actions. Loaded on demand. */
export default function NodePage({ id, tab: segment }: { id: string; tab: string | undefined }) {
  const tab = tabOf(segment);
  const { data: node, error, refetch } = useQuery({ ...nodeQuery(id), refetchInterval: usePollInterval() });
  if (tab === undefined) return <Redirect to={nodePath(id)} replace />;
  if (error instanceof ApiFailure && NO_SUCH_NODE.includes(error.code)) return <NoSuchNode id={id} seen={node} />;
  if (!node) {
    return (
      <>
        <PageHeading title={id} />
        {error ? (
          <ErrorState title={`Node ${id} could not be loaded`} error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="node" />
        )}
      </>
    );
  }
  return (
    <>
      <NodeHeader node={node} tab={segment} />
      <NodeNotices node={node} />
      {/* Input and selection of a removed node must not carry over to its successor of the same name. */}
      <TabbedNode key={node.uid} node={node} tab={tab} />
    </>
  );
}

function TabbedNode({ node, tab }: { node: Node; tab: NodeTab }) {
  const [, navigate] = useLocation();
  const open = (name: string | null) =>
    navigate(nodePath(node.id, name === null || name === 'overview' ? undefined : name));
  return (
    <Tabs value={tab} onChange={open} keepMounted={false}>
      <Tabs.List mb="md" aria-label={`About ${node.id}`}>
        {NODE_TABS.map((name) => (
          <Tabs.Tab key={name} value={name} px={{ base: 8, xs: 'sm' }}>
            {TABS[name].name}
            {name === 'sessions' && node.activeSessions > 0 && ` (${countText(node.activeSessions)})`}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {NODE_TABS.map((name) => {
        const { Content } = TABS[name];
        return (
          <Tabs.Panel key={name} value={name}>
            <FailureBoundary what="This tab">
              <Content node={node} />
            </FailureBoundary>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}
