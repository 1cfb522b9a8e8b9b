import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { configOrExit } from '../../../contract/config/config-from-argv.js';

class Exited extends Error {
  constructor(readonly code: unknown) {
    super();
  }
}

/** Output and exit code of a main program started like this. */
function started(...argv: string[]): { stdout: string; stderr: string; code?: unknown; port?: number } {
  const written = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => (chunk: string | Uint8Array) => {
    written[stream] += String(chunk);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(keep('stdout'));
  jest.spyOn(process.stderr, 'write').mockImplementation(keep('stderr'));
  jest.spyOn(process, 'exit').mockImplementation((code): never => {
    throw new Exited(code);
  });
  try {
    return { ...written, port: configOrExit('rollcall-api', argv, {}).Orchestrator.API.Port };
  } catch (error) {
    if (!(error instanceof Exited)) throw error;
    return { ...written, code: error.code };
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a main program', () => {
  test.each(['--help', '-h'])('says how it is used when asked with %s', (option) => {
    const { stdout, ...rest } = started(option);
    expect(rest).toEqual({ stderr: '', code: 0 });
    expect(stdout.startsWith('Usage: rollcall-api [--config FILE] [--set Dotted.Key=value]...\n')).toBe(true);
    expect(stdout).toMatch(/^ {2}Orchestrator\.API\.Port +port to listen at; 0 takes a free one \[8480\]$/m);
  });

  test('starts with its options', () => {
    expect(started('--set', 'Orchestrator.API.Port=1')).toMatchObject({ port: 1, stderr: '' });
  });

  test('exits with 2 and one sentence when its configuration is invalid', () => {
    const { stdout, stderr, code } = started('--set', 'Orchestrator.API.Prot=1');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'rollcall-api: Orchestrator.API.Prot in --set Orchestrator.API.Prot is no configuration key; did you mean Orchestrator.API.Port?\n',
    );
  });

  test.each([
    ['/nowhere/config.yaml', 'there is no such file'],
    ['/', 'it is a folder'],
  ])('exits with 2 when its file %s cannot be read: %s', (path, why) => {
    expect(started('--config', path)).toMatchObject({
      code: 2,
      stderr: `rollcall-api: The configuration file ${path} cannot be read: ${why}\n`,
    });
  });
});
