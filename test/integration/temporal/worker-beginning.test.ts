import { expect, test } from '@jest/globals';
import { freePort } from '../../../embedded/free-port.js';
import { eventually } from '../../support/eventually.js';
import { failCommands, failNoCommands } from '../../support/mongo/fail-commands.js';
import { openStores } from '../../support/mongo/open-stores.js';
import { useOwnMongod } from '../../support/servers/mongod.js';
import { startTemporal, useTemporal } from '../../support/servers/temporal.js';
import { ownConfig } from '../../support/temporal/control-plane.js';
import { program } from '../../support/temporal/processes.js';
import { startWorker } from '../../support/api/worker-under-test.js';

/** A worker while it starts. */

const mongod = useOwnMongod('enableTestCommands=1');
const sharedTemporal = useTemporal();

/** The SDK's thread for workflows is the only thread that a worker starts. */
function threads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
}

test('a worker that is ended while it starts leaves no thread behind', async () => {
  const before = threads();
  const worker = await startWorker(ownConfig(mongod.uri, sharedTemporal.address));
  await eventually(() => expect(threads()).toBe(before + 1));
  await worker.close();
  await eventually(() => expect(threads()).toBe(before));
});

test('a worker accepts no task before the record is open, and says which of its servers is away', async () => {
  const temporal = await startTemporal();
  const beside = await openStores(mongod.uri);
  const { MongoDB, Temporal } = ownConfig(mongod.uri, temporal.address).Orchestrator;
  const address = `127.0.0.1:${await freePort('127.0.0.1', [])}`;
  await failCommands(beside.connection, {
    failCommands: ['createIndexes'],
    blockConnection: true,
    blockTimeMS: 2_000,
  });
  const worker = program('worker.main.js', {
    'Orchestrator.MongoDB.URI': String(MongoDB.URI),
    'Orchestrator.Temporal.Address': String(Temporal.Address),
    'Orchestrator.Temporal.TaskQueue': Temporal.TaskQueue,
    'Orchestrator.Worker.MetricsAddress': address,
  });
  const readiness = async () => {
    const answer = await fetch(`http://${address}/readyz`);
    return { status: answer.status, body: await answer.json() };
  };
  const answers = { ok: true, detail: 'answers' };
  try {
    await eventually(
      async () =>
        expect(await readiness()).toMatchObject({
          status: 503,
          body: {
            ready: false,
            mongodb: { ok: false, detail: 'collections and indexes are being made' },
            temporal: answers,
          },
        }),
      60_000,
    );
    expect(worker.log).not.toContain('"msg":"working"');
    await failNoCommands(beside.connection);
    await eventually(
      async () =>
        expect(await readiness()).toMatchObject({
          status: 200,
          body: { ready: true, mongodb: answers, temporal: answers },
        }),
      60_000,
    );
    expect(worker.log).toContain('"msg":"working"');
    await temporal.stop();
    // It keeps polling for tasks, which a Temporal that comes back has.
    await eventually(
      async () => expect(await readiness()).toMatchObject({ body: { mongodb: answers, temporal: { ok: false } } }),
      60_000,
    );
    await mongod.stop();
    await eventually(
      async () =>
        expect(await readiness()).toMatchObject({ body: { mongodb: { ok: false }, temporal: { ok: false } } }),
      60_000,
    );
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
  } finally {
    await worker.kill();
    await beside.close();
    await temporal.stop();
  }
});
