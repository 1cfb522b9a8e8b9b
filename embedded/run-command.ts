import { execFile, type ExecFileException } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Timeout in milliseconds, after which the command is killed. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Runs a command to its end and returns its output.
 * @throws Error with one line that names the command and says why it failed: not installed, too slow, or its own last output
 */
export async function runCommand(
  command: string,
  args: string[],
  options: CommandOptions,
): Promise<{ stdout: string; stderr: string }> {
  const { timeoutMs, ...rest } = options;
  try {
    return await exec(command, args, {
      ...rest,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 2 ** 20,
      encoding: 'utf8',
    });
  } catch (error) {
    const failure = error as ExecFileException & { stderr?: string };
    if (options.signal?.aborted) throw new Error('interrupted', { cause: error });
    if (failure.code === 'ENOENT') throw new Error(`${command} is not installed`, { cause: error });
    if (failure.killed)
      throw new Error(`${command} did not end within ${Math.round(timeoutMs / 1_000)} s`, { cause: error });
    throw new Error(`${command}: ${lastWords(failure.stderr ?? '') ?? failure.message.split('\n')[0]}`, {
      cause: error,
    });
  }
}

/** The most informative line: the first about an error, or else the last one. */
function lastWords(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.find((line) => /error|cannot|not found|no such/i.test(line)) ?? lines.at(-1))?.slice(0, 300);
}
