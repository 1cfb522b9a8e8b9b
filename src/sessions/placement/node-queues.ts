/** Concurrent updates per workflow and replica. Temporal's limit is ten per workflow, for all api replicas together. */
const AT_ONCE = 4;

/** Limits concurrent requests to a node's workflow; others wait in order of arrival. */
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
      // The next waiter takes over this slot.
      const next = queue.waiting.shift();
      if (next) next();
      else queue.running -= 1;
      if (queue.running === 0) this.busy.delete(uid);
    }
  }
}
