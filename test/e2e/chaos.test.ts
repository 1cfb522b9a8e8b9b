import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { AgentUnderTest } from '../api/agent-under-test.js';
import { SeededRandom } from '../support/seeded-random.js';
import { BusyAdministrator } from './busy-administrator.js';
import { Chaos } from './chaos.js';
import { FaultCluster } from './fault-cluster.js';

/** Processes die and hang at random while administrators decide: nothing that was acknowledged is lost. */

const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_121);
const LASTS_MS = Number(process.env['CHAOS_SECONDS'] ?? 40) * 1_000;
/** Faults at the same time, at most. */
const RAGES = 2;
const AGENTS = ['node-1', 'node-2', 'node-3'];
/** Nodes without an agent at work: a rejected agent would ask again only after half a minute. */
const OTHERS = ['other-1', 'other-2'];
/** Agents that join in the midst of it, and are killed again and again while they do. */
const NEWCOMERS = ['late-1', 'late-2'];
const KILLED_WHILE_JOINING = 6;

let cluster: FaultCluster;

beforeAll(async () => {
  cluster = await FaultCluster.start(AGENTS);
  for (const name of OTHERS) await new AgentUnderTest(cluster).join(cluster.joinToken, name);
}, 120_000);

afterAll(async () => {
  await cluster?.end();
}, 60_000);

const computeNodes = () => cluster.db.collection<NodeDocument>('nodes').find({ type: 'Compute' }).sort({ name: 1 }).toArray();
const identities = async () => (await computeNodes()).map(({ name, _id }) => [name, _id]);

async function join(name: string, random: SeededRandom): Promise<void> {
  for (let time = 0; time < KILLED_WHILE_JOINING; time += 1) {
    const agent = await cluster.startAgent(name);
    await pause(random.between(200, 2_000));
    await agent.kill();
  }
  await cluster.startAgent(name);
}

test(`kill -9 and hangs at random for ${LASTS_MS / 1_000} s (seed ${SEED}): every acknowledged decision is applied, and all agents are HEALTHY`, async () => {
  const before = await identities();
  const random = () => new SeededRandom(SEED + started++);
  let started = 0;
  const administrators = [
    ...AGENTS.map((name) => new BusyAdministrator(cluster, random(), name, ['activate', 'deactivate'])),
    ...OTHERS.map((name) => new BusyAdministrator(cluster, random(), name, ['approve', 'reject', 'activate', 'deactivate'])),
  ];
  const chaos = new Chaos(cluster, random());
  const stop = AbortSignal.timeout(LASTS_MS);
  await Promise.all([
    ...Array.from({ length: RAGES }, () => chaos.rage(stop)),
    ...administrators.map((administrator) => administrator.work(stop)),
    ...NEWCOMERS.map((name) => join(name, random())),
  ]);
  await cluster.ready();

  const asked = administrators.flatMap((administrator) => administrator.asked);
  const acknowledged = asked.filter(({ seq }) => seq !== undefined);
  console.info(`${[...chaos.inflicted].map(([what, times]) => `${what} ×${times}`).join(', ')}; ${acknowledged.length} of ${asked.length} decisions were acknowledged`);
  expect(acknowledged.length).toBeGreaterThan(LASTS_MS / 2_000);

  for (const name of [...AGENTS, ...NEWCOMERS]) await cluster.status(name, 'HEALTHY', 60_000);
  for (const name of [...AGENTS, ...NEWCOMERS, ...OTHERS]) await cluster.settled(name, 60_000);
  const appliedSeqs = new Map((await computeNodes()).map(({ name, applied }) => [name, applied?.seq ?? 0]));
  expect(acknowledged.filter(({ node, seq = 0 }) => seq > (appliedSeqs.get(node) ?? 0))).toEqual([]);
  const told = (await cluster.db.collection('events').find({ by: 'admin' }).toArray()).map(({ reason }) => reason as string);
  expect(acknowledged.filter(({ reason }) => !told.includes(reason))).toEqual([]);
  expect(told.filter((reason, index) => reason !== '' && told.indexOf(reason) !== index)).toEqual([]);

  const after = await identities();
  expect(after.map(([name]) => name)).toEqual([...NEWCOMERS, ...AGENTS, ...OTHERS]);
  expect(after).toEqual(expect.arrayContaining(before));

  await Promise.all(cluster.victims.map((victim) => victim.stop()));
  expect(cluster.victims.flatMap(({ leftovers }) => leftovers)).toEqual([]);
}, LASTS_MS + 240_000);
