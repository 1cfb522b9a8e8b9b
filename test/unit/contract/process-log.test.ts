import { afterEach, describe, expect, test } from '@jest/globals';
import { processLog } from '../../../contract/process/process-log.js';

const KEY = 'ROLLCALL_LOG_LEVEL';
const before = process.env[KEY];

afterEach(() => {
  if (before === undefined) delete process.env[KEY];
  else process.env[KEY] = before;
});

describe('the log of a process', () => {
  test('has the level of the environment', async () => {
    process.env[KEY] = 'warn';
    expect((await processLog([])).level).toBe('warn');
    delete process.env[KEY];
    expect((await processLog([])).level).toBe('info');
  });

  test('includes its bindings in each line', async () => {
    expect((await processLog([], { node: 'node-1' })).bindings()).toEqual({ node: 'node-1' });
    expect((await processLog(['token'])).bindings()).toEqual({});
  });
});
