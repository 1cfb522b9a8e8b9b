import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { MassSilencePort } from '../../activities/ports.js';
import { isoTime } from '../../contract/iso-time.js';
import { isOver, type MassSilenceRule, type Silence } from '../../contract/mass-silence.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { ServiceLog } from '../process/service-log.js';
import { fleetEvent } from '../record/node-event.js';
import { findMassSilence } from './find-mass-silence.js';
import { MassSilenceStore, type LastHeard, type MassSilenceRecord } from './mass-silence-store.js';
import { overlap } from '../mechanics/stretch.js';

/** How long a look is reused, in milliseconds. */
const FRESH_FOR_MS = 500;
/** Maximum share of the time that is spent on counting nodes. */
const COUNTING_SHARE = 0.05;
/** Overlap of consecutive searches, in milliseconds, since heartbeats are written in bulk. */
const OVERLAP_MS = 30_000;

/** How long after a release its nodes are told, in milliseconds; their own timers also notice, within minutes. */
const RELEASED_OF_LATE_MS = 600_000;

/** Injection token of the rule in force. */
export const MASS_SILENCE_RULE = Symbol('MassSilenceRule');

/** Access to blind spots. */
export abstract class Blindness {
  /** The latest last heartbeat of a node that counts as silent for `timeoutMs`, not counting blind time. */
  abstract latestSilent(now: EpochMs, timeoutMs: number): Promise<EpochMs>;
}

/**
 * Detects when so many nodes fall silent together that the cause is probably in front of the api, and when that is over. Decides by the record
 * alone and records its findings, so that all workers agree. See docs/adr/0024.
 */
@Injectable()
export class MassSilenceWatch implements MassSilencePort {
  private latest: { at: number; records: Promise<MassSilenceRecord[]> } | undefined;
  /** Time up to which this process has searched silences. */
  private searchedUntil: EpochMs | undefined;
  /** Time of the next count by the monotonic clock, in milliseconds. */
  private nextCount = 0;

  constructor(
    private readonly store: MassSilenceStore,
    private readonly blindness: Blindness,
    @Inject(MASS_SILENCE_RULE) private readonly rule: MassSilenceRule,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Looks for a mass silence, or for the end of the present one.
   * @param timeoutMs the silence after which a node is UNHEALTHY at present, in milliseconds
   */
  async look(timeoutMs: number): Promise<readonly MassSilenceRecord[]> {
    const now = performance.now();
    if (this.latest === undefined || now - this.latest.at >= FRESH_FOR_MS) {
      const latest = { at: now, records: this.lookNow(timeoutMs) };
      this.latest = latest;
      latest.records.catch(() => {
        // A failure is not cached.
        if (this.latest === latest) this.latest = undefined;
      });
    }
    return this.latest.records;
  }

  /** Like {@link look}, for the sweeper. @returns whether a person has released one recently */
  async watch(timeoutMs: number): Promise<boolean> {
    const [latest] = await this.look(timeoutMs);
    return (
      latest?.endedBy != null &&
      latest.endedBy !== SYSTEM &&
      this.clock.now() - (latest.endedAt ?? 0) < RELEASED_OF_LATE_MS
    );
  }

  /** Time within mass silences, in milliseconds, without those that a person released. */
  async heldSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number> {
    const records = await this.look(disconnectTimeoutMs);
    const now = this.clock.now();
    const held = records
      .filter(({ endedBy }) => endedBy === null || endedBy === SYSTEM)
      .map(({ since, endedAt }) => ({ from: since, to: endedAt ?? now }));
    return overlap(held, { from, to: now });
  }

  private async lookNow(timeoutMs: number): Promise<MassSilenceRecord[]> {
    const records = await this.store.list();
    const began = performance.now();
    if (began < this.nextCount) return records;
    const [latest] = records;
    const until = await this.blindness.latestSilent(this.clock.now(), timeoutMs);
    const isNew =
      latest?.endedAt === null
        ? await this.follow(latest, until)
        : await this.search(latest?.judgedUntil ?? 0, until, timeoutMs);
    const ended = performance.now();
    this.nextCount = ended + (ended - began) / COUNTING_SHARE;
    return isNew ? this.store.list() : records;
  }

  /** @returns whether one was found */
  private async search(judgedUntil: EpochMs, until: EpochMs, timeoutMs: number): Promise<boolean> {
    const { searchedUntil } = this;
    // The first search covers all silences without a consequence so far, later ones what has been added since.
    const nodes: LastHeard =
      searchedUntil === undefined
        ? { after: judgedUntil, until, still: ['HEALTHY', 'UNHEALTHY'] }
        : { after: Math.max(judgedUntil, Math.min(searchedUntil, until) - timeoutMs - OVERLAP_MS), until };
    const lastHeard = await this.store.lastHeard(nodes, this.rule.atLeast);
    const found =
      lastHeard.length === 0
        ? undefined
        : findMassSilence(lastHeard, await this.store.countHeardAfter(until), timeoutMs, this.rule);
    this.searchedUntil = until;
    if (found === undefined) return false;
    const { since, silent, beating } = found;
    const noticedAt = this.clock.now();
    const began: MassSilenceRecord = {
      id: randomUUID(),
      since,
      noticedAt,
      silent,
      beating,
      mostSilent: silent,
      endedAt: null,
      endedBy: null,
      judgedUntil: null,
    };
    const reason = `${silent} of ${beating} nodes silent since ${isoTime(since)}: sessions and nodes are kept until most are heard again, or it is released`;
    if (await this.store.begin(began, fleetEvent('MassSilenceBegan', noticedAt, { by: SYSTEM, from: null }, reason))) {
      this.log.warn({
        msg: 'so many nodes are silent together that the cause is likelier before the api than in them: no session is given up and no node removed for silence',
        silent,
        beating,
        since: isoTime(since),
      });
    }
    return true;
  }

  /** @returns whether the mass silence changed */
  private async follow(mass: MassSilenceRecord, until: EpochMs): Promise<boolean> {
    // With 0, nodes are always looked up: also a small number matters, since the mass silence may be over.
    const silent = (await this.store.lastHeard({ after: mass.since - 1, until }, 0)).length;
    const silence: Silence = { silent, beating: silent + (await this.store.countHeardAfter(until)) };
    if (!isOver(silence, mass.mostSilent, this.rule)) {
      if (silent === mass.silent && silence.beating === mass.beating) return false;
      await this.store.note(mass.id, silence);
      return true;
    }
    const at = this.clock.now();
    const reason = `${silent} of ${silence.beating} nodes are silent still, of ${mass.mostSilent}`;
    const ended = await this.store.end(
      mass.id,
      { at, by: SYSTEM, judgedUntil: until },
      fleetEvent('MassSilenceEnded', at, { by: SYSTEM, from: null }, reason),
    );
    if (ended !== null)
      this.log.log({
        msg: 'most nodes are heard again: silence has its consequences as ever',
        ...silence,
        lastedMs: at - mass.since,
      });
    // Nodes that fall silent from now on are subject to a new search.
    this.searchedUntil = until;
    return true;
  }
}
