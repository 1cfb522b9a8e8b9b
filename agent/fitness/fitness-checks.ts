import type { ReportedCondition } from '../../client/index.js';
import type { CheckSettings } from '../../contract/config/check-keys.js';
import { NOT_RUN_YET } from '../../contract/fitness.js';
import type { AgentClock } from '../process/agent-clock.js';
import { jittered, type Random } from '../process/backoff.js';
import type { Log } from '../process/log.js';
import { repeat } from '../process/repeat.js';
import { Wake } from '../process/wake.js';
import type { Settings } from '../settings.js';
import { conditionText, unknown, type RunCheck } from './check-result.js';
import { SettledStatus } from './settled-status.js';

/** First runs come within this time of the start, in milliseconds: not all at once, nor on all machines of a rack. */
const FIRST_WITHIN_MS = 2_000;
const JITTER = 0.1;
/** Nothing waits for this; a timer cannot be much longer. */
const LONG_MS = 86_400_000;

/** How a check of the configuration is run, and what that is called. */
export interface KnownCheck {
  run: RunCheck;
  by: string;
}

interface Watched extends KnownCheck {
  settings: CheckSettings;
  status: SettledStatus;
}

export interface FitnessParts {
  settings: Pick<Settings, 'checks'>;
  checkOf: (settings: CheckSettings) => KnownCheck;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** Runs the node's checks, each by its own interval, and knows what they say. Nothing waits for them, heartbeats least of all. */
export class FitnessChecks {
  /** Rung where the configuration was read again. */
  readonly reread = new Wake();
  /** Rises with every change that is worth telling. */
  revision = 0;
  private watched: Watched[] = [];

  constructor(private readonly parts: FitnessParts) {
    this.follow();
  }

  /** What all checks say, in the order of the configuration. */
  get conditions(): ReportedCondition[] {
    const now = this.parts.clock.elapsed();
    return this.watched.map(({ settings, by, status: { current } }) => {
      const { since, status, reason, message } = current ?? {
        since: now,
        ...unknown(NOT_RUN_YET, 'it has said nothing certain yet'),
      };
      return {
        type: settings.Name,
        status,
        ageMs: Math.max(0, Math.round(now - since)),
        reason: conditionText(reason, 'reason'),
        message: conditionText(message, 'message'),
        by: conditionText(by, 'by'),
      };
    });
  }

  /** Until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (!stop.aborted) {
      const round = new AbortController();
      const until = AbortSignal.any([stop, round.signal]);
      const loops = this.watched.map((check) => this.watch(check, until));
      await this.reread.rest(LONG_MS, clock, stop);
      round.abort();
      await Promise.all(loops);
      if (!stop.aborted) this.follow();
    }
  }

  /** Takes up the configuration as it is now. Checks that it leaves as they were go on from what they said. */
  private follow(): void {
    const before = this.watched;
    this.watched = this.parts.settings.checks.map(
      (settings) =>
        before.find((check) => JSON.stringify(check.settings) === JSON.stringify(settings)) ?? {
          settings,
          ...this.parts.checkOf(settings),
          status: new SettledStatus({ after: settings.After, forMs: settings.For }),
        },
    );
    const isSame = before.length === this.watched.length && before.every((check, at) => check === this.watched[at]);
    if (!isSame) this.revision += 1;
  }

  private async watch(check: Watched, stop: AbortSignal): Promise<void> {
    const { clock, random } = this.parts;
    const { Interval } = check.settings;
    await clock.sleep(random() * Math.min(Interval, FIRST_WITHIN_MS), stop);
    await repeat(
      async (signal) => {
        await this.runOnce(check, signal);
        return jittered(Interval, JITTER, random);
      },
      clock,
      stop,
    );
  }

  private async runOnce({ settings: { Name }, run, status }: Watched, stop: AbortSignal): Promise<void> {
    const { clock, log } = this.parts;
    const before = status.current?.status;
    const failed = (error: unknown) => unknown('CheckFailed', (error as Error).message);
    const result = await unlessAborted(run(stop).catch(failed), stop);
    if (result === undefined || !status.take(result, clock.elapsed())) return;
    this.revision += 1;
    const { status: now, reason, message } = result;
    if (now === before) return;
    const level = now === 'UNFIT' ? 'warn' : 'info';
    log[level]({ check: Name, fitness: now, reason }, `check ${Name}: ${now}, ${conditionText(message, 'message')}`);
  }
}

/** Undefined once `stop` is aborted: a question about a dead mount is answered when it pleases. */
function unlessAborted<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const end = () => resolve(undefined);
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    void work.then(resolve).finally(() => stop.removeEventListener('abort', end));
  });
}
