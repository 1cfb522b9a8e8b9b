import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ALERT_KINDS, ALERTS, type AlertKind, type AlertPhase } from '../../contract/alerts.js';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { deliveriesOf } from '../webhooks/deliveries-of.js';
import type { AlertNotice } from '../webhooks/webhook-record.js';
import { WebhookStore } from '../webhooks/webhook-store.js';
import { clearedText } from './cleared-text.js';
import { AlertStore, type AlertRecord } from './alert-store.js';
import { AlertSubjects } from './alert-subjects.js';

/** Maximum number of alerts of one kind per round. */
const AT_ONCE = 200;
/** Alerts per transaction, so that transactions are few and short. */
const IN_A_UNIT = 50;

/** Number of raised alerts, by kind. */
export type OpenAlerts = Record<AlertKind, number>;

/**
 * Compares the record with the raised alerts: raises alerts whose cause has settled, and clears those whose cause has been over for as long. Deliveries are
 * written in the same unit of work, so that a crash at any step neither loses nor duplicates an alert. See docs/adr/0050.
 */
@Injectable()
export class AlertRound {
  private readonly settleMs: number;
  private readonly giveUpAfterMs: number;
  private readonly expiryMs: number;

  constructor(
    private readonly alerts: AlertStore,
    private readonly subjects: AlertSubjects,
    private readonly webhooks: WebhookStore,
    private readonly nodes: NodeStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settleMs = Orchestrator.Alerts.Settle;
    this.expiryMs = Orchestrator.Alerts.TokenExpiry;
    this.giveUpAfterMs = Orchestrator.Webhooks.GiveUpAfter;
  }

  async pass(): Promise<OpenAlerts> {
    const now = this.clock.now();
    const open = await this.alerts.open();
    const counts: [AlertKind, number][] = [];
    for (const kind of ALERT_KINDS) {
      const raised = open.filter((alert) => alert.kind === kind);
      const cleared = await this.clear(kind, raised, now);
      const added = await this.raise(kind, raised, now);
      counts.push([kind, raised.length - cleared + added]);
    }
    await this.tellThoseWhoCameLater(now);
    return Object.fromEntries(counts) as OpenAlerts;
  }

  private async raise(kind: AlertKind, raised: readonly AlertRecord[], now: EpochMs): Promise<number> {
    const without = raised.map(({ about }) => about);
    const { settleMs, expiryMs } = this;
    const found = await this.subjects.find(kind, {
      now,
      settledBy: now - settleMs,
      expiryMs,
      without,
      atMost: AT_ONCE,
    });
    const alerts = found.map((subject) => ({
      ...subject,
      ...{ id: randomUUID(), kind, raisedAt: now, overSince: null, clearedAt: null },
    }));
    await this.together(alerts, async (alert) =>
      (await this.alerts.raise(alert)) ? noticeOf(alert, 'raised', now, alert.what) : undefined,
    );
    return found.length;
  }

  private async clear(kind: AlertKind, raised: readonly AlertRecord[], now: EpochMs): Promise<number> {
    if (raised.length === 0) return 0;
    const still = await this.subjects.still(
      kind,
      raised.map(({ about }) => about),
      now,
    );
    const isSo = (alert: AlertRecord) => still.has(alert.about);
    const idsOf = (alerts: readonly AlertRecord[]) => alerts.map(({ id }) => id);
    await this.alerts.noteOver(idsOf(raised.filter((alert) => isSo(alert) && alert.overSince !== null)), null);
    await this.alerts.noteOver(idsOf(raised.filter((alert) => !isSo(alert) && alert.overSince === null)), now);
    const settled = raised.filter((alert) => !isSo(alert) && now - (alert.overSince ?? now) >= this.settleMs);
    const nodes = await this.nodes.overviewsOf(settled.filter(({ isNode }) => isNode).map(({ about }) => about));
    await this.together(settled, async (alert) => {
      const node = nodes.find(({ uid }) => uid === alert.about);
      return (await this.alerts.clear(alert.id, now))
        ? noticeOf(alert, 'cleared', now, clearedText(alert, node))
        : undefined;
    });
    return settled.length;
  }

  /** Delivers raised alerts to webhooks that were created or changed since. Runs after this round's own alerts, so that none is missed in between. */
  private async tellThoseWhoCameLater(now: EpochMs): Promise<void> {
    const owed = await this.webhooks.owed();
    if (owed.length === 0) return;
    const notices = (await this.alerts.open()).map((alert) => noticeOf(alert, 'raised', alert.raisedAt, alert.what));
    for (const webhook of owed) {
      const deliveries = notices.flatMap((notice) => deliveriesOf(notice, [webhook], this.giveUpAfterMs, now));
      // Derived ids keep repetitions out after a crash.
      for (let begin = 0; begin < deliveries.length; begin += AT_ONCE)
        await this.webhooks.deliver(deliveries.slice(begin, begin + AT_ONCE));
      await this.webhooks.settle(webhook.id);
    }
  }

  /** Writes alerts with their deliveries, in units of work of limited size. */
  private async together(
    alerts: readonly AlertRecord[],
    change: (alert: AlertRecord) => Promise<AlertNotice | undefined>,
  ): Promise<void> {
    for (let begin = 0; begin < alerts.length; begin += IN_A_UNIT)
      await this.unit.run(async () => {
        const notices: AlertNotice[] = [];
        for (const alert of alerts.slice(begin, begin + IN_A_UNIT)) {
          const notice = await change(alert);
          if (notice !== undefined) notices.push(notice);
        }
        const webhooks = notices.length === 0 ? [] : await this.webhooks.all();
        await this.webhooks.deliver(notices.flatMap((notice) => deliveriesOf(notice, webhooks, this.giveUpAfterMs)));
      });
  }
}

function noticeOf(alert: AlertRecord, phase: AlertPhase, at: EpochMs, summary: string): AlertNotice {
  const { id, kind, about, name, isNode, labels, since } = alert;
  return {
    ...{ alert: id, kind, phase, at, since, labels, summary },
    severity: ALERTS[kind].severity,
    node: isNode ? { uid: about, name } : null,
  };
}
