import type { HttpAnswer } from '../process/http-answer.js';
import { askMetadata, unexpected, type MetadataQuestion } from './ask-metadata.js';
import type { CloudNotice, NoticeSource } from './cloud-notice.js';

export const AWS_ADDRESS = 'http://169.254.169.254';

const TOKEN_TTL_S = 21_600;
/** Time from the notice to the interruption, in milliseconds. */
const RENEW_BEFORE_MS = 60_000;

const INTERRUPTION = '/latest/meta-data/spot/instance-action';
const REBALANCE = '/latest/meta-data/events/recommendations/rebalance';

/**
 * Spot interruptions, announced some two minutes ahead, and rebalance recommendations, which say that one is likely. Both are requested with a session
 * token (IMDSv2), and answered with 404 while there is none.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export class AwsNotices implements NoticeSource {
  private token: { text: string; until: number } | undefined;

  constructor(
    private readonly address: string,
    private readonly elapsed: () => number,
  ) {}

  async read(stop: AbortSignal): Promise<CloudNotice | undefined> {
    const interruption = await this.notice(INTERRUPTION, stop);
    if (interruption !== undefined) {
      const { action, time } = interruption as { action?: unknown; time?: unknown };
      const at = Date.parse(String(time));
      if (Number.isNaN(at)) throw new Error(`${this.address}${INTERRUPTION} names no time`);
      // Hibernation begins with the notice.
      return { key: `interruption ${String(time)}`, says: `AWS will ${wordFor(action)} this spot instance`, at };
    }
    const rebalance = await this.notice(REBALANCE, stop);
    if (rebalance === undefined) return undefined;
    return { key: 'rebalance', says: 'AWS recommends to leave this spot instance: an interruption is likely' };
  }

  private async notice(path: string, stop: AbortSignal): Promise<object | undefined> {
    const question = { address: this.address, path };
    const answer = await this.ask(question, stop);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw unexpected(question, answer);
    const value: unknown = JSON.parse(answer.text);
    if (typeof value !== 'object' || value === null) throw unexpected(question, answer);
    return value;
  }

  /** A token that is no longer accepted (the instance was stopped and started) is replaced once. */
  private async ask(question: MetadataQuestion, stop: AbortSignal): Promise<HttpAnswer> {
    const answer = await askMetadata({ ...question, headers: await this.headers(stop) }, stop);
    if (answer.status !== 401) return answer;
    this.token = undefined;
    return askMetadata({ ...question, headers: await this.headers(stop) }, stop);
  }

  private async headers(stop: AbortSignal): Promise<Record<string, string>> {
    if (this.token === undefined || this.elapsed() >= this.token.until) {
      const question = { address: this.address, path: '/latest/api/token', method: 'PUT' } as const;
      const answer = await askMetadata(
        {
          ...question,
          headers: { 'X-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_TTL_S), 'content-length': '0' },
        },
        stop,
      );
      if (answer.status !== 200) throw unexpected(question, answer);
      this.token = { text: answer.text.trim(), until: this.elapsed() + TOKEN_TTL_S * 1_000 - RENEW_BEFORE_MS };
    }
    return { 'X-aws-ec2-metadata-token': this.token.text };
  }
}

function wordFor(action: unknown): string {
  return action === 'stop' || action === 'hibernate' || action === 'terminate' ? action : 'interrupt';
}
