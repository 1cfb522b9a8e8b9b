import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { isoTime } from '../../contract/iso-time.js';
import type { sessionCacheSchema } from '../../contract/schemas/sessions.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { SessionStore } from './session-store.js';

type SessionCache = z.infer<typeof sessionCacheSchema>;

/** A node's sessions: as its workflow holds them or, where that does not answer, as it last wrote them down. */
@Injectable()
export class SessionCacheReader {
  private readonly logger = new Logger(SessionCacheReader.name);

  constructor(
    private readonly nodes: NodeStore,
    private readonly signals: LifecycleSignals,
    private readonly record: SessionStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError NODE_NOT_FOUND */
  async read(id: string): Promise<SessionCache> {
    const node = await this.nodes.findLiving(id);
    if (node === null) throw nodeNotFound(id);
    try {
      const { sessions, reportedAt } = await this.signals.querySessionCache(node);
      return this.answer('workflow', sessions, reportedAt ?? null);
    } catch (error) {
      this.logger.debug({
        msg: 'the workflow did not answer; the record does',
        node: id,
        reason: (error as Error).message,
      });
      const { sessions, reportedAt } = await this.record.recordOf(node.uid);
      return this.answer('record', sessions, reportedAt);
    }
  }

  private answer(source: SessionCache['source'], sessions: CachedSession[], reportedAt: EpochMs | null): SessionCache {
    const now = this.clock.now();
    return {
      items: sessions.map(({ startedAt, resources = null, ...session }) => ({
        ...session,
        resources,
        startedAt: isoTime(startedAt),
        // The node's clock may be ahead of ours.
        elapsedMs: Math.max(0, now - startedAt),
      })),
      source,
      reportedAt: reportedAt === null ? null : isoTime(reportedAt),
    };
  }
}
