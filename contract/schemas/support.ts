import { z } from 'zod';
import { FOLLOWED } from '../followed.js';
import { timestamp } from './common.js';

/** A part of the support bundle, or why it could not be read. */
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

export const settingsSchema = z
  .strictObject({
    version: z.string().meta({ description: 'of the replica that answers' }),
    settings: z.array(
      z.strictObject({
        key: z.string().meta({ example: 'Orchestrator.NodeManager.DisconnectTimeout' }),
        value: z.string().nullable().meta({
          description:
            'as it would be written in config.yaml; null where it is not set; of a secret only that it is set',
        }),
        default: z.string().nullable(),
        changed: z.boolean().meta({ description: 'it is another than the default' }),
        unset: z.string().nullable().meta({ description: 'what is so where it is not set' }),
        unit: z.string().nullable().meta({ description: 'what a number counts' }),
        means: z.string(),
        followed: z
          .enum(FOLLOWED)
          .nullable()
          .meta({ description: 'what lets a running process follow a new value; null: its next start' }),
      }),
    ),
  })
  .meta({ id: 'Settings' });
