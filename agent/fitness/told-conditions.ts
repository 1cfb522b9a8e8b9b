import type { HeartbeatResponse, ReportedCondition } from '../../client/index.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { FitnessChecks } from './fitness-checks.js';

/** An api that does not store conditions (an older one, or one that refuses them) gets them again after this time, in milliseconds. */
const AGAIN_MS = 60_000;
/** Stored conditions are sent again after this time, in milliseconds, in case the record was set back. */
const KEPT_MS = 3_600_000;

/** Decides which heartbeats carry the conditions: the first, and those after a change, until the api confirms that it stored them. */
export class ToldConditions {
  private kept: number | undefined;
  private offered: number | undefined;
  private againAt = 0;

  constructor(
    private readonly checks: Pick<FitnessChecks, 'conditions' | 'revision'>,
    private readonly clock: AgentClock,
  ) {}

  /** For the heartbeat that is sent next. */
  offer(): ReportedCondition[] | undefined {
    const { revision } = this.checks;
    const now = this.clock.elapsed();
    const isTold = revision === this.kept || revision === this.offered;
    if (isTold && now < this.againAt) return undefined;
    this.offered = revision;
    this.againAt = now + AGAIN_MS;
    return this.checks.conditions;
  }

  accepted({ conditionsKept }: HeartbeatResponse): void {
    if (conditionsKept !== true) return;
    this.kept = this.offered;
    this.againAt = this.clock.elapsed() + KEPT_MS;
  }

  /** It is unknown whether the heartbeat arrived. */
  lost(): void {
    if (this.offered !== this.kept) this.offered = undefined;
  }
}
