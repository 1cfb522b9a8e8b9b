import { pacedIntervalMs, stretchedTimeoutMs, type HeartbeatPacing } from '../contract/heartbeat-pace.js';
import type { LivenessPolicy } from '../contract/lifecycle.js';
import type { EpochMs, Liveness } from '../contract/states.js';
import type { ActivityPulse } from './activity-pulse.js';

/** From one pass's begin to the next one's, in milliseconds. */
const SWEEP_EVERY_MS = 1_000;
/** Between two passes at least, in milliseconds, where MongoDB takes its time. */
const REST_AT_LEAST_MS = 200;
/** A sweep ends after so many passes, so that Temporal sees that it gets on. */
const PASSES = 600;
/** How far each pass looks back behind the one before: heartbeats are written in bulk, and a signal may have been lost. In milliseconds. */
const OVERLAP_MS = 30_000;
/** Who was noticed and is no less alive is noticed again after so long, in milliseconds. */
const NOTICED_AGAIN_AFTER_MS = 10_000;

/** A node that the record shows silent and not judged so. */
export interface SilentNode {
  uid: string;
  name: string;
}

/** Nodes last heard of after `after` and not after `until`, whose record calls them one of `still`. */
export interface SilenceSearch {
  after: EpochMs;
  until: EpochMs;
  still: readonly Liveness[];
}

export interface SilenceSweepPorts {
  silence: {
    now(): EpochMs;
    /** How long, since this moment, no api replica was recording heartbeats, in milliseconds. */
    blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number>;
    /** How many nodes there are, roughly. */
    fleetSize(): Promise<number>;
    find(search: SilenceSearch): Promise<SilentNode[]>;
  };
  /** Tells lifecycles that they are to look now. @throws where Temporal does not take it */
  notice: (nodes: readonly SilentNode[]) => Promise<void>;
  pulse: ActivityPulse;
  policy: () => LivenessPolicy;
  pacing: HeartbeatPacing;
}

export interface SilenceSweepActivities {
  /** Sweeps the fleet for silent nodes once a second, for some minutes. */
  sweepForSilence(): Promise<void>;
}

export function createSilenceSweepActivities({ silence, notice, pulse, policy, pacing }: SilenceSweepPorts): SilenceSweepActivities {
  return {
    async sweepForSilence() {
      const noticed = new Map<string, EpochMs>();
      const unhealthy = new Frontier();
      const unknown = new Frontier();
      const patience = new Patience();
      for (let pass = 0; pass < PASSES; pass += 1) {
        const { disconnectTimeoutMs: configuredMs, unknownTimeoutMs } = policy();
        const toldMs = pacedIntervalMs(pacing, await silence.fleetSize());
        const now = silence.now();
        const disconnectTimeoutMs = patience.longest(stretchedTimeoutMs(configuredMs, pacing.intervalMs, toldMs), now);
        const latestSilent = async (timeoutMs: number) => {
          // Blindness counts from a node's last heartbeat on: what was before it delays nobody's discovery.
          const blindMs = await silence.blindSince(now - timeoutMs, configuredMs);
          return now - timeoutMs - (blindMs === 0 ? 0 : await silence.blindSince(now - timeoutMs - blindMs, configuredMs));
        };
        const search = async (frontier: Frontier, timeoutMs: number, still: readonly Liveness[]) => silence.find({ ...frontier.advance(await latestSilent(timeoutMs)), still });
        const silent = await Promise.all([search(unhealthy, disconnectTimeoutMs, ['HEALTHY']), search(unknown, disconnectTimeoutMs + unknownTimeoutMs, ['HEALTHY', 'UNHEALTHY'])]);
        for (const [uid, at] of noticed) if (now >= at + NOTICED_AGAIN_AFTER_MS) noticed.delete(uid);
        const news = silent.flat().filter(({ uid }) => !noticed.has(uid));
        await notice(news);
        for (const { uid } of news) noticed.set(uid, now);
        // A clock that is set back makes no pass longer.
        await pulse.rest(Math.min(SWEEP_EVERY_MS, Math.max(REST_AT_LEAST_MS, now + SWEEP_EVERY_MS - silence.now())));
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
    if (known !== undefined && timeoutMs < known.timeoutMs && now < known.inForceAt + known.timeoutMs) return known.timeoutMs;
    this.#longest = { timeoutMs, inForceAt: now };
    return timeoutMs;
  }
}

/** How far into the past a search has come: the first takes all of it, those that follow what came into it since. */
class Frontier {
  #reached: EpochMs | undefined;

  advance(until: EpochMs): { after: EpochMs; until: EpochMs } {
    const after = this.#reached === undefined ? 0 : Math.min(this.#reached, until) - OVERLAP_MS;
    this.#reached = until;
    return { after, until };
  }
}
