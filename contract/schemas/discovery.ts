import { z } from 'zod';
import { nodeListQuerySchema } from './nodes.js';

/** Prometheus' format of a list of targets (https://prometheus.io/docs/prometheus/latest/http_sd/). */

const { label, liveness } = nodeListQuerySchema.shape;
const portNumber = z.string().regex(/^[1-9]\d{0,4}$/, 'a port is a number from 1 to 65535');
const LABEL_KEY = /^[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?$/;

export const targetsQuerySchema = z.strictObject({
  port: portNumber
    .refine((text) => Number(text) <= 65_535, 'a port is a number from 1 to 65535')
    .default('9100')
    .meta({ description: 'of nodes whose label names none' }),
  portLabel: z
    .string()
    .regex(LABEL_KEY, 'it is the key of a label')
    .default('metrics-port')
    .meta({ description: "the node's label that names its port; one that is no port leaves the node out" }),
  label,
  liveness,
});

export const targetsSchema = z
  .array(z.strictObject({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }))
  .meta({ id: 'PrometheusTargets' });
