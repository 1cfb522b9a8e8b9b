import { expect, test } from '@jest/globals';
import { nodeHistorySchema } from '../../../contract/schemas/history.js';
import type { NodeHistory } from '../../../client/types.gen.js';
import { describeHealth } from '../../../cli/output/health-description.js';
import { plotLine } from '../../../cli/output/plot-line.js';
import { NOW } from '../../support/cli/example-nodes.js';
import { expectGolden } from '../../support/golden.js';

const HOUR = 3_600_000;
const GiB = 1_024 ** 3;
const at = (minute: number) => new Date(NOW - HOUR + minute * 60_000).toISOString();
const SLOTS = 120;

/** Ten minutes before it joined, then busier and busier; two beats late, three missed, and a while in which nobody listened. */
const HISTORY: NodeHistory = {
  window: '1h',
  from: at(0),
  to: at(60),
  intervalMs: 30_000,
  resolutionMs: 60_000,
  points: Array.from({ length: 50 }, (_, index) => ({
    at: at(10 + index),
    cpu: index / 50,
    cpuMax: Math.min(1, index / 40),
    memoryUsedBytes: 3 * GiB,
    memoryTotalBytes: 8 * GiB,
    diskUsedBytes: 50 * GiB,
    diskTotalBytes: 200 * GiB,
    connections: 17 + (index % 5),
    sessions: index < 25 ? 0 : 2,
  })),
  marks: [{ at: at(12), type: 'NodeApproved', by: 'ada', reason: 'new rack' }],
  heartbeats: {
    from: at(0),
    slotMs: HOUR / SLOTS,
    slots: Array.from({ length: SLOTS }, (_, slot) => {
      if (slot < 20) return 'before';
      if (slot === 50 || slot === 51) return 'late';
      if (slot >= 70 && slot < 73) return 'missed';
      return slot >= 90 && slot < 94 ? 'blind' : 'received';
    }),
    received: 91,
    late: 2,
    missed: 3,
  },
};

test('is of a document as the api sends it', () => {
  expect(nodeHistorySchema.safeParse(HISTORY).error).toBeUndefined();
});

test('as wide as is usual where the terminal does not say, and as wide as the terminal', async () => {
  for (const columns of [undefined, 80, 160])
    await expectGolden(
      new URL(`../../golden/cli/node-health-${columns ?? 'usual'}.txt`, import.meta.url),
      describeHealth(HISTORY, { columns, colours: false }),
    );
});

test('no line is wider than the terminal', () => {
  for (const columns of [80, 120]) {
    const lines = describeHealth(HISTORY, { columns, colours: false }).split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  }
});

test('a node of which nothing is known has no measures', () => {
  const empty = describeHealth({ ...HISTORY, points: [], marks: [] }, { columns: 80, colours: false });
  expect(empty).not.toContain('CPU');
});

test('a peak within a part of the time is seen, and a part without a point is empty', () => {
  const points = [0, 1, 2, 40].map((second) => ({ at: second, value: second === 1 ? 1 : 0 }));
  expect(plotLine(points, 1, { from: 0, to: 100, width: 10 })).toBe('█   ▁     ');
  expect(plotLine([{ at: 5, value: 3 }], 0, { from: 0, to: 10, width: 1 })).toBe('▁');
  expect(plotLine([{ at: 5, value: 9 }], 4, { from: 0, to: 10, width: 1 })).toBe('█');
});
