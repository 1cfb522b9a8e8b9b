import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

/** The built api program, run as by an operator. */
export class ApiProcess {
  log = '';
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;

  /**
   * @param program another version of the api
   * @param within a command that runs it
   */
  constructor(
    settings: Record<string, string>,
    env: Record<string, string> = {},
    program = join('dist', 'src', 'api.main.js'),
    within: readonly string[] = [],
  ) {
    const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const [command, ...before] = [...within, process.execPath];
    this.child = spawn(command, [...before, program, ...flags], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.on('data', (text: Buffer) => (this.log += text.toString()));
    this.exit = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  url(): Promise<string> {
    return eventually(() => {
      const [, url] = /"url":"([^"]+)","msg":"listening"/.exec(this.log) ?? [];
      if (url === undefined) throw new Error(`it does not listen yet: ${this.log}`);
      return url;
    });
  }
}
