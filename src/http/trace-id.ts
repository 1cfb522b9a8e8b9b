import type { IncomingHttpHeaders } from 'node:http';
import { traceIdIn } from '../../contract/process/trace-context.js';
import { tracing } from '../tracing/tracing.js';

/** The trace of a request: ours or, without tracing in this process, the caller's. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return tracing?.current()?.traceId ?? traceIdIn(traceparent === undefined ? undefined : String(traceparent));
}
