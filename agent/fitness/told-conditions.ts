import type { HeartbeatResponse, ReportedCondition } from '../../client/index.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { FitnessChecks } from './fitness-checks.js';

/** An api that does not keep them (it is older, or refuses them) is told again after this time, in milliseconds. */
const AGAIN_MS = 60_000;
/** What is kept is told again after this time: the record may have been set back. */
const KEPT_MS = 3_600_000;

/** Which heartbeats carry the conditions: the first one, and those after a change, until the api says that it keeps them. */
export class ToldConditions {
  private kept: number | undefined;
  private offered: number | undefined;
  private againAt = 0;

  constructor(
    private readonly checks: Pick<FitnessChecks, 'conditions' | 'revision'>,
    private readonly clock: AgentClock,
  ) {}

  /** For the heartbeat that is about to be sent. */
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

  /** Nobody knows whether the heartbeat was heard. */
  lost(): void {
    if (this.offered !== this.kept) this.offered = undefined;
  }
}
