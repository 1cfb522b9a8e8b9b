// Every process that a test starts carries the run's name, also where the test gives it an environment of its own: the run's reaper
// (scripts/reap-test-run.mjs) ends those that are left.
import { ChildProcess } from 'node:child_process';
import { RUN_VARIABLE } from '../../scripts/test-run.mjs';

const MARKS = Symbol.for('rollcall.marks-processes');
const { spawn } = ChildProcess.prototype;

// Suites share the process, and with it Node's own modules.
if (!spawn[MARKS]) {
  const marking = function (options) {
    const run = process.env[RUN_VARIABLE];
    const isMarked = options.envPairs?.some((pair) => pair.startsWith(`${RUN_VARIABLE}=`));
    if (run !== undefined && options.envPairs && !isMarked) options.envPairs.push(`${RUN_VARIABLE}=${run}`);
    return spawn.call(this, options);
  };
  ChildProcess.prototype.spawn = Object.assign(marking, { [MARKS]: true });
}
