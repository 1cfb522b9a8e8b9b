/** What a reading came to, or why there is none. */
export type Reading<Value> = { value: Value } | { why: string };

/**
 * Asks a question that may never be answered: a filesystem whose server is gone, a driver that hangs. Whoever wants the answer waits for it
 * so long and no longer, and it is not asked again before: each question may hold a thread, or a process, until it is answered.
 */
export class Limited<Value> {
  #pending: Promise<Value> | undefined;

  /**
   * @param what for people: `statfs`
   * @param limitMs how long an answer is waited for
   */
  constructor(
    private readonly what: string,
    private readonly ask: () => Promise<Value>,
    private readonly limitMs: number,
  ) {}

  /** @throws what the question itself throws in time */
  async read(): Promise<Reading<Value>> {
    this.#pending ??= this.ask().finally(() => (this.#pending = undefined));
    // A late failure does not matter any more.
    this.#pending.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Reading<Value>>((resolve) => {
      timer = setTimeout(
        () => resolve({ why: `${this.what} has not answered within ${this.limitMs / 1_000} s` }),
        this.limitMs,
      );
      // A process that is about to end does not wait for it.
      timer.unref();
    });
    try {
      return await Promise.race([this.#pending.then((value) => ({ value })), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
