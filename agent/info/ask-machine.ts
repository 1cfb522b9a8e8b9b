import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { groupIsThere, killGroup } from '../process/process-group.js';
import type { Answers, AskMachine, Probes, Question } from './probes.js';

/** Timeout of a look, in milliseconds. */
const LIMIT_MS = 10_000;

type Told = { question: Question } & ({ value: Probes[Question] } | { why: string });

/**
 * Runs the probes in a process of their own, which is killed with all its children at the timeout. If it cannot be killed, because it waits in
 * the kernel for a device, no second one is started.
 * @param program main module of that process
 */
export function machineAsker(
  program = fileURLToPath(new URL('probe-process.js', import.meta.url)),
  limitMs = LIMIT_MS,
): AskMachine {
  let last: number | undefined;
  return async <Asked extends Question>(questions: readonly Asked[]) => {
    if (last !== undefined && groupIsThere(last))
      return unanswered(questions, 'what was asked before has not ended yet');
    // A group of its own, so that all of it can be killed.
    const child = fork(program, [], {
      env: process.env,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    last = child.pid;
    const answers = unanswered(questions, `no answer within ${limitMs / 1_000} s`);
    await new Promise<void>((resolve) => {
      const missing = new Set<Question>(questions);
      const timer = setTimeout(resolve, limitMs);
      const done = (why: string) => {
        for (const question of missing) answers[question as Asked] = { why };
        clearTimeout(timer);
        resolve();
      };
      child.once('error', (error) => done(error.message));
      child.once('exit', () => done('whoever was asked has ended'));
      child.on('message', ({ question, ...told }: Told) => {
        answers[question as Asked] = told as Answers<Asked>[Asked];
        missing.delete(question);
        if (missing.size === 0) done('');
      });
      child.send(questions, (error) => {
        if (error) done(error.message);
      });
    });
    end(child);
    return answers;
  };
}

function unanswered<Asked extends Question>(questions: readonly Asked[], why: string): Answers<Asked> {
  return Object.fromEntries(questions.map((question) => [question, { why }])) as Answers<Asked>;
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  // It must not delay the agent's exit.
  child.unref();
  child.channel?.unref();
  killGroup(child.pid);
}
