import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { findOnPath } from '../../../scripts/find-program.mjs';
import { createProgram } from '../../../cli/program.js';
import { run } from '../../../cli/run.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const terminal = fakeTerminal();
const code = await run(['man'], terminal, new AbortController().signal);
const page = terminal.out();
const program = createProgram(fakeTerminal(), () => async () => {});

/** Commands without subcommands, by all their words. */
function leavesOf(command: Command, path: string): { path: string; command: Command }[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  return below.length === 0
    ? [{ path, command }]
    : below.flatMap((child) => leavesOf(child, `${path} ${child.name()}`));
}

/** As in the page's source. */
const asSource = (words: string) => words.replaceAll('-', '\\-');

describe('the manual page', () => {
  test('has every command with every option', () => {
    expect(code).toBe(0);
    const leaves = leavesOf(program, 'rollcall');
    expect(leaves.length).toBeGreaterThan(30);
    for (const { path, command } of leaves) {
      const [, after = ''] = page.split(`.SS "${asSource(path)}`);
      const section = after.split('\n.S')[0] ?? '';
      const options = command.options.filter(({ hidden }) => !hidden).map(({ flags }) => flags);
      expect([path, section === '', options.filter((flags) => !section.includes(asSource(flags)))]).toEqual([
        path,
        false,
        [],
      ]);
    }
    expect(page).toContain('.SS "rollcall node token regenerate <id>"');
  });

  const groff = findOnPath(['groff']);
  (groff === undefined ? test.skip : test)(
    `is one that groff has nothing to say about${groff === undefined ? ' (skipped: groff is not installed)' : ''}`,
    () => {
      const { stdout: shown, stderr } = spawnSync(groff ?? '', ['-man', '-Tascii', '-ww', '-P-cbu'], {
        input: page,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(shown).toContain('rollcall node deactivate --filter-labels pool=a --max-unavailable 1');
      expect(shown).toContain('130');
    },
  );
});
