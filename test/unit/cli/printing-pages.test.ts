import { describe, expect, test } from '@jest/globals';
import { pages } from '../../../client/pages.js';
import { OUTPUT_FORMATS, printPages, type OutputFormat } from '../../../cli/output/print-items.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const PRESENTATION = {
  table: [
    { header: 'ID', cell: (id: string) => id },
    { header: 'LENGTH', cell: (id: string) => String(id.length) },
  ],
  wide: [{ header: 'ID', cell: (id: string) => id }],
  name: (id: string) => id,
};

async function printed(output: OutputFormat, ...found: string[][]): Promise<string> {
  const terminal = fakeTerminal();
  await printPages(found, () => PRESENTATION, { output, headers: true }, terminal);
  return terminal.out();
}

describe('output page by page', () => {
  test.each(OUTPUT_FORMATS)('as %s equals the output of a single page', async (output) => {
    expect(await printed(output, ['node-1', 'b'], [], ['c'], ['d', 'e'])).toBe(
      await printed(output, ['node-1', 'b', 'c', 'd', 'e']),
    );
    expect(await printed(output, [])).toBe(await printed(output, [], []));
  });

  test('is aligned with earlier rows, or further right if those are too narrow', async () => {
    expect(await printed('table', ['node-1'], ['node-10000'], ['a'])).toBe(
      ['ID      LENGTH', 'node-1  6', 'node-10000  10', 'a           1', ''].join('\n'),
    );
  });

  test('waits for a slow reader', async () => {
    const terminal = fakeTerminal();
    const written: string[] = [];
    let drained: (() => void) | undefined;
    Object.assign(terminal.stdout, {
      write: (text: string) => written.push(text) > 1,
      once: (_: string, resolve: () => void) => (drained = resolve),
    });
    const done = printPages([['a'], ['b']], () => PRESENTATION, { output: 'name', headers: true }, terminal);
    await new Promise(setImmediate);
    expect(written).toEqual(['a\n']);
    drained?.();
    await done;
    expect(written).toEqual(['a\n', 'b\n']);
  });
});

test('a page is requested while the previous one is processed, and no more than necessary', async () => {
  const asked: object[] = [];
  const found = pages(async (query) => {
    asked.push(query);
    return { items: [asked.length], nextCursor: `after-${asked.length}` };
  }, 2);
  expect(await found.next()).toEqual({ done: false, value: [1] });
  expect(asked).toEqual([{ limit: 2 }, { limit: 1, cursor: 'after-1' }]);
  expect(await found.next()).toEqual({ done: false, value: [2] });
  expect(await found.next()).toEqual({ done: true, value: undefined });
  expect(asked).toHaveLength(2);
});
