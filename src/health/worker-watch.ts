import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isoTime } from '../../contract/iso-time.js';
import type { Readiness } from '../../contract/schemas/health.js';
import { Clock, SteadyClock } from '../mechanics/clock.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { TemporalProbe, type UntakenWork } from '../process/server-probe.js';

/** From one look's end to the next one's begin, in milliseconds. */
const LOOK_PAUSE_MS = 3_000;
/** A worker that lives takes work at once, on a busy machine within seconds: what waits for longer, in milliseconds, waits for nobody. */
const TAKEN_WITHIN_MS = 10_000;

type Finding = Readiness['workers'];

/**
 * Whether any worker works. Temporal answers for itself, and takes decisions and heartbeats into lifecycles that nobody goes on with: only what
 * waits there tells that.
 */
@Injectable()
export class WorkerWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private waiting: (UntakenWork & { seenAt: number; since: number }) | undefined;
  private latest: Finding = unknown('was not looked for yet');
  private readonly looks = new RepeatedWork(() => this.look().then(() => LOOK_PAUSE_MS));

  /** @param steady of this process: clocks of Temporal and of here are not compared */
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

  /** A look that is under way is nobody's to wait for. */
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
