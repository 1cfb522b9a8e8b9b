import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import { mongo, type Connection } from 'mongoose';
import {
  getCluster,
  getFleetHistory,
  getFleetNodes,
  listNodes,
  type FleetNodes,
  type Node,
} from '../../../client/index.js';
import { ATTENTIONS, type Attention } from '../../../contract/attention.js';
import { FLEET_STATES, type FleetState } from '../../../contract/fleet-state.js';
import { FleetCensus } from '../../../src/cluster/fleet-census.js';
import { overdueHeartbeats, quietHeartbeats, STOPPED_HEARTBEATS } from '../../../src/mongo/quiet-filter.js';
import type { HeartbeatDocument } from '../../../src/mongo/schemas/heartbeat.schema.js';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { simulatedFleet } from '../../support/simulated-fleet.js';

/** The overview's requests for a large fleet, over HTTP. ROLLCALL_FIGURES=1 uses 20,000 nodes, and prints sizes and durations of answers. */
const SIZE = process.env['ROLLCALL_FIGURES'] ? 20_000 : 4_000;
/** Nodes stay healthy for as long as the test may take. */
const AHEAD_MS = 3_600_000;
/** How many of the lost ones said goodbye first, and so are not lost. */
const STOPPED_LOST = 4;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const api = useApi({
  settings: { 'Compute.Heartbeat.Interval': '15s', 'Orchestrator.NodeManager.DisconnectTimeout': '1h' },
});
let db: mongo.Db;
const figures: string[] = [];

beforeAll(async () => {
  db = api.app.get<Connection>(getConnectionToken()).db as mongo.Db;
  const { nodes, heartbeats } = simulatedFleet(SIZE, { heardAt: Date.now() + AHEAD_MS });
  const uids = (phase: string, from: number, to: number) =>
    nodes
      .filter((node) => node.phase === phase && node.liveness === 'HEALTHY')
      .slice(from, to)
      .map(({ _id }) => _id);
  const heardAt = new Map<string, number>();
  for (const uid of [...uids('ACTIVE', 0, 40), ...uids('DRAINING', 0, 7)]) heardAt.set(uid, Date.now() - 45_000);
  for (const uid of [...uids('ACTIVE', 40, 60), ...uids('DRAINING', 7, 9)]) heardAt.set(uid, Date.now() - DAY_MS);
  // As silent as those, with a goodbye.
  const lost = nodes
    .filter(({ phase, liveness }) => phase === 'ACTIVE' && liveness === 'UNHEALTHY')
    .slice(0, STOPPED_LOST);
  const stopped = new Set([...uids('ACTIVE', 70, 75), ...uids('DRAINING', 12, 15), ...lost.map(({ _id }) => _id)]);
  for (const uid of uids('ACTIVE', 70, 73)) heardAt.set(uid, Date.now() - DAY_MS);
  for (const uid of uids('DRAINING', 12, 14)) heardAt.set(uid, Date.now() - 45_000);
  const copied = new Set([...uids('ACTIVE', 59, 62), ...uids('PENDING', 0, 1)]);
  const late = new Set(uids('DRAINING', 3, 8));
  const soon = new Set(uids('DRAINING', 9, 12));
  for (const node of nodes) {
    if (copied.has(node._id)) node.copied = { since: Date.now(), bootIds: [] };
    if (late.has(node._id)) node.decision.availability.deadline = Date.now() - MINUTE_MS;
    if (soon.has(node._id)) node.decision.availability.deadline = Date.now() + AHEAD_MS;
  }
  for (const node of nodes.slice(0, 20)) node.unappliedSince = Date.now() - MINUTE_MS;
  for (const beat of heartbeats) {
    beat.lastSeen = heardAt.get(beat._id) ?? beat.lastSeen;
    if (stopped.has(beat._id)) beat.saidGoodbyeAt = beat.lastSeen;
  }
  await db.collection('nodes').insertMany(nodes as never[]);
  await db.collection('heartbeats').insertMany(heartbeats as never[]);
  await eventually(async () => {
    const { data } = await getCluster({ client: api.admin });
    expect(data?.nodes.total).toBe(SIZE + 1);
    expect(data?.attention).toMatchObject({ overdue: 22, copied: 4 });
  });
});

