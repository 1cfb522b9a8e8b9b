// One run of the tests: a folder for all that they write, and a reaper beside them, which lives in a session of its own and ends
// what is left of the run as soon as whoever began it is gone, whether it came to its end, was interrupted or was killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names the run's folder, to every process of the run: the reaper knows them by it. */
export const RUN_VARIABLE = 'ROLLCALL_TEST_RUN';

const REAPER = fileURLToPath(new URL('reap-test-run.mjs', import.meta.url));

/** Begins a run. Its processes must get `env`. `end` returns when none of them is left and the folder is gone. */
export function beginTestRun() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-run-'));
  const { [RUN_VARIABLE]: _outer, ...env } = process.env;
  // It sees its standard input end when this process does.
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
