import { unwatchFile, watchFile } from 'node:fs';

/** How often files are polled, in milliseconds. Polled, since tools that renew certificates replace links and folders. */
const LOOK_EVERY_MS = 10_000;

/**
 * Calls `changed` when the files may have changed: at SIGHUP, and when one has changed.
 * @returns a function that stops this
 */
export function followFiles(paths: readonly string[], changed: () => void): () => void {
  const look = (now: { mtimeMs: number }, before: { mtimeMs: number }) => {
    if (now.mtimeMs !== before.mtimeMs) changed();
  };
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  process.on('SIGHUP', changed);
  return () => {
    for (const path of paths) unwatchFile(path, look);
    process.off('SIGHUP', changed);
  };
}
