import { accessSync, constants } from 'node:fs';

/** The agent that was installed, for versions that run instead of it: a command, as JSON. */
const BASE = 'ROLLCALL_AGENT_BASE';
/** In the environment of a version that is being tried. */
const TRIAL = 'ROLLCALL_AGENT_TRIAL';

export interface InstalledAgent {
  version: string;
  /** Program and arguments, without those of the agent. */
  command: string[];
}

/** This process is a version that is being tried. */
export function isTrial(): boolean {
  return process.env[TRIAL] !== undefined;
}

/** The agent that was installed, which has handed over to this process; undefined where this process is that. */
export function installedAgent(): InstalledAgent | undefined {
  const text = process.env[BASE];
  return text === undefined ? undefined : (JSON.parse(text) as InstalledAgent);
}

/** How this process was started. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}

/** Environment of a version that runs instead of the installed one. */
export function environmentOf(installed: InstalledAgent, trial = false): NodeJS.ProcessEnv {
  const { [TRIAL]: _tried, ...env } = process.env;
  return { ...env, [BASE]: JSON.stringify(installed), ...(trial && { [TRIAL]: '1' }) };
}

/** Whether the file is there and may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** This process becomes another program, with the same id: its supervisor notices nothing. It never returns. */
export function becomeProgram([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv): never {
  if (process.execve === undefined) throw new Error(`a process cannot become another on ${process.platform}`);
  return process.execve(program, [program, ...words], env);
}
