import { isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import { LifecycleRefused, LifecycleUnavailable, PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';

/**
 * gRPC's codes of answers that are about the one workflow that was asked for: its limits (10,000 signals in a run, sizes), its state, its
 * history. INTERNAL and UNKNOWN are not among them: a server that is sick says so of everything.
 */
const REFUSALS = new Map([
  [3, 'INVALID_ARGUMENT'],
  [9, 'FAILED_PRECONDITION'],
  [11, 'OUT_OF_RANGE'],
  [15, 'DATA_LOSS'],
]);

/**
 * The one place that tells apart what goes wrong with Temporal: one workflow that does not take what it is told, from a server that does
 * not answer anybody. What callers expect (no such workflow, one that runs already) has errors of the SDK's own.
 * @param patience how long was waited, as people write it
 */
export function temporalFailure(error: unknown, address: string, patience: string): LifecycleUnavailable {
  if (isGrpcDeadlineError(error))
    return new LifecycleUnavailable(`Temporal at ${address} did not do it: no answer within ${patience}`, {
      cause: error,
    });
  const innermost = innermostOf(error);
  const unreadable = [error, innermost].find((one) => one instanceof PayloadUnreadable);
  if (unreadable) return unreadable;
  // Of all workflows, that is: none is at fault.
  const isOfAll = isGrpcServiceError(innermost) && /search attribute/i.test(innermost.details);
  if (isGrpcServiceError(innermost) && !isOfAll && REFUSALS.has(innermost.code))
    return new LifecycleRefused(`Temporal at ${address} refuses it: ${innermost.details || innermost.message}`, {
      cause: error,
    });
  return new LifecycleUnavailable(
    `Temporal at ${address} did not do it: ${innermost instanceof Error ? innermost.message : String(innermost)}`,
    { cause: error },
  );
}

/** The SDK wraps what went wrong in errors that only say that something did. */
export function innermostOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermostOf(error.cause) : error;
}