/** The same, from the list's data about the node. */
function stateInList({ phase, status, overdue, warning, copied }: Node): FleetState {
  if (copied !== null) return 'copied';
  if (phase !== 'ACTIVE' && phase !== 'DRAINING') return phase.toLowerCase() as FleetState;
  if (overdue) return 'overdue';
  if (status !== 'HEALTHY') return status.toLowerCase() as FleetState;
  if (warning) return 'missing';
  return phase === 'DRAINING' ? 'draining' : 'healthy';
}

async function itemsOf(attention: Attention[]): Promise<Node[]> {
  const query = { attention, limit: 1_000 };
  return (await listNodes({ client: api.admin, throwOnError: true, query })).data.items;
}

async function nodesBy(label?: string): Promise<FleetNodes> {
  const { data } = await getFleetNodes({ client: api.admin, throwOnError: true, query: label ? { label } : {} });
  return data;
}

describe('the nodes of a large fleet', () => {
  test('are those of the list, as columns of equal length, sorted by id', async () => {
    const { total, nodes, states, groups } = await nodesBy();
    const { id, state, cpu, memory, group } = nodes;
    expect([total, id.length, state.length, cpu.length, memory.length, group.length, groups]).toEqual([
      ...Array<number>(5).fill(SIZE),
      0,
      [],
    ]);
    expect(id).toEqual(id.toSorted());
    const at = new Map(id.map((name, index) => [name, index]));
    let seen = 0;
    for (const query of [
      { phase: 'DRAINING' },
      { warning: 'true' },
      { liveness: 'UNKNOWN' },
      { stopped: 'true' },
      { limit: 500 },
    ] as const) {
      const { data } = await listNodes({ client: api.admin, throwOnError: true, query: { type: 'Compute', ...query } });
      for (const node of data.items) {
        const index = at.get(node.id) ?? -1;
        const isHeard = node.status === 'HEALTHY' && !node.overdue && node.resources !== null;
        const { resources } = node;
        expect([node.id, FLEET_STATES[state[index] ?? -1], cpu[index], memory[index]]).toEqual([
          node.id,
          stateInList(node),
          isHeard ? rounded(resources?.cpu.utilization ?? 0) : null,
          isHeard ? rounded((resources?.memory.usedBytes ?? 0) / (resources?.memory.totalBytes ?? 1)) : null,
        ]);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(600);
    expect(states).toEqual(
      Object.fromEntries(
        FLEET_STATES.map((name, index) => [name, state.filter((one) => one === index).length]).filter(
          ([, count]) => count !== 0,
        ),
      ),
    );
    expect(states).toMatchObject({ overdue: 21, copied: 4, missing: 47, stopped: 8 + STOPPED_LOST });
  });

  test('are grouped by a label, with the other available labels', async () => {
    const { labels, groups, nodes } = await nodesBy('pool');
    expect(labels).toEqual([
      { key: 'pool', nodes: SIZE, values: 10 },
      { key: 'rack', nodes: SIZE, values: 200 },
      { key: 'gpu', nodes: SIZE / 500, values: 1 },
    ]);
    expect(groups.toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => `pool-${index}`));
    for (const index of [0, 1, 777, SIZE - 1])
      expect(groups[nodes.group[index] ?? -1]).toBe(`pool-${Number(nodes.id[index]?.slice(4)) % 10}`);
    const byGpu = await nodesBy('gpu');
    expect(byGpu.groups).toEqual(['a100']);
    expect(byGpu.nodes.group.filter((group) => group === -1)).toHaveLength(SIZE - SIZE / 500);
  });

  test('take at most 7.5 bytes each on the wire, and nothing if they have not changed', async () => {
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const began = performance.now();
    const answer = await api.raw('/v1/cluster/nodes?label=rack', {
      headers: { ...headers, 'accept-encoding': 'gzip' },
    });
    const text = await answer.text();
    const sent = Number(answer.headers.get('content-length'));
    figures.push(`nodes: ${text.length} bytes, ${sent} compressed, ${Math.round(performance.now() - began)} ms`);
    expect(gzipSync(text).length).toBeLessThan(7.5 * SIZE);
    expect(sent).toBeLessThan(7.5 * SIZE);
    expect(text.length).toBeLessThan(40 * SIZE);
    const again = await api.raw('/v1/cluster/nodes?label=rack', {
      headers: { ...headers, 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect([again.status, (await again.text()).length]).toEqual([304, 0]);
    if (process.env['ROLLCALL_FIGURES']) process.stderr.write(`${figures.join('\n')}\n`);
  });

  test('are not grouped by an invalid label', async () => {
    const { error } = await getFleetNodes({ client: api.admin, query: { label: 'a b' } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'label' });
  });
});

describe('what needs attention', () => {
  test('is counted as the list finds it', async () => {
    const { data } = await getCluster({ client: api.admin, throwOnError: true });
    const listed: Record<string, number> = {};
    // Counted here, since a busy MongoDB returns no total.
    for (const attention of ATTENTIONS) listed[attention] = (await itemsOf([attention])).length;
    expect(data.attention).toEqual(listed);
    expect(data.attention).toMatchObject({ overdue: 22, copied: 4, lateDrain: 5 });
    expect([data.attention['lost'] ?? 0, data.attention['pending'] ?? 0].every((count) => count > SIZE / 100)).toBe(
      true,
    );
    expect(data.attention['unapplied']).toBeGreaterThan(0);
    expect(await itemsOf(['copied', 'lateDrain'])).toHaveLength(9);
  });

  test('excludes nodes that said goodbye, which are counted and listed as stopped', async () => {
    const { nodes } = (await getCluster({ client: api.admin, throwOnError: true })).data;
    expect(nodes.stopped).toEqual({ HEALTHY: 8, UNHEALTHY: STOPPED_LOST });
    const query = { stopped: 'true', limit: 100 } as const;
    const { items } = (await listNodes({ client: api.admin, throwOnError: true, query })).data;
    expect(items.map(({ status }) => status)).toEqual(Array<string>(8 + STOPPED_LOST).fill('STOPPED'));
    const ids = new Set(items.map(({ id }) => id));
    for (const attention of ['lost', 'overdue'] as const)
      expect((await itemsOf([attention])).filter(({ id }) => ids.has(id))).toEqual([]);
  });

  test('is not searched with an index that lacks some of it', async () => {
    const heartbeats = db.collection<HeartbeatDocument>('heartbeats');
    const quiet = { now: Date.now(), missed: 2, intervalMs: 15_000 };
    /** Of all plans that MongoDB considers, since it may choose any of them. */
    const indexesFor = async (filter: unknown) => {
      const plans = await heartbeats.find(filter as mongo.Filter<HeartbeatDocument>).explain('queryPlanner');
      return new Set(
        [...JSON.stringify(plans['queryPlanner']).matchAll(/"indexName":"([^"]+)"/g)].map(([, name]) => name),
      );
    };
    for (const filter of [overdueHeartbeats(quiet, 3_600_000), quietHeartbeats(quiet)])
      expect(await indexesFor(filter)).toEqual(new Set(['lastSeen_1__id_1']));
    expect(await indexesFor(STOPPED_HEARTBEATS)).toEqual(new Set(['saidGoodbyeAt_1']));
  });

  test('is found by indexes without other nodes', async () => {
    await db.command({ profile: 2 });
    const since = new Date();
    await eventually(async () => {
      await getCluster({ client: api.admin, throwOnError: true });
      const asked = await db
        .collection('system.profile')
        .find({ ts: { $gte: since }, ns: /\.nodes$/, op: { $in: ['query', 'command'] } })
        .toArray();
      for (const field of ['copied.since', 'decision.availability.deadline', 'unappliedSince']) {
        const counts = asked.filter(({ command }) => JSON.stringify(command).includes(`"${field}":{"$`));
        expect([field, counts.length > 0]).toEqual([field, true]);
        const keys = counts.map(({ keysExamined }) => Number(keysExamined ?? 0));
        expect([field, keys.every((examined) => examined <= 40)]).toEqual([field, true]);
      }
    });
    await db.command({ profile: 0 });
  });
});

describe('states over time', () => {
  test('are recorded by themselves, and the present is that of the picture', async () => {
    const census = await api.app.get(FleetCensus).take();
    const { states } = await nodesBy();
    expect(census).toEqual(states);
    await eventually(async () => {
      const { data } = await getFleetHistory({ client: api.admin, throwOnError: true, query: { window: '1h' } });
      expect(data.points.length).toBeGreaterThan(0);
    });
  });
});

function rounded(share: number): number {
  return Math.round(share * 100) / 100;
}
