import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createApiToken, getCluster, getReadiness, listAudit, releaseMassSilence } from '../../../client/index.js';
import { fleetEvent } from '../../../src/record/node-event.js';
import { MassSilenceStore } from '../../../src/silence/mass-silence-store.js';
import { eventually } from '../../support/eventually.js';
import { useOwnMongod } from '../../support/servers/mongod.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi({ mongod: useOwnMongod() });

/** As a worker writes it. */
async function begin(): Promise<void> {
  const at = Date.now();
  const began = {
    id: randomUUID(),
    since: at - 60_000,
    noticedAt: at,
    silent: 150,
    beating: 200,
    mostSilent: 150,
    endedAt: null,
    endedBy: null,
    judgedUntil: null,
  };
  expect(
    await api.app
      .get(MassSilenceStore)
      .begin(began, fleetEvent('MassSilenceBegan', at, { by: 'system', from: null }, '150 of 200')),
  ).toBe(true);
  expect(
    await api.app
      .get(MassSilenceStore)
      .begin({ ...began, id: randomUUID() }, fleetEvent('MassSilenceBegan', at, { by: 'system', from: null }, 'again')),
  ).toBe(false);
}

const clusterSays = async () => (await getCluster({ client: api.admin })).data?.massSilence;

test('a mass silence shows in the cluster, in readiness without ending it, and in the metrics, until it is released', async () => {
  expect(await clusterSays()).toBeNull();
  expect((await getReadiness({ client: api.as() })).data).toMatchObject({ ready: true, massSilence: null });
  expect((await releaseMassSilence({ client: api.admin })).error).toMatchObject({
    status: 409,
    code: 'NO_MASS_SILENCE',
  });

  await begin();
  await eventually(async () =>
    expect(await clusterSays()).toMatchObject({
      silent: 150,
      mostSilent: 150,
      beating: 200,
      endedAt: null,
      endedBy: null,
    }),
  );
  expect((await getReadiness({ client: api.as() })).data).toMatchObject({
    ready: true,
    massSilence: { silent: 150, beating: 200 },
  });
  expect(await (await api.raw('/metrics')).text()).toContain('rollcall_mass_silence_nodes 150');

  const { data: viewer } = await createApiToken({ client: api.admin, body: { name: 'onlooker', role: 'viewer' } });
  expect((await releaseMassSilence({ client: api.as(viewer?.token) })).error).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
  });
  const { data: released } = await releaseMassSilence({ client: api.admin, body: { reason: 'the hall burnt down' } });
  expect(released).toMatchObject({ silent: 150, endedBy: 'admin', endedAt: expect.any(String) });
  expect(await clusterSays()).toBeNull();
  expect((await releaseMassSilence({ client: api.admin })).error).toMatchObject({ code: 'NO_MASS_SILENCE' });
  expect(await (await api.raw('/metrics')).text()).toContain('rollcall_mass_silence_nodes 0');

  const { data: audit } = await listAudit({
    client: api.admin,
    query: { type: ['MassSilenceBegan', 'MassSilenceReleased'] },
  });
  expect(audit?.items).toMatchObject([
    {
      type: 'MassSilenceReleased',
      by: 'admin',
      reason: 'the hall burnt down',
      node: null,
      uid: null,
      from: '127.0.0.1',
    },
    { type: 'MassSilenceBegan', by: 'system', node: null },
  ]);
});

test('one that begins after another was released is separate', async () => {
  await begin();
  await eventually(async () => expect(await clusterSays()).toMatchObject({ silent: 150, endedAt: null }));
});
