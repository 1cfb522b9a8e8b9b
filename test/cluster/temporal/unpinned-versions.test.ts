import { beforeAll, expect, jest, test } from '@jest/globals';
import type { DecisionAction } from '../../../contract/decision.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { eventually as soon } from '../../support/eventually.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { startClient, startWorker, ownConfig, useParts, type Part } from '../../support/temporal/control-plane.js';
import {
  anotherBuild,
  DEPLOYMENT,
  decideAndApply,
  deploymentCommand,
  workerVersion,
  versionOf,
} from '../../support/temporal/worker-versions.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';

/**
 * Two versions of workers, with a server that does not let pinned runs move (1.29): lifecycles move with their next task. Each test
 * continues where the previous one ended. worker-versions.test.ts tests later servers.
 */

/** Longer than the sum of a test's waits on a busy machine, in milliseconds. */
jest.setTimeout(1_200_000);

const parts = useParts({ 'Orchestrator.Worker.Deployment': DEPLOYMENT });
const { temporal, config, mongod } = parts;
const workers = new Map<string, Part>();
const without = useTemporal({ dynamicConfig: ['system.enableDeploymentVersions=false'] });
beforeAll(async () => {
  workers.set('former', await startWorker(config));
});
atEndOfSuite(() => Promise.allSettled([...workers.values()].map((one) => one.close())));

/** The server keeps versions by workflows of its own, which are slow on a busy machine. */
const eventually = <Value>(attempt: () => Value | Promise<Value>) => soon(attempt, 90_000);

const worker = (name: string) => workers.get(name) as Part;
const buildOf = (name: string) => workerVersion(worker(name)).buildId;
/** Known once the lifecycle's first task is done. */
const goesBy = (node: string, buildId: string) =>
  eventually(async () => expect((await versionOf(temporal.env.client, node)).buildId).toBe(buildId));
const setCurrent = (name: string) =>
  deploymentCommand(temporal.address, 'set-current-version', '--build-id', buildOf(name));

async function begin(name: string, client: Part = parts.client): Promise<string> {
  const node = await client.get(NodeStore).create(newNode(name, { at: Date.now() }), []);
  await client.get(Lifecycles).ensureStarted(node);
  await eventually(async () => expect((await client.get(NodeStore).findByUid(node.uid))?.applied).not.toBeNull());
  return node.uid;
}

const decide = (uid: string, action: DecisionAction) => decideAndApply(parts.client, uid, action);

let uid: string;

test('the very first version makes itself current', async () => {
  await eventually(() =>
    expect(workerVersion(worker('former'))).toMatchObject({ current: true, detail: 'is current' }),
  );
  uid = await begin('node-1');
  await goesBy('node-1', buildOf('former'));
});

test('a later version waits to be made current, and logs the command', async () => {
  workers.set('next', await startWorker(config, await anotherBuild()));
  const [former, next] = [buildOf('former'), buildOf('next')];
  expect(next).not.toBe(former);
  await eventually(() =>
    expect(workerVersion(worker('next'))).toEqual({
      buildId: next,
      deployment: DEPLOYMENT,
      current: false,
      detail: `is not current: ${former} is; to make it so: temporal worker deployment set-current-version --namespace default --deployment-name ${DEPLOYMENT} --build-id ${next}`,
    }),
  );
  await begin('node-2');
  await goesBy('node-2', former);
});

test('the new current version takes over what runs, and the former is no longer needed', async () => {
  await setCurrent('next');
  await eventually(() => expect(workerVersion(worker('next')).current).toBe(true));
  await decide(uid, 'deactivate');
  await goesBy('node-1', buildOf('next'));
  await worker('former').close();
  workers.delete('former');
  await decide(uid, 'activate');
  await begin('node-3');
  await goesBy('node-3', buildOf('next'));
});

test('a rollback is the same step back', async () => {
  workers.set('former', await startWorker(config));
  const former = buildOf('former');
  await eventually(() => expect(workerVersion(worker('former')).detail).toMatch(/^is not current/));
  await setCurrent('former');
  await worker('next').close();
  workers.delete('next');
  await decide(uid, 'deactivate');
  await goesBy('node-1', former);
});

test('Rollcall runs with a server without worker versioning, and says so', async () => {
  const own = ownConfig(mongod.uri, without.address, { 'Orchestrator.Worker.Deployment': DEPLOYMENT });
  const [client, plain] = [await startClient(own), await startWorker(own)];
  try {
    await begin('node-1', client);
    expect(workerVersion(plain)).toMatchObject({
      deployment: null,
      detail: 'takes no part in worker versioning: the server has none for this namespace',
    });
  } finally {
    await plain.close();
    await client.close();
  }
});
