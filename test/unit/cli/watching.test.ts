import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../../client/client/index.js';
import type { Node } from '../../../client/types.gen.js';
import { CliFailure } from '../../../cli/process/cli-failure.js';
import type { OutputFormat } from '../../../cli/output/print-items.js';
import { watchNodes } from '../../../cli/waiting/watch-nodes.js';
import { exampleNode, NOW } from '../../support/cli/example-nodes.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

/** Watches through the given looks, then presses Ctrl-C. */
async function watch(
  looks: (Node[] | CliFailure)[],
  output: OutputFormat = 'table',
  screen?: { columns: number; rows: number },
  isCounted = true,
) {
  const terminal = fakeTerminal(screen ? { screen, env: { NO_COLOR: '1' } } : {});
  const interruption = new AbortController();
  const left = [...looks];
  const read = () => {
    const look = left.shift() ?? [];
    if (left.length === 0) interruption.abort();
    return look instanceof CliFailure ? Promise.reject(look) : Promise.resolve(look);
  };
  const watching = watchNodes({
    read,
    readFirst: async (limit) => {
      const nodes = await read();
      const isWhole = nodes.length <= limit;
      return {
        items: nodes.slice(0, limit),
        nextCursor: isWhole ? null : 'further',
        total: isCounted ? nodes.length : null,
      };
    },
    connection: {
      now: () => NOW,
      server: 'http://fake',
      client: createClient({ baseUrl: 'http://fake' }),
      openStream: () => Promise.resolve(new Response(new ReadableStream())),
      failureOf: () => Promise.reject(new Error('it says nothing')),
    },
    call: { options: { output, headers: true }, terminal, interruption: interruption.signal },
    pace: { gather: 1, reread: 1 },
  });
  await expect(watching).rejects.toMatchObject({ exitCode: 130 });
  return { out: terminal.out(), err: terminal.err() };
}

const sick = exampleNode('node-2', {
  status: 'UNHEALTHY',
  liveness: { value: 'UNHEALTHY', since: '2026-11-21T12:00:00.000Z', reason: '', by: 'system' },
});
const node1 = exampleNode('node-1');
const node2 = exampleNode('node-2');
const first = [node1, node2];

describe('node list --watch', () => {
  test('prints all nodes to a pipe, then those that changed, in the same columns', async () => {
    const { out } = await watch([first, first, [node1, sick], [sick]]);
    expect(out).toBe(
      [
        'ID      TYPE     APPROVAL  STATUS',
        'node-1  Compute  APPROVED  HEALTHY',
        'node-2  Compute  APPROVED  HEALTHY',
        'node-2  Compute  APPROVED  UNHEALTHY',
        'node-1  Compute  APPROVED  REMOVED',
        '',
      ].join('\n'),
    );
  });

  test('does not print a node again because of its heartbeats', async () => {
    const { out } = await watch(
      [first, [exampleNode('node-1', { lastHeartbeat: '2026-11-21T12:00:30.000Z' }), node2]],
      'wide',
    );
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  test('prints one document per line as json', async () => {
    const { out } = await watch([first, [node1, sick]], 'json');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Node).status),
    ).toEqual(['HEALTHY', 'HEALTHY', 'UNHEALTHY']);
  });

  test('redraws the table in place on a terminal, cut to its height', async () => {
    const many = Array.from({ length: 30 }, (_, index) => exampleNode(`node-${index}`));
    const { out } = await watch([many], 'table', { columns: 80, rows: 10 });
    expect(out.startsWith('\u001b[H')).toBe(true);
    expect(out.endsWith('\u001b[J')).toBe(true);
    expect(out.match(/\n/g)).toHaveLength(9);
    expect(out).toContain('and 23 more nodes');
  });

  test('reads no more than a terminal shows, and says how many there are', async () => {
    const many = Array.from({ length: 30 }, (_, index) => exampleNode(`node-${index}`));
    for (const [rows, more] of [
      [10, 23],
      [25, 8],
      [32, undefined],
    ] as const) {
      const { out } = await watch([many], 'table', { columns: 80, rows });
      expect(/and (\d+) more nodes/.exec(out)?.[1]).toBe(more === undefined ? undefined : String(more));
    }
  });

  test('says that there are more on a terminal even if nobody could count them', async () => {
    const many = Array.from({ length: 30 }, (_, index) => exampleNode(`node-${index}`));
    expect((await watch([many], 'table', { columns: 80, rows: 10 }, false)).out).toContain('\nand more nodes');
  });

  test('draws everything on a terminal of unknown size', async () => {
    const { out } = await watch([first], 'wide', { columns: 0, rows: 0 });
    expect(out).toContain('node-2');
    expect(out).toContain('LABELS');
  });

  test('says once that the api is unreachable, and continues', async () => {
    const away = new CliFailure(1, 'UNREACHABLE', 'no api answers');
    const { out, err } = await watch([first, away, away, [node1, sick]]);
    expect(err).toBe('UNREACHABLE: no api answers (trying on)\n');
    expect(out).toContain('UNHEALTHY');
  });
});
