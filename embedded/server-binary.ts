/** A place that a server can be fetched from. */
export interface BinarySource {
  /** For people: `the official download of mongod 7.0.28`. */
  name: string;
  /** The binary's path below the cache folder; its first part is the folder that `fetch` fills. */
  into: string;
  /**
   * Fills an empty folder. Must end within minutes even where the network swallows packets.
   * @param tell hears how far it is, for people: `12 MB`
   * @throws Error whose message is one line that says why
   */
  fetch(folder: string, tell: (detail: string) => void, signal: AbortSignal): Promise<void>;
}

/** A server that runs beside us: how to recognise it, where to look for it, where to fetch it from. */
export interface ServerBinary {
  /** For people: `the Temporal dev server`. */
  name: string;
  /** The environment variable that names a binary. */
  variable: string;
  /** The command's name on PATH. */
  command: string;
  /** Runs the binary to see whether it will do; undefined where it does, else why not (`it is version 4.4.0, …`). */
  whyNot(path: string): Promise<string | undefined>;
  /** In order of preference. */
  sources: BinarySource[];
  /** What a person can do where all sources fail. */
  byHand: string;
}
