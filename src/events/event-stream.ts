import { Injectable, Logger, type BeforeApplicationShutdown, type MessageEvent } from '@nestjs/common';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  interval,
  map,
  merge,
  of,
  Subject,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs';
import type { Histogram } from 'prom-client';
import type { EventStreamQuery } from '../../contract/schemas/events.js';
import { Clock } from '../mechanics/clock.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { Places } from '../auth/places.js';
import { ProblemError } from '../http/problem-error.js';
import { shownEvent } from '../record/event-store.js';
import { BadPosition, EventFeed, type FedEvent } from './event-feed.js';
import { EventFilter } from './event-filter.js';
import { KnownLabels } from './known-labels.js';

/** Interval of keep-alive comments, in milliseconds, so that proxies do not close idle connections. */
const KEEP_ALIVE_MS = 15_000;
/** Maximum number of readers, each of which costs a database cursor: in total, and per caller. */
const READERS = { all: 200, each: 20 };
const POSITION_PATTERN = /^[0-9A-Fa-f]{2,1024}$/;

/** The feed as server-sent events. Streams end when the api stops, so that the shutdown does not wait for readers. */
@Injectable()
export class EventStream implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStream.name);
  private readonly stopping = new Subject<void>();
  private readonly readers = new Places(READERS);

  private readonly delay: Histogram;

  constructor(
    private readonly feed: EventFeed,
    private readonly labels: KnownLabels,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.delay = metrics.histogram(
      'rollcall_event_delay_seconds',
      'From an event until it was sent to a reader of /v1/events; those that a reader catches up with are not measured',
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    );
    metrics.gauge('rollcall_event_readers', 'Who follows events at this replica', { read: () => this.readers.taken });
  }

  beforeApplicationShutdown(): void {
    this.stopping.next();
  }

  /**
   * @param principal the reader
   * @param wanted the filter
   * @param lastEventId the reader's last position
   * @throws ProblemError VALIDATION_FAILED, TOO_MANY_REQUESTS
   */
  open(principal: string, wanted: EventStreamQuery, lastEventId: string | undefined): Observable<MessageEvent> {
    // Browsers send an empty id after they were told to forget their position.
    const position = lastEventId === '' ? undefined : lastEventId;
    if (position !== undefined && !POSITION_PATTERN.test(position)) {
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: 'Last-Event-ID: not an id that this stream handed out',
        field: 'Last-Event-ID',
        hint: 'Begin again without it',
      });
    }
    const taken = new EventFilter(wanted, (uid) => this.labels.of(uid));
    return defer(() => {
      const leave = this.readers.take(principal, 'follow events');
      const begun = this.clock.now();
      // Events that are filtered out advance the position too, so that it does not become too old to resume from.
      let reached: string | undefined;
      const events = this.feed.follow(position).pipe(
        concatMap(async (fed) => ({ fed, isTaken: await taken.takes(fed.event) })),
        tap(({ fed }) => (reached = fed.position)),
        filter(({ isTaken }) => isTaken),
        map(({ fed }) => fed),
        tap(({ event: { at } }) => {
          if (at >= begun) this.delay.observe(Math.max(0, this.clock.now() - at) / 1_000);
        }),
        map(toMessage),
      );
      const keepAlive = interval(KEEP_ALIVE_MS).pipe(
        map((): MessageEvent => ({ comment: 'still here', ...(reached !== undefined && { id: reached }) })),
      );
      return merge(events, keepAlive).pipe(
        catchError((error: Error) => this.farewell(error)),
        takeUntil(this.stopping),
        finalize(leave),
      );
    });
  }

  /** Last message of a failed stream, whose status was sent already: the reader reconnects at its position, unless that is too old. */
  private farewell(error: Error): Observable<MessageEvent> {
    this.logger.warn({ msg: 'a reader of events was cut off', reason: error.message });
    return error instanceof BadPosition
      ? of({ type: 'reset', id: '', data: 'what happened since then is no longer known here: read the nodes anew' })
      : EMPTY;
  }
}

function toMessage({ event, position }: FedEvent): MessageEvent {
  return { type: 'node', id: position, data: shownEvent(event) };
}
