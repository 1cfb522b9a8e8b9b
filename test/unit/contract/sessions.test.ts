import { describe, expect, test } from '@jest/globals';
import {
  MAX_STATEMENT_LENGTH,
  NO_RESOURCES,
  reservationFor,
  SESSION_PROCESS_MEMORY,
  shortenedStatement,
  sumOfResources,
} from '../../../contract/sessions.js';

describe('the statement of a session', () => {
  test('is its query on one line', () => {
    expect(shortenedStatement('  select\n\t1\r\n')).toBe('select 1');
    expect(shortenedStatement('x'.repeat(MAX_STATEMENT_LENGTH))).toHaveLength(MAX_STATEMENT_LENGTH);
  });

  test('is truncated if it is too long', () => {
    const cut = shortenedStatement('x'.repeat(MAX_STATEMENT_LENGTH + 1));
    expect(cut).toHaveLength(MAX_STATEMENT_LENGTH);
    expect(cut.endsWith('x…')).toBe(true);
  });
});

describe('reservations of sessions', () => {
  const tenth = { cpu: 0.1, memory: 1, disk: 2, gpu: 1 };

  test('are nothing without sessions, or if they have none', () => {
    expect(sumOfResources([])).toEqual(NO_RESOURCES);
    expect(sumOfResources([undefined])).toEqual(NO_RESOURCES);
  });

  test('are summed, to a thousandth of a core', () => {
    expect(sumOfResources([tenth, undefined, tenth, tenth])).toEqual({ cpu: 0.3, memory: 3, disk: 6, gpu: 3 });
  });

  test('are the request and the memory of its process', () => {
    expect(reservationFor(tenth)).toEqual({ ...tenth, memory: 1 + SESSION_PROCESS_MEMORY });
  });
});
