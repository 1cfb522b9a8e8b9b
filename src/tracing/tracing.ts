import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { tracesAreCollected } from '../../contract/process/trace-context.js';

/** What a process that is traced does besides. */
export interface Tracing {
  /** What is under way belongs to this trace; undefined where it belongs to none. */
  current(): { traceId: string; spanId: string; traceparent: string } | undefined;
  /** The request that is being answered is one of this route. */
  nameRequest(route: string): void;
  /** Hand the trace on with what is said to workflows, and take it up in activities. */
  client: WorkflowClientInterceptor;
  activities: ActivityInterceptorsFactory;
  /** Sends what is left. Never rejects, and does not take long. */
  end(): Promise<void>;
}

/**
 * OpenTelemetry is loaded where somebody collects it, and nowhere else: it is some hundred files, and every call goes through it. At once and
 * before all else, since it has to be there when the driver of MongoDB and the server of HTTP are loaded: an `import()` would come too late.
 */
export const tracing: Tracing | undefined = tracesAreCollected(process.env) ? load() : undefined;

function load(): Tracing {
  const { startTracing } = createRequire(import.meta.url)('./open-telemetry.js') as {
    startTracing: (service: string) => Tracing;
  };
  // rollcall-api, rollcall-worker
  return startTracing(`rollcall-${basename(process.argv[1] ?? '').split('.', 1)[0]}`);
}
