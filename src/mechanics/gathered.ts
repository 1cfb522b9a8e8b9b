/**
 * Combines single requests into batches. One batch runs at a time, and starts at once where none is running; requests that arrive meanwhile share
 * the next one, and its failure. The higher the load, the larger the batches.
 */
export class Gathered<Key, Answer> {
  private waiting: Key[] = [];
  private underWay: Promise<unknown> | undefined;
  private next: Promise<Answer> | undefined;

  /** @param ask answers a batch */
  constructor(private readonly ask: (keys: readonly Key[]) => Promise<Answer>) {}

  /** @returns the answer of the batch that includes `key` */
  about(key: Key): Promise<Answer> {
    this.waiting.push(key);
    this.next ??= this.askNext(this.underWay);
    return this.next;
  }

  private async askNext(before: Promise<unknown> | undefined): Promise<Answer> {
    // Its failure concerned its own requests. Where none is running, requests of this turn of the event loop still join the batch.
    await before?.catch(() => undefined);
    const keys = this.waiting;
    const answer = this.ask(keys);
    this.waiting = [];
    this.next = undefined;
    this.underWay = answer;
    return answer;
  }
}
