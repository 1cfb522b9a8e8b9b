import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { INSTALLATION } from '../../../embedded/installation.js';
import { parseOptions } from '../../../embedded/options.js';
import { shellWord } from '../../../embedded/shell-word.js';
import { StartupError } from '../../../embedded/startup-error.js';

describe('the command line of npm start', () => {
  test('has defaults: the home is in the clone, and three agents run', () => {
    expect(parseOptions([], {})).toEqual({ home: join(INSTALLATION, '.rollcall'), agents: 3, help: false });
  });

  test('takes a home from --home, or else from ROLLCALL_HOME', () => {
    expect(parseOptions(['--home', '/a'], { ROLLCALL_HOME: '/b' }).home).toBe('/a');
    expect(parseOptions([], { ROLLCALL_HOME: '/b' }).home).toBe('/b');
  });

  test('resolves a relative path from the folder in which npm was called', () => {
    expect(parseOptions(['--home', 'a', '--config', 'c.yaml'], { INIT_CWD: '/users' })).toMatchObject({
      home: '/users/a',
      config: '/users/c.yaml',
    });
  });

  test.each([
    [
      ['--prot', '1'],
      "Unknown option '--prot'; the options are --home DIR, --port N, --agents N, --config FILE and --help.",
    ],
    [['--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000".'],
    [['--agents', '-1'], "Option '--agents' argument is ambiguous"],
    [['--agents', '1.5'], '--agents takes a whole number from 0 to 100, not "1.5".'],
    [['extra'], "Unexpected argument 'extra'"],
  ])('refuses %j in one sentence, with exit code 2', (argv, sentence) => {
    const refusal = () => parseOptions(argv, {});
    expect(refusal).toThrow(sentence);
    try {
      refusal();
    } catch (error) {
      expect((error as StartupError).exitCode).toBe(2);
      expect((error as StartupError).message).not.toContain('\n');
    }
  });
});

test('a path with spaces is quoted in a command that people copy', () => {
  expect(shellWord('/plain/path.yaml')).toBe('/plain/path.yaml');
  expect(shellWord("/it's here")).toBe("'/it'\\''s here'");
});
