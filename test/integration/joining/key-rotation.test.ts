import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { getNode, listNodeEvents, regenerateBootstrapToken, removeNode, rotateKey } from '../../../client/index.js';
import { ASSERTION_AUDIENCE, ROTATION_AUDIENCE } from '../../../contract/schemas/agents.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { nodeEvent } from '../../../src/record/node-event.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

interface Keys {
  privateKey: KeyObject;
  x: string;
}

function newKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, x: publicKey.export({ format: 'jwk' }).x ?? '' };
}

function signed(uid: string, key: KeyObject, claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = { sub: uid, aud: ROTATION_AUDIENCE, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(key);
}

let agent: AgentUnderTest;
let name: string;
let next: Keys;
beforeEach(async () => {
  name = `node-${randomUUID().slice(0, 8)}`;
  agent = await new AgentUnderTest(api).join(api.joinToken, name);
  next = newKeys();
});

/** Requests `to` as the node's key, like an agent unless told otherwise. */
async function rotates(
  to: Keys,
  { by = agent.keys.privateKey, proves = to.privateKey, key = to.x, aud = ROTATION_AUDIENCE, uid = agent.uid } = {},
) {
  return rotateKey({
    client: api.as(),
    body: {
      publicKey: { kty: 'OKP', crv: 'Ed25519', x: to.x },
      assertion: await signed(uid, by, { key, aud }),
      proof: await signed(uid, proves, { key, aud }),
    },
  });
}

async function trades(keys: { privateKey: KeyObject }): Promise<number> {
  const assertion = await signed(agent.uid, keys.privateKey, { aud: ASSERTION_AUDIENCE });
  return (await agent.trade(assertion)).response?.status ?? 0;
}

async function rotations(): Promise<unknown[]> {
  const { data } = await listNodeEvents({ client: api.admin, throwOnError: true, path: { id: name } });
  return data.items.filter(({ type }) => type === 'KeyRotated').map(({ by }) => by);
}

test('the new key is valid at once, and the former key with its tokens invalid', async () => {
  const former = agent.client;
  expect((await rotates(next)).response?.status).toBe(204);
  expect(await trades(agent.keys)).toBe(401);
  expect(await trades(next)).toBe(200);
  agent.client = former;
  expect((await agent.beatOnce()).response?.status).toBe(401);
  expect(await rotations()).toEqual([`agent:${name}`]);
});

test('a lost answer can be requested again, without another effect', async () => {
  await rotates(next);
  expect((await rotates(next)).response?.status).toBe(204);
  expect(await rotations()).toHaveLength(1);
  expect(await trades(next)).toBe(200);
});

describe('a key cannot be replaced', () => {
  const other = newKeys();
  test.each([
    ['without the present key', () => rotates(next, { by: other.privateKey })],
    ['without the new key', () => rotates(next, { proves: other.privateKey })],
    ['with what was signed for another key', () => rotates(next, { key: other.x })],
    ['with assertions for access tokens', () => rotates(next, { aud: ASSERTION_AUDIENCE })],
    ['for a node that there is not', () => rotates(next, { uid: randomUUID() })],
  ])('%s', async (_title, ask) => {
    expect((await ask()).error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await trades(agent.keys)).toBe(200);
    expect(await rotations()).toEqual([]);
  });

  test('after its token was regenerated', async () => {
    await regenerateBootstrapToken({ client: api.admin, throwOnError: true, path: { id: name } });
    expect((await rotates(next)).error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('after it was removed', async () => {
    await removeNode({ client: api.admin, throwOnError: true, path: { id: name } });
    expect((await rotates(next)).error).toMatchObject({ code: 'NODE_REMOVED' });
  });

  test('by one that another node has', async () => {
    const second = await new AgentUnderTest(api).join(api.joinToken);
    const taken = { privateKey: second.keys.privateKey, x: second.publicKey.x };
    expect((await rotates(taken)).error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'publicKey' });
  });

  test('by two machines that use its identity', async () => {
    const at = Date.now();
    const event = nodeEvent({ uid: agent.uid, name }, 'IdentityCopied', at, { by: 'system', from: null });
    const bootIds = [randomUUID(), randomUUID()];
    expect(await api.app.get(NodeStore).flagCopied(agent.uid, 1, { since: at, bootIds }, event)).toBe(true);
    expect((await rotates(next)).error).toMatchObject({
      code: 'NODE_IDENTITY_COPIED',
      hint: expect.stringContaining(`rollcall node token regenerate ${name}`),
    });
    expect(await trades(agent.keys)).toBe(200);
  });
});

test('a node that replaces its key too often has to wait, and keeps its key', async () => {
  let present = { privateKey: agent.keys.privateKey };
  for (let times = 0; times < 5; times += 1) {
    const to = newKeys();
    expect((await rotates(to, { by: present.privateKey })).response?.status).toBe(204);
    present = to;
  }
  const { response, error } = await rotates(next, { by: present.privateKey });
  expect(error).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(Number(response?.headers.get('retry-after'))).toBeGreaterThan(60);
  expect(await trades(present)).toBe(200);
  expect((await getNode({ client: api.admin, path: { id: name } })).data?.phase).toBeDefined();
});
