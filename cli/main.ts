#!/usr/bin/env node
import { EXIT_CODE } from './process/cli-failure.js';
import { run } from './run.js';
import { systemTerminal } from './process/terminal.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) closes the pipe: that is no error.
  if (error.code === 'EPIPE') process.exit(EXIT_CODE.ok);
  process.stderr.write(
    `OUTPUT_FAILED: standard output cannot be written (${error.message}). Make room, or name another file\n`,
  );
  process.exit(EXIT_CODE.failure);
});
// A reader that is gone, or a full disk, is reported by the exit code alone.
process.stderr.on('error', () => undefined);

const interruption = new AbortController();
process.once('SIGINT', () => {
  interruption.abort();
  // A second Ctrl-C means not to wait for a graceful end.
  process.once('SIGINT', () => process.exit(EXIT_CODE.interrupted));
});

// No top-level `await`: packaged as one file, the command is a CommonJS script.
void run(process.argv.slice(2), systemTerminal(), interruption.signal).then((code) => {
  process.exitCode = code;
});
