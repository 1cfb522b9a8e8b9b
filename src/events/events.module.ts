import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { EventStream } from './event-stream.js';
import { KnownLabels } from './known-labels.js';

/** The stream of events, and the audit. */
@Module({ providers: [AuditLog, EventStream, KnownLabels], exports: [AuditLog, EventStream] })
export class EventsModule {}
