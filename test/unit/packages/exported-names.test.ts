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
/** Packages, and the client's generated part: its types are named as what they are of. */
const OF_OTHERS = /node_modules|\.gen\.ts$|^(client|core|dist)\/.*/;
/** Each file of cli/commands carries its command out by the first; Temporal's SDK loads the other by its name, in the sandbox and outside. */
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
    // A function's overloads, and a type beside the value of its name, are one.
    for (const name of new Set(names)) where.set(name, [...(where.get(name) ?? []), file]);
  }
  for (const name of ASKED_FOR_BY_NAME) where.delete(name);
  expect([...where].filter(([, places]) => places.length > 1)).toEqual([]);
});
