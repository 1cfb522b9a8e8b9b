import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { Node } from '../../../client/index.js';
import { EmptyState } from '../parts/empty-state.js';
import { PageHeading } from '../shell/page-heading.js';

/** Shown for a node that does not exist, or was removed, perhaps while it was open (`seen`). */
export function NoSuchNode({ id, seen }: { id: string; seen: Node | undefined }) {
  const title = seen ? `Node ${id} has been removed` : `There is no node ${id}`;
  return (
    <>
      <PageHeading title={id} />
      <EmptyState
        icon="search"
        title={title}
        actions={
          <Anchor component={Link} href="/nodes">
            Back to the compute nodes
          </Anchor>
        }
      >
        {seen
          ? 'Its credential is revoked and its name is free again.'
          : 'It was removed or never registered, or the link is wrong. A node of this name will appear here once it is registered.'}
      </EmptyState>
    </>
  );
}
