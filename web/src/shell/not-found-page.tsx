import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { EmptyState } from '../parts/empty-state.js';
import { PageHeading } from './page-heading.js';

export function NotFoundPage() {
  const [path] = useLocation();
  return (
    <>
      <PageHeading title="No such page" />
      <EmptyState
        icon="search"
        title="This page does not exist"
        actions={
          <Anchor component={Link} href="/nodes">
            Back to the compute nodes
          </Anchor>
        }
      >
        {path} is not a page of Rollcall. The link may be old or wrong.
      </EmptyState>
    </>
  );
}
