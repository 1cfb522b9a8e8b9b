import { afterAll, beforeAll } from '@jest/globals';

/** What ends the parts of this file's tests, in the order in which they began. */
const ends: (() => unknown)[] = [];

/**
 * A part that a file's tests share: begun before them, ended after them, the last begun first, whatever failed meanwhile.
 * @returns the part, which is there once the tests (and hooks that are registered later) run
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

/** Has this done after the tests of the file, before what was used earlier ends. */
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
