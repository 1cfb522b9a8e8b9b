import { isAsSevere } from '../../contract/severity.js';
import { hasLabel, labelFilter } from '../../contract/labels.js';
import type { DeliveryRecord, AlertNotice, WebhookRecord } from './webhook-record.js';

/** What belongs to no node is in order with the rest of it. */
const FLEET = 'fleet';

/**
 * What each webhook that wants a notice is to be told. Made twice it is the same: ids tell.
 * @param at when it is to be told
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
