import { Injectable } from '@nestjs/common';
import { formatDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type { MassSilence } from '../../contract/schemas/cluster.js';
import type { Readiness } from '../../contract/schemas/health.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatBuffer } from '../heartbeats/heartbeat-buffer.js';
import { Clock } from '../mechanics/clock.js';
import { inTime } from '../mechanics/in-time.js';
import { MassSilences } from '../silence/mass-silences.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { measureReadiness } from '../process/readiness-metrics.js';
import { DatabaseProbe, TemporalProbe } from '../process/server-probe.js';
import { WorkerWatch } from './worker-watch.js';

/** Time limit of a check, in milliseconds: load balancers usually wait one second. */
const ANSWERED_WITHIN_MS = 500;

type Outcome = Readiness['mongodb'];

/**
 * Readiness of this replica: whether it can record heartbeats, and nothing else. If an outage of Temporal took replicas out of the load balancer, every
 * node would fall silent. See docs/adr/0024.
 */
@Injectable()
export class ReadinessCheck {
  /** Checks under way, shared by concurrent requests, so that a hanging server is not asked again and again. */
  private readonly asking = new Map<DatabaseProbe | TemporalProbe, Promise<void>>();
  private readonly silentSince = new Map<DatabaseProbe | TemporalProbe, EpochMs>();

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
    private readonly temporal: TemporalProbe,
    private readonly workers: WorkerWatch,
    private readonly silences: MassSilences,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    measureReadiness(metrics, () => this.check());
  }

  async check(): Promise<Readiness> {
    const [mongodb, temporal, mass] = await Promise.all([
      this.ask(this.database),
      this.ask(this.temporal),
      this.massSilence(),
    ]);
    const heartbeats = this.buffer.isStalled
      ? { ok: false, detail: 'cannot be recorded' }
      : { ok: true, detail: 'are recorded' };
    return {
      ready: heartbeats.ok,
      heartbeats,
      mongodb,
      temporal,
      workers: this.workers.finding,
      massSilence: mass && { since: mass.since, silent: mass.silent, beating: mass.beating },
    };
  }

  private massSilence(): Promise<MassSilence | null> {
    return inTime(this.silences.current(), ANSWERED_WITHIN_MS, 'late').catch(() => this.silences.lastKnown);
  }

  private async ask(probe: DatabaseProbe | TemporalProbe): Promise<Outcome> {
    const answer = this.asking.get(probe) ?? probe.check().finally(() => this.asking.delete(probe));
    this.asking.set(probe, answer);
    try {
      await inTime(answer, ANSWERED_WITHIN_MS, `no answer within ${formatDuration(ANSWERED_WITHIN_MS)}`);
      if (probe === this.temporal) this.temporal.assertReadable();
      this.silentSince.delete(probe);
      return { ok: true, detail: 'answers' };
    } catch (error) {
      const since = this.silentSince.get(probe) ?? this.clock.now();
      this.silentSince.set(probe, since);
      return {
        ok: false,
        detail: error instanceof Error ? error.message : String(error),
        since: isoTime(since),
      };
    }
  }
}
