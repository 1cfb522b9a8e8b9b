import { beforeAll, expect, test } from '@jest/globals';
import { createJoinToken, getSession, listAudit, openSession } from '../../client/index.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { eventually } from '../support/eventually.js';
import { until } from '../support/cluster/local-cluster.js';
import { Simulator } from '../support/cluster/simulator.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { atEndOfSuite } from '../support/use-in-suite.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

/** An outage between the fleet and the api, which looks to the api as if the fleet had died. */

const SIMULATED = 60;
const TIMEOUT_MS = 6_000;
const SPAN = `${TIMEOUT_MS}ms`;
/** Everything that silence may cost a node would have had time. */
const BEYOND_REMOVAL_MS = 4 * TIMEOUT_MS;
const cluster = useCluster(
  ['node-1'],
  { DisconnectTimeout: SPAN, UnknownTimeout: SPAN, RemoveAfter: SPAN },
  { hasWays: true },
);
let simulator: Simulator;
beforeAll(async () => {
  const { data } = await createJoinToken({
    client: cluster.admin,
    body: { maxUses: SIMULATED, expiresIn: '1h', autoApprove: true },
  });
  simulator = new Simulator('0', cluster.front, data?.token ?? '', SIMULATED, 1);
  await until(() => simulator.hasJoined, 'all simulated agents have joined', 120_000);
}, 240_000);
atEndOfSuite(() => simulator?.end());

const count = (filter: Record<string, unknown>) =>
  cluster.db.collection<NodeDocument>('nodes').countDocuments({ type: 'Compute', living: true, ...filter });
const all = (liveness: NodeDocument['liveness']) =>
  eventually(async () => expect(await count({ liveness })).toBe(SIMULATED + 1), 60_000);
const events = (...types: string[]) => cluster.db.collection('events').countDocuments({ type: { $in: types } });

test('a fleet is cut off for longer than all timeouts: no node is removed, no session is lost, there is one alarm, and all go on', async () => {
  await all('HEALTHY');
  const { data: session } = await openSession({ client: cluster.admin, body: { principal: 'ada', sql: ENDLESS } });
  const id = session?.id ?? '';
  const state = async () => (await getSession({ client: cluster.admin, path: { id } })).data?.state;
  await eventually(async () => expect(await state()).toBe('RUNNING'));

  const since = Date.now();
  cluster.ways?.['front to api'].spoil('cut');
  await all('UNKNOWN');
  await until(() => Date.now() - since > BEYOND_REMOVAL_MS, 'RemoveAfter has passed too');
  expect(await count({ liveness: 'UNKNOWN' })).toBe(SIMULATED + 1);
  expect((await cluster.readiness()).status).toBe(200);
  expect(await state()).toBe('RUNNING');
  expect(await cluster.lifecycle('node-1')).toMatchObject({ sessionsHeld: true, activeSessions: 1 });

  cluster.ways?.['front to api'].mend();
  await all('HEALTHY');
  expect(await state()).toBe('RUNNING');
  expect(await events('SessionsLost', 'NodeRemoved')).toBe(0);
  await eventually(async () => {
    const { data } = await listAudit({
      client: cluster.admin,
      query: { type: ['MassSilenceBegan', 'MassSilenceEnded'] },
    });
    expect(data?.items.map(({ type }) => type)).toEqual(['MassSilenceEnded', 'MassSilenceBegan']);
  }, 60_000);

  // A node that dies alone is judged as usual.
  const [dead = ''] = await simulator.bury(1);
  await cluster.agents.get('node-1')?.kill();
  await eventually(async () => expect(await count({ name: { $in: [dead, 'node-1'] } })).toBe(0), 60_000);
  expect(await state()).toBe('LOST');
  expect(await count({ liveness: 'HEALTHY' })).toBe(SIMULATED - 1);
}, 240_000);
