import { isoTime } from '../../contract/iso-time.js';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ALERTS } from '../../contract/alerts.js';
import { asList } from '../../contract/schemas/common.js';
import type { alertListQuerySchema, alertPageSchema, AlertView } from '../../contract/schemas/alerts.js';
import { AlertStore, type AlertRecord } from './alert-store.js';

/** Lists alerts, with and without webhooks. */
@Injectable()
export class AlertReader {
  constructor(private readonly alerts: AlertStore) {}

  /** @throws BadCursor */
  async list({ kind, ...page }: z.output<typeof alertListQuerySchema>): Promise<z.infer<typeof alertPageSchema>> {
    const { items, nextCursor } = await this.alerts.list({ ...page, kinds: asList(kind) });
    return { items: items.map(alertView), nextCursor };
  }
}

function alertView({ id, kind, name, isNode, labels, what, ...times }: AlertRecord): AlertView {
  const { since, raisedAt, overSince, clearedAt } = times;
  return {
    ...{ id, kind, labels, subject: name, summary: what },
    severity: ALERTS[kind].severity,
    phase: clearedAt === null ? 'raised' : 'cleared',
    node: isNode ? name : null,
    since: isoTime(since),
    raisedAt: isoTime(raisedAt),
    overSince: overSince === null ? null : isoTime(overSince),
    clearedAt: clearedAt === null ? null : isoTime(clearedAt),
  };
}
