import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { findBinary } from '../../embedded/find-binary.js';
import { freePort } from '../../embedded/free-port.js';
import { Home } from '../../embedded/home.js';
import { MONGOD } from '../../embedded/mongod-binary.js';
import { runMongod } from '../../embedded/run-mongod.js';
import { runTemporal } from '../../embedded/run-temporal.js';
import { TEMPORAL } from '../../embedded/temporal-binary.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const signal = new AbortController().signal;
const listener = {
  restarting: (name: string) => {
    throw new Error(`${name} died`);
  },
  lost: () => undefined,
};

test('mongod keeps its data when its port has to give way', async () => {
  const home = await Home.open(await temporaryFolder());
  const binary = await findBinary(MONGOD);
  for (const start of [1, 2]) {
    const mongod = await runMongod(home, binary, await freePort('127.0.0.1', []), listener, signal);
    const client = await MongoClient.connect(mongod.uri);
    const things = client.db().collection('things');
    await things.insertOne({ start }, { writeConcern: { w: 'majority' } });
    expect(await things.countDocuments()).toBe(start);
    await client.close();
    await mongod.process.stop();
  }
});

test('Temporal starts again on the data that it left', async () => {
  const home = await Home.open(await temporaryFolder());
  const binary = await findBinary(TEMPORAL);
  const taken = new Set<number>();
  const ports = { grpc: await freePort('127.0.0.1', [], taken), webUI: await freePort('127.0.0.1', [], taken) };
  let id: unknown;
  for (const start of [1, 2]) {
    const temporal = await runTemporal(home, binary, ports, 'default', listener, signal);
    const { namespaceInfo } = (await (await fetch(`${temporal.webUI}/api/v1/namespaces/default`)).json()) as { namespaceInfo: { id: string } };
    if (start === 1) id = namespaceInfo.id;
    expect(namespaceInfo.id).toBe(id);
    await temporal.process.stop();
  }
});

test('a port that is taken gives way, and one that is free is kept', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const other = await freePort('127.0.0.1', [port]);
  expect(other).not.toBe(port);
  server.close();
  await once(server, 'close');
  expect(await freePort('127.0.0.1', [undefined, port])).toBe(port);
  expect(await freePort('127.0.0.1', [port], new Set([port]))).not.toBe(port);
});
