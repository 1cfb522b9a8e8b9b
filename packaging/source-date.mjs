import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './places.mjs';

/** The date of the source, in seconds: what a package's files are dated with, so that one source makes one package. */
export async function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const commit = await promisify(execFile)('git', ['log', '-1', '--format=%ct'], { cwd: ROOT }).catch(() => undefined);
  // Without git, as in a tar of the source: any date will do, if only it is always the same.
  return Number(commit?.stdout.trim() || 315_532_800);
}
