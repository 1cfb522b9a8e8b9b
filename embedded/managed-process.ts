import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';
import { lastLines } from './log-tail.js';
import { recordOf } from '../contract/process/process-record.js';

export interface ProcessSpec {
  /** Names its log and its record: `api`, `agent-node-1`. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  stopWithinMs: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines that it logged. */
  lastWords: string[];
}

/** One process of the cluster, its output in the home's log, its pid on record as long as it runs. */
export class ManagedProcess {
  readonly exited: Promise<Exit>;
  readonly startedAt = Date.now();
  readonly #child: ChildProcess;
  readonly #spec: ProcessSpec;
  #gone = false;

  constructor(home: Home, spec: ProcessSpec) {
    this.#spec = spec;
    const logFile = home.logOf(spec.name);
    const log = openSync(logFile, 'a', 0o600);
    const logStart = fstatSync(log).size;
    this.#child = spawn(spec.command, spec.args, {
      // A group of its own: Ctrl-C in a terminal must not reach mongod before those who still write to it.
      detached: true,
      stdio: ['ignore', log, log],
      env: spec.env ?? process.env,
    });
    closeSync(log);
    this.exited = this.#watch(home, logFile, logStart);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Asks it to end, and after its time is up ends it. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const impatience = setTimeout(() => this.kill(), this.#spec.stopWithinMs);
    await this.exited;
    clearTimeout(impatience);
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#gone) this.#child.kill(signal);
  }

  async #watch(home: Home, logFile: string, logStart: number): Promise<Exit> {
    const record = this.pid === undefined ? undefined : recordOf(this.pid);
    const recorded = record ? home.remember(processRecordName(this.#spec.name), record) : Promise.resolve();
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.once('exit', (...outcome) => resolve(outcome));
      this.#child.once('error', () => resolve([127, null]));
    });
    this.#gone = true;
    await recorded.catch(() => undefined);
    await rm(join(home.state, `${processRecordName(this.#spec.name)}.json`), { force: true }).catch(() => undefined);
    return { code, signal, lastWords: await lastLines(logFile, logStart) };
  }
}

const RECORD_PREFIX = 'process-';

/** The name under which the home remembers a process. */
function processRecordName(component: string): string {
  return `${RECORD_PREFIX}${component}`;
}

/** The component whose process a file in the home's state records; undefined for any other file. */
export function componentOfRecord(file: string): string | undefined {
  return file.startsWith(RECORD_PREFIX) && file.endsWith('.json') ? file.slice(RECORD_PREFIX.length, -'.json'.length) : undefined;
}

/** How a process ended, in words. */
export function describeExit(exit: Exit): string {
  if (exit.signal) return `was ended by ${exit.signal}`;
  return exit.code === 0 ? 'ended' : `failed with exit code ${exit.code}`;
}

/** {@link describeExit}, and the last thing that the process said. What it said before somebody killed it explains nothing. */
export function explainExit(exit: Exit): string {
  const last = exit.signal ? undefined : exit.lastWords.at(-1);
  return last === undefined ? describeExit(exit) : `${describeExit(exit)}: ${last}`;
}
