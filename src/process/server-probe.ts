/** A server that the api needs: whether it answers now. Each rejects within a few seconds, with one sentence, where it does not. */
export abstract class DatabaseProbe {
  /** Resolves when it has answered for the first time, however long that takes. Never rejects. */
  abstract readonly ready: Promise<void>;

  abstract check(): Promise<void>;

  /** Which version answers. Rejects as {@link check}. */
  version(): Promise<string> {
    return Promise.resolve('unknown');
  }
}

export abstract class TemporalProbe {
  abstract check(): Promise<void>;

  /** Which version answers. Rejects as {@link check}. */
  version(): Promise<string> {
    return Promise.resolve('unknown');
  }
}
