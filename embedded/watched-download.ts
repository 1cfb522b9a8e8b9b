import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** A download without progress for this long is aborted, in milliseconds: the network swallows its packets. */
const STALL_MS = 30_000;
const TOTAL_MS = 15 * 60_000;
const LOOK_EVERY_MS = 1_000;

/** Prints an error as one line instead of all its details. */
const BRIEF_ERRORS = `
process.on('uncaughtException', (error) => {
  process.stderr.write(String(error.message).split('\\n')[0] + '\\n');
  process.exit(1);
});
`;

/**
 * Runs a script that downloads into `folder` with a third-party downloader, in a process of its own so that it can be
 * killed if it hangs. The script gets the folder as `process.argv[1]`.
 * @param tell reports the downloaded size
 * @throws Error with one line
 */
export async function watchedDownload(
  script: string,
  folder: string,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stalled = new AbortController();
  let bytes = 0;
  let grownAt = Date.now();
  const look = async () => {
    const size = await sizeOf(folder);
    if (size !== bytes) grownAt = Date.now();
    bytes = size;
    if (bytes > 0) tell(`${(bytes / 2 ** 20).toFixed(0)} MB`);
    if (Date.now() - grownAt > STALL_MS) stalled.abort();
  };
  const watch = setInterval(() => void look(), LOOK_EVERY_MS);
  try {
    await runCommand(process.execPath, ['--input-type=module', '--eval', BRIEF_ERRORS + script, folder], {
      // Where bare imports of the script are resolved.
      cwd: import.meta.dirname,
      timeoutMs: TOTAL_MS,
      signal: AbortSignal.any([signal, stalled.signal]),
    });
  } catch (error) {
    if (stalled.signal.aborted) throw new Error(`nothing came for ${STALL_MS / 1_000} s`, { cause: error });
    throw new Error((error as Error).message.replace(`${process.execPath}: `, ''), { cause: error });
  } finally {
    clearInterval(watch);
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
