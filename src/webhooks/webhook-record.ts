import type { AlertKind, AlertPhase } from '../../contract/alerts.js';
import type { Severity } from '../../contract/severity.js';
import type { EpochMs } from '../../contract/states.js';
import type { DeliveryState, WebhookForm, WebhookLine } from '../../contract/webhooks.js';

/** A webhook: an external receiver of alerts. */
export interface WebhookRecord {
  id: string;
  name: string;
  /** Its address, whose path may be secret and is never shown. */
  url: string;
  form: WebhookForm;
  /** The signing secret or, for PagerDuty, the routing key. Never shown again. */
  secret: string;
  /** The secret from before the latest rotation, with which bodies are also signed until then. */
  former?: { secret: string; until: EpochMs };
  /** Kinds of alerts to deliver; empty for all. */
  kinds: AlertKind[];
  /** Labels that a node needs; empty for all nodes, and for alerts about no node. */
  labels: string[];
  /** Minimum severity. */
  severity: Severity;
  createdAt: EpochMs;
  createdBy: string;
  /** Present while raised alerts from before its creation or change are still to be delivered. */
  owed?: true;
}

/** Changes of a webhook. */
export type WebhookChange = {
  [Field in 'name' | 'url' | 'secret' | 'former' | 'kinds' | 'labels' | 'severity' | 'owed']?:
    | WebhookRecord[Field]
    | undefined;
};

/** A notice that an alert was raised or cleared, or a test. */
export interface AlertNotice {
  /** Id of the alert, the same when it is cleared. */
  alert: string;
  kind: AlertKind | 'Test';
  phase: AlertPhase;
  severity: Severity;
  /** When the alert was raised or cleared. */
  at: EpochMs;
  /** When the cause began. */
  since: EpochMs;
  node: { uid: string; name: string } | null;
  labels: Record<string, string>;
  /** Description, one sentence. */
  summary: string;
}

/** One notice for one webhook. */
export interface DeliveryRecord extends WebhookLine {
  /** The webhook-id, by which receivers recognize repetitions. */
  id: string;
  at: EpochMs;
  notice: AlertNotice;
  state: DeliveryState;
  attempts: number;
  nextAttemptAt: EpochMs;
  /** When it is given up. */
  until: EpochMs;
  lastAttemptAt: EpochMs | null;
  /** Outcome of the last attempt, in a few words. */
  answer: string;
  endedAt: EpochMs | null;
}
