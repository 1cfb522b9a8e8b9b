/** A source of a server's binary. */
export interface BinarySource {
  /** For people: `the official download of mongod 7.0.28`. */
  name: string;
  /** Path of the binary below the cache folder; its first part is the folder that `fetch` fills. */
  into: string;
  /**
   * Fills an empty folder. Must end within minutes even if the network swallows packets.
   * @param tell reports the progress, for people: `12 MB`
   * @throws Error with a one-line message that says why
   */
  fetch(folder: string, tell: (detail: string) => void, signal: AbortSignal): Promise<void>;
}

/** A server that Rollcall needs: how to recognize it, where to look for it, and where to download it. */
export interface ServerBinary {
  /** For people: `the Temporal dev server`. */
  name: string;
  /** The environment variable with the path of a binary. */
  variable: string;
  /** The command's name on PATH. */
  command: string;
  /** Runs the binary to check it; undefined if it is suitable, or else why not (`it is version 4.4.0, …`). */
  whyNot(path: string): Promise<string | undefined>;
  /** In order of preference. */
  sources: BinarySource[];
  /** What a person can do if all sources fail. */
  byHand: string;
}
