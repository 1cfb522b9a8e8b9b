/** Temporal takes ten updates of a workflow at a time, from all replicas of the api together. */
const AT_ONCE = 4;

/** Lets a node's workflow be asked by a few at a time; the others wait for their turn, first come first served. */
export class NodeQueues {
  private readonly busy = new Map<string, { running: number; waiting: (() => void)[] }>();

  async run<Result>(uid: string, work: () => Promise<Result>): Promise<Result> {
    const queue = this.busy.get(uid) ?? { running: 0, waiting: [] };
    this.busy.set(uid, queue);
    if (queue.running >= AT_ONCE) await new Promise<void>((resolve) => queue.waiting.push(resolve));
    else queue.running += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes over this place.
      const next = queue.waiting.shift();
      if (next) next();
      else queue.running -= 1;
      if (queue.running === 0) this.busy.delete(uid);
    }
  }
}
