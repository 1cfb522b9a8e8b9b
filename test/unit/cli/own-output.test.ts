import { describe, expect, test } from '@jest/globals';
import { ItemFilter } from '../../../cli/output/item-filter.js';
import { OwnOutput } from '../../../cli/output/own-output.js';
import { printItems } from '../../../cli/output/print-items.js';
import { run } from '../../../cli/run.js';
import { exampleNode } from '../../support/cli/example-nodes.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const NODES = [
  exampleNode('node-1', { labels: { pool: 'gpu', 'site/rack': '7' } }),
  exampleNode('node-2', { labels: { pool: 'cpu' }, description: 'first, of two' }),
];

async function printed(output: string, { filter, headers = true }: { filter?: string; headers?: boolean } = {}) {
  const terminal = fakeTerminal();
  const own = OwnOutput.parse(output);
  if (own === undefined) return undefined;
  const kept = filter === undefined ? undefined : new ItemFilter(filter);
  await Promise.all([own.prepare(), kept?.prepare()]);
  const presentation = { table: [], wide: [], name: ({ id }: (typeof NODES)[number]) => id };
  await printItems(NODES, presentation, { output: own, headers, filter: kept }, terminal);
  return terminal.out();
}

describe('fields of the user’s choice', () => {
  test('by a path: each value on a line, text as it is and the rest as JSON', async () => {
    expect(await printed('jsonpath=$.id')).toBe('node-1\nnode-2\n');
    expect(await printed('jsonpath=labels.pool')).toBe('gpu\ncpu\n');
    expect(await printed('jsonpath=.labels')).toBe('{"pool":"gpu","site/rack":"7"}\n{"pool":"cpu"}\n');
    expect(await printed("jsonpath=$.labels['site/rack']")).toBe('7\n');
    expect(await printed('jsonpath=$..pool')).toBe('gpu\ncpu\n');
  });

  test('in columns: missing values are a hyphen, and commas within brackets do not separate columns', async () => {
    expect(await printed("columns=ID:id,RACK:labels['site/rack'],POOLS:$.labels['pool','none'],WHAT:description")).toBe(
      ['ID      RACK  POOLS  WHAT', 'node-1  7     gpu    -', 'node-2  -     cpu    first, of two', ''].join('\n'),
    );
    expect(await printed('columns=ID:id', { headers: false })).toBe('node-1\nnode-2\n');
  });

  test.each(['jsonpath', 'jsonpath=', 'columns=', 'columns=ID', 'columns=ID:', 'rows=ID:id'])('%j is none', (text) => {
    expect(OwnOutput.parse(text)).toBeUndefined();
  });
});

describe('--filter', () => {
  test.each([
    ["@.labels.pool == 'gpu'", 'node-1\n'],
    ["@.labels.pool == 'cpu' && @.description", 'node-2\n'],
    ["match(@.id, 'node-[0-9]')", 'node-1\nnode-2\n'],
    ['@.labels.pool, ?@.id', 'node-1\nnode-2\n'],
    ['@.missing > 3', ''],
  ])('%s', async (filter, out) => {
    expect(await printed('jsonpath=id', { filter })).toBe(out);
  });
});

test.each([
  ['node list -o rows', /^USAGE: .* Allowed are table, wide, json, yaml, name, jsonpath=PATH, columns=NAME:PATH/],
  ['node list -o jsonpath=$.id[', /^USAGE: -o jsonpath: .*\. It is JSONPath \(RFC 9535\)/],
  ['node list --filter @.id=', /^USAGE: --filter: .*\. It is JSONPath/],
  ['node register slot -o columns=ID:$[', /^USAGE: -o columns: /],
])('%s is refused before the first request', async (words, sentence) => {
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: 'http://127.0.0.1:1', ROLLCALL_TOKEN: 'rca_x' } });
  expect(await run(words.split(' '), terminal, new AbortController().signal)).toBe(2);
  expect(terminal.err()).toMatch(sentence);
});
