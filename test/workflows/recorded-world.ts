import type { ActivityPorts, HeartbeatEvidence, LifecycleEvent, Projection } from '../../activities/ports.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';

/**
 * The world around one lifecycle, kept in memory for tests of the workflow alone: it obeys the rules that activities/ports.ts
 * sets (fenced by revision, idempotent by event id), so that what a test reads here is what MongoDB would hold.
 */
export class RecordedWorld implements ActivityPorts {
  readonly projections: Projection[] = [];
  readonly terminations: { uid: string; sessionIds: string[]; reason: string }[] = [];
  readonly #events = new Map<string, LifecycleEvent>();
  /** Heartbeats that the api recorded without a signal. */
  recorded: { at: number; bootId: string } | undefined;
  blindMs = 0;
  looks = 0;
  fleet = 1;
  maxLivenessChecksPerSecond = 1_000;
  /** The decision that MongoDB holds, where it is later than the workflow's. */
  committedSeq = 0;
  /** While true, MongoDB does not answer. */
  down = false;

  constructor(
    public livenessPolicy: LivenessPolicy,
    private readonly now: () => Promise<number>,
  ) {}

  policy = (): LivenessPolicy => this.livenessPolicy;

  get events(): LifecycleEvent[] {
    return [...this.#events.values()];
  }

  get eventTypes(): string[] {
    return this.events.map(({ type }) => type);
  }

  get latest(): Projection | undefined {
    return this.projections.at(-1);
  }

  nodes = {
    project: async (projection: Projection): Promise<void> => this.#write(projection),
    remove: async (projection: Projection, seq: number): Promise<'removed' | 'superseded'> => {
      this.#assertUp();
      if (this.committedSeq > seq) return 'superseded';
      this.#write(projection);
      return 'removed';
    },
  };

  heartbeats = {
    evidenceFor: async (): Promise<HeartbeatEvidence> => {
      this.#assertUp();
      this.looks += 1;
      const now = await this.now();
      return {
        ...(this.recorded && { lastHeartbeat: this.recorded.at, bootId: this.recorded.bootId }),
        blindMs: this.blindMs,
        now,
      };
    },
    fleetSize: async (): Promise<number> => this.fleet,
  };

  sessions = {
    requestTermination: async (request: { uid: string; sessionIds: string[]; reason: string }): Promise<void> => {
      this.#assertUp();
      this.terminations.push(request);
    },
  };

  #write(projection: Projection): void {
    this.#assertUp();
    for (const event of projection.events) this.#events.set(event.id, event);
    if (projection.view.revision > (this.latest?.view.revision ?? 0)) this.projections.push(projection);
  }

  #assertUp(): void {
    if (this.down) throw new Error('MongoDB does not answer');
  }
}
