import { parseOptions, START_USAGE } from './options.js';
import { runProgram } from './run-program.js';
import { Supervisor } from './supervisor.js';

/** Main program of `npm start`. */
await runProgram(
  START_USAGE,
  parseOptions,
  (home, options, progress, out) => new Supervisor(home, options, progress, out),
);
