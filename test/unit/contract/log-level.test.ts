import { expect, test } from '@jest/globals';
import { logLevel } from '../../../contract/process/process-log.js';

test.each([
  [undefined, 'info'],
  ['debug', 'debug'],
  ['WARN', 'warn'],
  ['silent', 'silent'],
  ['loud', 'info'],
  ['', 'info'],
])('ROLLCALL_LOG_LEVEL=%s means %s', (wanted, level) => {
  expect(logLevel({ ROLLCALL_LOG_LEVEL: wanted })).toBe(level);
});
