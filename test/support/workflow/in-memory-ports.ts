import { Context } from '@temporalio/activity';
import type {
  ActivityPorts,
  AgreedHistory,
  HeardMeanwhile,
  HeartbeatEvidence,
  HistoryRequest,
  Projection,
  ProjectionRefusal,
  RemovalRequest,
} from '../../../activities/ports.js';
import type { LifecycleEvent, LivenessPolicy, SessionChange } from '../../../contract/lifecycle.js';
import { InMemoryFitness } from './in-memory-fitness.js';
import { InMemoryPlans } from './in-memory-plans.js';

/** Calls of a lifecycle to its ports. */
export type Port = 'project' | 'remove' | 'look' | 'terminate' | 'judge' | 'keep';

/**
 * The ports of one lifecycle, in memory, for tests of the workflow alone. They follow the rules of activities/ports.ts
 * (fenced by revision, idempotent by event id), so that a test reads here what MongoDB would hold.
 */
export class InMemoryPorts implements ActivityPorts {
  readonly projections: Projection[] = [];
  readonly terminations: { uid: string; sessionIds: string[]; by: string; reason: string }[] = [];
  readonly #events = new Map<string, LifecycleEvent>();
  readonly #sessionChanges = new Map<string, SessionChange>();
  readonly #held = new Map<Port, Promise<void>>();
  readonly #calls = new Map<Port, number>();
  /** The last heartbeat that the api has recorded, whether it was signalled or not. */
  recorded: { at: number; bootId: string } | undefined;
  blindMs = 0;
  /** The mass silence that protects the node; without an end it lasts. */
  held: { since: number; until?: number } | undefined;
  /** How far the clock of the evidence is ahead of Temporal's, in milliseconds. */
  clockSkewMs = 0;
  fleet = 1;
  heartbeatIntervalMs = 15_000;
  /** The interval that the node was told, in milliseconds; undefined for the configured one. */
  toldIntervalMs: number | undefined;
  maxLivenessChecksPerSecond = 1_000;
  /** The decision in MongoDB, if it is later than the workflow's. */
  committedSeq = 0;
  /** Whether the record no longer has the node. */
  removed: { at: number; by: string; reason: string } | undefined;
  /** While true, MongoDB does not answer. */
  down = false;

  constructor(
    public livenessPolicy: LivenessPolicy,
    private readonly now: () => Promise<number>,
  ) {}

  policy = (): LivenessPolicy => this.livenessPolicy;

  /** Records a heartbeat, as the api does. */
  record(at: number, bootId: string): void {
    if (at > (this.recorded?.at ?? 0)) this.recorded = { at, bootId };
  }

  /** Blocks every call of `port` until the returned function is called; blocked calls fail if their worker stops meanwhile. */
  hold(port: Port): () => void {
    let release = (): void => {};
    this.#held.set(port, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(port);
      release();
    };
  }

  /** Calls that have reached `port`, including blocked ones. */
  calls(port: Port): number {
    return this.#calls.get(port) ?? 0;
  }

  get events(): LifecycleEvent[] {
    return [...this.#events.values()];
  }

  get eventTypes(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** The phases that people were shown, without consecutive duplicates. */
  get phases(): string[] {
    const phases = this.projections.map(({ view }) => view.phase);
    return phases.filter((phase, index) => phase !== phases[index - 1]);
  }

  /** Changes of the sessions' records, each once, in order. */
  get sessionChanges(): SessionChange[] {
    return [...this.#sessionChanges.values()];
  }

  get latest(): Projection | undefined {
    return this.projections.at(-1);
  }

  nodes = {
    project: async (projection: Projection): Promise<ProjectionRefusal | undefined> => {
      await this.#reach('project');
      if (this.removed) return { is: 'removed', ...this.removed };
      const { liveness, lastHeartbeat } = projection.view;
      const heard =
        liveness.value === 'HEALTHY' || lastHeartbeat === undefined ? undefined : this.#heardSince(lastHeartbeat);
      if (heard === undefined) this.#write(projection);
      return heard;
    },
    remove: async ({
      projection,
      seq,
      silentSince,
    }: RemovalRequest): Promise<'removed' | 'superseded' | HeardMeanwhile> => {
      await this.#reach('remove');
      if (this.removed) return 'removed';
      if (this.committedSeq > seq) return 'superseded';
      const heard = silentSince === undefined ? undefined : this.#heardSince(silentSince);
      if (heard) return heard;
      this.#write(projection);
      return 'removed';
    },
  };

  /** This record is never set back: test/integration/reconciliation/histories.test.ts tests that with the real one. */
  histories = { reconcile: async ({ decision }: HistoryRequest): Promise<AgreedHistory> => ({ decision }) };

  heartbeats = {
    evidenceFor: async (): Promise<HeartbeatEvidence> => {
      await this.#reach('look');
      const now = await this.now();
      if (this.removed) return { isGone: true, blindMs: 0, now };
      return {
        ...(this.recorded && { lastHeartbeat: this.recorded.at, bootId: this.recorded.bootId }),
        ...(this.toldIntervalMs !== undefined && { intervalMs: this.toldIntervalMs }),
        blindMs: this.blindMs,
        now: now + this.clockSkewMs,
      };
    },
    fleetSize: async (): Promise<number> => this.fleet,
  };

  massSilence = {
    heldSince: async (from: number): Promise<number> =>
      this.held === undefined
        ? 0
        : Math.max(0, (this.held.until ?? (await this.now())) - Math.max(from, this.held.since)),
  };

  fitness = new InMemoryFitness(() => this.#reach('judge'));

  plans = new InMemoryPlans(() => this.#reach('keep'));

  sessions = {
    requestTermination: async (request: {
      uid: string;
      sessionIds: string[];
      by: string;
      reason: string;
    }): Promise<void> => {
      await this.#reach('terminate');
      this.terminations.push(request);
    },
  };

  #heardSince(silentSince: number): HeardMeanwhile | undefined {
    return this.recorded && this.recorded.at > silentSince ? { is: 'alive', heartbeat: this.recorded } : undefined;
  }

  #write(projection: Projection): void {
    for (const event of projection.events) this.#events.set(event.id, event);
    for (const change of projection.sessionChanges) this.#sessionChanges.set(`${change.id} ${change.state}`, change);
    if (projection.view.revision > (this.latest?.view.revision ?? 0)) this.projections.push(projection);
  }

  async #reach(port: Port): Promise<void> {
    this.#calls.set(port, this.calls(port) + 1);
    const held = this.#held.get(port);
    if (held) await Promise.race([held, Context.current().cancelled]);
    if (this.down) throw new Error('MongoDB does not answer');
  }
}
