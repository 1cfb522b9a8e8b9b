import { spawn } from 'node:child_process';
import { groupIsThere, killGroup } from '../process/process-group.js';

/** How much of a program's output is kept, in bytes, and how much it may write before it is killed. */
const KEPT_BYTES = 4_096;
const MOST_BYTES = 65_536;
/** How long to wait for the end of the output, which a child outside the group may hold open, in milliseconds. */
const REST_MS = 500;

/** How a program ended. */
export interface ProgramEnd {
  how: 'exited' | 'killed' | 'timedOut' | 'wroteTooMuch' | 'notStarted' | 'stopped';
  /** Exit code, if it exited. */
  code: number | null;
  /** Beginning of its stdout. */
  output: string;
  /** Why it was killed or could not be started. */
  why: string;
  /** Its process group, part of which may survive in the kernel. */
  group: number | undefined;
}

/** A program and its timeout. */
export interface Program {
  file: string;
  args: readonly string[];
  timeoutMs: number;
}

/**
 * Runs a program in a process group of its own, all of which is killed when it ends, so no child outlives it. The program does not inherit
 * the agent's environment, which may hold secrets.
 */
export function runToEnd({ file, args, timeoutMs }: Program, stop: AbortSignal): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    let size = 0;
    let rest: NodeJS.Timeout | undefined;
    const end = (how: ProgramEnd['how'], why = '', code: number | null = null) => {
      clearTimeout(timer);
      clearTimeout(rest);
      stop.removeEventListener('abort', whenStopped);
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      child.unref();
      resolve({ how, code, output, why, group: child.pid });
    };
    const whenStopped = () => end('stopped');
    const timer = setTimeout(() => end('timedOut', `it had not ended after ${timeoutMs / 1_000} s`), timeoutMs);
    stop.addEventListener('abort', whenStopped, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (size < KEPT_BYTES) output += chunk.subarray(0, KEPT_BYTES - size).toString();
      size += chunk.length;
      if (size > MOST_BYTES) end('wroteTooMuch', `it wrote more than ${MOST_BYTES} bytes`);
    });
    child.once('error', (error) => end('notStarted', error.message));
    child.once('exit', (code, signal) => {
      const ended = () => (signal === null ? end('exited', '', code) : end('killed', `${signal} ended it`));
      // Its output is read to the end, which comes with the last process of the group.
      child.once('close', ended);
      rest = setTimeout(ended, REST_MS);
      if (child.pid !== undefined) killGroup(child.pid);
    });
    if (stop.aborted) whenStopped();
  });
}

/** Like {@link runToEnd}, but waits for remains of the run before: a process that waits for a device cannot be killed. */
export class OneAtATime {
  private group: number | undefined;

  async run(program: Program, stop: AbortSignal): Promise<ProgramEnd> {
    if (this.group !== undefined && groupIsThere(this.group))
      return {
        how: 'notStarted',
        code: null,
        output: '',
        why: 'the run before could not be ended yet',
        group: this.group,
      };
    const ended = await runToEnd(program, stop);
    this.group = ended.group;
    return ended;
  }
}
