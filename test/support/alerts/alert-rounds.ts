import { beforeEach } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { AlertRound } from '../../../src/alerts/alert-round.js';
import { AlertStore } from '../../../src/alerts/alert-store.js';
import { AlertSubjects } from '../../../src/alerts/alert-subjects.js';
import { NodeStore, type NewNode } from '../../../src/record/node-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import type { WebhookRecord } from '../../../src/webhooks/webhook-record.js';
import { WebhookStore } from '../../../src/webhooks/webhook-store.js';
import { NOON } from '../manual-clock.js';
import { newNode } from '../mongo/node-fixtures.js';
import { useStores } from '../mongo/open-stores.js';

export const HOOK: WebhookRecord = {
  ...{ id: 'w1', name: 'on-call', url: 'https://example.com/', form: 'cloudevents', secret: 'whsec_x' },
  ...{ kinds: [], labels: [], severity: 'info', createdAt: NOON, createdBy: 'ann' },
};

/** Rounds over a record that is emptied before each test, with one webhook. */
export class AlertRounds {
  readonly stores = useStores();
  private round: AlertRound | undefined;

  get webhooks(): WebhookStore {
    return this.stores.get(WebhookStore);
  }

  async begin(): Promise<void> {
    await this.stores.clear();
    await this.webhooks.create(HOOK);
    this.round = this.roundWith(this.webhooks);
  }

  roundWith(hooks: WebhookStore): AlertRound {
    const { stores } = this;
    const [alerts, subjects, nodes] = [stores.get(AlertStore), stores.get(AlertSubjects), stores.get(NodeStore)];
    const config = loadConfig({ env: {}, flags: { 'Orchestrator.Alerts.Settle': '2m' } });
    return new AlertRound(alerts, subjects, hooks, nodes, stores.get(UnitOfWork), stores.clock, config);
  }

  /** An approved node that beats, as the record has it. @returns its uid */
  async active(name: string, changes: Partial<NewNode> = {}): Promise<string> {
    const { uid } = await this.stores.get(NodeStore).create(newNode(name, changes), []);
    await this.becomes(uid, { phase: 'ACTIVE' });
    return uid;
  }

  async becomes(uid: string, fields: Record<string, unknown>): Promise<void> {
    await this.stores.connection.collection<{ _id: string }>('nodes').updateOne({ _id: uid }, { $set: fields });
  }

  silent(uid: string, lastHeartbeat = this.stores.clock.now()): Promise<void> {
    return this.becomes(uid, { liveness: 'UNHEALTHY', applied: { seq: 1, revision: 1, view: { lastHeartbeat } } });
  }

  heard(uid: string): Promise<void> {
    return this.becomes(uid, { liveness: 'HEALTHY' });
  }

  /** Does a round after a time, in milliseconds. */
  async pass(afterMs = 0): Promise<void> {
    this.stores.clock.advance(afterMs);
    await this.round?.pass();
  }

  /** Deliveries to the webhook, oldest first. */
  async told(id = 'w1'): Promise<string[]> {
    const { items } = await this.webhooks.deliveries(id, { limit: 1_000 });
    return items.toReversed().map(({ notice: { kind, phase, summary } }) => `${kind} ${phase}: ${summary}`);
  }
}

/** Such rounds for the tests of a file. */
export function useAlertRounds(): AlertRounds {
  const rounds = new AlertRounds();
  beforeEach(() => rounds.begin());
  return rounds;
}
