import { ExportResultCode, millisToHrTime } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { inTime } from '../mechanics/in-time.js';
import { AuditSink, toAuditText, type AuditLine } from './audit-sink.js';

type LogRecord = Parameters<OTLPLogExporter['export']>[0][number];

/** Timeout including the exporter's retries, in milliseconds. */
const WITHIN_MS = 5_000;
const GRACE_MS = 1_000;
const SCOPE = { name: 'rollcall.audit' };

/** A collector of logs by OTLP over HTTP, with headers from OpenTelemetry's own `OTEL_EXPORTER_OTLP_HEADERS`. */
export class OtlpSink extends AuditSink {
  readonly kind = 'otlp';
  private readonly exporter: OTLPLogExporter;
  private readonly resource = resourceFromAttributes({ 'service.name': 'rollcall' });

  constructor(readonly name: string) {
    super();
    this.exporter = new OTLPLogExporter({ url: name, timeoutMillis: WITHIN_MS });
  }

  async keep(lines: readonly AuditLine[]): Promise<void> {
    const records = lines.map((line) => this.recordOf(line));
    const kept = new Promise<void>((resolve, reject) => {
      this.exporter.export(records, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error('the collector did not take them'));
      });
    });
    await inTime(kept, WITHIN_MS + GRACE_MS, `no answer within ${WITHIN_MS / 1_000} s`);
  }

  private recordOf(line: AuditLine): LogRecord {
    const { kind, id, at, fields } = line;
    const texts = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return {
      hrTime: millisToHrTime(at),
      hrTimeObserved: millisToHrTime(Date.now()),
      severityText: 'INFO',
      eventName: `rollcall.audit.${kind}`,
      // The whole line, as in the file; the attributes are for searches.
      body: toAuditText(line),
      attributes: {
        'rollcall.kind': kind,
        'rollcall.id': id,
        ...Object.fromEntries(texts.map(([key, text]) => [`rollcall.${key}`, text])),
      },
      droppedAttributesCount: 0,
      resource: this.resource,
      instrumentationScope: SCOPE,
    };
  }
}
