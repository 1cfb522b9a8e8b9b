// One run of the tests: a folder for all that they write, and a reaper beside them in a session of its own, which kills what is left
// of the run as soon as the process that started it is gone, whether it finished, was interrupted or was killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Environment variable with the run's folder, in every process of the run: the reaper recognizes them by it. */
export const RUN_VARIABLE = 'ROLLCALL_TEST_RUN';

const REAPER = fileURLToPath(new URL('reap-test-run.mjs', import.meta.url));

/** Starts a run. Its processes must get `env`. `end` resolves when none of them is left and the folder is gone. */
export function beginTestRun() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-run-'));
  const { [RUN_VARIABLE]: _outer, ...env } = process.env;
  // Its standard input ends when this process does.
  const reaper = spawn(process.execPath, [REAPER, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env,
  });
  reaper.unref();
  const end = async () => {
    reaper.ref();
    const gone = once(reaper, 'exit');
    reaper.stdin.end();
    await gone;
  };
  return { folder, env: { [RUN_VARIABLE]: folder }, end };
}
