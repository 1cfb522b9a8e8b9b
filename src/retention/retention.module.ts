import { Logger, Module } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { CONFIG } from '../process/config.js';
import { ServiceLog } from '../process/service-log.js';
import { AUDIT_SINKS, AuditExport } from './audit-export.js';
import type { AuditSink } from './audit-sink.js';
import { Expiry } from './expiry.js';
import { FileSink } from './file-sink.js';
import { OtlpSink } from './otlp-sink.js';
import { Retention } from './retention.js';

/** Keeps the audit outside of MongoDB, and deletes from MongoDB what is old. */
@Module({
  providers: [
    Retention,
    Expiry,
    AuditExport,
    { provide: ServiceLog, useFactory: () => new Logger(Retention.name) },
    { provide: AUDIT_SINKS, useFactory: sinksOf, inject: [CONFIG] },
  ],
})
export class RetentionModule {}

function sinksOf({ Orchestrator }: Config): AuditSink[] {
  const { File, FileMaxMB, OTLPEndpoint } = Orchestrator.Audit;
  return [
    ...(File === undefined ? [] : [new FileSink(File, FileMaxMB)]),
    ...(OTLPEndpoint === undefined ? [] : [new OtlpSink(OTLPEndpoint)]),
  ];
}
