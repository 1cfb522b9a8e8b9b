import type { Node, NodeEvent } from '../../client/types.gen.js';
import { followEvents, type Following } from '../../client/follow-events.js';
import { pause } from '../../client/pause.js';
import type { Connection } from '../connection/connection.js';
import { mayPass } from '../process/cli-failure.js';

/** Ids that one request asks for: the api takes no more. */
const AT_ONCE = 100;
/** Of so many at once all are read anew. */
const MOST_CHANGED = 1_000;
/** In milliseconds: a stream that could not be begun is tried again so soon, and nodes are read without it. */
const AGAIN_MS = 10_000;

/** In milliseconds. */
export interface WatchPace {
  /** However much happens, nodes are read so often at most. */
  gather: number;
  /** For what no event tells: missed heartbeats, sessions. */
  reread: number;
}
const PACE: WatchPace = { gather: 1_000, reread: 30_000 };

export interface FollowedList {
  /** The nodes that are listed: all of them, or those among these ids. */
  read: (ids?: readonly string[]) => Promise<readonly Node[]>;
  connection: Pick<Connection, 'client' | 'openStream'>;
  interruption: AbortSignal;
  pace?: WatchPace;
}

/** The nodes of a list, of which those are read again that something has happened to. */
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

  /** @throws CliFailure of the reading, or where the api refuses its events; what has changed stays to be read */
  async read(): Promise<readonly Node[]> {
    // What happens while all are read is told only by a stream that stands.
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

  /** Until there is something to read. @throws the interruption's reason */
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

  /** Each keeps its place among the others; one that is new comes last, until all are read. */
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
        // Nobody followed what has happened until now.
        this.allDue();
        opened();
        return response;
      },
      onReset: () => this.allDue(),
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
