import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** A download that brings nothing for this long is given up, in milliseconds: the network swallows its packets. */
const STALL_MS = 30_000;
const TOTAL_MS = 15 * 60_000;
const LOOK_EVERY_MS = 1_000;

/** Says why in one line instead of an error's whole inside. */
const BRIEF_ERRORS = `
process.on('uncaughtException', (error) => {
  process.stderr.write(String(error.message).split('\\n')[0] + '\\n');
  process.exit(1);
});
`;

/**
 * Runs a script of ours that downloads into `folder` with somebody else's downloader, in a process of its own so that it can be
 * ended when it hangs. The script sees the folder as `process.argv[1]`.
 * @param tell hears how much is there already
 * @throws Error in one line
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
      // Where bare imports of the script are looked up.
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
