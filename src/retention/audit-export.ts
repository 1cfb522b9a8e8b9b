import { Inject, Injectable } from '@nestjs/common';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { Clock } from '../mechanics/clock.js';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import type { RecordedEvent } from '../record/event-store.js';
import { toAuditText, type AuditLine, type AuditSink, type SinkKind } from './audit-sink.js';
import { RetentionStore } from './retention-store.js';

/** Injection token of this process's sinks. */
export const AUDIT_SINKS = Symbol('AuditSinks');

/** Maximum number of events per pass. */
const AT_ONCE = 500;
/** Maximum length of the lines per call of a sink, in characters; a single line may be longer. Collectors accept at least 4 MB. */
const PORTION_LENGTH = 1_000_000;
/** Time limit of a count, in milliseconds: less than Prometheus waits by default. */
const COUNTED_WITHIN_MS = 5_000;

/** Exports every event to the sinks at least once, roughly in order of time. */
@Injectable()
export class AuditExport {
  private missing: readonly SinkKind[] = [];

  constructor(
    private readonly record: RetentionStore,
    @Inject(ClusterIdentity) private readonly cluster: Pick<ClusterIdentity, 'id'>,
    @Inject(AUDIT_SINKS) private readonly sinks: readonly AuditSink[],
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    const waiting = metrics.gauge(
      'rollcall_unexported_events',
      'Events of the audit that its sinks do not have yet; 10000 stands for all above, and without a sink there are none',
    );
    const oldest = metrics.gauge(
      'rollcall_oldest_unexported_event_seconds',
      'How long ago the oldest of them happened; 0 where there is none',
    );
    metrics.gauge(
      'rollcall_audit_sinks_missing',
      'Kinds of sinks that other workers have and this one lacks: while there is one, it exports and deletes nothing',
      { read: () => this.missing.length },
    );
    metrics.beforeScrape(async () => {
      try {
        const { count, oldestMs } = await inTime(this.backlog(), COUNTED_WITHIN_MS, 'late');
        waiting.set(count);
        oldest.set(oldestMs / 1_000);
      } catch {
        // Without the database, metrics of the process are still served.
        for (const gauge of [waiting, oldest]) gauge.remove();
      }
    });
  }

  /**
   * Announces this worker's sinks to the others.
   * @returns kinds of sinks that others have and this one lacks: its exports would count as received by those too
   */
  async compare(): Promise<readonly SinkKind[]> {
    const ours = this.sinks.map(({ kind }) => kind);
    this.missing = (await this.record.announceSinks(ours)).filter((kind) => !ours.includes(kind));
    return this.missing;
  }

  /** Whether events have to be exported before they are deleted. */
  get isNeeded(): boolean {
    return this.sinks.length > 0;
  }

  private async backlog(): Promise<{ count: number; oldestMs: number }> {
    if (!this.isNeeded && this.missing.length === 0) return { count: 0, oldestMs: 0 };
    const { count, oldestAt } = await this.record.backlog();
    return { count, oldestMs: oldestAt === null ? 0 : Math.max(0, this.clock.now() - oldestAt) };
  }

  /**
   * Exports a batch of events.
   * @returns whether there is more to do
   * @throws Error where a sink fails
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
    for (const portion of portionsOf(ours))
      for (const sink of this.sinks)
        await sink.keep(portion).catch((error: unknown) => {
          throw new Error(`${sink.name}: ${(error as Error).message}`, { cause: error });
        });
  }
}

/** Splits lines into calls that collectors accept. A single line may be large: a drain set of a large fleet takes a megabyte or two. */
function portionsOf(lines: readonly AuditLine[]): AuditLine[][] {
  const portions: AuditLine[][] = [];
  let size = Infinity;
  for (const line of lines) {
    const { length } = toAuditText(line);
    if (size + length > PORTION_LENGTH) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(line);
    size += length;
  }
  return portions;
}

function lineOf({ id, at, type, node, uid, token = null, by, byId = null, reason, from }: RecordedEvent): AuditLine {
  return { kind: 'event', id, at, fields: { type, node, uid, token, by, byId, reason, from } };
}
