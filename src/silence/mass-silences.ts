import { isoTime } from '../../contract/iso-time.js';
import { Injectable, Logger } from '@nestjs/common';
import type { MassSilence } from '../../contract/schemas/cluster.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';
import { Clock } from '../mechanics/clock.js';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { fleetEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { MassSilenceStore, type MassSilenceRecord } from './mass-silence-store.js';

/** How long a reading is reused, in milliseconds. */
const FRESH_FOR_MS = 1_000;

/** How long a scrape waits for the record, in milliseconds, before it reports the last known state. */
const READ_WITHIN_MS = 500;

/** The present mass silence, as people see it, and its release. */
@Injectable()
export class MassSilences {
  private readonly logger = new Logger(MassSilences.name);
  private latest: { at: number; record: Promise<MassSilenceRecord | null> } | undefined;
  private known: MassSilence | null = null;

  constructor(
    private readonly store: MassSilenceStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    const nodes = metrics.gauge(
      'rollcall_mass_silence_nodes',
      'Nodes that are silent together, so that nothing that cannot be undone follows; 0 where there is no mass silence',
    );
    metrics.beforeScrape(async () => {
      await inTime(this.current(), READ_WITHIN_MS, 'late').catch(() => undefined);
      nodes.set(this.known?.silent ?? 0);
    });
  }

  /** The last state that could be read, without waiting for the record. */
  get lastKnown(): MassSilence | null {
    return this.known;
  }

  /** The present mass silence, as of a moment ago; null where there is none. */
  async current(): Promise<MassSilence | null> {
    const now = performance.now();
    if (this.latest === undefined || now - this.latest.at >= FRESH_FOR_MS)
      this.latest = { at: now, record: this.readNow() };
    const record = await this.latest.record;
    return record && shown(record);
  }

  /**
   * Releases the mass silence: its nodes are then judged like any others, lose their sessions, and are removed by RemoveAfter.
   * @throws ProblemError NO_MASS_SILENCE
   */
  async release(reason: string, actor: Actor): Promise<MassSilence> {
    const record = await this.readNow();
    const at = this.clock.now();
    // Nodes that are silent by now belong to it, and do not count for another one before they are heard again.
    const ended = record && (await this.end(record, at, reason, actor));
    if (ended === null)
      throw new ProblemError({
        code: 'NO_MASS_SILENCE',
        detail: 'there is no mass silence to release',
        hint: 'See: rollcall cluster',
      });
    this.latest = undefined;
    this.known = null;
    this.logger.warn({
      msg: 'a mass silence was released: nodes that are silent still lose their sessions',
      silent: ended.silent,
      by: actor.by,
      from: actor.from,
    });
    return shown(ended);
  }

  private end({ id }: MassSilenceRecord, at: EpochMs, reason: string, actor: Actor): Promise<MassSilenceRecord | null> {
    return this.unit.run(async () => {
      const ended = await this.store.end(
        id,
        { at, by: actor.by, judgedUntil: at },
        fleetEvent('MassSilenceReleased', at, actor, reason),
      );
      if (ended !== null) await this.answers.keep(200, () => shown(ended));
      return ended;
    });
  }

  private async readNow(): Promise<MassSilenceRecord | null> {
    try {
      const [record] = await this.store.list();
      const lasting = record?.endedAt === null ? record : null;
      this.known = lasting && shown(lasting);
      return lasting;
    } catch (error) {
      // A failure is not cached.
      this.latest = undefined;
      throw error;
    }
  }
}

function shown({ since, noticedAt, silent, mostSilent, beating, endedAt, endedBy }: MassSilenceRecord): MassSilence {
  return {
    since: isoTime(since),
    noticedAt: isoTime(noticedAt),
    silent,
    mostSilent,
    beating,
    endedAt: endedAt === null ? null : isoTime(endedAt),
    endedBy,
  };
}
