import type { Node } from '../../../client/index.js';
import { ConditionsPanel } from './conditions-panel.js';
import { DescriptionPanel } from './description-panel.js';
import { DrainPanel } from './drain-panel.js';
import { HardwarePanel } from './hardware-panel.js';
import { IdentityPanel } from './identity-panel.js';
import { LabelsPanel } from './labels-panel.js';
import { Panels } from './panel.js';
import { UsagePanel } from './usage-panel.js';

/** What a node is, where it stands and why. */
export function OverviewTab({ node }: { node: Node }) {
  return (
    <Panels>
      {node.drain && <DrainPanel node={node} drain={node.drain} />}
      <ConditionsPanel node={node} />
      <UsagePanel node={node} />
      <IdentityPanel node={node} />
      <HardwarePanel node={node} />
      <LabelsPanel node={node} />
      <DescriptionPanel node={node} />
    </Panels>
  );
}
