// Every process that a test starts has the run's name in its environment, even if the test sets the environment: the run's reaper
// (scripts/reap-test-run.mjs) kills those that are left.
import { ChildProcess } from 'node:child_process';
import { RUN_VARIABLE } from '../../scripts/test-run.mjs';

const MARKS = Symbol.for('rollcall.marks-processes');
const { spawn } = ChildProcess.prototype;

// Suites share the process, and so Node's own modules.
if (!spawn[MARKS]) {
  const marking = function (options) {
    const run = process.env[RUN_VARIABLE];
    const isMarked = options.envPairs?.some((pair) => pair.startsWith(`${RUN_VARIABLE}=`));
    if (run !== undefined && options.envPairs && !isMarked) options.envPairs.push(`${RUN_VARIABLE}=${run}`);
    return spawn.call(this, options);
  };
  ChildProcess.prototype.spawn = Object.assign(marking, { [MARKS]: true });
}
