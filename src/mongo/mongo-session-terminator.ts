import { Injectable } from '@nestjs/common';
import type { SessionTerminator } from '../../activities/ports.js';
import { Clock } from '../mechanics/clock.js';
import { SessionStore } from '../sessions/session-store.js';

/** Marks sessions to be ended in their records, from which agents learn of it. */
@Injectable()
export class MongoSessionTerminator implements SessionTerminator {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  async requestTermination({
    uid,
    sessionIds,
    by,
    reason,
  }: {
    uid: string;
    sessionIds: string[];
    by: string;
    reason: string;
  }): Promise<void> {
    const at = this.clock.now();
    await this.sessions.applyChanges(
      uid,
      sessionIds.map((id) => ({ id, state: 'TERMINATING', at, by, reason })),
    );
  }
}
