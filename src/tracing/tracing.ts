import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { traceIdIn, tracesAreCollected } from '../../contract/process/trace-context.js';

/** Tracing of a process. */
export interface Tracing {
  /** The current trace; undefined where there is none. */
  current(): { traceId: string; spanId: string; traceparent: string } | undefined;
  /** Names the current request's span after its route. */
  nameRequest(route: string): void;
  /** Interceptors that pass the trace to workflows, and continue it in activities. */
  client: WorkflowClientInterceptor;
  activities: ActivityInterceptorsFactory;
  /** Sends the remaining spans. Never rejects, and is limited in time. */
  end(): Promise<void>;
}

/**
 * Tracing, loaded only where traces are collected, since OpenTelemetry is some hundred files and intercepts every call. Loaded synchronously and before
 * everything else, since it has to patch MongoDB's driver and the HTTP server when they are loaded.
 */
export const tracing: Tracing | undefined = tracesAreCollected(process.env) ? load() : undefined;

function load(): Tracing {
  const { startTracing } = createRequire(import.meta.url)('./open-telemetry.js') as {
    startTracing: (service: string) => Tracing;
  };
  // rollcall-api, rollcall-worker
  return startTracing(`rollcall-${basename(process.argv[1] ?? '').split('.', 1)[0]}`);
}

/** The trace of a request: ours or, without tracing in this process, the caller's. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return tracing?.current()?.traceId ?? traceIdIn(traceparent === undefined ? undefined : String(traceparent));
}
