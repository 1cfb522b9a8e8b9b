import { afterAll, beforeAll } from '@jest/globals';

/** Teardowns of this file's fixtures, in the order in which they were started. */
const ends: (() => unknown)[] = [];

/**
 * A fixture shared by a file's tests: started before them, and ended after them in reverse order, whatever failed meanwhile.
 * @returns the fixture, usable in tests (and in hooks that are registered later)
 */
export function useInSuite<Part extends object>(begin: () => Promise<Part>, end: (part: Part) => unknown): Part {
  let part: Part | undefined;
  atEndOfSuite(() => part && end(part));
  beforeAll(async () => {
    part = await begin();
  });
  const there = (): Part => {
    if (part === undefined)
      throw new Error('What a suite uses is there while its tests run: it has not begun yet, or has failed to.');
    return part;
  };
  return new Proxy({} as Part, {
    get: (_target, key) => {
      const value: unknown = Reflect.get(there(), key);
      return typeof value === 'function' ? (value.bind(there()) as unknown) : value;
    },
    set: (_target, key, value) => Reflect.set(there(), key, value),
  });
}

/** Runs this after the tests of the file, before earlier fixtures end. */
export function atEndOfSuite(end: () => unknown): void {
  if (ends.length === 0) afterAll(endAll);
  ends.push(end);
}

async function endAll(): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends.toReversed()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}
