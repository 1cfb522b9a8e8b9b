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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** Why a file that a setting or an option names cannot be read, in words where there are some. */
export function whyUnreadable(error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code);
  return REASONS[code] ?? code;
}
