import { describe, expect, test } from '@jest/globals';
import type { ServerFindings } from '../../../contract/catching-up.js';
import { nodeHistorySchema } from '../../../contract/schemas/history.js';
import type { Node, NodeHistory } from '../../../client/types.gen.js';
import { describeCluster } from '../../../cli/output/cluster-description.js';
import { describeHealth } from '../../../cli/output/health-description.js';
import { NODE_COLUMNS, wideNodeColumns } from '../../../cli/output/node-columns.js';
import { describeNode } from '../../../cli/output/node-description.js';
import { plotLine } from '../../../cli/output/plot-line.js';
import { tableLines } from '../../../cli/output/table.js';
import { CLUSTER } from '../../support/cli/example-cluster.js';
import { exampleNode, MIXED_FLEET, NOW } from '../../support/cli/example-nodes.js';
import { expectGolden } from '../../support/golden.js';

const HOUR = 3_600_000;
const GiB = 1_024 ** 3;
const at = (minute: number) => new Date(NOW - HOUR + minute * 60_000).toISOString();
const SLOTS = 120;

/** Ten minutes before it joined, then busier and busier; two late beats, three missed, and a time in which nobody listened. */
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

test('its example is a valid answer of the api', () => {
  expect(nodeHistorySchema.safeParse(HISTORY).error).toBeUndefined();
});

test("it has the default width if the terminal does not say, and the terminal's otherwise", async () => {
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

test('a node without figures has no measures', () => {
  const empty = describeHealth({ ...HISTORY, points: [], marks: [] }, { columns: 80, colours: false });
  expect(empty).not.toContain('CPU');
});

test('a peak within a part of the time is visible, and a part without a point is blank', () => {
  const points = [0, 1, 2, 40].map((second) => ({ at: second, value: second === 1 ? 1 : 0 }));
  expect(plotLine(points, 1, { from: 0, to: 100, width: 10 })).toBe('█   ▁     ');
  expect(plotLine([{ at: 5, value: 3 }], 0, { from: 0, to: 10, width: 1 })).toBe('▁');
  expect(plotLine([{ at: 5, value: 9 }], 4, { from: 0, to: 10, width: 1 })).toBe('█');
});

describe('data that is out of date', () => {
  const silent = exampleNode('node-1', {
    status: 'UNKNOWN',
    overdue: true,
    warning: true,
    missedHeartbeats: 23,
    lastHeartbeat: new Date(NOW - 360_000).toISOString(),
  });

  test('an overdue node is healthy in no column and no line', () => {
    const shown = [
      tableLines(NODE_COLUMNS, [silent], { headers: true, colours: true }).join('\n'),
      tableLines(wideNodeColumns(NOW), [silent], { headers: true }).join('\n'),
      describeNode(silent, [], { now: NOW, colours: false }),
    ];
    for (const text of shown) expect(text).not.toContain('HEALTHY');
    expect(shown[1]).toContain('UNKNOWN (not judged, 23 missed)');
    expect(shown[2]).toMatch(/Liveness +UNKNOWN +6m.*silent for longer than it may, and not judged yet/);
  });

  test('the cluster counts it separately, and says why nobody judges', () => {
    const cluster = { ...CLUSTER, nodes: { ...CLUSTER.nodes, overdue: 2 } };
    const since = '2026-11-21T11:54:00.000Z';
    const text = describeCluster(cluster, { temporal: { ok: false, detail: 'no answer within 500ms', since } });
    expect(text).toMatch(/Liveness +4 HEALTHY, 2 UNKNOWN, 2 silent and not judged\n/);
    expect(text).toContain(`since ${since}: Temporal does not answer (no answer within 500ms)`);
    const temporal = { ok: true, detail: 'answers' };
    const without = describeCluster(cluster, { temporal, workers: { ok: false, detail: 'none', since } });
    expect(without).toContain(`Not judged  since ${since}: No worker runs, or none takes work: nodes that fall silent`);
    expect(without).toContain('Start a worker, or see its log.\n');
    for (const workers of [{ ok: true, detail: 'work' }, { ok: false, detail: 'not known' }, undefined])
      expect(describeCluster(CLUSTER, { temporal, workers })).toBe(describeCluster(CLUSTER));
  });

  test('a drain that its workflow has not taken up waits for unknown sessions', () => {
    const drain = { ...MIXED_FLEET.find(({ id }) => id === 'node-12')?.drain, remaining: null } as NonNullable<
      Node['drain']
    >;
    expect(
      describeNode(exampleNode('node-1', { phase: 'DRAINING', drain }), [], { now: NOW, colours: false }),
    ).toContain('Waiting for  not known until its process has taken up the decision');
  });

  test('a decision that is not applied in time says for how long, and why', () => {
    const described = (seconds: number, readiness?: ServerFindings) =>
      describeNode(
        exampleNode('node-1', {
          decision: { seq: 2, appliedSeq: 1, unappliedSince: new Date(NOW - seconds * 1_000).toISOString() },
        }),
        [],
        { now: NOW, colours: false, readiness },
      );
    expect(described(10)).toMatch(/Decision +number 2, applied up to 1\nWorkflow/);
    expect(described(120, { temporal: { ok: false, detail: 'refused' } })).toMatch(
      /applied up to 1\n +not applied for 2m\. Temporal does not answer \(refused\): it is applied once that is back\.\n/,
    );
    const temporal = { ok: true, detail: 'answers' };
    const workers = { ok: false, detail: 'none', since: new Date(NOW).toISOString() };
    expect(described(120, { temporal, workers })).toContain('none takes work: it is applied once one does.');
    expect(described(120, { temporal, workers: { ok: true, detail: 'work' } })).toContain("the workers' log says what");
    expect(described(120, { temporal })).toContain('Temporal answers: see whether a worker runs.');
    expect(described(120)).toContain('It is applied once Temporal and a worker run.');
  });

  test('an approved node that was heard since is not said to wait for a heartbeat', () => {
    const phaseOf = (heardAgoS: number) => {
      const approval = {
        value: 'APPROVED' as const,
        since: new Date(NOW - 60_000).toISOString(),
        reason: '',
        by: 'admin',
      };
      const lastHeartbeat = new Date(NOW - heardAgoS * 1_000).toISOString();
      const node = exampleNode('node-1', { phase: 'WAITING', approval, lastHeartbeat });
      return /^Phase +(.+)$/m.exec(describeNode(node, [], { now: NOW, colours: false }))?.[1];
    };
    expect(phaseOf(61)).toBe('WAITING');
    expect(phaseOf(17)).toBe('WAITING (heard since; its process has yet to take that up)');
  });
});
