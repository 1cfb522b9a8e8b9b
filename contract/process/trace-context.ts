import { randomBytes } from 'node:crypto';

type Environment = Readonly<Record<string, string | undefined>>;

/** https://www.w3.org/TR/trace-context/#traceparent-header, of this version or of a later one. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
/** Intermediaries may truncate longer values. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** A trace that requests belong to. */
export interface TraceContext {
  traceId: string;
  /** The headers that propagate it. */
  headers: { traceparent: string; tracestate?: string };
}

/** The trace of a `traceparent` header; undefined if it is invalid. */
export function traceIdIn(traceparent: string | undefined): string | undefined {
  return TRACEPARENT.exec(traceparent ?? '')?.[1];
}

/** Whether traces are exported, by the variables of https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function tracesAreCollected(env: Environment): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_SDK_DISABLED } = env;
  return Boolean(traces || all) && OTEL_SDK_DISABLED?.toLowerCase() !== 'true';
}

/**
 * The parent process's trace, passed in the environment:
 * https://opentelemetry.io/docs/specs/otel/context/env-carriers/
 */
export function inheritedTrace({
  TRACEPARENT: traceparent,
  TRACESTATE: tracestate,
}: Environment): TraceContext | undefined {
  const traceId = traceIdIn(traceparent);
  if (traceparent === undefined || traceId === undefined) return undefined;
  const state = tracestate !== undefined && TRACESTATE.test(tracestate) ? { tracestate } : {};
  return { traceId, headers: { traceparent, ...state } };
}

/** A new trace, marked as sampled; this process records no spans of it. */
export function newTrace(): TraceContext {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, headers: { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` } };
}
