import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { EventStream } from './event-stream.js';

/** What happened, as it happens and as it is looked up. */
@Module({ providers: [AuditLog, EventStream], exports: [AuditLog, EventStream] })
export class EventsModule {}
