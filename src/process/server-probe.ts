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

/** A worker that asked Temporal for work lately. */
export interface SeenWorker {
  /** `rollcall-worker/<version> <build id of its workflows> <pid>@<host>` */
  identity: string;
  takes: string[];
  /** ISO 8601; a worker that works asks once a minute at least. */
  lastAsked: string;
  /** Null where versions of workers are not kept apart. */
  deployment: string | null;
  buildId: string | null;
}

export abstract class TemporalProbe {
  abstract check(): Promise<void>;

  /** @throws Error with one sentence, where something there was met lately that this process cannot read */
  assertReadable(): void {
    // What does not answer has shown nothing.
  }

  /** Which workers take work there. Rejects as {@link check}. */
  workers(): Promise<SeenWorker[]> {
    return Promise.resolve([]);
  }

  /** Which version answers. Rejects as {@link check}. */
  version(): Promise<string> {
    return Promise.resolve('unknown');
  }
}
