import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ALERTS } from '../../contract/alerts.js';
import { asList } from '../../contract/schemas/common.js';
import type { alertListQuerySchema, alertPageSchema, AlertView } from '../../contract/schemas/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import { AlertStore, type AlertRecord } from './alert-store.js';

/** What was raised, for whoever looks instead of being told. */
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
    since: iso(since),
    raisedAt: iso(raisedAt),
    overSince: overSince === null ? null : iso(overSince),
    clearedAt: clearedAt === null ? null : iso(clearedAt),
  };
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}
