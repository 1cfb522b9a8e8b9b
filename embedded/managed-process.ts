import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';
import { lastLines } from './log-tail.js';
import { answersParent } from '../contract/process/answers-parent.js';
import { recordOf } from '../contract/process/process-record.js';

export interface ProcessSpec {
  /** Name of its log and its record: `api`, `agent-node-1`. */
  name: string;
  command: string;
  args: string[];
  /** Working directory; absent for this process's. */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Time from SIGTERM to SIGKILL, in milliseconds. */
  stopWithinMs: number;
  /** Whether it is a Node.js program that answers probes over a channel. */
  hasChannel?: boolean;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Its last log lines. */
  lastWords: string[];
}

/** Waits for a line, then becomes the program, so that the process exists and can be recorded before the program runs. */
const GATE = 'read -r go && exec "$@" < /dev/null';
const ANSWERS_WITHIN_MS = 5_000;
/** Exit code of shells for a command that cannot be run. */
const NOT_RUN_EXIT_CODE = 127;

/**
 * One process of the cluster, with its output in the home's log. It is recorded before it runs and until it has ended, so that the next
 * start knows it even if this process is killed.
 */
export class ManagedProcess {
  readonly exited: Promise<Exit>;
  readonly startedAt = Date.now();
  readonly #child: ChildProcess;
  readonly #spec: ProcessSpec;
  #gone = false;

  constructor(
    private readonly home: Home,
    spec: ProcessSpec,
  ) {
    this.#spec = spec;
    const logFile = home.logOf(spec.name);
    const log = openLog(logFile);
    const logStart = log === 'ignore' ? 0 : fstatSync(log).size;
    this.#child = spawn('/bin/sh', ['-c', GATE, 'sh', spec.command, ...spec.args], {
      // A group of its own: Ctrl-C in a terminal must not reach mongod before the processes that still write to it.
      detached: true,
      stdio: spec.hasChannel ? ['pipe', log, log, 'ipc'] : ['pipe', log, log],
      cwd: spec.cwd,
      env: spec.env ?? process.env,
    });
    if (log !== 'ignore') closeSync(log);
    // It may be gone before it gets the message.
    this.#child.stdin?.on('error', () => undefined);
    this.exited = this.#watch(logFile, logStart);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Whether it answers a probe over its channel. */
  answers(): Promise<boolean> {
    return answersParent(this.#child, ANSWERS_WITHIN_MS);
  }

  /** Asks it to end, and kills it after its time. */
  async stop(withinMs = this.#spec.stopWithinMs): Promise<void> {
    this.#signal('SIGTERM');
    const impatience = setTimeout(() => this.kill(), withinMs);
    await this.exited;
    clearTimeout(impatience);
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#gone) this.#child.kill(signal);
  }

  async #watch(logFile: string, logStart: number): Promise<Exit> {
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.once('exit', (...outcome) => resolve(outcome));
      this.#child.once('error', () => resolve([NOT_RUN_EXIT_CODE, null]));
    });
    const unrecorded = await this.#record().then(
      () => undefined,
      (error: Error) => error,
    );
    if (unrecorded) this.kill();
    else this.#child.stdin?.end('go\n');
    const [code, signal] = await ended;
    this.#gone = true;
    await rm(join(this.home.state, `${processRecordName(this.#spec.name)}.json`), { force: true }).catch(
      () => undefined,
    );
    if (unrecorded)
      return {
        code: NOT_RUN_EXIT_CODE,
        signal: null,
        lastWords: [`it cannot be put on record: ${unrecorded.message}`],
      };
    return { code, signal, lastWords: await lastLines(logFile, logStart) };
  }

  async #record(): Promise<void> {
    const record = this.pid === undefined ? undefined : recordOf(this.pid);
    if (record) await this.home.remember(processRecordName(this.#spec.name), record);
  }
}

/** If its log cannot be opened (the disk is full), it works without one. */
function openLog(file: string): number | 'ignore' {
  try {
    return openSync(file, 'a', 0o600);
  } catch {
    return 'ignore';
  }
}

const RECORD_PREFIX = 'process-';

/** Name under which the home records a process. */
function processRecordName(component: string): string {
  return `${RECORD_PREFIX}${component}`;
}

/** The component whose process a file in the home's state records; undefined for any other file. */
export function componentOfRecord(file: string): string | undefined {
  return file.startsWith(RECORD_PREFIX) && file.endsWith('.json')
    ? file.slice(RECORD_PREFIX.length, -'.json'.length)
    : undefined;
}

/** How a process ended, in words. */
export function describeExit(exit: Exit): string {
  if (exit.signal) return `was ended by ${exit.signal}`;
  return exit.code === 0 ? 'ended' : `failed with exit code ${exit.code}`;
}

/** {@link describeExit}, and the process's last line of output, which is left out if the process was killed, since it explains nothing. */
export function explainExit(exit: Exit): string {
  const last = exit.signal ? undefined : exit.lastWords.at(-1);
  return last === undefined ? describeExit(exit) : `${describeExit(exit)}: ${last}`;
}
