import { pacedIntervalMs, stretchedTimeoutMs, type HeartbeatPacing } from '../contract/heartbeat-pace.js';
import type { LivenessPolicy } from '../contract/lifecycle.js';
import type { EpochMs, Liveness } from '../contract/states.js';
import type { ActivityPulse } from './activity-pulse.js';
import { SilenceTelling } from './silence-telling.js';

/** Time from the start of one pass to the next, in milliseconds. */
const SWEEP_EVERY_MS = 1_000;
/** Minimum pause between two passes, in milliseconds, for when MongoDB is slow. */
const REST_AT_LEAST_MS = 200;
/** Passes per sweep, which ends then so that Temporal sees progress. */
const PASSES = 600;
/** Overlap of consecutive passes, in milliseconds: heartbeats are written in bulk, and signals may be lost. */
const OVERLAP_MS = 30_000;

/** A node that is silent by the record and has not been judged yet. */
export interface SilentNode {
  uid: string;
  name: string;
}

/** Selects nodes last heard after `after` and not after `until`, whose recorded liveness is one of `still`, and whose uid sorts after `beyond`. */
export interface SilenceSearch {
  after: EpochMs;
  until: EpochMs;
  still: readonly Liveness[];
  beyond: string;
}

export interface SilenceSweepPorts {
  silence: {
    now(): EpochMs;
    /** How long no api replica was recording heartbeats since `from`, in milliseconds. */
    blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number>;
    /** Approximate number of nodes. */
    fleetSize(): Promise<number>;
    /** The first matches by uid; `more` where there are others. */
    find(search: SilenceSearch): Promise<{ nodes: SilentNode[]; more: boolean }>;
    /** Nodes whose sessions are kept because of a mass silence: a few thousand at most. */
    findHeld(): Promise<SilentNode[]>;
  };
  /**
   * Looks for the beginning and the end of mass silences.
   * @returns whether a person has recently released one, so that held nodes are to be judged
   */
  watchForMassSilence: (disconnectTimeoutMs: number) => Promise<boolean>;
  /**
   * Tells a lifecycle to look now.
   * @returns false where it refuses
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
        // Before any silence is told, since its consequences depend on the mass silence.
        const isReleased = await watchForMassSilence(disconnectTimeoutMs);
        const latestSilent = async (timeoutMs: number) => {
          // Only blind time after a node's last heartbeat counts: earlier blind time must not delay its discovery.
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
        // Bounded, in case the clock was set back.
        await pulse.rest(
          Math.min(SWEEP_EVERY_MS, Math.max(REST_AT_LEAST_MS, now + SWEEP_EVERY_MS - silence.now())),
          progress(),
        );
      }
    },
  };
}

/**
 * The timeout for a fleet whose interval changes. When it becomes shorter, nodes that were told the longer interval still keep to that, so the
 * longer timeout holds until it has passed once more.
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

/** Progress of a sweep, reported so that the next attempt tells no lifecycle again. */
interface SweepProgress {
  unhealthy?: FrontierProgress | undefined;
  unknown?: FrontierProgress | undefined;
}

interface FrontierProgress {
  after: EpochMs;
  until: EpochMs;
  /** All nodes up to this uid were told; absent once all were. */
  beyond?: string;
}

/**
 * The range of time that is searched: all of the past first, then what has been added since. It stays in place until every node in it was told,
 * where there are more than one pass handles.
 */
class Frontier {
  constructor(
    private readonly still: readonly Liveness[],
    private reached?: FrontierProgress,
  ) {}

  get progress(): FrontierProgress | undefined {
    return this.reached;
  }

  /** The next search; undefined where every node that was silent until now has been told. */
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

  /** Marks this node, and all with lower uids, as told. */
  tell(uid: string): void {
    if (this.reached !== undefined) this.reached = { ...this.reached, beyond: uid };
  }

  finish(): void {
    if (this.reached === undefined) return;
    const { after, until } = this.reached;
    this.reached = { after, until };
  }
}
