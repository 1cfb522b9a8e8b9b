import { Inject, Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { ALERT_KINDS } from '../../contract/alerts.js';
import { Clock, SteadyClock } from '../mechanics/clock.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { BackgroundRounds } from '../process/background-rounds.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { REPLICA } from '../process/process.module.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { ServiceLog } from '../process/service-log.js';
import { WebhookResealing } from '../webhooks/webhook-resealing.js';
import { WebhookLines } from '../webhooks/webhook-lines.js';
import { WebhookStore } from '../webhooks/webhook-store.js';
import { AlertRound } from './alert-round.js';

const LEASE = 'alerts';
const LEASE_MS = 30_000;
const EVERY_MS = 2_000;
const CENSUS_EVERY_MS = 60_000;
const FAILED_AGAIN_AFTER_MS = 10_000;
const MOST_LINES = 500;

/**
 * Raises and clears alerts, and ensures that pending deliveries have a workflow, as long as its process runs, in one replica of the worker at a time.
 * Separate from the reconciler, so that decisions never wait for alerts.
 */
@Injectable()
export class AlertWatch extends BackgroundRounds {
  private readonly open: Gauge<'kind'>;
  private readonly waiting: Gauge;
  private isFailing = false;
  private nextCensus = 0;

  constructor(
    private readonly alerts: AlertRound,
    private readonly webhooks: WebhookStore,
    private readonly resealing: WebhookResealing,
    private readonly lines: WebhookLines,
    private readonly leases: LeaseStore,
    database: DatabaseProbe,
    private readonly clock: Clock,
    @Inject(SteadyClock) private readonly steady: Clock,
    private readonly log: ServiceLog,
    @Inject(REPLICA) private readonly holder: string,
    metrics: MetricRegistry,
  ) {
    super(database, EVERY_MS, { leave: () => leases.release(LEASE, holder) });
    this.open = metrics.gauge(
      'rollcall_alerts_open',
      'Alerts that are raised, by the replica of the worker that raises them',
      {
        labels: ['kind'],
      },
    );
    this.waiting = metrics.gauge(
      'rollcall_webhook_waiting',
      'Deliveries to webhooks that wait, by the same replica; 100000 stands for all above',
    );
  }

  protected async round(): Promise<number> {
    try {
      if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) {
        this.open.reset();
        this.waiting.remove();
        return EVERY_MS;
      }
      const counts = await this.alerts.pass();
      for (const kind of ALERT_KINDS) this.open.set({ kind }, counts[kind]);
      this.waiting.set(await this.webhooks.waiting());
      await this.wakeLines();
      if (this.isFailing) this.log.log({ msg: 'alerts are raised again' });
      this.isFailing = false;
      return EVERY_MS;
    } catch (error) {
      if (!this.isFailing)
        this.log.warn({
          msg: 'cannot raise alerts, or have them told, at the moment; trying again',
          reason: (error as Error).message,
        });
      this.isFailing = true;
      return FAILED_AGAIN_AFTER_MS;
    }
  }

  /** Wakes the lines of new deliveries and, once a minute, starts those that were lost with Temporal's database. */
  private async wakeLines(): Promise<void> {
    const by = this.clock.now();
    for (const line of await this.webhooks.untold(MOST_LINES)) {
      await this.lines.wake(line);
      await this.webhooks.told(line, by);
    }
    if (this.steady.now() < this.nextCensus) return;
    for (const line of await this.webhooks.waitingLines(MOST_LINES)) await this.lines.ensureStarted(line);
    await this.resealing.pass();
    this.nextCensus = this.steady.now() + CENSUS_EVERY_MS;
  }
}
