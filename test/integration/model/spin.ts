import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { MODEL_CHECKER } from '../../../scripts/test-tools.mjs';

const run = promisify(execFile);

/** Result of spin: the number of states, and an invariant that fails. */
export interface Verdict {
  states: number;
  /** The model's comment on the failed assertion; undefined if all hold. */
  broken?: string;
}

/**
 * Explores all states of a model.
 * @param folder for spin's files
 * @param defines as for a preprocessor: `['DECISIONS=3']`
 * @throws if spin is missing, or could not explore all of them
 */
export async function explore(model: string, folder: string, defines: readonly string[]): Promise<Verdict> {
  if (!MODEL_CHECKER.isThere()) throw new Error(MODEL_CHECKER.howToGet);
  const options = { cwd: folder };
  const sizes = defines.map((define) => `-D${define}`);
  await run('spin', ['-a', ...sizes, model], options);
  // At the sizes of an ordinary run, optimizing takes longer than it saves.
  await run(
    'gcc',
    ['-w', '-O0', '-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=2048', '-DMEMLIM=4096', '-o', 'pan', 'pan.c'],
    options,
  );
  const { stdout } = await run('./pan', ['-m200000'], options);
  const states = Number(/(\d+) states, stored/.exec(stdout)?.[1]);
  if (/errors: 0\b/.test(stdout) && !/Search not completed|max search depth|out of memory/.test(stdout))
    return { states };
  if (!/assertion violated/.test(stdout)) throw new Error(`spin did not get through: ${stdout}`);
  const replayed = await run('spin', ['-k', `${basename(model)}.trail`, ...sizes, model], options).catch(
    (failure: { stdout: string }) => failure,
  );
  const line = Number(/:(\d+), Error: assertion violated/.exec(replayed.stdout)?.[1]);
  const broken = /assert\(.*\/\* (.+?) \*\//.exec((await readFile(model, 'utf8')).split('\n')[line - 1] ?? '')?.[1];
  return { states, broken: broken ?? `line ${line}` };
}
