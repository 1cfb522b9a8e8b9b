import type { AlertKind, AlertPhase } from '../../contract/alerts.js';
import type { Severity } from '../../contract/severity.js';
import type { EpochMs } from '../../contract/states.js';
import type { DeliveryState, WebhookForm, WebhookLine } from '../../contract/webhooks.js';

/** Somebody outside who is told of alerts. */
export interface WebhookRecord {
  id: string;
  name: string;
  /** Its path may be as secret as the secret: it is never shown whole. */
  url: string;
  form: WebhookForm;
  /** By which bodies are signed or, for PagerDuty, the routing key. Never shown again. */
  secret: string;
  /** The secret from before the latest rotation: until then bodies are signed with it, too. */
  former?: { secret: string; until: EpochMs };
  /** Of which alerts; empty: of all. */
  kinds: AlertKind[];
  /** Of nodes that have all of these; empty: of all, and of what belongs to no node. */
  labels: string[];
  /** At least so severe. */
  severity: Severity;
  createdAt: EpochMs;
  createdBy: string;
  /** It wants alerts that were raised before it did, and was not told of them yet. */
  owed?: true;
}

/** What can be changed of a webhook. */
export type WebhookChange = {
  [Field in 'name' | 'url' | 'secret' | 'former' | 'kinds' | 'labels' | 'severity' | 'owed']?:
    | WebhookRecord[Field]
    | undefined;
};

/** What somebody is told: that an alert was raised or cleared, or that it is a test. */
export interface AlertNotice {
  /** Of the alert: the same when it is cleared. */
  alert: string;
  kind: AlertKind | 'Test';
  phase: AlertPhase;
  severity: Severity;
  /** When the alert was raised or cleared. */
  at: EpochMs;
  /** Since when it is so. */
  since: EpochMs;
  node: { uid: string; name: string } | null;
  labels: Record<string, string>;
  /** One sentence. */
  summary: string;
}

/** One notice for one webhook. */
export interface DeliveryRecord extends WebhookLine {
  /** The receiver knows repetitions by it. */
  id: string;
  at: EpochMs;
  notice: AlertNotice;
  state: DeliveryState;
  attempts: number;
  nextAttemptAt: EpochMs;
  /** Given up then. */
  until: EpochMs;
  lastAttemptAt: EpochMs | null;
  /** To the last attempt, in a few words. */
  answer: string;
  endedAt: EpochMs | null;
}
