import { concatWith, defer, retry, throwError, timer, type Observable } from 'rxjs';

/** Handling of a lost feed. */
export interface LostFeed {
  /** Pause before it is followed again, in milliseconds. */
  pauseMs: number;
  /** Called with the reason, each time. */
  lost: (reason: string) => void;
}

/**
 * Keeps following a feed while there are subscribers: after a failure or an end, it is followed again after a pause.
 * @param follow starts following; may throw
 */
export function keepFollowing<Value>(follow: () => Observable<Value>, { pauseMs, lost }: LostFeed): Observable<Value> {
  return defer(follow).pipe(
    concatWith(throwError(() => new Error('the feed ended'))),
    retry({
      delay: (error: Error) => {
        lost(error.message);
        return timer(pauseMs);
      },
    }),
  );
}
