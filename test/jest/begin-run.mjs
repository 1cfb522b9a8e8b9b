// jest's globalSetup: starts a run unless `npm test` has, and puts temporary folders of all tests into the run's own.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginTestRun, RUN_VARIABLE } from '../../scripts/test-run.mjs';

export default function beginRun() {
  if (process.env[RUN_VARIABLE] === undefined) {
    const run = beginTestRun();
    Object.assign(process.env, run.env);
    globalThis.rollcallTestRun = run;
  }
  // These are for a person, after the run.
  process.env.ROLLCALL_SCREENSHOTS ??= join(tmpdir(), 'rollcall-screenshots');
  process.env.TMPDIR = process.env[RUN_VARIABLE];
}
