import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AUDITED_EVENTS, type AuditedEventType } from '../../contract/audit.js';
import { isoTime } from '../../contract/iso-time.js';
import type { auditEventSchema, auditPageSchema, auditQuerySchema } from '../../contract/schemas/audit.js';
import { EventStore, type RecordedEvent } from '../record/event-store.js';

/** Who decided what, and what became of every token. It can be read; nothing but its age deletes it (Orchestrator.Retention.Audit), and nothing changes it. */
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
