import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isoTime } from '../../contract/iso-time.js';
import type { Readiness } from '../../contract/schemas/health.js';
import { Clock, SteadyClock } from '../mechanics/clock.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { TemporalProbe, type UntakenWork } from '../process/server-probe.js';

/** Pause between looks, in milliseconds. */
const LOOK_PAUSE_MS = 3_000;
/** How long work may wait before no worker counts as running, in milliseconds: a running one takes it at once, on a busy machine within seconds. */
const TAKEN_WITHIN_MS = 10_000;

type Finding = Readiness['workers'];

/** Whether any worker is running. Temporal accepts signals without workers too, so only waiting work reveals that there are none. */
@Injectable()
export class WorkerWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private waiting: (UntakenWork & { seenAt: number; since: number }) | undefined;
  private latest: Finding = unknown('was not looked for yet');
  private readonly looks = new RepeatedWork(() => this.look().then(() => LOOK_PAUSE_MS));

  /** @param steady this process's monotonic clock, since Temporal's clock and the local one are not compared */
  constructor(
    private readonly temporal: TemporalProbe,
    private readonly clock: Clock,
    @Inject(SteadyClock) private readonly steady: Clock,
  ) {}

  get finding(): Finding {
    return this.latest;
  }

  onApplicationBootstrap(): void {
    this.looks.begin(0);
  }

  /** Stops without waiting for a look under way. */
  onModuleDestroy(): void {
    void this.looks.end();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    try {
      this.latest = this.judge(await this.temporal.untaken());
    } catch {
      this.waiting = undefined;
      this.latest = unknown('is not known while Temporal does not answer');
    }
  }

  private judge(untaken: UntakenWork | undefined): Finding {
    if (untaken === undefined) {
      this.waiting = undefined;
      return { ok: true, detail: 'take what waits' };
    }
    const now = this.steady.now();
    if (this.waiting?.what !== untaken.what)
      this.waiting = { ...untaken, seenAt: now, since: untaken.since ?? this.clock.now() };
    if (now - this.waiting.seenAt < TAKEN_WITHIN_MS) return this.latest;
    return {
      ok: false,
      detail: 'no worker takes what waits in Temporal',
      since: isoTime(this.waiting.since),
    };
  }
}

function unknown(detail: string): Finding {
  return { ok: false, detail };
}
