import { concatWith, defer, retry, throwError, timer, type Observable } from 'rxjs';

/** What becomes of a feed that is lost. */
export interface LostFeed {
  /** Until it is followed again, in milliseconds. */
  pauseMs: number;
  /** Hears why, each time. */
  lost: (reason: string) => void;
}

/**
 * A feed for as long as somebody subscribes: where it fails or ends, it is followed again after a pause.
 * @param follow begins to follow; may throw
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
