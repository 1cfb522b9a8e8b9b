import { z } from 'zod';
import { waitingSets, windowName } from './maintenance-windows.js';
import { count, nodeName, pageOf, pageQuery, timestamp } from './common.js';

/** Maximum number of nodes that one entry lists. */
export const MOST_NAMED = 10;

export const MAINTENANCE_STATES = ['planned', 'underWay'] as const;

export const maintenanceSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(MAINTENANCE_STATES),
    at: timestamp.meta({ description: 'when it begins, or when the first of its nodes was taken out' }),
    until: timestamp
      .nullable()
      .meta({ description: 'when it ends by itself; null: when somebody activates the nodes' }),
    by: z.string(),
    reason: z.string(),
    drain: z
      .string()
      .nullable()
      .meta({ description: 'the drain set that does it; null where each node does it by itself' }),
    window: z
      .strictObject({ name: windowName, waiting: waitingSets })
      .meta({ id: 'MaintenanceOpening' })
      .nullable()
      .meta({
        description:
          'the maintenance window that opens then; its nodes are those of the sets that wait for it. null: of nodes or a drain set',
      }),
    nodes: z.strictObject({
      count,
      names: z
        .array(nodeName)
        .max(MOST_NAMED)
        .meta({ description: `the first ${MOST_NAMED} of them` }),
    }),
  })
  .meta({ id: 'Maintenance' });
export type MaintenanceView = z.infer<typeof maintenanceSchema>;

export const maintenancePageSchema = pageOf(maintenanceSchema).meta({ id: 'MaintenancePage' });

export const maintenanceListQuerySchema = z.strictObject({
  ...pageQuery,
  state: z.enum(MAINTENANCE_STATES).optional().meta({ description: 'only what is still to begin, or what has begun' }),
});
