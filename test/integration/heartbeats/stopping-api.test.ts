import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import mongoose, { type Connection } from 'mongoose';
import { freshDatabase, startApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useInSuite } from '../../support/use-in-suite.js';

const mongod = useMongod();
const reader = useInSuite(
  () => mongoose.mongo.MongoClient.connect(mongod.uri),
  (client) => client.close(),
);

/** How long a request keeps the api from its end, in milliseconds: several pulses. */
const HELD_MS = 3_000;

test('an api that stops pulses no more, however long the requests take that it still answers', async () => {
  const api = await startApi({ mongoUri: freshDatabase(mongod.uri) });
  const database = api.app.get<Connection>(getConnectionToken()).name;
  const latestPulse = async () => {
    const [pulse] = await reader.db(database).collection('pulses').find().sort({ at: -1 }).limit(1).toArray();
    return Number(pulse?.['at'] ?? 0);
  };
  const first = await eventually(async () => {
    const at = await latestPulse();
    expect(at).toBeGreaterThan(0);
    return at;
  });
  await eventually(async () => expect(await latestPulse()).toBeGreaterThan(first));

  const { hostname, port } = new URL(api.url);
  const request = connect(Number(port), hostname);
  await once(request, 'connect');
  request.write(
    `POST /v1/nodes HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer ${api.adminToken}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  // Answered after the request above has arrived.
  await eventually(async () => expect((await api.raw('/livez')).status).toBe(200));
  const began = Date.now();
  const closed = api.close();
  try {
    await eventually(() => expect(Date.now() - began).toBeGreaterThan(HELD_MS));
    expect(await Promise.race([closed.then(() => 'ended'), Promise.resolve('still answering')])).toBe(
      'still answering',
    );
    // The last pulse may have been under way.
    expect((await latestPulse()) - began).toBeLessThan(HELD_MS / 2);
  } finally {
    request.destroy();
    await closed;
  }
});
