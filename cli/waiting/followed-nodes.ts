import type { Node, NodeEvent } from '../../client/types.gen.js';
import { followEvents, type Following } from '../../client/follow-events.js';
import { pause } from '../../client/pause.js';
import type { Connection } from '../connection/connection.js';
import { mayPass } from '../process/cli-failure.js';

/** Maximum number of ids per request that the api accepts. */
const AT_ONCE = 100;
/** From this many changed nodes on, all are read again. */
const MOST_CHANGED = 1_000;
/** Delay before another attempt to open the event stream, in milliseconds; meanwhile nodes are polled. */
const AGAIN_MS = 10_000;

/** In milliseconds. */
export interface WatchPace {
  /** Minimum time between two reads, in milliseconds. */
  gather: number;
  /** Interval of full reads, in milliseconds, for what no event reports: missed heartbeats, sessions. */
  reread: number;
}
const PACE: WatchPace = { gather: 1_000, reread: 30_000 };

export interface FollowedList {
  /** Selects nodes: all, or those with these ids. */
  read: (ids?: readonly string[]) => Promise<readonly Node[]>;
  connection: Pick<Connection, 'client' | 'openStream' | 'failureOf'>;
  interruption: AbortSignal;
  pace?: WatchPace;
}

/** The nodes of a list, kept current by reading those that have events. */
export class FollowedNodes {
  private nodes = new Map<string, Node>();
  private changed = new Set<string>();
  private allDueAt = 0;
  private failure: { why: unknown } | undefined;
  private wake = () => undefined as void;
  private readonly opened: Promise<void>;
  private readonly pace: WatchPace;

  constructor(private readonly list: FollowedList) {
    this.pace = list.pace ?? PACE;
    this.opened = new Promise((resolve) => void this.follow(resolve));
  }

  /** @throws CliFailure of the reading, or if the api refuses to stream events; changed nodes stay marked to be read */
  async read(): Promise<readonly Node[]> {
    // Events during a full read are only seen by a stream that is open before it.
    await this.opened;
    if (this.failure !== undefined) throw this.failure.why;
    const changed = this.changed;
    this.changed = new Set();
    try {
      if (performance.now() >= this.allDueAt || changed.size > MOST_CHANGED) await this.readAll();
      else await this.readSome([...changed]);
    } catch (error) {
      for (const id of changed) this.changed.add(id);
      throw error;
    }
    return [...this.nodes.values()];
  }

  /** Resolves when there is something to read. @throws the interruption's reason */
  async due(): Promise<void> {
    await pause(this.pace.gather, this.list.interruption);
    const idle = new AbortController();
    this.wake = () => idle.abort();
    if (this.changed.size > 0 || this.failure !== undefined) return;
    const left = Math.max(0, this.allDueAt - performance.now());
    await pause(left, AbortSignal.any([idle.signal, this.list.interruption])).catch(() =>
      this.list.interruption.throwIfAborted(),
    );
  }

  private async readAll(): Promise<void> {
    this.allDueAt = performance.now() + this.pace.reread;
    try {
      this.nodes = new Map((await this.list.read()).map((node) => [node.id, node]));
    } catch (error) {
      this.allDueAt = 0;
      throw error;
    }
  }

  /** Nodes keep their places; new ones come last until all are read again. */
  private async readSome(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const asked = ids.slice(from, from + AT_ONCE);
      const found = new Map((await this.list.read(asked)).map((node) => [node.id, node]));
      for (const id of asked) {
        const node = found.get(id);
        if (node === undefined) this.nodes.delete(id);
        else this.nodes.set(id, node);
      }
    }
  }

  private async follow(opened: () => void): Promise<void> {
    const { connection, interruption } = this.list;
    const following: Following = {
      client: connection.client,
      signal: interruption,
      passes: mayPass,
      open: async (request) => {
        const response = await connection.openStream(request);
        // Earlier events were not followed.
        this.allDue();
        opened();
        return response;
      },
      onReset: () => this.allDue(),
      failureOf: (response, said) => connection.failureOf(response, said),
    };
    while (!interruption.aborted && this.failure === undefined) {
      try {
        for await (const { event } of followEvents(following)) this.note(event);
      } catch (why) {
        if (!mayPass(why)) this.failure = { why };
        opened();
        this.wake();
        if (this.failure === undefined) await pause(AGAIN_MS, interruption).catch(() => undefined);
      }
    }
    opened();
  }

  private note({ node }: NodeEvent): void {
    this.changed.add(node);
    this.wake();
  }

  private allDue(): void {
    this.allDueAt = 0;
    this.wake();
  }
}
