/**
 * Does `work` with a signal that is aborted after `ms`, or with `stop`. Unlike AbortSignal.timeout it leaves no timer behind once the work is
 * done: timers that live on for seconds would move every call's objects into the old generation, and memory would grow for hours.
 */
export async function withDeadline<Result>(
  ms: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const pass = () => controller.abort(stop.reason);
  const timer = setTimeout(() => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')), ms);
  stop.addEventListener('abort', pass, { once: true });
  try {
    if (stop.aborted) pass();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', pass);
  }
}
