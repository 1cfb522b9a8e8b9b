import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './places.mjs';

/** The date of the source, in seconds, for all files of a package, so that builds are reproducible. */
export async function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const commit = await promisify(execFile)('git', ['log', '-1', '--format=%ct'], { cwd: ROOT }).catch(() => undefined);
  // Without git, as in a tar of the source, any fixed date will do.
  return Number(commit?.stdout.trim() || 315_532_800);
}
