import type { IncomingHttpHeaders } from 'node:http';
import { tracing } from '../tracing/tracing.js';

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace that a request belongs to: ours, or where this process is not traced the caller's. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return tracing?.current()?.traceId ?? TRACEPARENT.exec(String(traceparent ?? ''))?.[1];
}
