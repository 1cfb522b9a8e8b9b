import type { Webhook, WebhookDelivery } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column } from './table.js';

const NOTHING = '-';

export const WEBHOOK_COLUMNS: readonly Column<Webhook>[] = [
  { header: 'ID', cell: (webhook) => webhook.id },
  { header: 'NAME', cell: (webhook) => webhook.name },
  { header: 'FORM', cell: (webhook) => webhook.form },
  { header: 'URL', cell: (webhook) => webhook.url },
  { header: 'ALERTS', cell: ({ kinds }) => kinds.join(',') || 'all' },
  { header: 'FROM', cell: (webhook) => webhook.severity },
  { header: 'LABELS', cell: ({ labels }) => labels.join(',') || NOTHING },
];

/** Additional columns of `-o wide`. */
export function wideWebhookColumns(now: EpochMs): readonly Column<Webhook>[] {
  return [
    ...WEBHOOK_COLUMNS,
    { header: 'BY', cell: (webhook) => webhook.createdBy },
    { header: 'AGE', cell: ({ createdAt }) => formatAge(createdAt, now) },
    { header: 'FORMER SECRET UNTIL', cell: ({ formerUntil }) => formerUntil ?? NOTHING },
  ];
}

const STYLES = { PENDING: 'yellow', DELIVERED: 'green', DEAD: 'red' } as const;

export function deliveryColumns(now: EpochMs): readonly Column<WebhookDelivery>[] {
  return [
    { header: 'AGE', cell: ({ at }) => formatAge(at, now) },
    { header: 'STATE', cell: ({ state }) => state, style: ({ state }) => STYLES[state] },
    { header: 'ALERT', cell: ({ alert }) => `${alert.kind} ${alert.phase}` },
    { header: 'NODE', cell: ({ node }) => node ?? NOTHING },
    { header: 'TRIES', cell: ({ attempts }) => String(attempts) },
    { header: 'ANSWER', cell: ({ answer }) => answer || NOTHING },
  ];
}

/** Additional columns of `-o wide`. */
export function wideDeliveryColumns(now: EpochMs): readonly Column<WebhookDelivery>[] {
  return [
    { header: 'ID', cell: ({ id }) => id },
    ...deliveryColumns(now),
    {
      header: 'NEXT',
      cell: ({ nextAttemptAt }) => nextAttemptAt ?? NOTHING,
    },
  ];
}
