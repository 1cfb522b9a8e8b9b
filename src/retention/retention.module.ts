import { Logger, Module } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { CONFIG } from '../process/config.js';
import { ServiceLog } from '../process/service-log.js';
import { AUDIT_SINKS, AuditExport } from './audit-export.js';
import type { AuditSink } from './audit-sink.js';
import { Expiry } from './expiry.js';
import { FileSink } from './file-sink.js';
import { Retention } from './retention.js';

/** Exports the audit, and deletes old records. */
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

async function sinksOf({ Orchestrator }: Config): Promise<AuditSink[]> {
  const { File, FileMaxMB, OTLPEndpoint } = Orchestrator.Audit;
  const sinks: AuditSink[] = File === undefined ? [] : [new FileSink(File, FileMaxMB)];
  if (OTLPEndpoint === undefined) return sinks;
  // OpenTelemetry's packages are loaded only where a collector is configured.
  const { OtlpSink } = await import('./otlp-sink.js');
  return [...sinks, new OtlpSink(OTLPEndpoint)];
}
