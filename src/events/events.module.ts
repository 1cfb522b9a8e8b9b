import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { EventStream } from './event-stream.js';
import { KnownLabels } from './known-labels.js';

/** What happened, as it happens and as it is looked up. */
@Module({ providers: [AuditLog, EventStream, KnownLabels], exports: [AuditLog, EventStream] })
export class EventsModule {}
