import { PageHeading } from '../shell/page-heading.js';

export function ComputeNodesPage() {
  return <PageHeading title="Compute Nodes" />;
}
