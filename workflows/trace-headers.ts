import type { WorkflowInterceptors } from '@temporalio/workflow';
import { HEARTBEAT_SIGNAL, SILENCE_NOTICED_SIGNAL } from '../contract/lifecycle.js';

/** Where `@temporalio/interceptors-opentelemetry` puts the trace that a call belongs to. */
const HEADER = '_tracer-data';
/** What is done so long after a call is no longer its doing, in milliseconds. */
const CAUSED_WITHIN_MS = 10_000;
/** They come all the time, and cause little: none takes the place of a decision whose consequences are under way. */
const ROUTINE: readonly string[] = [HEARTBEAT_SIGNAL, SILENCE_NOTICED_SIGNAL];

/** The headers of a call into a workflow, or out of it. */
interface Call {
  headers: Record<string, unknown>;
}

/**
 * Activities belong to the trace of the signal, update or start that caused them: what came in with it goes out with them, unread. Nothing else
 * of tracing is in the sandbox, and nothing waits, so that a run does the same whether it is traced or not. See docs/adr/0035.
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
