import { runCommand } from './run-command.js';

const VERSION_TIMEOUT_MS = 20_000;

/**
 * Why a binary is unsuitable according to its `--version`; undefined if it is suitable.
 * @param pattern its first group is the version
 * @param least minimum version: `5.0`
 */
export async function whyNotByVersion(path: string, pattern: RegExp, least: string): Promise<string | undefined> {
  let answer: string;
  try {
    const { stdout, stderr } = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
    answer = stdout + stderr;
  } catch (error) {
    return `it does not run (${(error as Error).message})`;
  }
  const version = pattern.exec(answer)?.[1];
  if (version === undefined)
    return `its answer to --version makes no sense (${answer.trim().split('\n')[0]?.slice(0, 80)})`;
  return isAtLeast(version, least) ? undefined : `it is version ${version}, and ${least} or later is needed`;
}

export function isAtLeast(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10) || 0),
  ) as [number[], number[]];
  for (let index = 0; index < Math.max(have.length, need.length); index++) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
