import type { IncomingHttpHeaders } from 'node:http';
import { traceIdIn } from '../../contract/process/trace-context.js';
import { tracing } from '../tracing/tracing.js';

/** The trace that a request belongs to: ours, or where this process is not traced the caller's. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return tracing?.current()?.traceId ?? traceIdIn(traceparent === undefined ? undefined : String(traceparent));
}
