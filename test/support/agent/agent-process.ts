import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../../dist/agent/main.js', import.meta.url));

/** The built agent as a process. `npm test` builds it first. */
export class AgentProcess {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  /** @param program another version of the agent: a JavaScript file, or a command */
  constructor(args: string[], env: Record<string, string> = {}, program = MAIN) {
    const [command, words] = program.endsWith('.js') ? [process.execPath, [program]] : [program, []];
    this.child = spawn(command, [...words, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => (this.stdout += chunk));
    this.child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
  }

  get messages(): string[] {
    return this.stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
  }
}

/** Starts agents for the tests of a file; those that still run after a test are killed. */
export function useAgentProcesses(): (...start: ConstructorParameters<typeof AgentProcess>) => AgentProcess {
  const running: AgentProcess[] = [];
  afterEach(async () => {
    for (const { child, exited } of running.splice(0)) {
      child.kill('SIGKILL');
      await exited;
    }
  });
  return (...start) => {
    const agent = new AgentProcess(...start);
    running.push(agent);
    return agent;
  };
}
