import { isAsSevere } from '../../contract/severity.js';
import { hasLabel, labelFilter } from '../../contract/labels.js';
import type { DeliveryRecord, AlertNotice, WebhookRecord } from './webhook-record.js';

/** The line of alerts that are about no node. */
const FLEET = 'fleet';

/**
 * Deliveries of a notice to the webhooks that want it. Ids are derived, so repeated calls yield the same deliveries.
 * @param at time of the delivery
 */
export function deliveriesOf(
  notice: AlertNotice,
  webhooks: readonly WebhookRecord[],
  giveUpAfterMs: number,
  at = notice.at,
): DeliveryRecord[] {
  return webhooks
    .filter((webhook) => wants(webhook, notice))
    .map((webhook) => deliveryOf(notice, webhook, giveUpAfterMs, at));
}

export function deliveryOf(
  notice: AlertNotice,
  { id }: Pick<WebhookRecord, 'id'>,
  giveUpAfterMs: number,
  at = notice.at,
): DeliveryRecord {
  return {
    id: `msg_${notice.alert}_${notice.phase}_${id}`,
    webhook: id,
    about: notice.node?.uid ?? FLEET,
    ...{ at, notice, state: 'PENDING', attempts: 0, nextAttemptAt: at, until: at + giveUpAfterMs },
    ...{ lastAttemptAt: null, answer: '', endedAt: null },
  };
}

function wants({ kinds, labels, severity }: WebhookRecord, notice: AlertNotice): boolean {
  if (notice.kind !== 'Test' && kinds.length > 0 && !kinds.includes(notice.kind)) return false;
  if (!isAsSevere(notice.severity, severity)) return false;
  return labels.map(labelFilter).every((label) => hasLabel(notice.labels, label));
}
