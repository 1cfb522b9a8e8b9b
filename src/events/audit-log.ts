import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AUDITED_EVENTS, type AuditedEventType } from '../../contract/audit.js';
import { isoTime } from '../../contract/iso-time.js';
import type { auditEventSchema, auditPageSchema, auditQuerySchema } from '../../contract/schemas/audit.js';
import { EventStore, type RecordedEvent } from '../record/event-store.js';

/** The audit: decisions and events of tokens. Entries never change, and are deleted only when their retention ends (Orchestrator.Retention.Audit). */
@Injectable()
export class AuditLog {
  constructor(private readonly events: EventStore) {}

  /** @throws BadCursor */
  async list({
    type = [...AUDITED_EVENTS],
    since,
    until,
    order,
    ...query
  }: z.output<typeof auditQuerySchema>): Promise<z.infer<typeof auditPageSchema>> {
    const { items, nextCursor } = await this.events.audit({
      ...query,
      types: Array.isArray(type) ? type : [type],
      since: since === undefined ? undefined : Date.parse(since),
      until: until === undefined ? undefined : Date.parse(until),
      oldestFirst: order === 'oldest',
    });
    return { items: items.map(shown), nextCursor };
  }
}

function shown({
  id,
  at,
  type,
  node,
  uid,
  token = null,
  by,
  byId = null,
  reason,
  from,
}: RecordedEvent): z.infer<typeof auditEventSchema> {
  return {
    id,
    at: isoTime(at),
    type: type as AuditedEventType,
    node,
    uid,
    token,
    by,
    byId,
    reason,
    from,
  };
}
