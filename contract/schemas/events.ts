import { z } from 'zod';
import { NODE_EVENTS } from '../lifecycle.js';
import { SEVERITIES } from '../severity.js';
import { labelQuery, nodeName, oneOrMore } from './common.js';

/** Which events a reader gets. Several values of one parameter mean any of them; several labels mean all of them. */
export const eventStreamQuerySchema = z.strictObject({
  node: oneOrMore(nodeName).meta({ description: 'only of these nodes' }),
  label: oneOrMore(labelQuery).meta({ description: 'only of nodes that have these labels: key or key=value' }),
  type: oneOrMore(z.enum(NODE_EVENTS)),
  severity: z.enum(SEVERITIES).optional().meta({ description: 'only those that are at least this severe' }),
});
export type EventStreamQuery = z.output<typeof eventStreamQuerySchema>;
