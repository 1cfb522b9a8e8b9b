/** How a lane is bounded. */
export interface LaneLimits {
  /** What is done together at most. */
  together: number;
  /** What may wait in all lanes together. */
  waiting: number;
}

/** So much waits already that it would be answered too late. */
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
 * Does what would only get in its own way side by side one after the other, and many of it at once: whatever comes
 * while a lane is busy goes together when it is free. Alone, nothing waits. Lanes know nothing of each other.
 */
export class JoinLanes<Item, Result> {
  private readonly lanes = new Map<string, Waiting<Item, Result>[]>();
  private waiting = 0;

  /** @param work does several, and says of each how it went; where it rejects, that is said of all */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<PromiseSettledResult<Result>[]>,
    private readonly limits: LaneLimits,
  ) {}

  /** @throws LanesFull, or what became of this item */
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
