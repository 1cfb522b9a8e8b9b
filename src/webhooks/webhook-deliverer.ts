import { Injectable, Logger } from '@nestjs/common';
import type { DeliveryStep, WebhookPorts } from '../../activities/webhook-activities.js';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import { DELIVERY_OUTCOMES, type DeliveryOutcome, type WebhookLine } from '../../contract/webhooks.js';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { ROLLCALL_VERSION } from '../process/program.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { pauseBeforeRetry } from './delivery-pace.js';
import { guardedPost } from './guarded-post.js';
import { webhookBody } from './webhook-body.js';
import type { DeliveryRecord, WebhookRecord } from './webhook-record.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { signedHeaders } from './webhook-signature.js';
import { WebhookStore } from './webhook-store.js';

/** Maximum number of a worker's delivery slots per webhook, so that a hanging receiver leaves slots for others. */
const AT_ONCE_EACH = 4;
const BUSY_AGAIN_MS = 2_000;
/** Status by which a receiver declines further attempts. */
const GONE = 410;

interface Outcome {
  answer: string;
  isTaken: boolean;
  isFinal?: boolean;
  retryAfter?: string | undefined;
}

/** Makes single attempts at deliveries. */
@Injectable()
export class WebhookDeliverer implements WebhookPorts {
  private readonly logger = new Logger(WebhookDeliverer.name);
  private readonly busy = new Map<string, number>();
  private readonly settings: Config['Orchestrator']['Webhooks'];
  private readonly outcomes: Readonly<Record<DeliveryOutcome, Count>>;

  constructor(
    private readonly store: WebhookStore,
    private readonly secrets: WebhookSecrets,
    private readonly cluster: ClusterIdentity,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
    metrics: MetricRegistry,
  ) {
    this.settings = Orchestrator.Webhooks;
    this.outcomes = metrics.counts(
      'rollcall_webhook_attempts_total',
      'Attempts to tell webhooks, by what became of them: delivered, failed and tried again, given up',
      'outcome',
      DELIVERY_OUTCOMES,
    );
  }

  async deliverFirst(line: WebhookLine): Promise<DeliveryStep> {
    const [webhook, delivery] = await Promise.all([this.store.find(line.webhook), this.store.first(line)]);
    // Deletes deliveries that were written while the webhook was being deleted.
    if (webhook === null) await this.store.remove(line.webhook);
    if (webhook === null || delivery === null) return { is: 'empty' };
    const now = this.clock.now();
    if (delivery.nextAttemptAt > now) return { is: 'later', afterMs: delivery.nextAttemptAt - now };
    const taken = this.busy.get(webhook.id) ?? 0;
    if (taken >= AT_ONCE_EACH) return { is: 'later', afterMs: BUSY_AGAIN_MS };
    this.busy.set(webhook.id, taken + 1);
    try {
      return await this.settle(delivery, await this.tell(webhook, delivery, now));
    } finally {
      const left = (this.busy.get(webhook.id) ?? 1) - 1;
      if (left > 0) this.busy.set(webhook.id, left);
      else this.busy.delete(webhook.id);
    }
  }

  private async tell(stored: WebhookRecord, { id, notice }: DeliveryRecord, at: EpochMs): Promise<Outcome> {
    const cluster = await this.cluster.id();
    try {
      const webhook = this.secrets.opened(stored);
      const { contentType, text } = webhookBody(webhook, notice, cluster);
      const signed = webhook.form === 'pagerduty' ? {} : signedHeaders(secretsOf(webhook, at), id, at, text);
      const { status, retryAfter } = await guardedPost({
        url: webhook.url,
        headers: { 'content-type': contentType, 'user-agent': `Rollcall/${ROLLCALL_VERSION}`, ...signed },
        body: text,
        timeoutMs: this.settings.Timeout,
        allowPrivate: this.settings.AllowPrivate,
      });
      const isRedirect = status >= 300 && status < 400;
      const answer = isRedirect ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`;
      return { answer, isTaken: status >= 200 && status < 300, isFinal: status === GONE, retryAfter };
    } catch (error) {
      return { answer: (error as Error).message, isTaken: false };
    }
  }

  private async settle(delivery: DeliveryRecord, outcome: Outcome): Promise<DeliveryStep> {
    const { answer, isTaken, isFinal = false, retryAfter } = outcome;
    const at = this.clock.now();
    const nextAttemptAt = at + pauseBeforeRetry(delivery.attempts + 1, this.settings.FirstRetry, retryAfter);
    const isDead = !isTaken && (isFinal || nextAttemptAt > delivery.until);
    const state = isTaken ? 'DELIVERED' : isDead ? 'DEAD' : 'PENDING';
    await this.store.attempted(delivery.id, { at, answer, state, nextAttemptAt });
    this.outcomes[isTaken ? 'delivered' : isDead ? 'dead' : 'failed'].inc();
    if (isDead)
      this.logger.warn({ msg: 'a webhook was not told: given up', webhook: delivery.webhook, id: delivery.id, answer });
    return state === 'PENDING' ? { is: 'later', afterMs: nextAttemptAt - at } : { is: 'over' };
  }
}

/** The secrets to sign with, the current one first. */
function secretsOf({ secret, former }: WebhookRecord, at: EpochMs): string[] {
  return former !== undefined && former.until > at ? [secret, former.secret] : [secret];
}
