import { beforeAll, expect, jest, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { DecisionAction } from '../../../contract/decision.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { VersionCensus } from '../../../src/reconciliation/version-census.js';
import { eventually } from '../../support/eventually.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { useMongod } from '../../support/servers/mongod.js';
import { startTemporalServer } from '../../support/servers/temporal-server.js';
import { ownConfig, startClient, startWorker, type Part } from '../../support/temporal/control-plane.js';
import {
  DEPLOYMENT,
  decideAndApply,
  deploymentCommand,
  workerVersion,
  versionOf,
} from '../../support/temporal/worker-versions.js';
import { atEndOfSuite, useInSuite } from '../../support/use-in-suite.js';
import { changedBundle } from '../../support/workflow/lifecycle-bundle.js';

/**
 * Two versions of workers that cannot replay each other's histories, with the server of `npm run cluster`: each run stays with its
 * version, and each life moves between two runs. Each test continues where the previous one ended.
 */

/** Longer than the sum of a test's waits on a busy machine, in milliseconds. */
jest.setTimeout(1_200_000);

const mongod = useMongod();
const temporal = useInSuite(
  async () => {
    const server = await startTemporalServer();
    const connection = await Connection.connect({ address: server.address });
    return { ...server, connection, client: new Client({ connection }) };
  },
  async (started) => {
    await started.connection.close();
    await started.stop();
  },
);
const parts = useInSuite(
  async () => {
    const config = ownConfig(mongod.uri, temporal.address, {
      'Orchestrator.Worker.Deployment': DEPLOYMENT,
      'Orchestrator.NodeManager.DisconnectTimeout': '1h',
    });
    return { config, client: await startClient(config) };
  },
  ({ client }) => client.close(),
);
const workers = new Map<string, Part>();
atEndOfSuite(() => Promise.allSettled([...workers.values()].map((one) => one.close())));

const worker = (name: string) => workers.get(name) as Part;
const buildOf = (name: string) => workerVersion(worker(name)).buildId;
const version = (node: string) => versionOf(temporal.client, node);
const goesBy = (node: string, name: string) =>
  eventually(async () => expect(await version(node)).toMatchObject({ buildId: buildOf(name), pinned: true }), 60_000);
const command = (verb: string, ...args: string[]) => deploymentCommand(temporal.address, verb, ...args);
const close = async (name: string) => {
  await worker(name).close();
  workers.delete(name);
};
const start = async (name: 'former' | 'next') => {
  workers.set(name, await startWorker(parts.config, name === 'next' ? await changedBundle() : undefined));
  await eventually(() => expect(workerVersion(worker(name)).detail).not.toBe('begins'), 30_000);
};

async function begin(name: string): Promise<string> {
  const nodes = parts.client.get(NodeStore);
  const node = await nodes.create(newNode(name, { at: Date.now() }), []);
  await parts.client.get(Lifecycles).ensureStarted(node);
  await eventually(async () => expect((await nodes.findByUid(node.uid))?.applied).not.toBeNull(), 30_000);
  return node.uid;
}

const decide = (uid: string, action: DecisionAction) => decideAndApply(parts.client, uid, action);

/** All failed tasks of the lifecycle, in all of its runs. */
async function failures(name: string): Promise<unknown[]> {
  const failed: unknown[] = [];
  for await (const { workflowId, runId } of temporal.client.workflow.list({
    query: `WorkflowId = 'lifecycle-${name}'`,
  })) {
    const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    failed.push(...(events ?? []).flatMap(({ workflowTaskFailedEventAttributes: why }) => (why ? [why.failure] : [])));
  }
  return failed;
}

const lives: Record<string, string> = {};
beforeAll(() => start('former'));

test('a life is pinned to the version under which it began, whatever starts beside it', async () => {
  await eventually(() => expect(workerVersion(worker('former')).current).toBe(true));
  lives['node-1'] = await begin('node-1');
  await start('next');
  expect(workerVersion(worker('next')).detail).toContain(`${buildOf('former')} is; to make it so:`);
  lives['node-2'] = await begin('node-2');
  await decide(lives['node-1'], 'deactivate');
  for (const name of ['node-1', 'node-2']) await goesBy(name, 'former');
});

test('half of the new lives go to a version that ramps up, and each stays where it began', async () => {
  await command('set-ramping-version', '--build-id', buildOf('next'), '--percentage', '50');
  await eventually(() => expect(workerVersion(worker('next')).detail).toContain('ramps up: 50 %'), 30_000);
  const names = Array.from({ length: 12 }, (_, index) => `ramp-${index}`);
  for (const name of names) lives[name] = await begin(name);
  // Temporal reports it once a life's first task is completed, which is after the record knows of it.
  await eventually(async () => {
    const builds = await Promise.all(names.map(async (name) => (await version(name)).buildId));
    expect(new Set(builds)).toEqual(new Set([buildOf('former'), buildOf('next')]));
  }, 30_000);
  for (const name of names) expect(await failures(name)).toEqual([]);
});

test('lives move between two runs once the next version is current: with their next task, or when the census wakes them', async () => {
  const before = await version('node-1');
  await command('set-current-version', '--build-id', buildOf('next'));
  await eventually(() => expect(workerVersion(worker('next')).current).toBe(true), 30_000);
  await decide(lives['node-1'] as string, 'activate');
  await goesBy('node-1', 'next');
  expect((await version('node-1')).run).not.toBe(before.run);
  // Nothing happens to node-2.
  await eventually(async () => {
    await worker('next').get(VersionCensus).take();
    for (const name of Object.keys(lives)) expect((await version(name)).buildId).toBe(buildOf('next'));
  }, 60_000);
  for (const name of Object.keys(lives)) expect(await failures(name)).toEqual([]);
});

test('nothing is pinned to the former version then, and its workers can be ended', async () => {
  await eventually(async () => {
    const former = `TemporalWorkerDeploymentVersion = '${DEPLOYMENT}:${buildOf('former')}'`;
    const query = `${former} AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`;
    expect((await temporal.client.workflow.count(query)).count).toBe(0);
  }, 30_000);
  // The sweep and the claim are pinned to none.
  const unpinned = await temporal.client.workflow.count(
    "TemporalWorkflowVersioningBehavior = 'AutoUpgrade' AND ExecutionStatus = 'Running'",
  );
  expect(unpinned.count).toBe(2);
  await close('former');
  await decide(lives['node-2'] as string, 'deactivate');
  await begin('node-3').then((uid) => (lives['node-3'] = uid));
});

test('a rollback moves all lives back, including those that began under the next version', async () => {
  await start('former');
  await command('set-current-version', '--build-id', buildOf('former'));
  await eventually(async () => {
    await worker('former').get(VersionCensus).take();
    for (const name of Object.keys(lives)) expect((await version(name)).buildId).toBe(buildOf('former'));
  }, 60_000);
  await close('next');
  await decide(lives['node-3'] as string, 'deactivate');
  for (const name of Object.keys(lives)) expect(await failures(name)).toEqual([]);
});

test('lives whose version has no workers wait for one, and move then', async () => {
  await start('next');
  await command('set-current-version', '--build-id', buildOf('next'));
  await close('former');
  const nodes = parts.client.get(NodeStore);
  const node = await nodes.findByUid(lives['node-1'] as string);
  expect(node?.living).toBe(true);
  const census = worker('next').get(VersionCensus);
  await eventually(async () => expect((await census.take()).woken).toBe(0), 60_000);
  await start('former');
  await eventually(async () => {
    await census.take();
    for (const name of Object.keys(lives)) expect((await version(name)).buildId).toBe(buildOf('next'));
  }, 60_000);
});
