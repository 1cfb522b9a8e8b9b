import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/program.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const ROOT = new URL('../../../', import.meta.url);
const FOLDERS = ['contract', 'workflows', 'activities', 'src', 'agent', 'embedded', 'cli', 'docs'];
const program = createProgram(fakeTerminal(), () => async () => {});

async function texts(): Promise<[path: string, text: string][]> {
  const folders = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(new URL(folder, ROOT), { recursive: true }))
        .filter((name) => /\.(ts|md)$/.test(name))
        .map((name) => `${folder}/${name}`),
    ),
  );
  const paths = ['README.md', 'docker-compose.yml', ...folders.flat()];
  return Promise.all(
    paths.map(async (path) => [path, await readFile(new URL(path, ROOT), 'utf8')] as [string, string]),
  );
}

/** Whether the words begin with a complete command, such as `node list` or `node token regenerate`. */
function isCommand(words: readonly string[], command: Command = program): boolean {
  if (command.commands.length === 0) return true;
  const next = command.commands.find((child) => child.name() === words[0]);
  return next !== undefined && isCommand(words.slice(1), next);
}

test('every command in a hint or the documentation exists', async () => {
  const wrong: string[] = [];
  let found = 0;
  for (const [path, text] of await texts()) {
    for (const [whole, words = ''] of text.matchAll(
      /rollcall ((?:node|auth|cluster|mass-silence|token|session|drain|completion|complete|version)\b(?: [a-z]+)*)(?! …)/g,
    )) {
      found += 1;
      if (!isCommand(words.split(' '))) wrong.push(`${path}: ${whole}`);
    }
  }
  expect(found).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});
