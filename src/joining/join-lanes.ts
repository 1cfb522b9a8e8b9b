/** Limits of lanes. */
export interface LaneLimits {
  /** Maximum number of items per batch. */
  together: number;
  /** Maximum number of waiting items in all lanes. */
  waiting: number;
}

/** Too many items wait for an answer in time. */
export class LanesFull extends Error {
  override readonly name = 'LanesFull';

  constructor() {
    super('too much waits already');
  }
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs work that would conflict with itself in sequence, batched per lane: items that arrive while a lane is busy are processed together when it is
 * free. A single item does not wait. Lanes are independent of each other.
 */
export class JoinLanes<Item, Result> {
  private readonly lanes = new Map<string, Waiting<Item, Result>[]>();
  private waiting = 0;

  /** @param work processes a batch and returns each item's result; a rejection applies to all of them */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
    private readonly limits: LaneLimits,
  ) {}

  /** @throws LanesFull, or this item's failure */
  async do(lane: string, item: Item): Promise<Result> {
    if (this.waiting >= this.limits.waiting) throw new LanesFull();
    this.waiting += 1;
    return new Promise<Result>((resolve, reject) => {
      const queue = this.lanes.get(lane);
      if (queue) {
        queue.push({ item, resolve, reject });
        return;
      }
      this.lanes.set(lane, [{ item, resolve, reject }]);
      void this.drive(lane);
    });
  }

  private async drive(lane: string): Promise<void> {
    const queue = this.lanes.get(lane) ?? [];
    while (queue.length > 0) {
      const batch = queue.splice(0, this.limits.together);
      await this.settle(batch);
      this.waiting -= batch.length;
    }
    this.lanes.delete(lane);
  }

  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.work(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason ?? new Error('nobody said what became of it'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
