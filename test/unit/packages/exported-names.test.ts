import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDERS = [
  'contract',
  'client',
  'workflows',
  'activities',
  'src',
  'agent',
  'cli',
  'web/src',
  'embedded',
  'bench',
];
const EXPORT = /^export (?:default )?(?:abstract )?(?:async )?(?:function\*?|class|const|interface|type) (\w+)/gm;
/** Exceptions: packages, and the client's generated part, whose types are named after components. */
const OF_OTHERS = /node_modules|\.gen\.ts$|^(client|core|dist)\/.*/;
/** Each module of cli/commands exports the first; Temporal's SDK loads the other by its name, in the sandbox and outside. */
const ASKED_FOR_BY_NAME = ['run', 'failureConverter'];

test('an exported name exists in one file, so that it means one thing', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !OF_OTHERS.test(path))
      .map((path) => join(folder, path)),
  );
  expect(files.length).toBeGreaterThan(500);
  const where = new Map<string, string[]>();
  for (const file of files) {
    const names = [...readFileSync(join(ROOT, file), 'utf8').matchAll(EXPORT)].map(([, name]) => name as string);
    // Overloads of a function count as one, as do a type and a value of the same name.
    for (const name of new Set(names)) where.set(name, [...(where.get(name) ?? []), file]);
  }
  for (const name of ASKED_FOR_BY_NAME) where.delete(name);
  expect([...where].filter(([, places]) => places.length > 1)).toEqual([]);
});
