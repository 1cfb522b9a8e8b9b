import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { AssertionReplays } from '../../../src/joining/assertion-replays.js';
import { SigningKeyStore } from '../../../src/auth/signing-key-store.js';
import { SigningKey } from '../../../src/auth/signing-key.js';
import { TokenStore, type TokenRecord } from '../../../src/auth/token-store.js';
import { IdempotencyStore } from '../../../src/http/idempotency-store.js';
import { eventually } from '../../support/eventually.js';
import { KeptAnswers } from '../../../src/http/kept-answers.js';
import { SealedAnswer } from '../../../src/http/sealed-answer.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let tokens: TokenStore;
beforeAll(async () => {
  tokens = stores.get(TokenStore);
});
beforeEach(() => stores.clear());

function token(changes: Partial<TokenRecord> = {}): TokenRecord {
  return {
    id: 't',
    kind: 'join',
    secretHash: 'hash',
    description: '',
    uses: 0,
    maxUses: 1,
    expiresAt: NOON + 1_000,
    labels: { 'disk.type': 'ssd' },
    namePattern: null,
    autoApprove: null,
    removeAfterMs: null,
    nodeUid: null,
    createdAt: NOON,
    createdBy: 'alice',
    revokedAt: null,
    ...changes,
  };
}

describe('a token', () => {
  test('with one use admits one of a hundred who try at once', async () => {
    await tokens.create(token());
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => tokens.consume('t', 'hash', NOON)));
    expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toEqual([token({ uses: 1 })]);
    expect(outcomes.filter((outcome) => outcome === 'used up')).toHaveLength(99);
  });

  test('with three uses admits three', async () => {
    await tokens.create(token({ maxUses: 3 }));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => tokens.consume('t', 'hash', NOON)));
    expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toHaveLength(3);
  });

  test('takes several uses at once, all or none', async () => {
    await tokens.create(token({ maxUses: 10 }));
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => tokens.consume('t', 'hash', NOON, 4)));
    expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === 'too few uses')).toHaveLength(3);
    expect(await tokens.consume('t', 'hash', NOON, 2)).toMatchObject({ uses: 10 });
    expect(await tokens.consume('t', 'hash', NOON, 2)).toBe('used up');
  });

  test('says why it admits nobody', async () => {
    await tokens.create(token());
    expect(await tokens.consume('t', 'other', NOON)).toBe('unknown');
    expect(await tokens.consume('nobody', 'hash', NOON)).toBe('unknown');
    expect(await tokens.consume('t', 'hash', NOON + 1_000)).toBe('expired');
    await tokens.revokeJoinToken('t', NOON);
    expect(await tokens.consume('t', 'hash', NOON)).toBe('revoked');
  });

  test('is created once: a second one of the same id changes nothing', async () => {
    expect(await tokens.create(token())).toBe('created');
    expect(await tokens.create(token({ maxUses: 9 }))).toBe('exists');
    expect((await tokens.find('t', 'hash'))?.maxUses).toBe(1);
  });

  test('of a slot is revoked with the slot, and no other is', async () => {
    await tokens.create(token({ id: 'a', kind: 'bootstrap', nodeUid: 'one' }));
    await tokens.create(token({ id: 'b', kind: 'bootstrap', nodeUid: 'two' }));
    await tokens.revokeForNode('one', NOON + 5);
    expect((await tokens.find('a', 'hash'))?.revokedAt).toBe(NOON + 5);
    expect((await tokens.find('b', 'hash'))?.revokedAt).toBeNull();
    expect(await tokens.revokeJoinToken('b', NOON)).toBeNull();
  });

  test('is listed if it is a join token, latest first, page by page', async () => {
    for (let index = 0; index < 5; index += 1)
      await tokens.create(token({ id: `t-${index}`, createdAt: NOON + (index > 2 ? 1 : 0) }));
    await tokens.create(token({ id: 'slot', kind: 'bootstrap', nodeUid: 'n' }));
    const first = await tokens.listJoinTokens({ limit: 3 });
    const second = await tokens.listJoinTokens({ limit: 3, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['t-4', 't-3', 't-2', 't-1', 't-0']);
    expect(second.nextCursor).toBeNull();
  });
});

describe('an api token', () => {
  test('is created, listed and revoked; the first revocation counts', async () => {
    const store = stores.get(ApiTokenStore);
    const record = {
      id: 'a',
      name: 'admin',
      role: 'admin',
      secretHash: 'h',
      createdAt: NOON,
      createdBy: 'system',
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    } as const;
    expect([await store.create(record), await store.create({ ...record, name: 'other' })]).toEqual([
      'created',
      'exists',
    ]);
    expect(await store.find('a')).toEqual(record);
    expect(await store.revoke('a', NOON + 1)).toBe('revoked');
    expect(await store.revoke('a', NOON + 2)).toBe('revoked before');
    expect(await store.find('a')).toMatchObject({ revokedAt: NOON + 1 });
    expect((await store.list({ limit: 10 })).items).toHaveLength(1);
    expect(await store.revoke('nobody', NOON)).toBeNull();
  });
});

