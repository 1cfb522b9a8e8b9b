import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { EpochMs } from '../../contract/states.js';
import { AccessTokens } from '../auth/access-tokens.js';
import { Clock } from '../clock.js';
import { DatabaseProbe } from '../health/server-probe.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { NodeFeed } from './node-feed.js';
import type { NodeStanding } from './node-standing.js';
import { StandingStore } from './standing-store.js';

/** What was known this long ago, in milliseconds, may be told no more: a revocation is to be in force everywhere within a second. */
const KNOWN_FOR_MS = 800;
/** Nodes that are to be learnt are read together, in milliseconds. */
const LEARN_EVERY_MS = 20;
const RETRY_MS = 500;

/** A node that beats to this replica. */
export interface KnownNode {
  standing: NodeStanding;
  /** Of its credential. */
  generation: number;
  /** When the access token by which it is known ends. */
  expiresAt: EpochMs;
  /** Its last heartbeat. */
  last: { bootId: string; seq: number; lastSeen: EpochMs };
}

interface Entry extends KnownNode {
  token: string;
}

/**
 * The nodes that beat to this replica, by their access tokens, from memory. Only those in good standing are here, and only as
 * long as the record says nothing else: a node leaves with every change of its record, and all of them whenever the feed of
 * changes is late. Whoever is not here is read from the record, as every other caller is.
 */
@Injectable()
export class KnownNodes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KnownNodes.name);
  private readonly byToken = new Map<string, Entry>();
  private readonly byUid = new Map<string, Entry>();
  /** Tokens that showed their worth, of nodes that are to be read. */
  private toLearn = new Map<string, string>();
  /** Nodes that are being read; one that changes meanwhile leaves. */
  private reading = new Set<string>();
  private learning: NodeJS.Timeout | undefined;
  private upToDateAt: EpochMs = 0;
  private subscription: Subscription | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly feed: NodeFeed,
    private readonly store: StandingStore,
    private readonly tokens: AccessTokens,
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.follow());
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.learning);
    this.subscription?.unsubscribe();
    this.forgetAll();
  }

  /** How many nodes are known. */
  get size(): number {
    return this.byToken.size;
  }

  /** Whose access token it is; undefined where that has to be looked up. */
  find(token: string): KnownNode | undefined {
    const now = this.clock.now();
    if (now - this.upToDateAt > KNOWN_FOR_MS) return undefined;
    const entry = this.byToken.get(token);
    return entry !== undefined && entry.expiresAt > now ? entry : undefined;
  }

  /** The token was good a moment ago: its node is soon known. */
  async learn(token: string): Promise<void> {
    if (this.stopped || this.byToken.has(token)) return;
    const { uid } = await this.tokens.verify(token);
    this.toLearn.set(uid, token);
    this.learning ??= setTimeout(() => void this.read(), LEARN_EVERY_MS);
  }

  forget(uid: string): void {
    this.reading.delete(uid);
    const entry = this.byUid.get(uid);
    if (entry === undefined) return;
    this.byUid.delete(uid);
    this.byToken.delete(entry.token);
  }

  private forgetAll(): void {
    this.reading.clear();
    this.byUid.clear();
    this.byToken.clear();
  }

  private async read(): Promise<void> {
    const wanted = this.toLearn;
    this.toLearn = new Map();
    this.reading = new Set(wanted.keys());
    try {
      const found = await this.store.read([...wanted.keys()]);
      for (const [uid, token] of wanted) {
        const { generation, expiresAt } = await this.tokens.verify(token);
        const good = found.get(uid);
        // What changed while it was read may have been read before it changed.
        if (good === undefined || !this.reading.has(uid)) continue;
        const waiting = this.buffer.latest(uid);
        const last = waiting !== undefined && waiting.lastSeen > good.last.lastSeen ? waiting : good.last;
        if (generation === good.generation) this.add({ token, expiresAt, generation, standing: good.standing, last: { bootId: last.bootId, seq: last.seq, lastSeen: last.lastSeen } });
      }
    } catch (error) {
      this.logger.debug({ msg: 'nodes could not be learnt', reason: (error as Error).message });
    }
    this.reading.clear();
    this.learning = this.toLearn.size > 0 && !this.stopped ? setTimeout(() => void this.read(), LEARN_EVERY_MS) : undefined;
  }

  private add(entry: Entry): void {
    if (this.stopped) return;
    const { uid } = entry.standing;
    const before = this.byUid.get(uid);
    if (before !== undefined) this.byToken.delete(before.token);
    this.byUid.set(uid, entry);
    this.byToken.set(entry.token, entry);
  }

  private follow(): void {
    if (this.stopped) return;
    const again = (reason: string) => {
      this.upToDateAt = 0;
      this.forgetAll();
      if (this.stopped) return;
      this.logger.debug({ msg: 'the feed of changed nodes ended; following it again', reason });
      this.retry = setTimeout(() => this.follow(), RETRY_MS);
    };
    this.subscription = this.feed.follow().subscribe({
      next: (changed) => {
        // What changed before the feed began nobody says.
        if (this.upToDateAt === 0) this.forgetAll();
        for (const uid of changed) this.forget(uid);
        this.upToDateAt = this.clock.now();
      },
      error: (error: Error) => again(error.message),
      complete: () => again('it was closed'),
    });
  }
}
