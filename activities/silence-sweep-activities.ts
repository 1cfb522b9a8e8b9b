import { pacedIntervalMs, stretchedTimeoutMs, type HeartbeatPacing } from '../contract/heartbeat-pace.js';
import type { LivenessPolicy } from '../contract/lifecycle.js';
import type { EpochMs, Liveness } from '../contract/states.js';
import type { ActivityPulse } from './activity-pulse.js';
import { SilenceTelling } from './silence-telling.js';

/** From one pass's begin to the next one's, in milliseconds. */
const SWEEP_EVERY_MS = 1_000;
/** Between two passes at least, in milliseconds, where MongoDB takes its time. */
const REST_AT_LEAST_MS = 200;
/** A sweep ends after so many passes, so that Temporal sees that it gets on. */
const PASSES = 600;
/** How far each pass looks back behind the one before: heartbeats are written in bulk, and a signal may have been lost. In milliseconds. */
const OVERLAP_MS = 30_000;

/** A node that the record shows silent and not judged so. */
export interface SilentNode {
  uid: string;
  name: string;
}

/** Nodes last heard of after `after` and not after `until`, whose record calls them one of `still`; of those, the ones whose uid sorts behind `beyond`. */
export interface SilenceSearch {
  after: EpochMs;
  until: EpochMs;
  still: readonly Liveness[];
  beyond: string;
}

export interface SilenceSweepPorts {
  silence: {
    now(): EpochMs;
    /** How long, since this moment, no api replica was recording heartbeats, in milliseconds. */
    blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number>;
    /** How many nodes there are, roughly. */
    fleetSize(): Promise<number>;
    /** The first of them, by uid; where it is not all of them, `more` is true. */
    find(search: SilenceSearch): Promise<{ nodes: SilentNode[]; more: boolean }>;
    /** Nodes whose sessions are kept since a mass silence speaks for them: some thousands at most. */
    findHeld(): Promise<SilentNode[]>;
  };
  /**
   * Looks for a mass silence, and for its end.
   * @returns whether a person has released one of late, so that what was held is to be judged
   */
  watchForMassSilence: (disconnectTimeoutMs: number) => Promise<boolean>;
  /**
   * Tells a lifecycle that it is to look now.
   * @returns false where this one does not take it
   * @throws where Temporal does not answer
   */
  notice: (node: SilentNode) => Promise<boolean>;
  pulse: ActivityPulse;
  policy: () => LivenessPolicy;
  pacing: HeartbeatPacing;
}

export interface SilenceSweepActivities {
  /** Sweeps the fleet for silent nodes once a second, for some minutes. */
  sweepForSilence(): Promise<void>;
}

export function createSilenceSweepActivities({
  silence,
  watchForMassSilence,
  notice,
  pulse,
  policy,
  pacing,
}: SilenceSweepPorts): SilenceSweepActivities {
  return {
    async sweepForSilence() {
      const told = (pulse.progress() ?? {}) as SweepProgress;
      const unhealthy = new Frontier(['HEALTHY'], told.unhealthy);
      const unknown = new Frontier(['HEALTHY', 'UNHEALTHY'], told.unknown);
      const progress = (): SweepProgress => ({ unhealthy: unhealthy.progress, unknown: unknown.progress });
      const telling = new SilenceTelling(notice, () => pulse.beat(progress()));
      const patience = new Patience();
      for (let pass = 0; pass < PASSES; pass += 1) {
        const { disconnectTimeoutMs: configuredMs, unknownTimeoutMs } = policy();
        const toldMs = pacedIntervalMs(pacing, await silence.fleetSize());
        const now = silence.now();
        const disconnectTimeoutMs = patience.longest(stretchedTimeoutMs(configuredMs, pacing.intervalMs, toldMs), now);
        // Before anybody is told of a silence: what follows from one depends on it.
        const isReleased = await watchForMassSilence(disconnectTimeoutMs);
        const latestSilent = async (timeoutMs: number) => {
          // Blindness counts from a node's last heartbeat on: what was before it delays nobody's discovery.
          const blindMs = await silence.blindSince(now - timeoutMs, configuredMs);
          return (
            now - timeoutMs - (blindMs === 0 ? 0 : await silence.blindSince(now - timeoutMs - blindMs, configuredMs))
          );
        };
        const sweep = async (frontier: Frontier, timeoutMs: number) => {
          frontier.advance(await latestSilent(timeoutMs));
          for (let search = frontier.next; search !== undefined; search = frontier.next) {
            const { nodes, more } = await silence.find(search);
            await telling.tell(nodes, now, ({ uid }) => frontier.tell(uid));
            if (!more) frontier.finish();
          }
        };
        await telling.tellAgain(now);
        if (isReleased) await telling.tell(await silence.findHeld(), now);
        await sweep(unhealthy, disconnectTimeoutMs);
        await sweep(unknown, disconnectTimeoutMs + unknownTimeoutMs);
        // A clock that is set back makes no pass longer.
        await pulse.rest(
          Math.min(SWEEP_EVERY_MS, Math.max(REST_AT_LEAST_MS, now + SWEEP_EVERY_MS - silence.now())),
          progress(),
        );
      }
    },
  };
}

/**
 * The timeout for a fleet whose pace changes. When it becomes shorter, nodes that were told the longer interval still keep
 * to that one: until the longer timeout has passed since it was in force, it holds, and none that obeys is noticed.
 */
class Patience {
  #longest: { timeoutMs: number; inForceAt: EpochMs } | undefined;

  longest(timeoutMs: number, now: EpochMs): number {
    const known = this.#longest;
    if (known !== undefined && timeoutMs < known.timeoutMs && now < known.inForceAt + known.timeoutMs)
      return known.timeoutMs;
    this.#longest = { timeoutMs, inForceAt: now };
    return timeoutMs;
  }
}

/** What a try of the sweep says of how far it has come, so that the next one tells nobody again. */
interface SweepProgress {
  unhealthy?: FrontierProgress | undefined;
  unknown?: FrontierProgress | undefined;
}

interface FrontierProgress {
  after: EpochMs;
  until: EpochMs;
  /** All up to this uid were told; absent once all were. */
  beyond?: string;
}

/**
 * How far into the past a search has come: the first takes all of it, those that follow what came into it since. Where there
 * are more than are found or told at once, it stays where it is until all of them were.
 */
class Frontier {
  constructor(
    private readonly still: readonly Liveness[],
    private reached?: FrontierProgress,
  ) {}

  get progress(): FrontierProgress | undefined {
    return this.reached;
  }

  /** What is to be looked for next; undefined where all that was silent until now has been told. */
  get next(): SilenceSearch | undefined {
    return this.reached?.beyond === undefined
      ? undefined
      : { ...this.reached, still: this.still, beyond: this.reached.beyond };
  }

  advance(until: EpochMs): void {
    if (this.next !== undefined) return;
    this.reached = {
      after: this.reached === undefined ? 0 : Math.min(this.reached.until, until) - OVERLAP_MS,
      until,
      beyond: '',
    };
  }

  /** It was told, and all whose uid sorts before. */
  tell(uid: string): void {
    if (this.reached !== undefined) this.reached = { ...this.reached, beyond: uid };
  }

  finish(): void {
    if (this.reached === undefined) return;
    const { after, until } = this.reached;
    this.reached = { after, until };
  }
}
