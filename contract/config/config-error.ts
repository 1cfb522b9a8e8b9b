/** The configuration is wrong. The message is one sentence for people: the key, where it was set, what is wrong, and the way out. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    message: string,
    /** Dotted path of the key at fault; absent where the whole file is. */
    readonly key?: string,
    /** The way out: the nearest known key, or how to write the value. Part of the message already. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
