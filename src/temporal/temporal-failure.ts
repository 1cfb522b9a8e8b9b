import { isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import { LifecycleRefused, LifecycleUnavailable, PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';

/**
 * gRPC codes that concern just the workflow in question: its limits (10,000 signals per run, sizes), its state, its history. Not INTERNAL and
 * UNKNOWN, which a failing server answers to everything.
 */
const REFUSALS = new Map([
  [3, 'INVALID_ARGUMENT'],
  [9, 'FAILED_PRECONDITION'],
  [11, 'OUT_OF_RANGE'],
  [15, 'DATA_LOSS'],
]);

/**
 * Classifies Temporal's failures: one workflow that refuses, or a server that does not answer at all. Answers that callers expect (no such
 * workflow, already running) have error classes of the SDK's own.
 * @param patience how long was waited, in words
 */
export function temporalFailure(error: unknown, address: string, patience: string): LifecycleUnavailable {
  if (isGrpcDeadlineError(error))
    return new LifecycleUnavailable(`Temporal at ${address} did not do it: no answer within ${patience}`, {
      cause: error,
    });
  const innermost = innermostOf(error);
  const unreadable = [error, innermost].find((one) => one instanceof PayloadUnreadable);
  if (unreadable) return unreadable;
  // Concerns all workflows, so none of them is at fault.
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

/** Unwraps the SDK's generic errors. */
export function innermostOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermostOf(error.cause) : error;
}
