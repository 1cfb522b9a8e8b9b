import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Subscription } from 'rxjs';
import type { EpochMs } from '../../contract/states.js';
import { AccessTokens, type VerifiedClaims } from '../auth/access-tokens.js';
import { CallerFeed } from '../auth/caller-feed.js';
import { credentialDigest } from '../auth/secret-token.js';
import { Clock } from '../mechanics/clock.js';
import { keepFollowing } from '../mechanics/keep-following.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import type { NodeSummary } from '../record/node-summary.js';
import { StandingStore, type LastBeat } from './standing-store.js';

/** Maximum age of what is known, in milliseconds, so that a revocation takes effect everywhere within a second. */
const KNOWN_FOR_MS = 800;
/** How long an unknown node waits for others to be read with, in milliseconds. */
const GATHER_MS = 10;
/** Maximum number of nodes per read. */
const AT_ONCE = 1_000;
const RETRY_MS = 500;
const NODE = 'node ';

/** A node that sends its heartbeats to this replica. */
export interface KnownNode {
  summary: NodeSummary;
  /** Generation of the credential that its access token was issued for. */
  generation: number;
  /** When its access token expires. */
  expiresAt: EpochMs;
  /** Undefined where it was never heard. */
  last: LastBeat | undefined;
  /** Digest of the recorded information, as the node sent it; undefined until it is sent. */
  infoDigest: string | undefined;
}

interface Entry extends KnownNode {
  tokenDigest: string;
}

/** A node that is to be read, and the requests that wait for it. */
interface Wanted {
  token: string;
  claims: VerifiedClaims;
  done: () => void;
}

/**
 * In-memory cache of the nodes that send heartbeats to this replica, by access token. It has nodes in good standing only: a node is dropped with
 * every change of its record, and all nodes are dropped when the feed of changes lags. Nodes that are not cached are read from the record, like
 * any other caller.
 */
@Injectable()
export class KnownNodes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KnownNodes.name);
  private readonly byDigest = new Map<string, Entry>();
  private readonly byUid = new Map<string, Entry>();
  /** Nodes to be read next. */
  private readonly wanted = new Map<string, Wanted>();
  /** Nodes that are being read; one that changes meanwhile is removed. */
  private readonly reading = new Set<string>();
  private round: Promise<void> | undefined;
  private upToDateAt: EpochMs = 0;
  private readonly subscription = new Subscription();
  private stopped = false;

  constructor(
    private readonly feed: CallerFeed,
    private readonly store: StandingStore,
    private readonly tokens: AccessTokens,
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    metrics.gauge(
      'rollcall_caller_feed_age_seconds',
      'How long ago the feed of changed nodes, tokens and logins was up to date; +Inf while it is away, and each caller is looked up in MongoDB',
      { read: () => (this.upToDateAt === 0 ? Number.POSITIVE_INFINITY : (this.clock.now() - this.upToDateAt) / 1_000) },
    );
    metrics.gauge('rollcall_known_nodes', 'Nodes whose heartbeats this replica takes without a look at MongoDB', {
      read: () => this.size,
    });
  }

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.follow());
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.subscription.unsubscribe();
    this.forgetAll();
  }

  /** Number of known nodes. */
  get size(): number {
    return this.byDigest.size;
  }

  /** The node of an access token; undefined where it has to be looked up. */
  find(token: string): KnownNode | undefined {
    return this.unlessOutdated(this.byDigest.get(credentialDigest(token)));
  }

  /** Whether {@link find} would still return this node. */
  stillKnows(node: KnownNode): boolean {
    return this.unlessOutdated(this.byUid.get(node.summary.uid)) === node;
  }

  /** Like {@link find}, from the record. Nodes are read together, since a whole fleet is looked up after a restart. */
  async lookUp(token: string): Promise<KnownNode | undefined> {
    if (this.stopped || this.clock.now() - this.upToDateAt > KNOWN_FOR_MS) return undefined;
    let claims: VerifiedClaims;
    try {
      claims = await this.tokens.check(token);
    } catch {
      return undefined;
    }
    await new Promise<void>((done) => {
      this.wanted.get(claims.uid)?.done();
      this.wanted.set(claims.uid, { token, claims, done });
      this.round ??= this.readAll().finally(() => (this.round = undefined));
    });
    return this.find(token);
  }

  forget(uid: string): void {
    this.reading.delete(uid);
    const entry = this.byUid.get(uid);
    if (entry === undefined) return;
    this.byUid.delete(uid);
    this.byDigest.delete(entry.tokenDigest);
  }

  private unlessOutdated(entry: Entry | undefined): Entry | undefined {
    const now = this.clock.now();
    return entry !== undefined && entry.expiresAt > now && now - this.upToDateAt <= KNOWN_FOR_MS ? entry : undefined;
  }

  private forgetAll(): void {
    this.reading.clear();
    this.byUid.clear();
    this.byDigest.clear();
  }

  private async readAll(): Promise<void> {
    await pause(GATHER_MS);
    while (this.wanted.size > 0) {
      const batch = new Map([...this.wanted].slice(0, AT_ONCE));
      for (const uid of batch.keys()) this.wanted.delete(uid);
      await this.read(batch).catch((error: Error) =>
        this.logger.debug({ msg: 'nodes could not be looked up', reason: error.message }),
      );
      for (const { done } of batch.values()) done();
    }
  }

  private async read(batch: ReadonlyMap<string, Wanted>): Promise<void> {
    for (const uid of batch.keys()) this.reading.add(uid);
    try {
      // A waiting heartbeat of another boot has to be recorded first.
      if ([...batch.keys()].some((uid) => this.buffer.latest(uid)?.continuesBoot === false)) await this.buffer.flush();
      const found = await this.store.read([...batch.keys()]);
      for (const [uid, { token, claims }] of batch) {
        const good = found.get(uid);
        // A node that changed while it was read may have been read in its former state.
        if (good?.generation !== claims.generation || !this.reading.has(uid)) continue;
        const waiting = this.buffer.latest(uid);
        if (waiting !== undefined && waiting.bootId !== good.last?.bootId) continue;
        const last =
          waiting === undefined || good.last === undefined
            ? good.last
            : { ...good.last, seq: waiting.seq, lastSeen: waiting.lastSeen };
        const infoDigest = this.byUid.get(uid)?.infoDigest;
        this.add({
          tokenDigest: credentialDigest(token),
          expiresAt: claims.expiresAt,
          generation: claims.generation,
          summary: good.summary,
          last,
          infoDigest,
        });
      }
    } finally {
      for (const uid of batch.keys()) this.reading.delete(uid);
    }
  }

  private add(entry: Entry): void {
    if (this.stopped) return;
    const { uid } = entry.summary;
    const before = this.byUid.get(uid);
    if (before !== undefined) this.byDigest.delete(before.tokenDigest);
    this.byUid.set(uid, entry);
    this.byDigest.set(entry.tokenDigest, entry);
  }

  private follow(): void {
    const lost = (reason: string) => {
      this.upToDateAt = 0;
      this.forgetAll();
      this.logger.debug({ msg: 'the feed of changed nodes ended; following it again', reason });
    };
    this.subscription.add(
      keepFollowing(() => this.feed.follow(), { pauseMs: RETRY_MS, lost }).subscribe((changed) => {
        // Changes before the feed began are unknown.
        if (this.upToDateAt === 0) this.forgetAll();
        for (const record of changed) if (record.startsWith(NODE)) this.forget(record.slice(NODE.length));
        this.upToDateAt = this.clock.now();
      }),
    );
  }
}
