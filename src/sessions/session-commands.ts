import { Injectable, Logger } from '@nestjs/common';
import type { Commands } from '../../contract/schemas/sessions.js';
import type { Lifetime } from '../auth/lifetime.js';
import { Clock } from '../mechanics/clock.js';
import { SessionChanges, type Listening } from './session-changes.js';
import { SessionStore } from './session-store.js';

/** How old the answer to a heartbeat's question may be, in milliseconds. */
const KNOWN_FOR_MS = 1_000;

/** What nodes' agents are to begin and to end, told until they report that they did. */
@Injectable()
export class SessionCommands {
  private readonly logger = new Logger(SessionCommands.name);
  private readonly polls = new Map<string, Listening>();
  private waiting = new Set<string>();
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: SessionStore,
    private readonly changes: SessionChanges,
    private readonly clock: Clock,
  ) {}

  /** Whether a node had commands some moments ago. Costs a heartbeat nothing: all nodes are asked for together, and nobody waits for the answer. */
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
   * A node's commands; where there are none, those that come within `waitMs` milliseconds. A node waits once: a second
   * question ends the first.
   * @throws ProblemError where the node's credential ended meanwhile: the session, and its query, are another's by then
   */
  async next(uid: string, waitMs: number, { ended, confirm }: Lifetime): Promise<Commands> {
    const until = this.clock.now() + waitMs;
    // Before the first look: what comes right after it is heard.
    const listening = this.changes.listen(`node ${uid}`);
    this.polls.get(uid)?.close();
    this.polls.set(uid, listening);
    try {
      for (;;) {
        const commands = await this.store.commandsFor(uid);
        // After they were read: whoever is good now was so when they were.
        if (hasAny(commands)) await confirm();
        const leftMs = until - this.clock.now();
        if (hasAny(commands) || leftMs <= 0 || this.changes.isOver || this.polls.get(uid) !== listening)
          return commands;
        await listening.heard(leftMs, ended);
      }
    } finally {
      if (this.polls.get(uid) === listening) this.polls.delete(uid);
      listening.close();
    }
  }
}

function hasAny({ open, terminate, report }: Commands): boolean {
  return report || open.length > 0 || terminate.length > 0;
}
