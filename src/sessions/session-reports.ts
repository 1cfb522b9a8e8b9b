import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { SessionsReport, sessionsReportAnswerSchema } from '../../contract/schemas/sessions.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { summaryOf } from '../record/node-summary.js';
import { Clock } from '../mechanics/clock.js';
import { ProblemError } from '../http/problem-error.js';
import { nodeRemoved } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { MOST_TOLD_BYTES } from '../lifecycle/fit-into-signal.js';
import { SessionStore } from './session-store.js';
import { LifecycleSignals, LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';

/** Takes nodes' session reports into the records, and then to the nodes' workflows. */
@Injectable()
export class SessionReports {
  private readonly logger = new Logger(SessionReports.name);

  constructor(
    private readonly signals: LifecycleSignals,
    private readonly store: SessionStore,
    private readonly quotas: NodeQuotas,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws ProblemError STALE_REPORT where a later report of the node is known, TOO_MANY_REQUESTS beyond the node's quota, UNAVAILABLE where the
   * workflow could not be told: the records are written, and the agent reports again
   */
  async take(node: NodeRecord, report: SessionsReport): Promise<z.infer<typeof sessionsReportAnswerSchema>> {
    if (!node.living) throw nodeRemoved(node);
    // Before anything is written, since everything recorded has to be told too.
    const kilobytes = Math.ceil(Math.min(MOST_TOLD_BYTES, Buffer.byteLength(JSON.stringify(report.live))) / 1_024);
    this.quotas.demand(node, 'session reports', kilobytes);
    if (node.phase === 'DRAINED' && report.live.length > 0) this.quotas.demand(node, 'sessions after a drain');
    const taken = await this.store.takeReport({ uid: node.uid, name: node.name }, report, this.clock.now(), (records) =>
      this.quotas.demand(node, 'session records', records),
    );
    if (taken === 'removed') throw nodeRemoved(node);
    if (taken === null) throw stale(node, report.seq);
    this.quotas.take(node, 'session records', taken.written);
    this.quotas.take(node, 'session reports', kilobytes);
    if (node.phase === 'DRAINED' && report.live.length > 0) this.quotas.take(node, 'sessions after a drain');
    const bootId = this.quotas.bootFor(summaryOf(node), report.bootId);
    try {
      await this.signals.reportSessions(node, {
        at: taken.at,
        bootId,
        sessions: taken.live,
        ended: report.ended.map(({ id }) => id),
      });
    } catch (error) {
      if (!(error instanceof LifecycleUnavailable)) throw error;
      this.logger.warn({
        msg: 'a workflow was not told of sessions; the agent reports again',
        node: node.name,
        reason: error.message,
      });
      throw new ProblemError({
        code: 'UNAVAILABLE',
        detail: `the sessions of node ${node.name} are recorded, but its workflow does not answer`,
        hint: 'Report again in a moment',
      });
    }
    return { terminate: taken.terminate };
  }
}

function stale({ name }: NodeRecord, seq: number): ProblemError {
  return new ProblemError({
    code: 'STALE_REPORT',
    detail: `report ${seq} of node ${name} came after a later one`,
    field: 'seq',
    hint: 'Go on with a higher seq',
  });
}
