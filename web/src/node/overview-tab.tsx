import { Box } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { ConditionsPanel } from './conditions-panel.js';
import { DescriptionPanel } from './description-panel.js';
import { DrainPanel } from './drain-panel.js';
import { FitnessPanel } from './fitness-panel.js';
import { HardwarePanel } from './hardware-panel.js';
import { IdentityPanel } from './identity-panel.js';
import { LabelsPanel } from './labels-panel.js';
import { MaintenancePanel } from './maintenance-panel.js';
import classes from './overview-tab.module.css';
import { QuarantinePanel } from './quarantine-panel.js';
import { UsagePanel } from './usage-panel.js';

/** What a node is, and its state with the reasons. */
export function OverviewTab({ node }: { node: Node }) {
  return (
    <>
      {node.drain && (
        <Box mb={12}>
          <DrainPanel node={node} drain={node.drain} />
        </Box>
      )}
      <div className={classes['columns']}>
        <div>
          <ConditionsPanel node={node} />
          <MaintenancePanel node={node} />
          <FitnessPanel node={node} />
          <QuarantinePanel node={node} />
          <UsagePanel node={node} />
          <LabelsPanel node={node} />
          <DescriptionPanel node={node} />
        </div>
        <div>
          <IdentityPanel node={node} />
        </div>
        <div>
          <HardwarePanel node={node} />
        </div>
      </div>
    </>
  );
}
