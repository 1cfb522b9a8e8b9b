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

/** First runs are spread over this time after the start, in milliseconds, so that neither all checks nor all machines of a rack run at once. */
const FIRST_WITHIN_MS = 2_000;
const JITTER = 0.1;
/** The pause without checks, in milliseconds: about as long as a timer can be. */
const LONG_MS = 86_400_000;

/** A configured check: how to run it, and its name. */
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

/** Runs the node's checks, each at its own interval, and keeps their results. Blocks nothing else, least of all heartbeats. */
export class FitnessChecks {
  /** Rung after the configuration was reloaded. */
  readonly reread = new Wake();
  /** Incremented with every change worth reporting. */
  revision = 0;
  private watched: Watched[] = [];

  constructor(private readonly parts: FitnessParts) {
    this.follow();
  }

  /** Results of all checks, in the order of the configuration. */
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

  /** Runs until `stop`. */
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

  /** Applies the present configuration. Unchanged checks keep their results. */
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

/** Undefined once `stop` is aborted: a request to a dead mount may never return. */
function unlessAborted<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const end = () => resolve(undefined);
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    void work.then(resolve).finally(() => stop.removeEventListener('abort', end));
  });
}
