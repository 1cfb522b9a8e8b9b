import type { WorkflowInterceptors } from '@temporalio/workflow';
import { HEARTBEAT_SIGNAL, SILENCE_NOTICED_SIGNAL } from '../contract/lifecycle.js';

/** The header in which `@temporalio/interceptors-opentelemetry` passes a trace. */
const HEADER = '_tracer-data';
/** How long after a call an activity still counts as caused by it, in milliseconds. */
const CAUSED_WITHIN_MS = 10_000;
/** Frequent signals with few consequences, which must not displace the trace of a decision that is being carried out. */
const ROUTINE: readonly string[] = [HEARTBEAT_SIGNAL, SILENCE_NOTICED_SIGNAL];

/** Headers of a call into or out of a workflow. */
interface Call {
  headers: Record<string, unknown>;
}

/**
 * Puts activities into the trace of the signal, update or start that caused them, by passing its header on unread. Nothing else of tracing is in
 * the sandbox, and nothing waits, so a run does the same whether it is traced or not. See docs/adr/0035.
 */
export function interceptors(): WorkflowInterceptors {
  let cause: { header: unknown; until: number } | undefined;
  const latest = () => (cause !== undefined && Date.now() < cause.until ? cause : undefined);
  const remember = ({ headers }: Call) => {
    const header = headers[HEADER];
    if (header !== undefined) cause = { header, until: Date.now() + CAUSED_WITHIN_MS };
  };
  const caused = <Input extends Call>(input: Input): Input => {
    const header = latest()?.header;
    return header === undefined ? input : { ...input, headers: { ...input.headers, [HEADER]: header } };
  };
  return {
    inbound: [
      {
        execute(input, next) {
          remember(input);
          return next(input);
        },
        handleSignal(input, next) {
          if (latest() === undefined || !ROUTINE.includes(input.signalName)) remember(input);
          return next(input);
        },
        handleUpdate(input, next) {
          remember(input);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(caused(input)),
        scheduleLocalActivity: (input, next) => next(caused(input)),
      },
    ],
  };
}
