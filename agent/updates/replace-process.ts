import { accessSync, constants } from 'node:fs';

/** Environment variable with the command of the installed agent, as JSON, for versions that run in its place. */
const BASE = 'ROLLCALL_AGENT_BASE';
/** Environment variable of a version on trial. */
const TRIAL = 'ROLLCALL_AGENT_TRIAL';

export interface InstalledAgent {
  version: string;
  /** Program and arguments, without those of the agent. */
  command: string[];
}

/** Whether this process is a version on trial. */
export function isTrial(): boolean {
  return process.env[TRIAL] !== undefined;
}

/** The installed agent that handed over to this process; undefined if this process is the installed agent. */
export function installedAgent(): InstalledAgent | undefined {
  const text = process.env[BASE];
  return text === undefined ? undefined : (JSON.parse(text) as InstalledAgent);
}

/** How this process was started. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}

/** Environment of a version that runs in place of the installed one. */
export function environmentOf(installed: InstalledAgent, trial = false): NodeJS.ProcessEnv {
  const { [TRIAL]: _tried, ...env } = process.env;
  return { ...env, [BASE]: JSON.stringify(installed), ...(trial && { [TRIAL]: '1' }) };
}

/** Whether the file exists and is executable. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Replaces this process with another program under the same process id, so that its supervisor notices nothing. Never returns. */
export function becomeProgram([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv): never {
  if (process.execve === undefined) throw new Error(`a process cannot become another on ${process.platform}`);
  return process.execve(program, [program, ...words], env);
}
