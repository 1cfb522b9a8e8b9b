import { Injectable, Logger } from '@nestjs/common';
import type { HeartbeatRequest } from '../../contract/schemas/agents.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../nodes/node-record.js';
import { SessionStore } from '../sessions/session-store.js';
import { LifecycleSignals } from '../temporal/lifecycle-signals.js';

/**
 * Brings what nodes report of their sessions to their workflows. A node sends its sessions when they change, and not
 * again: a report that Temporal did not take is kept, and goes with the node's next heartbeat.
 */
@Injectable()
export class SessionReports {
  private readonly logger = new Logger(SessionReports.name);
  /** The latest report of each node that its workflow has not heard. */
  private readonly undelivered = new Map<string, { bootId: string; sessions: CachedSession[] }>();

  constructor(
    private readonly signals: LifecycleSignals,
    private readonly store: SessionStore,
  ) {}

  /** @returns whether there was something to report, and the workflow has heard it */
  async deliver(node: NodeRecord, { bootId, sessions }: HeartbeatRequest, at: EpochMs): Promise<boolean> {
    if (sessions !== undefined) {
      this.undelivered.set(node.uid, { bootId, sessions: sessions.map(toCached) });
      if (node.terminations.length > 0) await this.store.settleTerminations(node.uid, sessions.map(({ id }) => id));
    }
    const report = this.undelivered.get(node.uid);
    if (report === undefined) return false;
    try {
      await this.signals.reportSessions(node, { at, ...report });
    } catch (error) {
      this.logger.warn({ msg: 'the workflow was not told of sessions; it will be with the next heartbeat', node: node.name, reason: (error as Error).message });
      return false;
    }
    // Not one that came while this one was under way.
    if (this.undelivered.get(node.uid) === report) this.undelivered.delete(node.uid);
    return true;
  }
}

function toCached({ startedAt, ...session }: NonNullable<HeartbeatRequest['sessions']>[number]): CachedSession {
  return { ...session, startedAt: Date.parse(startedAt) };
}
