/** A server that the api needs: whether it answers now. Each rejects within a few seconds, with one sentence, where it does not. */
export abstract class DatabaseProbe {
  abstract check(): Promise<void>;
}

export abstract class TemporalProbe {
  abstract check(): Promise<void>;
}
