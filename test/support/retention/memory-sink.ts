import { AuditSink, type AuditLine, type SinkKind } from '../../../src/retention/audit-sink.js';

/** Keeps lines in memory, or refuses them. */
export class MemorySink extends AuditSink {
  readonly name = 'memory';
  readonly lines: AuditLine[] = [];
  /** Number of lines per call. */
  readonly calls: number[] = [];
  isFull = false;

  constructor(readonly kind: SinkKind = 'file') {
    super();
  }

  keep(lines: readonly AuditLine[]): Promise<void> {
    if (this.isFull) return Promise.reject(new Error('full'));
    this.calls.push(lines.length);
    this.lines.push(...lines);
    return Promise.resolve();
  }

  idsOf(kind: AuditLine['kind']): string[] {
    return this.lines.filter((line) => line.kind === kind).map(({ id }) => id);
  }
}
