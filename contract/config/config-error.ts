/** The configuration is invalid. The message is one sentence: the key, where it was set, what is wrong, and the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    message: string,
    /** Dotted path of the faulty key; absent if the whole file is at fault. */
    readonly key?: string,
    /** The remedy: the nearest known key, or how to write the value. Already part of the message. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** Why a file named by a setting or an option cannot be read, in words if there are any. */
export function whyUnreadable(error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code);
  return REASONS[code] ?? code;
}
