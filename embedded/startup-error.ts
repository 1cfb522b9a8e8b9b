/** The cluster cannot start or go on. The message is one sentence for people, possibly followed by the last lines of a log. */
export class StartupError extends Error {
  override readonly name = 'StartupError';

  constructor(
    message: string,
    /** 1 for a failure, 2 if the command line or the configuration is at fault. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
