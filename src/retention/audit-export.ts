import { Inject, Injectable } from '@nestjs/common';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import type { RecordedEvent } from '../record/event-store.js';
import type { AuditLine, AuditSink } from './audit-sink.js';
import { RetentionStore } from './retention-store.js';

/** What the sinks of this process are provided under. */
export const AUDIT_SINKS = Symbol('AuditSinks');

/** In one call of a sink. */
const AT_ONCE = 500;

/** Gives every event to the sinks, in about the order in which they happened; each once at least. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly record: RetentionStore,
    @Inject(ClusterIdentity) private readonly cluster: Pick<ClusterIdentity, 'id'>,
    @Inject(AUDIT_SINKS) private readonly sinks: readonly AuditSink[],
  ) {}

  /** Whether nothing may go before it has been kept. */
  get isNeeded(): boolean {
    return this.sinks.length > 0;
  }

  /**
   * @returns whether there is more to do
   * @throws Error where a sink does not keep them
   */
  async pass(): Promise<boolean> {
    if (!this.isNeeded) return false;
    const events = await this.record.unexported(AT_ONCE);
    if (events.length === 0) return false;
    await this.keep(events.map(lineOf));
    await this.record.markExported(events.map(({ id }) => id));
    return events.length === AT_ONCE;
  }

  /** @throws Error that names the sink */
  async keep(lines: readonly AuditLine[]): Promise<void> {
    if (lines.length === 0) return;
    const cluster = await this.cluster.id();
    const ours = lines.map((line) => ({ ...line, fields: { cluster, ...line.fields } }));
    for (const sink of this.sinks)
      await sink.keep(ours).catch((error: unknown) => {
        throw new Error(`${sink.name}: ${(error as Error).message}`, { cause: error });
      });
  }
}

function lineOf({ id, at, type, node, uid, token = null, by, byId = null, reason, from }: RecordedEvent): AuditLine {
  return { kind: 'event', id, at, fields: { type, node, uid, token, by, byId, reason, from } };
}
