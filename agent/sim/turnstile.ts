/**
 * Limits how many calls of a fleet are under way at once. Each may need a connection of its own, so this bounds the connections too.
 * A call that waits here has not begun: it holds hardly any memory, and its timeout does not run.
 */
export class Turnstile {
  /** A queue whose front is an index: shifting an array of thousands would move them all. */
  private waiting: (() => void)[] = [];
  private front = 0;
  private inside = 0;

  /** @param capacity maximum number of calls under way */
  constructor(private readonly capacity: number) {}

  async pass<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.inside < this.capacity) this.inside += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /** Passes the place to the longest waiter, without freeing it in between. */
  private leave(): void {
    const next = this.waiting[this.front];
    if (next === undefined) {
      this.inside -= 1;
      return;
    }
    this.front += 1;
    if (this.front === this.waiting.length) [this.waiting, this.front] = [[], 0];
    next();
  }
}
