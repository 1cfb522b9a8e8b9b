import type { EpochMs } from '../../contract/states.js';

/** Probe of MongoDB. Checks reject within a few seconds, with one sentence, where it does not answer. */
export abstract class DatabaseProbe {
  /** Resolves at its first answer, however long that takes. Never rejects. */
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

/** Work that waits in Temporal although any worker that lives would have taken it at once. */
export interface UntakenWork {
  /** Which work: another one waits from its own beginning. */
  what: string;
  /** When a worker last had it, or since when it waits, by Temporal's clock; null where that is not known. */
  since: EpochMs | null;
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

  /** Work that no worker has taken yet; undefined where workers take all. Rejects as {@link check}. */
  untaken(): Promise<UntakenWork | undefined> {
    return Promise.resolve(undefined);
  }

  /** Which version answers. Rejects as {@link check}. */
  version(): Promise<string> {
    return Promise.resolve('unknown');
  }
}
