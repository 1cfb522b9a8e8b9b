/**
 * Asks for many at once on behalf of those who ask for one each: whoever asks within the same few milliseconds shares one
 * question, and its failure.
 */
export class Gathered<Key, Answer> {
  private waiting: Key[] = [];
  private answer: Promise<Answer> | undefined;

  /**
   * @param forMs how long the first to ask waits for others, in milliseconds
   * @param ask answers for all of them together
   */
  constructor(
    private readonly forMs: number,
    private readonly ask: (keys: readonly Key[]) => Promise<Answer>,
  ) {}

  /** @returns the answer for everyone who asked together with this one */
  about(key: Key): Promise<Answer> {
    this.waiting.push(key);
    this.answer ??= new Promise<void>((resolve) => setTimeout(resolve, this.forMs)).then(() => {
      const keys = this.waiting;
      this.waiting = [];
      this.answer = undefined;
      return this.ask(keys);
    });
    return this.answer;
  }
}
