import type { Config } from '../../contract/config/schema.js';
import { isoTime } from '../../contract/iso-time.js';
import type { DrainWish, OwnDrain } from '../availability/own-drain.js';
import { whyNotDecided } from '../availability/own-drain.js';
import { Refused, Unavailable } from '../control-plane/control-plane.js';
import { systemClock, type AgentClock } from '../process/agent-clock.js';
import { jittered, type Random } from '../process/backoff.js';
import type { Log } from '../process/log.js';
import { repeat } from '../process/repeat.js';
import { AWS_ADDRESS, AwsNotices } from './aws-notices.js';
import { AZURE_ADDRESS, AzureNotices } from './azure-notices.js';
import type { CloudNotice, NoticeSource } from './cloud-notice.js';
import { GCP_ADDRESS, GcpNotices } from './gcp-notices.js';

const JITTER = 0.1;
/** How long before the machine's end the remaining sessions are terminated, in milliseconds, so that the cluster still hears of it. */
const BEFORE_MS = 5_000;

/** Undefined if the configuration names no provider. */
export function noticeWatchFor(
  { Provider, Address, Interval }: Config['Compute']['CloudNotices'],
  drain: OwnDrain,
  log: Log,
): NoticeWatch | undefined {
  if (Provider === 'none') return undefined;
  const source = SOURCES[Provider](Address, systemClock);
  return new NoticeWatch({ source, drain, intervalMs: Interval, clock: systemClock, random: Math.random, log });
}

const SOURCES = {
  aws: (address = AWS_ADDRESS, clock: AgentClock) => new AwsNotices(address, () => clock.elapsed()),
  gcp: (address = GCP_ADDRESS, clock: AgentClock) => new GcpNotices(address, () => clock.now()),
  azure: (address = AZURE_ADDRESS, clock: AgentClock) => new AzureNotices(address, () => clock.now()),
} as const;

export interface NoticeWatchParts {
  source: NoticeSource;
  drain: Pick<OwnDrain, 'begin' | 'end' | 'cause' | 'untilJoined'>;
  intervalMs: number;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** Drains the node when its provider announces the machine's end, and brings it back when the notice is withdrawn. Blocks nothing else, least of all heartbeats. */
export class NoticeWatch {
  /** The last notice that was acted upon, whatever the outcome. */
  private acted: string | undefined;
  private told: string | undefined;
  private trouble: string | undefined;

  constructor(private readonly parts: NoticeWatchParts) {}

  /** Runs until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const { drain, intervalMs, clock, random } = this.parts;
    await drain.untilJoined(stop);
    await repeat(
      async (signal) => {
        await this.look(signal);
        return jittered(intervalMs, JITTER, random);
      },
      clock,
      stop,
    );
  }

  private async look(stop: AbortSignal): Promise<void> {
    try {
      const notice = await this.parts.source.read(stop);
      if (notice === undefined) await this.withdrawn(stop);
      else if (notice.key !== this.acted) await this.announced(notice, stop);
      this.trouble = undefined;
    } catch (error) {
      if (stop.aborted) return;
      const { message } = error as Error;
      if (message !== this.trouble)
        this.parts.log.warn(`notices of the cloud are not known, and are asked for again: ${message}`);
      this.trouble = message;
    }
  }

  /** @throws Unavailable if it should be tried again */
  private async announced(notice: CloudNotice, stop: AbortSignal): Promise<void> {
    const { drain, log } = this.parts;
    if (this.told !== notice.key)
      log.warn(`${notice.says}${notice.at === undefined ? '' : ` at ${isoTime(notice.at)}`}`);
    this.told = notice.key;
    try {
      await drain.begin('notice', this.wishFor(notice), stop);
    } catch (error) {
      if (error instanceof Unavailable || stop.aborted) throw error;
      // The node is not approved yet: the next look tries again, so that it is drained once it is approved.
      if (error instanceof Refused && error.status === 403) return;
      log.error(`the node is not drained for it: ${whyNotDecided(error)}`);
    }
    this.acted = notice.key;
  }

  private wishFor({ says, at }: CloudNotice): DrainWish {
    if (at === undefined) return { reason: says };
    const deadlineMs = Math.max(0, Math.round(at - BEFORE_MS - this.parts.clock.now()));
    return { reason: says, deadlineMs, onDeadline: 'terminate' };
  }

  /** Decides from this process's memory, or from an earlier one's note. @throws Unavailable if it should be tried again */
  private async withdrawn(stop: AbortSignal): Promise<void> {
    const { drain, log } = this.parts;
    if (this.acted === undefined && (await drain.cause()) !== 'notice') return;
    try {
      await drain.end('notice', 'the notice of its cloud was withdrawn', stop);
    } catch (error) {
      if (error instanceof Unavailable || stop.aborted) throw error;
      log.warn(`the notice was withdrawn, and the node stays out: ${whyNotDecided(error)}`);
    }
    this.acted = undefined;
    this.told = undefined;
  }
}
