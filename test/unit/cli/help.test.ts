import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/program.js';
import { run } from '../../../cli/run.js';
import { expectGolden } from '../../support/golden.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

function commandsOf(command: Command, path: string[] = []): string[][] {
  return [path, ...command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))];
}

const program = createProgram(fakeTerminal(), () => async () => {});
const paths = commandsOf(program);

describe('help', () => {
  test.each(paths.map((path) => [['rollcall', ...path].join(' '), path] as const))('%s --help', async (name, path) => {
    const terminal = fakeTerminal();
    expect(await run([...path, '--help'], terminal, new AbortController().signal)).toBe(0);
    expect(terminal.err()).toBe('');
    await expectGolden(
      new URL(`../../golden/cli/help/${name.replaceAll(' ', '-')}.txt`, import.meta.url),
      terminal.out(),
    );
  });
});
