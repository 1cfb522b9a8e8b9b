import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../../contract/temporal-names.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { eventually } from '../eventually.js';

/** A program that can be killed, stopped and restarted. */
export class Program {
  log = '';
  private child: ChildProcess;

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
  ) {
    this.child = this.spawn();
  }

  /** Resolves when its log has a match. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(() => {
      const match = pattern.exec(this.log);
      if (!match) throw new Error(`${this.args[0]} has not said ${pattern}: ${this.log}`);
      return match;
    }, 30_000);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Kills it: nothing is finished or reported. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Its exit code; null if a signal ended it. */
  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  restart(): void {
    this.log = '';
    this.child = this.spawn();
  }

  private spawn(): ChildProcess {
    const child = spawn(this.command, this.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [child.stdout, child.stderr])
      output.on('data', (text: Buffer) => (this.log += text.toString()));
    return child;
  }
}

/** A built program of Rollcall. */
export function program(main: 'api.main.js' | 'worker.main.js', settings: Record<string, string>): Program {
  const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  return new Program(process.execPath, [join('dist', 'src', main), ...flags]);
}

/** A Temporal server whose database outlives it. */
export async function temporalServer(port: number, database: string): Promise<Program> {
  const attributes = SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return new Program(await findBinary(TEMPORAL), [
    'server',
    'start-dev',
    '--headless',
    '--port',
    String(port),
    '--db-filename',
    database,
    ...pragmas,
    ...attributes,
  ]);
}
