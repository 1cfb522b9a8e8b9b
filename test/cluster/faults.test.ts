import { beforeAll, expect, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  cancelDrain,
  createJoinToken,
  getSession,
  openSession,
} from '../../client/index.js';
import type { DrainSetDocument } from '../../src/mongo/schemas/drain-set.schema.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { Administrator } from '../e2e/chaos/administrator.js';
import { Ledger } from '../e2e/chaos/ledger.js';
import { Promises } from '../e2e/chaos/promises.js';
import { until } from '../support/cluster/local-cluster.js';
import { Simulator } from '../support/cluster/simulator.js';
import { eventually } from '../support/eventually.js';
import { SeededRandom } from '../support/seeded-random.js';
import { atEndOfSuite, useInSuite } from '../support/use-in-suite.js';
import { ProductionCluster } from './production-cluster.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

/** One of each process of the production shape is killed and paused, while administrators decide and a fleet beats. */

const SIMULATED = 60;
const AGENTS = 3;
const TIMEOUT_MS = 15_000;
const TIMEOUT = `${TIMEOUT_MS}ms`;
/** Decisions acknowledged while one of them is paused: the pause had an effect, and the rest still worked. */
const DECISIONS = 10;
const AWAY_MS = 120_000;
const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_129);
const ledger = new Ledger();
const cluster = useInSuite(
  () =>
    ProductionCluster.start(AGENTS, {
      Compute: { Heartbeat: { Interval: '2s' }, Labels: { real: 'yes' } },
      Orchestrator: {
        NodeManager: { DisconnectTimeout: TIMEOUT, UnknownTimeout: TIMEOUT, MassSilence: { AtLeast: 5 } },
      },
    }),
  (running) => running.end(),
);
let simulator: Simulator;
const over = new AbortController();
let administrators: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  const { data } = await createJoinToken({
    client: cluster.admin,
    body: { maxUses: SIMULATED, expiresIn: '6h', autoApprove: true },
  });
  simulator = new Simulator('0', cluster.url, data?.token ?? '', SIMULATED, SEED, cluster.caFile);
  await until(() => simulator.hasJoined, 'all simulated agents have joined', 120_000);
  const spared = Array.from({ length: AGENTS }, (_, index) => `node-${index + 1}`);
  const person = (name: string, index: number) =>
    new Administrator(name, cluster.url, cluster.token, new SeededRandom(SEED + index), ledger, spared);
  administrators = Promise.all(['ada', 'bob'].map((name, index) => person(name, index).work(over.signal)));
}, 240_000);
atEndOfSuite(async () => {
  over.abort();
  await administrators;
  await simulator?.end();
});

const acknowledged = () => ledger.of('acknowledged').length;
/** Resolves when this many more decisions are acknowledged. */
async function decide(count = DECISIONS): Promise<void> {
  const before = acknowledged();
  await until(() => acknowledged() >= before + count, `${count} decisions are acknowledged`, 120_000);
}
/** Nodes with an agent: the administrators register some without one. */
const WITH_AGENT = { type: 'Compute', living: true, name: { $regex: '^(node|sim)-' } } as const;
const living = (filter: Record<string, unknown>) =>
  cluster.db.collection<NodeDocument>('nodes').countDocuments({ ...WITH_AGENT, ...filter });
/** For a fault of MongoDB, the member that accepts writes. */
const named = (victim: string) => (victim === 'the primary' ? cluster.primary() : Promise.resolve(victim));

/** Undoes the administrators' decisions, until every node is there and heard. */
async function everybodyWorks(): Promise<void> {
  for (const { _id: id } of await cluster.db.collection<DrainSetDocument>('drains').find({}).toArray())
    await cancelDrain({ client: cluster.admin, path: { id } });
  const nodes = await cluster.db.collection<NodeDocument>('nodes').find(WITH_AGENT).toArray();
  for (const { name: id } of nodes) {
    // One of the two is refused, unless it was drained and then rejected.
    await approveNode({ client: cluster.admin, path: { id }, body: {} });
    await activateNode({ client: cluster.admin, path: { id }, body: {} });
  }
  const nobody = { $or: [{ phase: { $ne: 'ACTIVE' } }, { liveness: { $ne: 'HEALTHY' } }] } as const;
  // A rejected agent asks again only after half a minute.
  await eventually(async () => expect(await living(nobody)).toBe(0), 120_000);
}

const VICTIMS = ['api-1', 'worker-1', 'the primary', 'temporal', 'postgres'];

test.each([...VICTIMS, 'proxy'])('kill -9 of %s: it is started again, and decisions go on', async (victim) => {
  ledger.inflict(`kill -9 ${victim}`);
  await decide();
  await cluster.kill(await named(victim));
  await decide();
});

test.each(VICTIMS)('%s is paused: decisions go on meanwhile, and afterwards', async (victim) => {
  ledger.inflict(`pause ${victim}`);
  const wake = await cluster.freeze(await named(victim));
  const since = Date.now();
  try {
    await decide();
    await until(() => Date.now() - since > TIMEOUT_MS, 'nodes that are not heard would be UNHEALTHY by now');
  } finally {
    wake();
  }
  await decide();
});

test('the proxy is away for two minutes: it is a mass silence, no session is lost, and all are HEALTHY again', async () => {
  ledger.inflict('the proxy is away');
  over.abort();
  await administrators;
  await everybodyWorks();
  const { data: session } = await openSession({
    client: cluster.admin,
    body: { principal: 'eve', sql: ENDLESS, labels: { real: 'yes' } },
  });
  const id = session?.id ?? '';
  const state = async () => (await getSession({ client: cluster.admin, path: { id } })).data?.state;
  await eventually(async () => expect(await state()).toBe('RUNNING'), 60_000);

  const back = ledger.hinder('all');
  const wake = await cluster.freeze('proxy');
  const since = Date.now();
  try {
    await eventually(async () => expect(await living({ liveness: { $ne: 'UNKNOWN' } })).toBe(0), 120_000);
    await until(() => Date.now() - since > AWAY_MS, 'two minutes have passed', AWAY_MS);
  } finally {
    wake();
    back();
  }
  await eventually(async () => expect(await living({ liveness: { $ne: 'HEALTHY' } })).toBe(0), 120_000);
  expect(await state()).toBe('RUNNING');
  expect(await cluster.db.collection('events').countDocuments({ type: 'SessionsLost' })).toBe(0);
}, 900_000);

test('afterwards every promise is kept', async () => {
  const broken = await new Promises(cluster, ledger, [simulator], Date.now()).broken();
  console.info(
    JSON.stringify({
      faults: Object.fromEntries(ledger.inflicted),
      acknowledged: acknowledged(),
      refused: ledger.of('refused').length,
      ambiguous: ledger.of('ambiguous').length,
      answers: Object.fromEntries(ledger.answers),
      ofAgents: simulator.status?.answers,
    }),
  );
  expect(broken).toEqual({});
}, 400_000);
