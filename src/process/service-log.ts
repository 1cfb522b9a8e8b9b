/** A line of the log: a sentence, and what it is about. */
interface Entry {
  msg: string;
  [key: string]: unknown;
}

/** The log of a service, which tests can replace; otherwise Nest's Logger under the service's name. */
export abstract class ServiceLog {
  abstract warn(entry: Entry): void;
  abstract log(entry: Entry): void;
}
