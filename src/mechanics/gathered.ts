/**
 * Asks for many at once on behalf of those who ask for one each: a question at a time, which begins at once where none is under way. Whoever
 * asks meanwhile shares the next one, and its failure: the busier it is, the more share one.
 */
export class Gathered<Key, Answer> {
  private waiting: Key[] = [];
  private underWay: Promise<unknown> | undefined;
  private next: Promise<Answer> | undefined;

  /** @param ask answers for all of them together */
  constructor(private readonly ask: (keys: readonly Key[]) => Promise<Answer>) {}

  /** @returns the answer for everyone who asked together with this one */
  about(key: Key): Promise<Answer> {
    this.waiting.push(key);
    this.next ??= this.askNext(this.underWay);
    return this.next;
  }

  private async askNext(before: Promise<unknown> | undefined): Promise<Answer> {
    // Its failure was told to those who shared it. Without one, those who ask within this turn of the event loop still come along.
    await before?.catch(() => undefined);
    const keys = this.waiting;
    const answer = this.ask(keys);
    this.waiting = [];
    this.next = undefined;
    this.underWay = answer;
    return answer;
  }
}
