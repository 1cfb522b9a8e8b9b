import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { TokenBuckets, type BucketSize } from '../mechanics/token-buckets.js';
import { tooManyRequests } from './too-many-requests.js';
import { Clock } from '../mechanics/clock.js';
import { EventStore } from '../record/event-store.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeSummary } from '../record/node-summary.js';

const REMEMBERED = 50_000;
const A_MINUTE = 1 / 60;
const AN_HOUR = A_MINUTE / 60;

/**
 * Quotas of what a node may store, per api replica: far more than a working node needs, and far less than fills a database. Each has the text for people
 * about a node that exceeds it.
 */
const QUOTAS = {
  restarts: {
    burst: 10,
    perSecond: A_MINUTE,
    says: 'its agent starts anew more than once a minute: its restarts are no longer written down',
  },
  goodbyes: {
    burst: 10,
    perSecond: A_MINUTE,
    says: 'its agent says goodbye more than once a minute: that is no longer written down',
  },
  'decisions about itself': {
    burst: 20,
    perSecond: A_MINUTE,
    says: 'it takes itself out and brings itself back more than once a minute: it has to wait',
  },
  labels: {
    burst: 10,
    perSecond: A_MINUTE,
    says: 'the labels of its configuration change more than once a minute: they have to wait',
  },
  keys: {
    burst: 5,
    perSecond: AN_HOUR,
    says: 'it replaces its key more than once an hour: it has to wait',
  },
  conditions: {
    burst: 30,
    perSecond: A_MINUTE,
    says: 'its conditions change more than once a minute: they are no longer kept; its checks need more patience (After, For)',
  },
  /** Allows for a thousand sessions that begin, end, and begin again at once. */
  'session records': {
    burst: 4_000,
    perSecond: 50,
    says: 'it reports more than 50 new or changed sessions a second: its reports have to wait',
  },
  /** Kilobytes of session reports to its workflow, in whose history Temporal keeps each signal. */
  'session reports': {
    burst: 2_048,
    perSecond: 128,
    says: 'it reports more of its sessions than its workflow can be told: its reports have to wait',
  },
  'sessions after a drain': {
    burst: 10,
    perSecond: A_MINUTE,
    says: 'it reports sessions again and again after it was drained: its reports have to wait',
  },
} as const satisfies Record<string, Omit<BucketSize, 'remembered'> & { says: string }>;
type Quota = keyof typeof QUOTAS;

type Subject = Pick<NodeSummary, 'uid' | 'name'>;

/** Limits what one node can make the control plane store, so that a rogue one fills neither lists nor histories. Events tell people once an hour. */
@Injectable()
export class NodeQuotas {
  private readonly logger = new Logger(NodeQuotas.name);
  private readonly buckets: Record<Quota, TokenBuckets>;
  private readonly told: TokenBuckets;
  /** Runs outside of any unit of work, which is undone by a refusal, while the event about it is kept. */
  private readonly outside = AsyncLocalStorage.snapshot();
  /** The last boot of each node that was counted. */
  private readonly boots = new BoundedCache<string, string>(REMEMBERED);

  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {
    this.buckets = Object.fromEntries(
      Object.entries(QUOTAS).map(([quota, size]) => [
        quota,
        new TokenBuckets({ ...size, remembered: REMEMBERED }, clock),
      ]),
    ) as Record<Quota, TokenBuckets>;
    this.told = new TokenBuckets({ burst: 1, perSecond: AN_HOUR, remembered: REMEMBERED }, clock);
  }

  /** Uses up `amount` of the quota. @returns false where there is less */
  take(node: Subject, quota: Quota, amount = 1): boolean {
    if (this.buckets[quota].take(node.uid, amount) === 0) return true;
    this.tell(node, quota);
    return false;
  }

  /** Checks whether {@link take} would succeed. @throws ProblemError TOO_MANY_REQUESTS */
  demand(node: Subject, quota: Quota, amount = 1): void {
    const waitMs = this.buckets[quota].wait(node.uid, amount);
    if (waitMs === 0) return;
    this.tell(node, quota);
    throw tooManyRequests(`node ${node.name}: ${QUOTAS[quota].says}`, waitMs);
  }

  /**
   * The boot to report to the node's workflow. Beyond the quota it is the boot that the workflow knows: two agents that beat in turn, or one that makes up
   * boots, would look like a restart with every heartbeat.
   */
  bootFor(
    { uid, name, applied, isCopied }: Pick<NodeSummary, 'uid' | 'name' | 'applied' | 'isCopied'>,
    bootId: string,
  ): string {
    const known = applied?.bootId;
    if (known === undefined || known === bootId) return bootId;
    if (isCopied) return known;
    if (this.boots.get(uid) === bootId) return bootId;
    if (!this.take({ uid, name }, 'restarts')) return known;
    this.boots.set(uid, bootId);
    return bootId;
  }

  private tell(node: Subject, quota: Quota): void {
    if (this.told.take(`${quota} ${node.uid}`) > 0) return;
    const { says } = QUOTAS[quota];
    this.logger.warn({ msg: 'a node takes more than its quota', node: node.name, quota });
    const event = nodeEvent(node, 'NodeOverQuota', this.clock.now(), { by: SYSTEM, from: null }, says);
    this.outside(() => this.events.append([event])).catch((error: Error) =>
      this.logger.debug({
        msg: 'that a node takes more than its quota was not written down',
        node: node.name,
        reason: error.message,
      }),
    );
  }
}
