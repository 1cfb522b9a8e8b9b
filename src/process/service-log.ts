/** A line of the log: a sentence, and what it is about. */
interface Entry {
  msg: string;
  [key: string]: unknown;
}

/** What a service tells the log, where tests want to hear it; Nest's Logger under the service's name elsewhere. */
export abstract class ServiceLog {
  abstract warn(entry: Entry): void;
  abstract log(entry: Entry): void;
}
