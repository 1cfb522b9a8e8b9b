import { Injectable, Logger } from '@nestjs/common';
import type { Commands } from '../../contract/schemas/sessions.js';
import type { Lifetime } from '../auth/lifetime.js';
import type { Histogram } from 'prom-client';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { Clock } from '../mechanics/clock.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { SessionChanges, type Listening } from './session-changes.js';
import { SessionStore, type PendingCommands } from './session-store.js';

/** Maximum age of the answer to heartbeats, in milliseconds. */
const KNOWN_FOR_MS = 1_000;
/** Number of remembered deliveries, by which repetitions are recognized. */
const REMEMBERED = 10_000;

/** Commands to begin and end sessions, repeated until agents report that they have obeyed. */
@Injectable()
export class SessionCommands {
  private readonly logger = new Logger(SessionCommands.name);
  private readonly polls = new Map<string, Listening>();
  private readonly delays: Histogram<'command'>;
  private readonly repetitions: Readonly<Record<'open' | 'terminate', Count>>;
  /** Delivered commands, by command and session. */
  private readonly delivered = new BoundedCache<string, true>(REMEMBERED);
  private waiting = new Set<string>();
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: SessionStore,
    private readonly changes: SessionChanges,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.delays = metrics.histogram(
      'rollcall_session_delivery_seconds',
      "From a wish to open or to terminate a session until it was handed to the node's agent",
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      ['command'],
    );
    this.repetitions = metrics.counts(
      'rollcall_session_redeliveries_total',
      'Commands that were handed to an agent again, since it has not reported that it did them',
      'command',
      ['open', 'terminate'],
    );
  }

  /** Whether a node had commands a moment ago. Free for heartbeats: one query covers all nodes, in the background. */
  waitFor(uid: string): boolean {
    const now = this.clock.now();
    if (now - this.askedAt >= KNOWN_FOR_MS) {
      this.askedAt = now;
      this.store.nodesWithCommands().then(
        (uids) => (this.waiting = new Set(uids)),
        (error: unknown) =>
          this.logger.debug({ msg: 'commands could not be looked for', reason: (error as Error).message }),
      );
    }
    return this.waiting.has(uid);
  }

  /**
   * A node's commands; where there are none, those that come within `waitMs` milliseconds. A second request of a node ends the first.
   * @throws ProblemError where the node's credential has ended meanwhile: its sessions and their queries are no longer its business
   */
  async next(uid: string, waitMs: number, { ended, confirm }: Lifetime): Promise<Commands> {
    const until = this.clock.now() + waitMs;
    // Before the first look, so that nothing that follows it is missed.
    const listening = this.changes.listen(`node ${uid}`);
    this.polls.get(uid)?.close();
    this.polls.set(uid, listening);
    try {
      for (;;) {
        const pending = await this.store.commandsFor(uid);
        const { commands } = pending;
        // After reading: a credential that is valid now was valid then.
        if (hasAny(commands)) await confirm();
        const leftMs = until - this.clock.now();
        if (hasAny(commands) || leftMs <= 0 || this.changes.isOver || this.polls.get(uid) !== listening) {
          this.measure(uid, pending);
          return commands;
        }
        await listening.heard(leftMs, ended);
      }
    } finally {
      if (this.polls.get(uid) === listening) this.polls.delete(uid);
      listening.close();
    }
  }

  private measure(uid: string, { commands, wantedAt }: PendingCommands): void {
    const now = this.clock.now();
    for (const command of ['open', 'terminate'] as const) {
      for (const { id } of commands[command]) {
        const delivery = `${uid} ${command} ${id}`;
        const at = wantedAt.get(id) ?? now;
        if (this.delivered.get(delivery)) this.repetitions[command].inc();
        else this.delays.observe({ command }, Math.max(0, now - at) / 1_000);
        this.delivered.set(delivery, true);
      }
    }
  }
}

function hasAny({ open, terminate, report }: Commands): boolean {
  return report || open.length > 0 || terminate.length > 0;
}
