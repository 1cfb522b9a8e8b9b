import type { CheckSettings } from '../../contract/config/check-keys.js';
import { fit, unfit, unknown, type CheckResult, type RunCheck } from './check-result.js';
import { OneAtATime, type ProgramEnd } from './run-program.js';

/** Why a program gave no verdict, in one word. */
const REASONS: Record<Exclude<ProgramEnd['how'], 'exited'>, string> = {
  killed: 'Killed',
  timedOut: 'TimedOut',
  wroteTooMuch: 'TooMuchOutput',
  notStarted: 'NotStarted',
  stopped: 'Stopped',
};

/** A program of the operator's: exit code 0 is fit, 1 unfit, anything else unknown. Its first line of output is the reason. */
export function ownCheck(file: string, { Arguments, Timeout }: CheckSettings): RunCheck {
  const programs = new OneAtATime();
  return async (stop) => resultOf(await programs.run({ file, args: Arguments, timeoutMs: Timeout }, stop));
}

function resultOf({ how, code, output, why }: ProgramEnd): CheckResult {
  const [line = ''] = output.trimStart().split(/\r?\n/, 1);
  if (how !== 'exited') return unknown(REASONS[how], line === '' ? why : `${why}; it said: ${line}`);
  switch (code) {
    case 0:
      return fit(line);
    case 1:
      return unfit('ExitCode1', line);
    case 2:
      return unknown('ExitCode2', line);
    default:
      return unknown(`ExitCode${code}`, line || `it exited with ${code}, which means nothing`);
  }
}
