import { expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { beginApi, freshDatabase } from '../../support/api/api-under-test.js';
import { failCommands, failNoCommands } from '../../support/mongo/fail-commands.js';
import { openStores } from '../../support/mongo/open-stores.js';
import { useOwnMongod } from '../../support/servers/mongod.js';

const mongod = useOwnMongod('enableTestCommands=1');

test('an api refuses requests that need the record before its indexes exist, and says so', async () => {
  const beside = await openStores(mongod.uri);
  await failCommands(beside.connection, {
    failCommands: ['createIndexes'],
    blockConnection: true,
    blockTimeMS: 2_000,
  });
  const api = await beginApi({ mongoUri: freshDatabase(mongod.uri) });
  try {
    const headers = { authorization: `Bearer ${api.adminToken}` };
    await eventually(async () => {
      const ready = await api.raw('/readyz');
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        ready: false,
        mongodb: { ok: false, detail: 'collections and indexes are being made' },
      });
    });
    // The first is refused without a query.
    for (const init of [{ headers: { authorization: 'Bearer of.nobody.known' } }, { headers }]) {
      const refused = await api.raw('/v1/nodes', init);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ code: 'UNAVAILABLE', detail: 'the database does not answer' });
    }
    expect((await api.raw('/livez')).status).toBe(200);
    expect((await api.raw('/metrics')).status).toBe(200);
    await failNoCommands(beside.connection);
    await eventually(async () => expect((await api.raw('/v1/nodes', { headers })).status).toBe(200));
    await eventually(async () => expect((await api.raw('/readyz')).status).toBe(200));
  } finally {
    await failNoCommands(beside.connection);
    await api.close();
    await beside.close();
  }
});
