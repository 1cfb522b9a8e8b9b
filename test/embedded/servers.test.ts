import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { startMongod } from '../support/mongod.js';
import { startTemporal } from '../support/temporal.js';
import { startTimeSkipping } from '../support/time-skipping.js';

test('mongod runs as a replica set: a majority write succeeds', async () => {
  const mongod = await startMongod();
  const connection = await mongoose.createConnection(mongod.uri).asPromise();
  try {
    await connection.collection('things').insertOne({ a: 1 }, { writeConcern: { w: 'majority' } });
    expect(await connection.collection('things').countDocuments()).toBe(1);
  } finally {
    await connection.close();
    await mongod.stop();
  }
});

test('Temporal knows our search attributes', async () => {
  const server = await startTemporal();
  try {
    const { customAttributes } = await server.env.connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(['NodePhase', 'NodeLiveness', 'NodeApproval', 'NodeType']));
  } finally {
    await server.stop();
  }
});

test('the time-skipping server skips time', async () => {
  const env = await startTimeSkipping();
  try {
    const before = await env.currentTimeMs();
    await env.sleep('7 days');
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(7 * 86_400_000);
  } finally {
    await env.teardown();
  }
});
