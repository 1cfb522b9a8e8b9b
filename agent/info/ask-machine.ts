import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { groupIsThere, killGroup } from '../process/process-group.js';
import type { Answers, AskMachine, Probes, Question } from './probes.js';

/** What has not answered by then is not waited for, in milliseconds. */
const LIMIT_MS = 10_000;

type Told = { question: Question } & ({ value: Probes[Question] } | { why: string });

/**
 * Asks in a process of its own, which goes with all that it started when its time is up. What cannot be ended (it waits in the kernel, for
 * a device) is not joined by more of its kind.
 * @param program the process's main module
 */
export function machineAsker(
  program = fileURLToPath(new URL('probe-process.js', import.meta.url)),
  limitMs = LIMIT_MS,
): AskMachine {
  let last: number | undefined;
  return async <Asked extends Question>(questions: readonly Asked[]) => {
    if (last !== undefined && groupIsThere(last))
      return unanswered(questions, 'what was asked before has not ended yet');
    // A group of its own, to be ended whole.
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
  // It must not hold up our own end.
  child.unref();
  child.channel?.unref();
  killGroup(child.pid);
}
