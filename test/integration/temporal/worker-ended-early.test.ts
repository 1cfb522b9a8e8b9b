import { expect, test } from '@jest/globals';
import { startWorker } from '../../support/api/worker-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { ownConfig } from '../../support/temporal/control-plane.js';

const mongod = useMongod();
const temporal = useTemporal();

/** The SDK's thread for workflows is the only thread that a worker begins. */
function threads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
}

test('a worker that is ended while it begins leaves no thread behind', async () => {
  const before = threads();
  const worker = await startWorker(ownConfig(mongod.uri, temporal.address));
  await eventually(() => expect(threads()).toBe(before + 1));
  await worker.close();
  await eventually(() => expect(threads()).toBe(before));
});