describe('the last use of an api token', () => {
  test('is recorded at most once a minute', async () => {
    const store = stores.get(ApiTokenStore);
    await store.create({
      id: 'a',
      name: 'admin',
      role: 'admin',
      secretHash: 'h',
      createdAt: NOON,
      createdBy: 'system',
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    });
    const lastUse = async (at: number) => {
      await store.noteUse('a', at);
      return (await store.find('a'))?.lastUsedAt;
    };
    expect([await lastUse(NOON), await lastUse(NOON + 59_999), await lastUse(NOON + 60_000)]).toEqual([
      NOON,
      NOON,
      NOON + 60_000,
    ]);
  });
});

describe('a signing key', () => {
  test('is found by its kid, and prolonged when it is published again', async () => {
    const keys = stores.get(SigningKeyStore);
    await keys.publish({ kid: 'k', publicKeyX: 'x', expiresAt: NOON });
    await keys.publish({ kid: 'k', publicKeyX: 'x', expiresAt: NOON + 1 });
    expect(await keys.find('k')).toEqual({ kid: 'k', publicKeyX: 'x', expiresAt: NOON + 1 });
    expect(await keys.find('other')).toBeNull();
  });

  test('is published again if the database was restored to before it', async () => {
    const keys = stores.get(SigningKeyStore);
    const signing = new SigningKey(keys, stores.clock);
    signing.onApplicationBootstrap();
    try {
      const { kid } = await signing.forSigning();
      await stores.connection.collection('signingkeys').deleteMany({});
      expect(await keys.find(kid)).toBeNull();
      await eventually(async () => expect(await keys.find(kid)).toMatchObject({ kid }));
    } finally {
      signing.onApplicationShutdown();
    }
  });
});

describe('the id of an assertion', () => {
  test('is taken once, and forgotten when the assertion would be too old anyway', async () => {
    const replays = new AssertionReplays(stores.get(IdempotencyStore), stores.clock);
    const uses = await Promise.all(Array.from({ length: 20 }, () => replays.isFirstUse('one', 'jti')));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await replays.isFirstUse('two', 'jti')).toBe(true);
    const keys = stores.connection.collection<{ expiresAt: Date }>('idempotencykeys');
    for (const { expiresAt } of await keys.find().toArray()) expect(expiresAt.getTime() - NOON).toBe(130_000);
    expect(await keys.indexes()).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    );
  });
});

describe('an Idempotency-Key', () => {
  const request = { principal: 'alice', key: 'k', fingerprint: 'POST /v1/nodes' };

  test("is claimed by one of many, and the others get that one's answer", async () => {
    const keys = stores.get(IdempotencyStore);
    const states = await Promise.all(Array.from({ length: 20 }, () => keys.begin(request, NOON)));
    expect(states.map(({ state }) => state).filter((state) => state === 'new')).toHaveLength(1);
    expect(states.map(({ state }) => state).filter((state) => state === 'running')).toHaveLength(19);
    await keys.complete({ ...request, claimedAt: NOON }, { status: 201, body: { id: 'node-1' } });
    expect(await keys.begin(request, NOON)).toEqual({ state: 'done', answer: { status: 201, body: { id: 'node-1' } } });
  });

  test('belongs to one request of one principal', async () => {
    const keys = stores.get(IdempotencyStore);
    await keys.begin(request, NOON);
    expect(await keys.begin({ ...request, fingerprint: 'other' }, NOON)).toEqual({ state: 'reused' });
    expect(await keys.begin({ ...request, principal: 'bob' }, NOON)).toEqual({ state: 'new' });
  });

  test('is free again when its request failed, or its api died', async () => {
    const keys = stores.get(IdempotencyStore);
    await keys.begin(request, NOON);
    await keys.abandon({ ...request, claimedAt: NOON });
    expect(await keys.begin(request, NOON)).toEqual({ state: 'new' });
    expect(await keys.begin(request, NOON + 59_000)).toEqual({ state: 'running' });
    expect(await keys.begin(request, NOON + 61_000)).toEqual({ state: 'new' });
  });

  test('that another request took over stops the first, which is not committed', async () => {
    const [keys, nodes] = [stores.get(IdempotencyStore), stores.get(NodeStore)];
    await keys.begin(request, NOON);
    await keys.begin(request, NOON + 61_000);
    const answers = new KeptAnswers(keys);
    const late = answers.within({ claim: { ...request, claimedAt: NOON }, sealed: new SealedAnswer('secret') }, () =>
      stores.get(UnitOfWork).run(async () => {
        await nodes.create(newNode('late'), []);
        await answers.keep(201, () => ({ id: 'late' }));
      }),
    );
    await expect(late).rejects.toMatchObject({ fault: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await keys.abandon({ ...request, claimedAt: NOON });
    expect([await nodes.findLiving('late'), await keys.begin(request, NOON + 62_000)]).toEqual([
      null,
      { state: 'running' },
    ]);
  });

  test('is not freed if its request failed after it was done', async () => {
    const keys = stores.get(IdempotencyStore);
    const claim = { ...request, claimedAt: NOON };
    await keys.begin(request, NOON);
    await stores.get(UnitOfWork).run(() => keys.complete(claim, { status: 202, body: 'sealed' }));
    await keys.abandon(claim);
    expect(await keys.begin(request, NOON + 71_000)).toEqual({
      state: 'done',
      answer: { status: 202, body: 'sealed' },
    });
  });
});
