import { z } from 'zod';
import { timestamp } from './common.js';

/** A part of what is known for whoever looks for a fault: it, or why it could not be read. */
const part = (value: z.ZodType) => z.union([z.strictObject({ value }), z.strictObject({ failure: z.string() })]);

export const supportSchema = z
  .strictObject({
    at: timestamp,
    versions: part(z.record(z.string(), z.string())),
    configuration: part(z.record(z.string(), z.unknown())).meta({
      description: 'by dotted keys, as this replica has it; what is secret is not shown',
    }),
    log: part(z.array(z.string())).meta({ description: "the latest lines of this replica's log, oldest first" }),
    stuck: part(z.array(z.record(z.string(), z.unknown()))).meta({
      description: 'nodes with decisions that no workflow has applied for a minute, and what their workflows say',
    }),
    workers: part(z.array(z.record(z.string(), z.unknown()))).meta({
      description: 'which asked Temporal for work within five minutes, with their versions',
    }),
  })
  .meta({ id: 'Support' });
export type Support = z.infer<typeof supportSchema>;
