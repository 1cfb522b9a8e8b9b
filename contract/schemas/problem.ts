import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.js';

/** RFC 9457 problem document, with a stable code, the faulty field, and the remedy. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    field: z.string().optional(),
    hint: z.string().optional(),
    instance: z.string().optional(),
    traceId: z
      .string()
      .optional()
      .meta({ description: 'of the trace that the request belongs to, as its `traceparent` has it' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
