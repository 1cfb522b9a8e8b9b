import { expect, test } from '@jest/globals';
import { MongoUri } from '../../../src/mongo/mongo-uri.js';
import { adviseOnParameters } from '../../../src/mongo/server-parameters.js';
import { startMongod, useOwnMongod } from '../../support/servers/mongod.js';
import { failCommands, failNoCommands } from '../../support/mongo/fail-commands.js';
import { openStores, useStores } from '../../support/mongo/open-stores.js';

const stores = useStores(useOwnMongod('enableTestCommands=1'));

test('settings of the URI apply, and those that decisions require always', () => {
  const plain = new MongoUri('mongodb://h/r').options;
  expect(plain).toMatchObject({
    socketTimeoutMS: 5_000,
    serverSelectionTimeoutMS: 3_000,
    w: 'majority',
    journal: true,
  });
  const said = new MongoUri('mongodb://h/r?socketTimeoutMS=20000&appName=ops&serverSelectionTimeoutMS=9000').options;
  expect(said).not.toHaveProperty('socketTimeoutMS');
  expect(said).not.toHaveProperty('serverSelectionTimeoutMS');
  expect(said).not.toHaveProperty('appName');
  expect(said).toMatchObject({ connectTimeoutMS: 3_000, w: 'majority', journal: true });
});

test.each(['mongodb://h/r?replicaset', 'mongodb://h/r?nonsense=1', 'mongodb+srv://a,b/r'])(
  'one that the driver cannot use is a sentence at once: %s',
  (uri) => {
    expect(() => new MongoUri(uri)).toThrow(/^Orchestrator\.MongoDB\.URI cannot be used: /);
  },
);

test('a server with default settings causes warnings', async () => {
  expect(await adviseOnParameters(stores.connection)).toEqual([
    { msg: expect.stringContaining('wait 1m where'), parameter: 'transactionLifetimeLimitSeconds', value: 60 },
    { msg: expect.stringContaining('(1000)'), parameter: 'timeseriesBucketMaxCount', value: 1_000 },
  ]);
});

test('a server that refuses the query causes warnings about the defaults', async () => {
  await failCommands(stores.connection, { failCommands: ['getParameter'], errorCode: 13 });
  try {
    const advice = await adviseOnParameters(stores.connection);
    expect(advice.map(({ msg }) => /by default/.test(msg))).toEqual([true, true]);
    expect(advice.map(({ value }) => value)).toEqual([undefined, undefined]);
  } finally {
    await failNoCommands(stores.connection);
  }
});

test('a server with the right settings causes no warning', async () => {
  const mongod = await startMongod('transactionLifetimeLimitSeconds=10', 'timeseriesBucketMaxCount=60');
  try {
    const own = await openStores(mongod.uri);
    expect(await adviseOnParameters(own.connection)).toEqual([]);
    await own.close();
  } finally {
    await mongod.stop();
  }
});
