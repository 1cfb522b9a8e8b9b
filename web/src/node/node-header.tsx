import { Anchor, Breadcrumbs, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Node } from '../../../client/index.js';
import { nextActions } from '../actions/offered-action.js';
import { NodeActionButton } from '../actions/node-action-button.js';
import { NodeActionMenu } from '../actions/node-action-menu.js';
import { lastList, listPath } from '../nodes/list-trail.js';
import { Neighbours } from '../nodes/neighbours.js';
import { PhaseWord } from '../parts/phase-word.js';
import { PlanMark } from '../parts/plan-mark.js';
import { StatusWord } from '../parts/status-word.js';
import { PageHeading } from '../shell/page-heading.js';
import { Age } from '../time/age.js';

/** A node's name, state and actions. */
export function NodeHeader({ node, tab }: { node: Node; tab?: string | undefined }) {
  return (
    <>
      <Breadcrumbs mb={4} component="nav" aria-label="Where this is" separatorMargin="xs">
        <Anchor component={Link} href={listPath(lastList()?.search ?? '')} size="sm">
          Compute Nodes
        </Anchor>
        <Text size="sm" c="dimmed">
          {node.type === 'Requester' ? 'Api replica' : 'Compute node'}
        </Text>
      </Breadcrumbs>
      <PageHeading
        title={node.id}
        beside={
          <Group gap="md" data-states>
            <PhaseWord node={node} />
            <PlanMark node={node} />
            <StatusWord node={node} />
            <Text size="sm" c="dimmed" component="span">
              {node.lastHeartbeat === null ? (
                'no heartbeat yet'
              ) : (
                <>
                  heard{' '}
                  <span className="live numeric">
                    <Age at={node.lastHeartbeat} />
                  </span>
                </>
              )}
            </Text>
          </Group>
        }
        actions={
          <>
            <Neighbours id={node.id} tab={tab} />
            {node.type === 'Compute' &&
              nextActions(node.phase).map((action) => <NodeActionButton key={action} action={action} node={node} />)}
            <NodeActionMenu node={node} />
          </>
        }
      />
    </>
  );
}
