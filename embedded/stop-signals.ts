/**
 * One Ctrl-C can arrive twice: from the terminal, and from npm, which passes on its own. Signals closer to each other than
 * this count as one, in milliseconds.
 */
const SAME_SIGNAL_MS = 1_000;

/**
 * Resolves at the first signal that asks this process to end.
 * @param announce called at the first
 * @param insist called at a second: the user does not want to wait
 */
export function onStopSignals(announce: (name: string) => void, insist: () => void): Promise<undefined> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (firstAt === undefined) {
          firstAt = Date.now();
          announce(name === 'SIGINT' ? 'Ctrl-C' : name);
          resolve(undefined);
        } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
          insist();
        }
      });
    }
  });
}
