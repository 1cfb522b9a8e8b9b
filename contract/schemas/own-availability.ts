import { z } from 'zod';
import { ON_DEADLINE } from '../decision.js';
import { AVAILABILITIES } from '../states.js';
import { count, reported, timestamp } from './common.js';
import { waiting } from './waiting.js';

/** A node's decisions about itself. Agents and apis may have different versions, so the schema is open (docs/adr/0031). */

/** Maximum of a deadline, in milliseconds. */
const LONGEST_DEADLINE_MS = 30 * 86_400_000;

export const ownAvailabilityRequestSchema = z
  .object({
    value: z.enum(['ACTIVE', 'DRAINED']),
    reason: reported.default(''),
    deadlineMs: count
      .max(LONGEST_DEADLINE_MS)
      .optional()
      .meta({ description: 'of a drain: how long running sessions may take, in milliseconds from now' }),
    onDeadline: z.enum(ON_DEADLINE).default('wait'),
  })
  .meta({ id: 'OwnAvailabilityRequest' });

export const ownAvailabilityQuerySchema = z.object({ wait: waiting(30_000, '30s', 'the node to be drained') });

export const ownAvailabilitySchema = z
  .object({
    availability: z.enum(AVAILABILITIES),
    since: timestamp,
    reason: z.string(),
    by: z.string(),
    own: z.boolean().meta({ description: 'the node took itself out, and may come back by its own word' }),
    deadline: timestamp.nullable(),
    sessions: count.meta({ description: 'of the node that have not ended, as its workflow last said' }),
  })
  .meta({ id: 'OwnAvailability' });
export type OwnAvailability = z.infer<typeof ownAvailabilitySchema>;
