import { unwatchFile, watchFile } from 'node:fs';

/** Watched by looking, since what renews certificates replaces links and folders; in milliseconds. */
const LOOK_EVERY_MS = 10_000;

/**
 * Tells when what files hold may have changed: at SIGHUP, and when one has changed.
 * @returns stops doing so
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
