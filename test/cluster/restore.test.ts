import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { activateNode, deactivateNode, rejectNode, removeNode } from '../../client/index.js';
import { program } from '../../embedded/installation.js';
import { until } from '../support/cluster/local-cluster.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';

/**
 * The restore of docs/operations.md, of a cluster with agents at work: an earlier state of MongoDB, Temporal lost, and both. Each test continues
 * where the previous one ended, with the same agents.
 */

/** Counted from when api, worker and servers run again. */
const AGREE_WITHIN_MS = 60_000;
const AGENTS = ['node-1', 'node-2', 'node-3'];

const execute = promisify(execFile);
const cluster = useCluster([...AGENTS, 'removed'], { DisconnectTimeout: '30s' });
let file: string;
let before: Awaited<ReturnType<typeof hands>>;

const backup = (...args: string[]) =>
  execute(process.execPath, [program('src/backup.main.js'), ...args, '--config', cluster.home.configFile]);
const of = (id: string) => ({ client: cluster.admin, path: { id }, throwOnError: true }) as const;
const said = (what: string) => process.stderr.write(`${what.trimEnd()}\n`);

/** What the operator expects afterwards: which agents run, which nodes they are, and which tokens exist. */
async function hands() {
  const tokens = async (collection: string) =>
    (await cluster.db.collection(collection).find().toArray()).map(({ _id }) => String(_id)).toSorted();
  return {
    agents: AGENTS.map((name) => ({
      pid: cluster.agents.get(name)?.pid,
      runs: cluster.agents.get(name)?.isRunning,
    })),
    uids: await Promise.all(AGENTS.map(async (name) => (await cluster.record(name))._id)),
    tokens: [...(await tokens('tokens')), ...(await tokens('apitokens'))],
  };
}

/** Each node's record and workflow have the same decision, the phases follow from it, and each agent that may beat is heard. */
async function agree(phases: Record<string, string>): Promise<void> {
  const began = Date.now();
  await eventually(async () => {
    for (const [name, phase] of Object.entries(phases)) {
      expect([name, (await cluster.settled(name, 0)).phase]).toEqual([name, phase]);
      const { phase: shown, liveness } = await cluster.node(name);
      expect([name, shown]).toEqual([name, phase]);
      if (phase !== 'REJECTED') expect([name, liveness.value]).toEqual([name, 'HEALTHY']);
    }
  }, AGREE_WITHIN_MS);
  said(`record, workflows and agents agreed after ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  expect(await hands()).toEqual(before);
}

async function loseTemporal(): Promise<void> {
  await cluster.temporal.kill();
  for (const suffix of ['', '-wal', '-shm'])
    await rm(join(cluster.home.temporal, `temporal.db${suffix}`), { force: true });
}

beforeAll(async () => {
  file = join(cluster.home.path, 'before.backup');
  await deactivateNode({ ...of('node-1'), body: { reason: 'before' } });
  for (const name of AGENTS) await cluster.settled(name);
  const { stdout } = await backup('save', file);
  said(stdout);
  expect(stdout).toMatch(/^wrote .*before\.backup: \d+ documents of \d+ collections, 5 nodes among them, as of 20/);
  before = await hands();
  await activateNode(of('node-1'));
  await deactivateNode({ ...of('node-2'), body: { reason: 'after' } });
  await rejectNode({ ...of('node-3'), body: { message: 'after' } });
  await removeNode({ ...of('removed'), query: { force: 'true' } });
  for (const name of AGENTS) await cluster.settled(name);
  await until(
    async () => (await cluster.db.collection('nodes').countDocuments({ living: true })) === 4,
    'it is removed',
  );
}, 240_000);

test('a restore is refused while an api or a worker works', async () => {
  const refused = await backup('restore', file, '--replace').catch((error: { code: number; stderr: string }) => error);
  said((refused as { stderr: string }).stderr);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^backup: the (api|worker) .* works on this database: end every api and worker first\n$/,
    ),
  });
  expect((await cluster.settled('node-2')).availability.reason).toBe('after');
});

test('MongoDB is restored to before the last decisions: the record gets them back from the workflows', async () => {
  await Promise.all([cluster.api.stop(), cluster.worker.stop()]);
  const refused = await backup('restore', file).catch((error: { code: number; stderr: string }) => error);
  said((refused as { stderr: string }).stderr);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
  const { stdout } = await backup('restore', file, '--replace');
  said(stdout);
  expect(stdout).toMatch(/^restored .* 5 nodes among them/);
  expect((await cluster.record('node-2')).decision.availability.value).toBe('ACTIVE');
  await Promise.all([cluster.worker.start(), cluster.api.start()]);
  await cluster.ready();
  await agree({ 'node-1': 'ACTIVE', 'node-2': 'DRAINED', 'node-3': 'REJECTED' });
  await eventually(() => expect(cluster.node('removed')).rejects.toThrow('404'), AGREE_WITHIN_MS);
  expect(await cluster.eventTypes((await cluster.record('node-2'))._id)).toContain('NodeDeactivated');
});

test('Temporal is lost while api and worker run: every life continues from the record', async () => {
  await loseTemporal();
  await cluster.temporal.start();
  await agree({ 'node-1': 'ACTIVE', 'node-2': 'DRAINED', 'node-3': 'REJECTED' });
  expect((await cluster.settled('node-2')).availability.reason).toBe('after');
});

test('MongoDB is restored and Temporal is lost: every life continues from the backup', async () => {
  await Promise.all([cluster.api.stop(), cluster.worker.stop()]);
  await loseTemporal();
  said((await backup('restore', file, '--replace')).stdout);
  await Promise.all([cluster.temporal.start(), cluster.worker.start(), cluster.api.start()]);
  await cluster.ready();
  await agree({ 'node-1': 'DRAINED', 'node-2': 'ACTIVE', 'node-3': 'ACTIVE' });
  expect((await cluster.settled('node-1')).availability.reason).toBe('before');
});
