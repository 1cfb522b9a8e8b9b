/** Result of a reading, or why there is none. */
export type Reading<Value> = { value: Value } | { why: string };

/**
 * Reads what may never answer: a filesystem whose server is gone, a driver that hangs. Callers wait for at most the limit, and no second
 * reading starts before the first has ended, since each may hold a thread or a process until then.
 */
export class Limited<Value> {
  #pending: Promise<Value> | undefined;

  /**
   * @param what name for people: `statfs`
   * @param limitMs maximum wait for the answer, in milliseconds
   */
  constructor(
    private readonly what: string,
    private readonly ask: () => Promise<Value>,
    private readonly limitMs: number,
  ) {}

  /** @throws what the reading itself throws in time */
  async read(): Promise<Reading<Value>> {
    this.#pending ??= this.ask().finally(() => (this.#pending = undefined));
    // A late failure no longer matters.
    this.#pending.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Reading<Value>>((resolve) => {
      timer = setTimeout(
        () => resolve({ why: `${this.what} has not answered within ${this.limitMs / 1_000} s` }),
        this.limitMs,
      );
      // Does not keep a process that is about to end.
      timer.unref();
    });
    try {
      return await Promise.race([this.#pending.then((value) => ({ value })), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
