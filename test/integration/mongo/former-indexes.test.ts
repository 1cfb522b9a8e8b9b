import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { HEARTBEATS } from '../../../src/mongo/schemas/heartbeat.schema.js';
import { freshDatabase, startApi } from '../../support/api/api-under-test.js';
import { useMongod } from '../../support/servers/mongod.js';

const mongod = useMongod();

test('an api replaces a sparse index of goodbyes by a partial one', async () => {
  const mongoUri = freshDatabase(mongod.uri);
  const connection = await mongoose.createConnection(mongoUri).asPromise();
  try {
    const heartbeats = connection.collection(HEARTBEATS);
    await heartbeats.createIndex({ saidGoodbyeAt: 1 }, { sparse: true });
    await (await startApi({ mongoUri })).close();
    const found = (await heartbeats.indexes()).find(({ name }) => name === 'saidGoodbyeAt_1');
    expect(found).toMatchObject({ partialFilterExpression: { saidGoodbyeAt: { $gt: 0 } } });
    expect(found).not.toHaveProperty('sparse');
  } finally {
    await connection.close();
  }
});
