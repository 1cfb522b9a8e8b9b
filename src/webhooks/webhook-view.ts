import { isoTime } from '../../contract/iso-time.js';
import type { DeliveryView, WebhookView } from '../../contract/schemas/webhooks.js';
import type { EpochMs } from '../../contract/states.js';
import type { DeliveryRecord, WebhookRecord } from './webhook-record.js';

/**
 * A webhook as administrators see it, without its secret and the path of its address, which is the secret of many receivers.
 * @param webhook without an address where that cannot be read
 */
export function webhookView(
  webhook: Omit<WebhookRecord, 'url'> & { url: string | undefined },
  now: EpochMs,
): WebhookView {
  const { id, name, url, form, kinds, labels, severity, createdAt, createdBy, former } = webhook;
  return {
    ...{ id, name, form, kinds, labels, severity, createdBy },
    url: url === undefined ? 'not readable: its key is missing' : beginningOf(url),
    createdAt: isoTime(createdAt),
    formerUntil: former !== undefined && former.until > now ? isoTime(former.until) : null,
  };
}

function beginningOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? origin : `${origin}/…`;
}

export function deliveryView(delivery: DeliveryRecord): DeliveryView {
  const { id, at, state, notice, attempts, lastAttemptAt, answer, nextAttemptAt } = delivery;
  const { kind, phase, severity, summary, node } = notice;
  return {
    ...{ id, state, attempts, answer },
    at: isoTime(at),
    alert: { kind, phase, severity, summary },
    node: node?.name ?? null,
    lastAttemptAt: lastAttemptAt === null ? null : isoTime(lastAttemptAt),
    nextAttemptAt: state === 'PENDING' ? isoTime(nextAttemptAt) : null,
  };
}
