/**
 * Lets so many calls of a fleet through at once. A connection is opened wherever none is free, so this bounds the connections too.
 * Who waits here has not begun its call: it holds no memory to speak of, and its time-out does not run.
 */
export class Turnstile {
  /** In a queue whose front is an index: to shift an array of thousands would move them all. */
  private waiting: (() => void)[] = [];
  private front = 0;
  private inside = 0;

  /** @param capacity calls under way at once */
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

  /** The place goes to who waits longest, without being free in between. */
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
